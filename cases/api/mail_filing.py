"""Mail and cases: what waits for a person, the mails of a case, and what is done with the mail of a mailbox."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from accounts.models import BusinessUnit, User
from accounts.permissions import require
from cases.api.cases import colleagues, open_teams, seen_cases, seen_parties, seen_relationships
from cases.api.outputs import told
from cases.enums import FOR_A_PERSON, CaseType, DeskDoes, FilingState, FilingWhy
from cases.models import MailDesk, MailFiling
from cases.operations import mail_by_hand
from cases.queries.mail_filing import OLDEST, Filed, filed_of, waiting_mail
from core.rest import fields
from messaging.api.received_mail import ReceivedOut
from messaging.models import Mailbox


def programs_and_self(viewer: Any) -> Any:
    """In whose name mail may be filed."""
    return User.objects.filter(is_active=True, is_service=True) | User.objects.filter(pk=viewer.pk)


def open_units(viewer: Any) -> Any:
    """Business units that are not closed."""
    return BusinessUnit.objects.filter(closed_at=None)


class FiledOut(serializers.Serializer[Filed]):
    """A mail that came to a desk, and what became of it."""

    id = serializers.IntegerField(source="filing.pk")
    state = serializers.ChoiceField(source="filing.state", choices=FilingState.choices)
    why = serializers.ChoiceField(source="filing.why", choices=["", *FilingWhy.values])
    refusal = serializers.CharField(source="filing.refusal")
    case = serializers.IntegerField(source="filing.case_id", allow_null=True)
    message = serializers.IntegerField(source="filing.message_id", allow_null=True)
    interaction = serializers.IntegerField(source="filing.talk_id", allow_null=True)
    mail = ReceivedOut(source="received")


class CaseMailOut(FiledOut):
    """A mail that came in a case."""


class MatchIn(fields.Body):
    """Whose a mail is: the case that it answers, else a relationship and what is opened there, or nothing.

    `person` is whose address it is; it is kept with them.
    """

    case = fields.Known(seen_cases, required=False)
    relationship = fields.Known(seen_relationships, required=False)
    case_type = fields.Choice(choices=CaseType.values, required=False)
    person = fields.Known(seen_parties, required=False)


class DeskOut(serializers.ModelSerializer[MailDesk]):
    """What is done with the mail of a mailbox that answers no case."""

    mailbox = serializers.CharField(source="mailbox.address")
    mailbox_id = serializers.IntegerField()
    does = serializers.ChoiceField(choices=DeskDoes.choices)
    case_type = serializers.ChoiceField(choices=CaseType.choices)
    agent = fields.Ref()
    owner = fields.Ref(allow_null=True)
    team = fields.Ref(allow_null=True)
    business_unit = fields.Ref(allow_null=True)
    since = fields.Moment()
    ended_at = fields.Moment(allow_null=True)

    class Meta:
        model = MailDesk
        fields = [
            "id", "mailbox", "mailbox_id", "does", "case_type", "agent", "owner", "team", "business_unit", "since",
            "ended_at",
        ]  # fmt: skip


class DeskIn(fields.Body):
    """What is to be done with the mail of a mailbox from now on; `agent` is you or a program."""

    does = fields.Choice(choices=DeskDoes.values)
    case_type = fields.Choice(choices=CaseType.values, required=False)
    agent = fields.Known(programs_and_self, required=False)
    owner = fields.Known(colleagues, required=False)
    team = fields.Known(open_teams, required=False)
    business_unit = fields.Known(open_units, required=False)


def _with_all(rows: Any) -> Any:
    return rows.select_related("mailbox", "agent", "owner", "team", "business_unit")


def _filed(call: Call, filing: MailFiling) -> Filed:
    rows = MailFiling.objects.select_related("mail__mailbox").filter(pk=filing.pk)
    return filed_of(call.viewer, list(rows))[0]


def _found(call: Call, mail_id: int) -> MailFiling:
    found: MailFiling = one(MailFiling.objects.visible_to(call.viewer), mail_id)
    return found


class WaitingMail(Endpoint):
    """`/cases/mail/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(FiledOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Mail that waits until somebody says whose it is, of the mailboxes that you work at."""
        return Rows(waiting_mail(call.viewer), OLDEST, dress=lambda found: filed_of(call.viewer, found))


class CaseReceivedMail(Endpoint):
    """`/cases/{case_id}/received-mail/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(CaseMailOut, asks=fields.Paged)
    def get(self, call: Call, case_id: int) -> Rows:
        """The mails that came in a case, oldest first: what stands in it, and what machines wrote."""
        case = one(told(call.viewer), case_id)
        rows = case.mails.exclude(state__in=[FilingState.WAITING, *FOR_A_PERSON])
        rows = rows.select_related("mail__mailbox")
        return Rows(rows, OLDEST, dress=lambda found: filed_of(call.viewer, found))


class Matchings(Endpoint):
    """`/cases/mail/{mail_id}/matchings/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @acts(FiledOut, says=MatchIn)
    def post(self, call: Call, mail_id: int) -> Filed:
        """Say whose a mail is, and what it is."""
        filing, decision = _found(call, mail_id), mail_by_hand.Decision(**call.said)
        mail_by_hand.match_mail(actor=call.viewer, filing=filing, decision=decision, now=call.now)
        return _filed(call, filing)


class Readings(Endpoint):
    """`/cases/mail/{mail_id}/readings/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @acts(FiledOut, says=fields.Body)
    def post(self, call: Call, mail_id: int) -> Filed:
        """Have a mail filed once more, as when its sender is known now."""
        return _filed(call, mail_by_hand.file_again(actor=call.viewer, filing=_found(call, mail_id)))


class Dismissals(Endpoint):
    """`/cases/mail/{mail_id}/dismissals/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @acts(FiledOut, says=fields.Body)
    def post(self, call: Call, mail_id: int) -> Filed:
        """Say that nothing is to be done with a mail; it stays kept."""
        dropped = mail_by_hand.drop_mail(actor=call.viewer, filing=_found(call, mail_id), now=call.now)
        return _filed(call, dropped)


class Desks(Endpoint):
    """`/cases/mailboxes/`"""

    area, tag = Area.WORKSPACE, "Cases"

    @reads(DeskOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """What is done with the mail of each mailbox; for administrators."""
        require(call.viewer, Permission.MANAGE_WORKSPACE)
        return Rows(_with_all(MailDesk.objects.all()), OLDEST)


class MailboxDesks(Endpoint):
    """`/cases/mailboxes/{mailbox_id}/desks/`"""

    area, tag = Area.WORKSPACE, "Cases"

    @creates(DeskOut, says=DeskIn)
    def post(self, call: Call, mailbox_id: int) -> MailDesk:
        """Say what is done with the mail of a mailbox from now on, in place of what was."""
        mailbox, desk = _mailbox(call, mailbox_id), mail_by_hand.Desk(**call.said)
        made = mail_by_hand.set_desk(actor=call.viewer, mailbox=mailbox, desk=desk, now=call.now)
        found: MailDesk = one(_with_all(MailDesk.objects.all()), made.pk)
        return found


class DeskEndings(Endpoint):
    """`/cases/mailboxes/{mailbox_id}/endings/`"""

    area, tag = Area.WORKSPACE, "Cases"

    @acts(None, says=fields.Body)
    def post(self, call: Call, mailbox_id: int) -> None:
        """From now on mail of a mailbox is kept, and nothing is done with it."""
        mail_by_hand.end_desk(actor=call.viewer, mailbox=_mailbox(call, mailbox_id), now=call.now)


def _mailbox(call: Call, mailbox_id: int) -> Mailbox:
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    found: Mailbox = one(Mailbox.objects.all(), mailbox_id)
    return found
