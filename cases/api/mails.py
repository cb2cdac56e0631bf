"""Answers by mail in a case."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, creates, one
from accounts.enums import Area
from cases.api.cases import seen_questions
from cases.api.outputs import told
from cases.operations.mails import Answer, mail_answer
from core.rest import fields
from messaging.api.outgoing_mail import OutgoingOut
from messaging.models import OutgoingMail
from messaging.operations.outgoing_mail import MOST_RECIPIENTS
from messaging.queries.outgoing_mail import one_outgoing


def _addresses(**given: Any) -> serializers.ListField:
    return serializers.ListField(child=fields.Text(most=320, words=True), max_length=MOST_RECIPIENTS, **given)


class MailIn(fields.Body):
    """An answer, and to whom it goes: nobody else gets it. Without `send_at` it leaves in a few seconds."""

    body = fields.Text(most=100_000, words=True)
    to = _addresses(min_length=1)
    cc = _addresses(required=False)
    send_at = fields.Moment(required=False)
    promise = fields.Text(most=300, required=False)
    promise_due_date = fields.Day(required=False)
    answers = serializers.ListField(
        child=fields.Known(seen_questions), max_length=100, required=False,
        help_text="Questions of the case that are answered once it has left.",
    )  # fmt: skip


class CaseMails(Endpoint):
    """`/cases/{case_id}/mails/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @creates(OutgoingOut, says=MailIn)
    def post(self, call: Call, case_id: int) -> OutgoingMail:
        """Answer by mail. It is a message of the case when it leaves; until then it can be taken back."""
        case = one(told(call.viewer), case_id)
        mail = mail_answer(actor=call.viewer, case=case, answer=Answer(**call.said), now=call.now)
        return one_outgoing(call.viewer, mail.pk)
