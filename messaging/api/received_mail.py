"""The mail that came in: what was taken in, what is held and why, and reading a held one again."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area, Permission
from accounts.permissions import require
from core.rest import fields
from messaging.enums import HeldBecause, InboundOutcome, KeptBack, MailPrivacy, Mark
from messaging.models import InboundFile, InboundMessage
from messaging.operations.taking_in import retry_held
from messaging.queries import received_mail as queries
from messaging.queries.received_mail import NEWEST, Opened, Received


class MailPersonOut(serializers.Serializer[Any]):
    """Somebody as a mail names them; either may be empty."""

    name = serializers.CharField()
    address = serializers.CharField()


def _people(pairs: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "address": address} for name, address in pairs]


def _sender(received: Received) -> dict[str, str]:
    return {"name": received.mail.sender_name, "address": received.mail.sender}


class ReceivedOut(serializers.Serializer[Received]):
    """A mail that came in, without its words."""

    id = serializers.IntegerField(source="mail.pk")
    mailbox = serializers.CharField(source="mail.mailbox.address")
    outcome = serializers.ChoiceField(source="mail.outcome", choices=InboundOutcome.choices)
    reason = serializers.ChoiceField(
        source="mail.reason", choices=["", *HeldBecause.values], help_text="Why it is held."
    )
    message_id = serializers.CharField(source="mail.message_id")
    thread = serializers.CharField(
        source="mail.thread_key", help_text="The same for the mails of one conversation."
    )
    sender = fields.Many(MailPersonOut, _sender, many=False)
    place = serializers.SerializerMethodField(
        help_text="The page of whoever has the sender's address, as far as the token's user may know of them."
    )
    subject = serializers.CharField(source="mail.subject")
    sent_at = fields.Moment(source="mail.sent_at", allow_null=True)
    taken_in_at = fields.Moment(source="mail.taken_in_at")
    marks = serializers.ListField(child=serializers.ChoiceField(choices=Mark.choices), source="mail.marks")
    origin = serializers.CharField(source="mail.origin")
    size_bytes = serializers.IntegerField(source="mail.size_bytes")
    attempts = serializers.IntegerField(source="mail.attempts")

    def get_place(self, received: Received) -> str:
        """Empty for nobody."""
        return received.line.place if received.line else ""


class MailFileOut(serializers.ModelSerializer[InboundFile]):
    """A file of a mail; `kept_back` says why it is not given out."""

    kept_back = serializers.ChoiceField(choices=["", *KeptBack.values])

    class Meta:
        model = InboundFile
        fields = ["name", "content_type", "size_bytes", "sha256", "kept_back"]


class MailReportOut(serializers.Serializer[Any]):
    """What became of a mail of ours at one recipient, as RFC 3464 has it."""

    recipient = serializers.CharField()
    action = serializers.CharField()
    status = serializers.CharField()


class OpenedOut(serializers.Serializer[Opened]):
    """A mail with all that its mailbox keeps of it; its words are text, never a page."""

    mail = ReceivedOut(source="received")
    privacy = serializers.ChoiceField(source="received.mail.mailbox.privacy", choices=MailPrivacy.choices)
    to = fields.Many(MailPersonOut, lambda opened: _people(opened.received.mail.to))
    cc = fields.Many(MailPersonOut, lambda opened: _people(opened.received.mail.cc))
    text = serializers.CharField(source="received.mail.body_text")
    files = MailFileOut(many=True)
    reports = MailReportOut(source="received.mail.reports", many=True)
    headers = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        source="received.mail.headers",
        help_text="Names and values, line by line.",
    )
    can_be_read_again = serializers.BooleanField(source="received.mail.can_be_read_again")


class ReceivedQuestion(fields.Paged):
    """What the list is narrowed to, as on its page."""

    outcome = serializers.ChoiceField(choices=InboundOutcome.choices, required=False)
    q = serializers.CharField(
        required=False, max_length=120, help_text="Parts of subject, sender or mailbox."
    )


class ReceivedMail(Endpoint):
    """`/received-mail/`"""

    area, tag = Area.WORKSPACE, "Received mail"

    @reads(ReceivedOut, asks=ReceivedQuestion)
    def get(self, call: Call) -> Rows:
        """What came in, the newest first, and what became of it; for administrators."""
        require(call.viewer, Permission.VIEW_SENT_MAIL)
        rows = queries.received_mail(outcome=call.asked.get("outcome", ""), q=call.asked.get("q", ""))
        return Rows(rows, NEWEST, dress=lambda found: queries.in_words(call.viewer, found))


class OneReceived(Endpoint):
    """`/received-mail/{mail_id}/`"""

    area, tag = Area.WORKSPACE, "Received mail"

    @reads(OpenedOut)
    def get(self, call: Call, mail_id: int) -> Opened:
        """One mail: its words, its files and its head, as far as its mailbox keeps them."""
        require(call.viewer, Permission.VIEW_SENT_MAIL)
        return queries.one_received(call.viewer, mail_id)


class Readings(Endpoint):
    """`/received-mail/{mail_id}/readings/`"""

    area, tag = Area.WORKSPACE, "Received mail"

    @acts(ReceivedOut, says=fields.Body)
    def post(self, call: Call, mail_id: int) -> Received:
        """Read a held mail again; gives what it is then, or the same mail that was there already."""
        taken = retry_held(actor=call.viewer, message_id=mail_id, now=call.now)
        return queries.in_words(call.viewer, InboundMessage.objects.filter(pk=taken.message.pk))[0]
