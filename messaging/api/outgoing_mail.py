"""Mails to people outside: what became of each, and taking one back; addresses that get none."""

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads, removes
from accounts.enums import Area, Permission
from accounts.permissions import require
from core.rest import fields
from messaging.enums import DeliveryOutcome, MailPurpose, MessageState, SuppressedBecause
from messaging.models import Delivery, OutgoingMail, SuppressedAddress
from messaging.operations.outgoing_mail import take_back
from messaging.operations.suppressions import lift_suppression, suppress
from messaging.queries import outgoing_mail as queries


class OutcomeOut(serializers.ModelSerializer[Delivery]):
    """What became of a mail at one recipient."""

    outcome = serializers.ChoiceField(choices=DeliveryOutcome.choices)
    at = fields.Moment()

    class Meta:
        model = Delivery
        fields = ["recipient", "outcome", "detail", "at"]


class OutgoingOut(serializers.Serializer[OutgoingMail]):
    """A mail to people outside. `about` and `about_id` name what it is about; `left_at` is when it counted as said."""

    id = serializers.IntegerField(source="pk")
    about = serializers.CharField(source="subject_type")
    about_id = serializers.IntegerField(source="subject_id")
    purpose = serializers.ChoiceField(choices=MailPurpose.choices)
    state = serializers.ChoiceField(source="outbox.state", choices=MessageState.choices)
    sender = serializers.CharField(source="outbox.sender")
    to = serializers.ListField(child=serializers.CharField(), source="outbox.to")
    cc = serializers.ListField(child=serializers.CharField(), source="outbox.cc")
    subject = serializers.CharField(source="outbox.subject")
    text = serializers.CharField(source="outbox.body_text")
    message_id = serializers.CharField()
    in_reply_to = serializers.CharField()
    references = serializers.ListField(child=serializers.CharField())
    written_by = fields.Ref()
    written_at = fields.Moment()
    send_at = fields.Moment()
    left_at = fields.Moment(allow_null=True)
    taken_back_at = fields.Moment(allow_null=True)
    maybe_twice = serializers.SerializerMethodField()
    outcomes = fields.Many(OutcomeOut, lambda mail: mail.outbox.deliveries.all())

    def get_maybe_twice(self, mail: OutgoingMail) -> bool:
        """Whether it may have arrived twice, for a sender stopped while sending it."""
        return mail.outbox.lost_claims > 0


class SuppressedOut(serializers.ModelSerializer[SuppressedAddress]):
    """An address that gets no mail from us, and why."""

    reason = serializers.ChoiceField(choices=SuppressedBecause.choices)
    since = fields.Moment()
    added_by = fields.Ref(allow_null=True)

    class Meta:
        model = SuppressedAddress
        fields = ["id", "address", "reason", "note", "since", "added_by"]


class SuppressedIn(fields.Body):
    """An address, and why it is to get no mail."""

    address = fields.Text(most=320, words=True)
    reason = fields.Choice(choices=SuppressedBecause.values)
    note = fields.Text(most=400, required=False)


class OutgoingQuestion(fields.Paged):
    """What the list is narrowed to, as on its page."""

    q = serializers.CharField(required=False, max_length=120, help_text="Parts of subject or recipients.")


class MailQuestion(OutgoingQuestion):
    """The same, or those about one thing."""

    about = serializers.CharField(required=False, max_length=40, help_text="What it is about: `case`.")
    about_id = serializers.IntegerField(required=False, min_value=1, max_value=fields.LARGEST)


class OutgoingMails(Endpoint):
    """`/outgoing-mails/`"""

    area, tag = Area.RELATIONSHIPS, "Outgoing mail"

    @reads(OutgoingOut, asks=MailQuestion)
    def get(self, call: Call) -> Rows:
        """Mails to people outside about things that you may know of, the newest first."""
        rows = queries.outgoing_mails(call.viewer, q=call.asked.get("q", ""))
        asked = {"subject_type": "about", "subject_id": "about_id"}
        told = {column: call.asked[name] for column, name in asked.items() if name in call.asked}
        return Rows(rows.filter(**told), queries.NEWEST)


class OneOutgoing(Endpoint):
    """`/outgoing-mails/{outgoing_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Outgoing mail"

    @reads(OutgoingOut)
    def get(self, call: Call, outgoing_id: int) -> OutgoingMail:
        """One mail, and what became of it at everybody whom it named."""
        return queries.one_outgoing(call.viewer, outgoing_id)


class Withdrawals(Endpoint):
    """`/outgoing-mails/{outgoing_id}/withdrawals/`"""

    area, tag = Area.RELATIONSHIPS, "Outgoing mail"

    @acts(OutgoingOut, says=fields.Body)
    def post(self, call: Call, outgoing_id: int) -> OutgoingMail:
        """Take a mail back before it leaves; a conflict once it has."""
        take_back(actor=call.viewer, mail_id=outgoing_id, now=call.now)
        return queries.one_outgoing(call.viewer, outgoing_id)


class SuppressedAddresses(Endpoint):
    """`/suppressed-addresses/`"""

    area, tag = Area.WORKSPACE, "Outgoing mail"

    @reads(SuppressedOut, asks=OutgoingQuestion)
    def get(self, call: Call) -> Rows:
        """Addresses that get no mail from us, the newest first; for administrators."""
        require(call.viewer, Permission.VIEW_SENT_MAIL)
        return Rows(queries.suppressed_addresses(q=call.asked.get("q", "")), queries.NEWEST)

    @creates(SuppressedOut, says=SuppressedIn)
    def post(self, call: Call) -> SuppressedAddress:
        """Have an address get no more mail; gives the same row again for the same reason."""
        return suppress(actor=call.viewer, now=call.now, **call.said)


class OneSuppressed(Endpoint):
    """`/suppressed-addresses/{suppression_id}/`"""

    area, tag = Area.WORKSPACE, "Outgoing mail"

    def find(self, call: Call, suppression_id: int) -> SuppressedAddress:
        """The row of the address."""
        require(call.viewer, Permission.MANAGE_WORKSPACE)
        return one(SuppressedAddress.objects.all(), suppression_id)

    @removes()
    def delete(self, call: Call, suppressed: SuppressedAddress) -> None:
        """Let mail go there again, as far as this reason goes."""
        lift_suppression(actor=call.viewer, suppression_id=suppressed.pk, now=call.now)
