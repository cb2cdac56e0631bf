"""What is known of people: told to them, taken away, or held for the law; for administrators."""

from typing import Any

from django.db import transaction
from django.http import FileResponse
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from accounts.permissions import require
from core import keyset
from core.rest import fields
from oversight.enums import ErasureBasis, ErasureState
from oversight.models import Erasure, LegalHold, SubjectExport
from oversight.operations import erasures as operations
from oversight.operations.subject_access import fetch_export, request_export
from oversight.queries import people_data as queries
from oversight.queries.people_data import Fate
from oversight.tasks import carry_out_erasures, put_together
from relationships.models import Party

NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)
PLAIN_BYTES = "application/octet-stream"
REASON = 400


class SubjectExportOut(serializers.ModelSerializer[SubjectExport]):
    """Everything about a person, asked for; `expires_at` is until when its file can be fetched."""

    party = fields.Ref()
    requested_at = fields.Moment()
    requested_by = fields.Ref()
    finished_at = fields.Moment(allow_null=True)
    expires_at = fields.Moment(allow_null=True)

    class Meta:
        model = SubjectExport
        fields = [
            "id", "party", "requested_at", "requested_by", "tables_done", "tables", "finished_at", "refusal",
            "expires_at",
        ]  # fmt: skip


class ErasureOut(serializers.ModelSerializer[Erasure]):
    """A person to be erased; `summary` tells by table how many rows went, changed and stayed once it is done."""

    party = fields.Ref()
    basis = serializers.ChoiceField(choices=ErasureBasis.choices)
    state = serializers.ChoiceField(choices=ErasureState.choices)
    requested_at = fields.Moment()
    requested_by = fields.Ref()
    confirmed_at = fields.Moment(allow_null=True)
    confirmed_by = fields.Ref(allow_null=True)
    cancelled_at = fields.Moment(allow_null=True)
    done_at = fields.Moment(allow_null=True)
    summary = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))

    class Meta:
        model = Erasure
        fields = [
            "id", "party", "basis", "reason", "state", "requested_at", "requested_by", "confirmed_at", "confirmed_by",
            "cancelled_at", "done_at", "summary",
        ]  # fmt: skip


class HoldOut(serializers.ModelSerializer[LegalHold]):
    """Nothing of a person may go while this stands."""

    set_at = fields.Moment()
    set_by = fields.Ref()

    class Meta:
        model = LegalHold
        fields = ["id", "reason", "set_at", "set_by"]


class FateOut(serializers.Serializer[Fate]):
    """What becomes of the rows of one table; `kept` says why they stay, in words."""

    what = serializers.CharField()
    rows = serializers.IntegerField()
    goes = serializers.BooleanField()
    kept = serializers.CharField()


class PersonDataOut(serializers.Serializer[Any]):
    """What is known of a person, and what would become of it."""

    party = fields.Ref()
    fates = FateOut(many=True)
    legal_hold = HoldOut(allow_null=True)


class ErasureIn(fields.Body):
    """Why somebody is to be erased, and where that can be looked up."""

    basis = fields.Choice(choices=ErasureBasis.values)
    reason = fields.Text(most=REASON, default="")


class ReasonIn(fields.Body):
    """Why."""

    reason = fields.Text(most=REASON, words=True)


def known_party(call: Call, party_id: int) -> Party:
    """A party that the viewer may know of; raises NotAllowed for who does not administer."""
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    found: Party = one(Party.objects.visible_to(call.viewer), party_id)
    return found


def known_erasure(call: Call, erasure_id: int) -> Erasure:
    """An erasure of somebody whom the viewer may know of; raises NotAllowed as above."""
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    found: Erasure = one(queries.erasures(call.viewer), erasure_id)
    return found


def known_export(call: Call, export_id: int) -> SubjectExport:
    """The same of subject access."""
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    found: SubjectExport = one(queries.exports(call.viewer), export_id)
    return found


def person_data(call: Call, party: Party) -> dict[str, Any]:
    """What is known of somebody, as it is told."""
    fates, hold = queries.fates(call.viewer, party), queries.standing_hold(party)
    return {"party": party, "fates": fates, "legal_hold": hold}


class PersonData(Endpoint):
    """`/parties/{party_id}/personal-data/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(PersonDataOut)
    def get(self, call: Call, party_id: int) -> dict[str, Any]:
        """What is known of a person, what an erasure would take of it, and what it would keep and why."""
        return person_data(call, known_party(call, party_id))


class SubjectExports(Endpoint):
    """`/subject-exports/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(SubjectExportOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Subject access that was asked for, newest first."""
        require(call.viewer, Permission.MANAGE_WORKSPACE)
        return Rows(queries.exports(call.viewer), NEWEST)


class SubjectExportsOfOne(Endpoint):
    """`/parties/{party_id}/subject-exports/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @creates(SubjectExportOut, says=fields.Body)
    def post(self, call: Call, party_id: int) -> SubjectExport:
        """Have everything about a person put together by a worker."""
        asked = request_export(actor=call.viewer, party=known_party(call, party_id), now=call.now)
        transaction.on_commit(put_together.delay, robust=True)  # without a broker the next beat finds it
        return asked


class OneSubjectExport(Endpoint):
    """`/subject-exports/{export_id}/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(SubjectExportOut)
    def get(self, call: Call, export_id: int) -> SubjectExport:
        """How far it is."""
        return known_export(call, export_id)


class ExportContent(Endpoint):
    """`/subject-exports/{export_id}/content/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(is_file=True)
    def get(self, call: Call, export_id: int) -> FileResponse:
        """The ZIP to be handed over, as plain bytes; that it was fetched is written down."""
        export = known_export(call, export_id)
        file = fetch_export(actor=call.viewer, export=export, now=call.now)
        name = f"subject-access-{export.pk}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type=PLAIN_BYTES)


class Erasures(Endpoint):
    """`/erasures/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(ErasureOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Erasures that were asked for, newest first."""
        require(call.viewer, Permission.MANAGE_WORKSPACE)
        return Rows(queries.erasures(call.viewer), NEWEST)


class ErasuresOfOne(Endpoint):
    """`/parties/{party_id}/erasures/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @creates(ErasureOut, says=ErasureIn)
    def post(self, call: Call, party_id: int) -> Erasure:
        """Ask for a person to be erased; nothing happens before a second administrator confirms it."""
        party = known_party(call, party_id)
        return operations.request_erasure(actor=call.viewer, party=party, now=call.now, **call.said)


class OneErasure(Endpoint):
    """`/erasures/{erasure_id}/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @reads(ErasureOut)
    def get(self, call: Call, erasure_id: int) -> Erasure:
        """One erasure, and what it did."""
        return known_erasure(call, erasure_id)


class Confirmation(Endpoint):
    """`/erasures/{erasure_id}/confirmation/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @acts(ErasureOut, says=fields.Body)
    def post(self, call: Call, erasure_id: int) -> Erasure:
        """Confirm what somebody else asked for; a worker carries it out."""
        erasure = known_erasure(call, erasure_id)
        operations.confirm_erasure(actor=call.viewer, erasure=erasure, now=call.now)
        transaction.on_commit(carry_out_erasures.delay, robust=True)
        return known_erasure(call, erasure_id)


class ErasureCancellation(Endpoint):
    """`/erasures/{erasure_id}/cancellation/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @acts(ErasureOut, says=fields.Body)
    def post(self, call: Call, erasure_id: int) -> Erasure:
        """Say that it is not done after all."""
        erasure = known_erasure(call, erasure_id)
        operations.cancel_erasure(actor=call.viewer, erasure=erasure, now=call.now)
        return known_erasure(call, erasure_id)


class LegalHolds(Endpoint):
    """`/parties/{party_id}/legal-hold/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @creates(HoldOut, says=ReasonIn)
    def post(self, call: Call, party_id: int) -> LegalHold:
        """Let nothing of a person go from now on."""
        party = known_party(call, party_id)
        return operations.hold_for_law(actor=call.viewer, party=party, now=call.now, **call.said)


class LiftedHold(Endpoint):
    """`/parties/{party_id}/legal-hold/lifting/`"""

    area, tag = Area.PRIVACY, "Privacy"

    @acts(PersonDataOut, says=ReasonIn)
    def post(self, call: Call, party_id: int) -> dict[str, Any]:
        """Let it go again."""
        party = known_party(call, party_id)
        hold = queries.standing_hold_of(party)
        operations.lift_hold(actor=call.viewer, hold=hold, now=call.now, **call.said)
        return person_data(call, party)
