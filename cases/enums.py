"""The words of cases: what is raised, where it stands, how serious it is, and which clocks run."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relationships.enums import Channel


class CaseType(TextChoices):
    """What is raised."""

    COMPLAINT = "complaint", _("Complaint")
    QUESTION = "question", _("Question")
    PROBLEM = "problem", _("Problem")
    REQUEST = "request", _("Request")
    COMPLIMENT = "compliment", _("Compliment")
    CONCERN = "concern", _("Concern")


SHORT = frozenset({CaseType.QUESTION, CaseType.COMPLIMENT})
"""What is answered without an investigation."""

RAISES_PROBLEM = frozenset({CaseType.COMPLAINT, CaseType.PROBLEM})
"""What counts as an open problem of the relationship until it is closed."""

CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.NOTE]
"""How something can be raised and answered: a note to ourselves is neither."""


class CaseState(TextChoices):
    """Where a case stands."""

    NEW = "new", pgettext_lazy("case", "New")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSESSED = "assessed", _("Assessed")
    INVESTIGATING = "investigating", _("Being investigated")
    WAITING_COMPLAINANT = "waiting_complainant", _("Waiting for them")
    WAITING_THIRD_PARTY = "waiting_third_party", _("Waiting for somebody else")
    RESPONSE_PROPOSED = "response_proposed", _("Answer proposed")
    COMMUNICATED = "communicated", _("Decision communicated")
    ANSWERED = "answered", _("Answered")
    REOPENED = "reopened", _("Open again")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DUPLICATE = "duplicate", _("Double of another")
    REJECTED = "rejected", _("Not a complaint")


WAITING = frozenset({CaseState.WAITING_COMPLAINANT, CaseState.WAITING_THIRD_PARTY})
"""While it waits for others, the resolution clock stands."""

ENDED = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.DUPLICATE, CaseState.REJECTED})


class CaseSeverity(IntegerChoices):
    """How serious it is; the higher, the sooner it is due."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class CauseResult(TextChoices):
    """What looking for the cause brought."""

    FOUND = "found", _("The cause is known")
    NONE = "none", _("No cause was found")


class MessageSort(TextChoices):
    """Who said it to whom."""

    THEIRS = "theirs", _("They said")
    OURS = "ours", _("We answered")
    NOTE = "note", _("Internal note")


class QuestionState(TextChoices):
    """Where a question stands."""

    PROPOSED = "proposed", pgettext_lazy("question", "Found in the text")
    OPEN = "open", pgettext_lazy("question", "Not answered")
    ANSWERED = "answered", pgettext_lazy("question", "Answered")
    IMPOSSIBLE = "impossible", pgettext_lazy("question", "No answer is possible")
    SET_ASIDE = "set_aside", pgettext_lazy("question", "Not a question")


class ClockType(TextChoices):
    """What a clock waits for, in the order in which they are shown."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    FIRST_RESPONSE = "first_response", _("First answer")
    NEXT_RESPONSE = "next_response", _("Next answer")
    RESOLUTION = "resolution", _("Resolution")


class CaseRemark(TextChoices):
    """What is to be known of a case that came out of a file."""

    CLOSING_NOT_TOLD = "closing_not_told", _("The file says that it ended, not when.")
    CLOSING_OF_OPEN = "closing_of_open", _("The file has a day of closing, and calls it open.")
    DAYS_ALONE = "days_alone", _("The file tells days without a time, so no clock is counted from them.")
    DISPUTED = "disputed", _("Whoever raised it disputed the answer.")


class DeskDoes(TextChoices):
    """What is done with the mail of a mailbox that answers no case."""

    RECORD = "record", _("Keep it as a contact")
    CASES = "cases", _("Open a case")


class FilingState(TextChoices):
    """What became of a mail that is to be filed."""

    WAITING = "waiting", _("Waits to be filed")
    OPENED = "opened", _("Opened a case")
    HEARD = "heard", _("Stands in its case")
    RECORDED = "recorded", _("Kept as a contact")
    LEFT = "left", _("Left as it is")
    TO_MATCH = "to_match", _("To be matched")
    REFUSED = "refused", _("Could not be filed")
    DROPPED = "dropped", _("Not wanted")


FOR_A_PERSON = (FilingState.TO_MATCH, FilingState.REFUSED)
"""What waits until a person decides."""


class FilingWhy(TextChoices):
    """Why a mail was filed as it was, where that is not plain."""

    UNKNOWN = "unknown", _("Nobody has this address, or more than one.")
    NO_RELATIONSHIP = "no_relationship", _("Whoever has this address has no open relationship.")
    SEVERAL = "several", _("Whoever has this address has more than one relationship.")
    FORGED = "forged", _("It says that it comes from a colleague, and nothing proves it.")
    FEW = "few", _("It answers a case that is for few people.")
    MACHINE = "machine", _("A machine wrote it: it opens nothing.")
    BULK = "bulk", _("It was sent to many: it opens nothing.")
    REPORT = "report", _("It says what became of a mail of ours: it opens nothing.")
    OTHERS_CASE = "others_case", _("It names a case that is not the sender's.")
    EARLIER = "earlier", _("It was written before this mailbox opened cases.")
    FOLLOWS = "follows", _("The case that it answers is over: a new one follows it.")


class CaseTells(TextChoices):
    """What people are told of; each is a topic that they choose a channel for."""

    ASSIGNED = "case_assigned", _("A case is yours to look after")
    HEARD = "case_heard", _("Somebody wrote in a case of yours")
    WARNING = "case_warning", _("A clock of a case runs down")
    BREACH = "case_breach", _("A clock of a case has run out")
    QUESTION = "case_question", _("A question in a case is yours to answer")
    MAIL_FAILED = "case_mail_failed", _("An answer by mail did not arrive")


class Verb(TextChoices):
    """What cases write on the timeline."""

    OPENED = "cases.opened", _("Case opened")
    EDITED = "cases.edited", _("Case changed")
    ASSIGNED = "cases.assigned", _("Case given to somebody")
    MOVED = "cases.moved", _("Case moved on")
    BREACHED = "cases.clock_breached", _("Clock run out")
    REDATED = "cases.clock_redated", _("Clock counted anew")
    ASKED = "cases.asked", _("Question noted")
    QUESTION_MOVED = "cases.question_moved", _("Question settled or open again")
    MAIL_WRITTEN = "cases.mail_written", _("Answer by mail written")
    MAIL_TAKEN_BACK = "cases.mail_taken_back", _("Answer by mail taken back")
    MAIL_FAILED = "cases.mail_failed", _("Answer by mail did not arrive")
