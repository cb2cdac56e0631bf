"""Introductions on a handover: prepared, read through, changed where wanted, and sent together."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area
from core import keyset
from core.refusals import Missing
from core.rest import fields
from relationships.operations.handover_mails import edit_letter, send_letters
from relationships.queries.handover_mails import (
    MOST,
    Letter,
    introduced_packs,
    letters_for,
    letters_of,
    own_handover,
)
from relationships.queries.handovers import visible_pack
from relationships.queries.relationship_list import today_of

BY_NAME = keyset.Order(keyset.SortKey("relationship__party_name"))


class MailAddressOut(serializers.Serializer[Any]):
    """A mail address known there, and whose it is."""

    value = serializers.CharField()
    name = serializers.CharField()


class LetterOut(serializers.Serializer[Letter]):
    """An introduction as it would go, or went. Without an address it cannot go."""

    pack = serializers.IntegerField(source="pack.pk")
    relationship = fields.Ref(source="pack.relationship")
    receiver = fields.Ref(source="pack.receiver")
    address = MailAddressOut(allow_null=True)
    addresses = MailAddressOut(many=True)
    subject = serializers.CharField()
    body = serializers.CharField()
    can_go = serializers.BooleanField()
    sent_at = fields.Moment(source="mail.sent_at", allow_null=True)
    sent_by = fields.Ref(source="mail.sent_by", allow_null=True)


class LetterIn(fields.Body):
    """To which of the addresses known there, and in which words."""

    address = fields.Text(most=254, words=True)
    subject = fields.Text(most=200, words=True)
    body = fields.Text(most=4000, words=True)


class LettersIn(fields.Body):
    """The introductions of which packs are to go."""

    packs = serializers.ListField(
        child=fields.Whole(min_value=1, max_value=fields.LARGEST), min_length=1, max_length=MOST
    )


class SentOut(serializers.Serializer[Any]):
    """How many are on their way; what cannot go, or went before, is left out."""

    sent = serializers.IntegerField()


class HandoverMails(Endpoint):
    """`/handovers/{handover_id}/mails/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(LetterOut, asks=fields.Paged)
    def get(self, call: Call, handover_id: int) -> Rows:
        """The introductions of a handover as they would go, by name: for who had the book or handed it over."""
        handover = own_handover(call.viewer, handover_id)
        day = today_of(call.viewer, call.now)
        rows = introduced_packs(call.viewer, handover)
        return Rows(rows, BY_NAME, dress=lambda packs: letters_for(call.viewer, packs, day))

    @acts(SentOut, says=LettersIn)
    def post(self, call: Call, handover_id: int) -> dict[str, int]:
        """Send introductions as they are, each once."""
        handover = own_handover(call.viewer, handover_id)
        packs = call.said["packs"]
        return {"sent": send_letters(actor=call.viewer, handover=handover, pack_ids=packs, now=call.now)}


class OneHandoverMail(Endpoint):
    """`/handovers/{handover_id}/packs/{pack_id}/mail/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(LetterOut)
    def get(self, call: Call, handover_id: int, pack_id: int) -> Letter:
        """One introduction."""
        visible_pack(call.viewer, handover_id, pack_id, call.now)
        handover = own_handover(call.viewer, handover_id)
        day = today_of(call.viewer, call.now)
        found = letters_of(viewer=call.viewer, handover=handover, as_of=day, pack_ids=[pack_id])
        if not found:
            raise Missing(_("There is no such introduction."))
        return found[0]

    @acts(LetterOut, says=LetterIn)
    def post(self, call: Call, handover_id: int, pack_id: int) -> Letter:
        """Have an introduction say something else before it goes."""
        found = visible_pack(call.viewer, handover_id, pack_id, call.now)
        edit_letter(actor=call.viewer, pack=found.pack, now=call.now, **call.said)
        letters = letters_of(
            viewer=call.viewer,
            handover=found.pack.handover,
            as_of=today_of(call.viewer, call.now),
            pack_ids=[pack_id],
        )
        return letters[0]
