"""The states of a scorecard, and what an alert or a fit can be."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScorecardStatus(TextChoices):
    """Where a version of a scorecard stands."""

    DRAFT = "draft", _("Draft")
    VALIDATED = "validated", _("Validated")
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class RunTrigger(TextChoices):
    """Why a scoring run took place."""

    NIGHTLY = "nightly", _("Every night")
    TOUCHED = "touched", _("Evidence changed")
    MANUAL = "manual", _("Asked for")
    HISTORY = "history", _("Weeks scored afterwards")
    WEEKLY = "weekly", _("Kept for the week")


class OverrideEnding(TextChoices):
    """How what a person said came to its end."""

    EXPIRED = "expired", _("Its day came")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced by another")


class Tells(StrEnum):
    """What health tells people of; each is a topic that they choose a channel for."""

    ALERT = "alert"
    REVIEW = "review"
    APPROVAL = "approval"
    APPROVED = "approved"


class Rule(TextChoices):
    """What raises an alert."""

    FALL = "fall", _("Slow fall of health")
    SILENCE = "silence", _("Silence")
    CHAMPION_LEFT = "champion_left", _("A deciding person left")
    PROBLEM = "problem", _("Serious problem")
    MISSED_PROMISE = "missed_promise", _("Missed promise")


class AlertState(TextChoices):
    """Where an alert stands; it ends with a judgement, from which each rule's precision is worked out."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Seen")
    ACTED = "acted", _("Acted on")
    CONFIRMED = "confirmed", _("Was right")
    FALSE_ALARM = "false_alarm", _("False alarm")


class ProposalState(TextChoices):
    """Where a proposal stands; a lopsided one is not sent before somebody else has approved it."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BenefitKind(TextChoices):
    """What a line of a proposal is made of; whatever it is, its amount is said in the proposal's currency."""

    MONEY = "money", _("Money")
    TIME = "time", pgettext_lazy("benefit", "Time")
    RISK = "risk", _("Risk")
    REACH = "reach", _("Reach")
    DATA = "data", _("Data")
    GOODWILL = "goodwill", _("Goodwill")
    EXCLUSIVITY = "exclusivity", _("Exclusivity")


class ActualSource(TextChoices):
    """How it is known what a line of a proposal came to."""

    BOOKS = "books", _("From our books")
    THEY_SAID = "they_said", _("They told us")
    JUDGED = "judged", _("Our judgement")


class ReviewState(TextChoices):
    """Where a review stands."""

    DUE = "due", _("Due")
    PREPARED = "prepared", _("Facts are ready")
    DISCUSSED = "discussed", _("Discussed")
    DECIDED = "decided", _("Decided")
    PLAN_RUNNING = "plan_running", _("Plan runs")
    CLOSED = "closed", _("Closed")


class ReviewVerdict(TextChoices):
    """What is to become of a relationship; the rules propose, people decide."""

    KEEP = "keep", _("Keep")
    REPAIR = "repair", _("Repair")
    GROW = "grow", _("Grow")
    EXIT = "exit", _("Exit")
