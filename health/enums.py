"""The states of a scorecard, and what an alert or a fit can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
