"""What people let us do."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, one, reads
from accounts.enums import Area
from core import keyset
from core.refusals import Invalid
from core.rest import fields
from relationships.api.parties import seen_parties
from relationships.enums import ConsentChannel, ConsentDoor, ConsentState, LawfulBasis
from relationships.models import Consent, Party, Purpose, PurposeWording
from relationships.operations.consents import Proof, record_consent
from relationships.queries.consents import history, purpose_rows

NEWEST = keyset.Order(keyset.SortKey("said_at", fields.Moment().to_internal_value), descending=True)
BY_NAME = keyset.Order(keyset.SortKey("name"))


class PurposeOut(serializers.ModelSerializer[Purpose]):
    """Something that people are asked about."""

    basis = serializers.ChoiceField(choices=LawfulBasis.choices)
    retired_at = fields.Moment(allow_null=True)

    class Meta:
        model = Purpose
        fields = ["id", "slug", "name", "basis", "what", "retired_at"]


class ConsentOut(serializers.ModelSerializer[Consent]):
    """One thing that a person said; an empty channel stands for every one."""

    purpose = serializers.CharField(source="purpose.slug")
    channel = serializers.ChoiceField(choices=["", *ConsentChannel.values])
    state = serializers.ChoiceField(choices=ConsentState.choices)
    door = serializers.ChoiceField(choices=ConsentDoor.choices)
    said_at = fields.Moment()
    expires_at = fields.Moment(allow_null=True)
    recorded_at = fields.Moment()
    recorded_by = fields.Ref()

    class Meta:
        model = Consent
        fields = [
            "id", "purpose", "channel", "state", "door", "said_at", "evidence", "wording_id", "expires_at",
            "recorded_at", "recorded_by",
        ]  # fmt: skip


class ConsentIn(fields.Body):
    """What a person said."""

    purpose = fields.Text(most=40, words=True, help_text="The slug of a purpose.")
    state = fields.Choice(choices=["given", "refused", "withdrawn"])
    door = fields.Choice(choices=[door for door in ConsentDoor.values if door != ConsentDoor.LAPSED])
    channels = serializers.ListField(
        child=fields.Choice(choices=ConsentChannel.values), required=False, max_length=4
    )
    said_at = fields.Moment(required=False)
    expires_at = fields.Moment(required=False)
    evidence = fields.Text(most=400, required=False)
    wording = fields.Whole(required=False, min_value=1, max_value=fields.LARGEST)


class LeaveOut(serializers.Serializer[Any]):
    """Whether somebody may be reached for a purpose on a channel."""

    purpose = serializers.CharField()
    basis = serializers.ChoiceField(choices=LawfulBasis.values)
    channel = serializers.ChoiceField(choices=ConsentChannel.values)
    allowed = serializers.BooleanField()
    state = serializers.ChoiceField(choices=["", *ConsentState.values])


class LeavesOut(serializers.Serializer[Any]):
    """Everything that somebody may and may not be reached for now."""

    leaves = LeaveOut(many=True)


class Purposes(Endpoint):
    """`/purposes/`"""

    area, tag = Area.RELATIONSHIPS, "Consent"

    @reads(PurposeOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """What people are asked about, by name."""
        return Rows(Purpose.objects.all(), BY_NAME)


class Consents(Endpoint):
    """`/parties/{party_id}/consents/`"""

    area, tag = Area.RELATIONSHIPS, "Consent"

    @reads(ConsentOut, asks=fields.Paged)
    def get(self, call: Call, party_id: int) -> Rows:
        """Everything that a person said, newest first."""
        party = one(seen_parties(call.viewer), party_id)
        return Rows(history(viewer=call.viewer, person=party).order_by(), NEWEST)

    @acts(LeavesOut, says=ConsentIn)
    def post(self, call: Call, party_id: int) -> dict[str, Any]:
        """Write down what a person said; the answer is what they may be reached for then."""
        party, said = one(seen_parties(call.viewer), party_id), dict(call.said)
        purpose = _named("purpose", Purpose.objects.filter(slug=said.pop("purpose")))
        number = said.pop("wording", None)
        wording = _named("wording", PurposeWording.objects.filter(pk=number)) if number else None
        proof = Proof(evidence=said.pop("evidence", ""), wording=wording)
        record_consent(actor=call.viewer, party=party, purpose=purpose, proof=proof, now=call.now, **said)
        return _leaves(party, call)


class Leaves(Endpoint):
    """`/parties/{party_id}/leaves/`"""

    area, tag = Area.RELATIONSHIPS, "Consent"

    @reads(LeavesOut)
    def get(self, call: Call, party_id: int) -> dict[str, Any]:
        """What somebody may be reached for now, purpose by purpose and channel by channel."""
        return _leaves(one(seen_parties(call.viewer), party_id), call)


def _named(field: str, rows: Any) -> Any:
    """The thing that a field names; raises Invalid."""
    found = rows.first()
    if found is None:
        raise Invalid({field: _("There is no such thing, or none that you may know of.")})
    return found


def _leaves(party: Party, call: Call) -> dict[str, Any]:
    return {
        "leaves": [
            {
                "purpose": row.purpose.slug,
                "basis": row.purpose.basis,
                "channel": channel.value,
                "allowed": leave.allowed,
                "state": leave.state,
            }
            for row in purpose_rows(person=party, at=call.now)
            for channel, leave in row.leaves
        ]
    }
