"""The kernel's vocabularies: what parties are, how people talk, how promises and next touches stand."""

from enum import StrEnum

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PartyKind(TextChoices):
    """What a party is in the real world; what it is to us is a Relationship."""

    ORGANISATION = "organisation", _("Organisation")
    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    PUBLIC_BODY = "public_body", _("Public body")
    OUTLET = "outlet", _("Outlet")
    INTERNAL_UNIT = "internal_unit", _("Internal unit")


class ContactPointKind(TextChoices):
    """A way to reach a party."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POSTAL = "postal", _("Postal address")
    URL = "url", _("Web address")
    SOCIAL = "social", _("Social account")


class Stance(TextChoices):
    """How a person on the decision map stands towards us."""

    UNKNOWN = "", _("Not known")
    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", _("Neutral")
    SCEPTIC = "sceptic", _("Sceptic")
    OPPONENT = "opponent", _("Opponent")


class RevenueType(TextChoices):
    """Whether a relationship's end is announced (a contract) or must be inferred (purchases)."""

    TRANSACTIONAL = "transactional", _("Transactional")
    CONTRACTUAL = "contractual", _("Contractual")


class Channel(TextChoices):
    """How an interaction took place."""

    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    VIDEO = "video", _("Video call")
    LETTER = "letter", _("Letter")
    MESSAGE = "message", _("Message")
    SOCIAL = "social", _("Social media")
    EVENT = "event", _("Event")
    DESK = "desk", _("At the desk")
    NOTE = "note", _("Note")


class Direction(TextChoices):
    """Who started it, seen from us."""

    OUT = "out", _("We contacted them")
    IN = "in", _("They contacted us")
    MUTUAL = "mutual", _("Both")


class Severity(IntegerChoices):
    """How serious a problem is; the numbers are the weights of the problems measure."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 4, _("High")
    CRITICAL = 8, _("Critical")


class CommitmentDirection(TextChoices):
    """Whose promise it is."""

    OURS = "ours", _("We promised")
    THEIRS = "theirs", _("They promised")
    MUTUAL = "mutual", _("Both promised")


class CommitmentState(TextChoices):
    """Where a promise stands."""

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    IN_PROGRESS = "in_progress", _("In progress")
    DELIVERED = "delivered", _("Delivered")
    CONFIRMED = "confirmed", _("Confirmed")
    MISSED = "missed", _("Missed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_COMMITMENT_STATES = (
    CommitmentState.PROPOSED,
    CommitmentState.AGREED,
    CommitmentState.IN_PROGRESS,
    CommitmentState.MISSED,
)


class Materiality(TextChoices):
    """How much hangs on a promise; high needs evidence to close."""

    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


class ReminderStage(TextChoices):
    """When somebody is reminded of a promise, in working days from its date; the last one is their manager's."""

    AHEAD = "ahead", _("Due in three working days")
    DUE = "due", _("Due today")
    LATE = "late", _("One working day late")
    MANAGER = "manager", _("Three working days late in your team")


class NextTouchReason(TextChoices):
    """Why the next touch is due."""

    FOLLOW_UP = "follow_up", _("Follow-up")
    COMMITMENT = "commitment", _("Commitment")
    CADENCE = "cadence", _("Due by rhythm")


class HealthStatus(TextChoices):
    """The band of a score; empty while the evidence does not suffice."""

    NONE = "", _("Not enough evidence")
    HEALTHY = "healthy", _("Healthy")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")


class ValueTier(TextChoices):
    """How much a relationship is worth to us, by value alone."""

    NONE = "", _("Not rated")
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class ValueSide(TextChoices):
    """Who a value entry benefits."""

    TO_US = "to_us", _("To us")
    TO_THEM = "to_them", _("To them")


class ValueCategory(TextChoices):
    """What kind of value went one way; a cost is a negative amount."""

    MARGIN = "margin", _("Margin")
    PRICE = "price", _("Better price")
    RELIABILITY = "reliability", _("Reliability")
    DISCOUNT = "discount", _("Discount")
    VOLUME = "volume", _("Volume or certainty of cash")
    PAYMENT = "payment", _("Prompt payment")
    TRAINING = "training", _("Training")
    SUPPORT = "support", _("Support and credits")
    WORK = "work", _("Work and time")
    WRITE_OFF = "write_off", _("Write-off")
    OTHER = "other", _("Other")


class ValueBasis(TextChoices):
    """Where a value entry's amount comes from."""

    LEDGER = "ledger", _("From the books")
    ESTIMATE = "estimate", _("Estimate")


class FollowUpState(TextChoices):
    """Where a follow-up stands; read from who ended it and how, never stored."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class StepState(TextChoices):
    """Where a step of a playbook stands; read from its follow-up."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")


class RunEffect(TextChoices):
    """What a playbook changed, as the person who closed it judges."""

    WORKED = "worked", _("It helped")
    NONE = "none", _("It changed nothing")
    WORSE = "worse", _("It made things worse")
    UNCLEAR = "unclear", _("Too early to tell")


class BulkAction(TextChoices):
    """What was done to many relationships at once."""

    OWNER = "owner", _("Given to somebody")
    FIELD = "field", _("Changed")
    FOLLOW_UP = "follow_up", _("Follow-up planned")


class MergeAction(TextChoices):
    """What a merge did to rows of a table."""

    MOVED = "moved", _("Moved")
    ASIDE = "aside", _("Set aside")
    CHANGED = "changed", _("Changed")
    ADDED = "added", _("Added")


class Carry(StrEnum):
    """How rows that name a party or relationship go along when it goes into another."""

    MOVE = "move"
    """They name the other one now; of two that may not be there twice, one is set aside."""
    ASIDE = "aside"
    """They say something of the one that went alone, and are set aside with it."""
    FORGET = "forget"
    """They are sums that are made anew anyway."""


class TimelineGroup(TextChoices):
    """What the timeline can be narrowed to, in the order of the filters."""

    CALLS = "calls", _("Calls")
    MESSAGES = "messages", _("E-mails")
    MEETINGS = "meetings", _("Meetings")
    NOTES = "notes", _("Notes")
    PROMISES = "promises", _("Promises")
    FOLLOW_UPS = "follow_ups", _("Follow-ups")
    HEALTH = "health", _("Health")
    CHANGES = "changes", _("Changes")


GROUP_OF_CHANNEL = {
    Channel.CALL: TimelineGroup.CALLS,
    Channel.EMAIL: TimelineGroup.MESSAGES,
    Channel.LETTER: TimelineGroup.MESSAGES,
    Channel.MESSAGE: TimelineGroup.MESSAGES,
    Channel.SOCIAL: TimelineGroup.MESSAGES,
    Channel.MEETING: TimelineGroup.MEETINGS,
    Channel.VISIT: TimelineGroup.MEETINGS,
    Channel.VIDEO: TimelineGroup.MEETINGS,
    Channel.EVENT: TimelineGroup.MEETINGS,
    Channel.DESK: TimelineGroup.MEETINGS,
    Channel.NOTE: TimelineGroup.NOTES,
}


ICON_OF_CHANNEL = {
    Channel.CALL: "phone",
    Channel.EMAIL: "mail",
    Channel.MEETING: "users",
    Channel.VISIT: "map-pin",
    Channel.VIDEO: "video",
    Channel.LETTER: "file-text",
    Channel.MESSAGE: "message-circle",
    Channel.SOCIAL: "share-2",
    Channel.EVENT: "calendar",
    Channel.DESK: "store",
    Channel.NOTE: "square-pen",
}


class Verb(StrEnum):
    """What the kernel writes on the timeline; every one has words, held so by a check."""

    INTERACTION_LOGGED = "interaction_logged"
    CONSENT_RECORDED = "consent_recorded"
    INTERACTION_CORRECTED = "interaction_corrected"
    PROBLEM_CLOSED = "problem_closed"
    COMMITMENT_MADE = "commitment_made"
    COMMITMENT_MOVED = "commitment_moved"
    COMMITMENT_RENEGOTIATED = "commitment_renegotiated"
    COMMITMENT_EDITED = "commitment_edited"
    COMMITMENT_TRANSFERRED = "commitment_transferred"
    FOLLOW_UP_PLANNED = "follow_up_planned"
    FOLLOW_UP_DONE = "follow_up_done"
    FOLLOW_UP_CANCELLED = "follow_up_cancelled"
    FOLLOW_UP_REOPENED = "follow_up_reopened"
    FOLLOW_UP_SNOOZED = "follow_up_snoozed"
    FOLLOW_UP_EDITED = "follow_up_edited"
    FOLLOW_UP_TRANSFERRED = "follow_up_transferred"
    PARTY_CREATED = "party_created"
    PARTY_EDITED = "party_edited"
    PARTY_RENAMED = "party_renamed"
    CONTACT_POINT_ADDED = "contact_point_added"
    CONTACT_POINT_EDITED = "contact_point_edited"
    CONTACT_POINT_REMOVED = "contact_point_removed"
    LINK_ADDED = "link_added"
    LINK_EDITED = "link_edited"
    LINK_ENDED = "link_ended"
    RELATIONSHIP_OPENED = "relationship_opened"
    RELATIONSHIP_EDITED = "relationship_edited"
    STAGE_CHANGED = "stage_changed"
    RELATIONSHIP_ASSIGNED = "relationship_assigned"
    RELATIONSHIP_CLOSED = "relationship_closed"
    RELATIONSHIP_REOPENED = "relationship_reopened"
    ACCESS_NAMED = "access_named"
    ACCESS_ENDED = "access_ended"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_VERSION_ADDED = "document_version_added"
    DOCUMENT_REMOVED = "document_removed"
    DOCUMENT_RESTORED = "document_restored"
    VALUE_RECORDED = "value_recorded"
    VALUE_REVERSED = "value_reversed"
    HANDED_OVER = "handed_over"
    HANDOVER_ACCEPTED = "handover_accepted"
    HANDOVER_INTRODUCED = "handover_introduced"
    FOLLOW_UP_MOVED = "follow_up_moved"
    PLAYBOOK_STARTED = "playbook_started"
    PLAYBOOK_STEP_SKIPPED = "playbook_step_skipped"
    PLAYBOOK_CLOSED = "playbook_closed"
    PARTIES_MERGED = "parties_merged"
    MERGE_UNDONE = "merge_undone"
    CUSTOM_VALUES_CHANGED = "custom_values_changed"
    TAGS_CHANGED, INVITATION_CHANGED = "tags_changed", "invitation_changed"


class Tells(StrEnum):
    """What the kernel tells people of; each is a topic that they choose a channel for."""

    ASSIGNED, MENTION = "assigned", "mention"
    FOLLOW_UP, PROMISE = "follow_up", "promise"
    REMINDER, PROMISE_BROKEN = "reminder", "promise_broken"
    HANDOVER, HANDOVER_ACCEPTED, INFECTED = "handover", "handover_accepted", "infected"


class Sees(TextChoices):
    """A reason for which somebody may know of a relationship: what brings it into reach, what opens its class."""

    BY_ROLE = "by_role", _("by the role")
    AS_ITS_PERSON = "as_its_person", _("as the person whom it names")
    OPEN_CLASS = "open_class", _("its class is open to all whom a role reaches")
    OWNS_IT = "owns_it", _("owns it")
    IN_ITS_TEAM = "in_its_team", _("is in its team")
    ROLE_OF_THE_KIND = "role_of_the_kind", _("has a role for this very kind")
    CLOSED_KIND = "closed_kind", _("its kind is reached by its own people alone")
    IS_NAMED = "is_named", _("is named for it")


class CustomType(TextChoices):
    """What a field that the workspace added holds."""

    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    WHOLE = "whole", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    PERSON = "person", _("Person of ours")
    LINK = "link", pgettext_lazy("address", "Link")

    @property
    def column(self) -> str:
        """The column of a value's row that holds it."""
        return COLUMNS[self]

    @property
    def has_choices(self) -> bool:
        """Whether its values are chosen from a list."""
        return self in (CustomType.CHOICE, CustomType.CHOICES)

    @property
    def is_number(self) -> bool:
        """Whether it can have a least and a most."""
        return self in (CustomType.WHOLE, CustomType.DECIMAL, CustomType.MONEY)

    @property
    def is_text(self) -> bool:
        """Whether it can have a greatest length."""
        return self in (CustomType.TEXT, CustomType.LONG_TEXT)

    @property
    def is_sortable(self) -> bool:
        """Whether an index holds its values in an order that means something."""
        return self in SORTABLE


COLUMNS = {
    CustomType.TEXT: "text",
    CustomType.LONG_TEXT: "long_text",
    CustomType.WHOLE: "number",
    CustomType.DECIMAL: "number",
    CustomType.MONEY: "number",
    CustomType.DATE: "value_date",
    CustomType.YES_NO: "number",
    CustomType.CHOICE: "choice",
    CustomType.CHOICES: "choice",
    CustomType.PERSON: "user",
    CustomType.LINK: "text",
}
SORTABLE = frozenset(
    (
        CustomType.TEXT,
        CustomType.WHOLE,
        CustomType.DECIMAL,
        CustomType.MONEY,
        CustomType.DATE,
        CustomType.YES_NO,
    )
)


class TagColour(TextChoices):
    """The colours of tags, each a token of the design; a tag is told by its name, never by its colour alone."""

    PLAIN = "plain", _("Plain")
    BLUE = "blue", _("Blue")
    TEAL = "teal", _("Teal")
    VIOLET = "violet", _("Violet")
    RUST = "rust", _("Rust")
    OCHRE = "ochre", _("Ochre")
    PINK = "pink", _("Pink")


class LawfulBasis(TextChoices):
    """What lets us handle somebody's data for a purpose (Article 6 of the GDPR)."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
    LEGITIMATE_INTEREST = "interest", _("Legitimate interest")
    PUBLIC_TASK = "public_task", _("Public task")
    VITAL_INTEREST = "vital_interest", _("Vital interest")


class ConsentChannel(TextChoices):
    """The ways on which consent is given or refused."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POST = "post", _("Letter")
    MESSAGE = "message", _("Message")


class ConsentState(TextChoices):
    """What somebody said of a purpose. The stricter ones come later: of two, the later in this list holds."""

    GIVEN = "given", _("Given")
    EXPIRED = "expired", pgettext_lazy("consent", "Lapsed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentDoor(TextChoices):
    """How a consent or its end came to us."""

    IN_PERSON = "in_person", _("Said to somebody of ours")
    PHONE = "phone", _("On the phone")
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By letter or paper form")
    WEB_FORM = "web_form", _("In a web form")
    LINK = "link", _("By the link in a mail")
    IMPORT = "import", _("Imported")
    LAPSED = "lapsed", _("Lapsed by itself")


class ErasedKind(TextChoices):
    """By what somebody who was erased could be known again."""

    NAME = "name", _("Name")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class TextState(TextChoices):
    """How far a document's text has come into the search."""

    WAITING = "waiting", _("Its text is still to be read")
    READ = "read", _("Found by its text")
    UNREADABLE = "unreadable", _("Not found by its text")


class TextProblem(TextChoices):
    """Why a document is not found by its text."""

    LOCKED = "locked", _("It is locked with a password, or of an old Office.")
    DAMAGED = "damaged", _("It is damaged, or not what its name says.")
    NO_TEXT = "no_text", _("There are no letters in it: it is empty, or a picture of a page.")
    TOO_LARGE = "too_large", _("There is too much in it to be read.")
    TOO_SLOW = "too_slow", _("It takes too long to be read.")
    OTHER_SORT = "other_sort", _("From files of this sort no text is taken.")
    LOST = "lost", _("Its content is not on this machine.")
