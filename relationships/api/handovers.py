"""Books that change hands: what somebody has in hand, to whom it goes, and each receiver's pack and acceptance."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from accounts.models import User
from core import keyset
from core.refusals import NotAllowed
from core.rest import fields
from relationships import kinds
from relationships.api.relationships import colleagues
from relationships.models import Handover
from relationships.operations import handovers as operations
from relationships.operations.absences import end_absence
from relationships.queries.approach import Approach, approach
from relationships.queries.handovers import (
    Book,
    Pack,
    book_of,
    counted_handovers,
    packs_of,
    visible_handover,
    visible_pack,
)

NEWEST = keyset.Order(keyset.SortKey("handed_at", fields.Moment().to_internal_value), descending=True)
MOST_SHARES = 500


class BookLineOut(serializers.Serializer[Any]):
    """A relationship in somebody's hands, with how much open work of theirs is in it."""

    relationship = fields.Ref()
    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="kind.slug")
    promises = serializers.IntegerField()
    follow_ups = serializers.IntegerField()


class BookOut(serializers.Serializer[Book]):
    """What somebody has in hand, as far as the viewer may know; `elsewhere`: in other people's relationships."""

    lines = BookLineOut(many=True)
    promises_elsewhere = serializers.IntegerField()
    follow_ups_elsewhere = serializers.IntegerField()


class HandoverOut(serializers.ModelSerializer[Handover]):
    """A book that went to others, with how many of its relationships have been taken over."""

    leaver = fields.Ref()
    handed_by = fields.Ref()
    handed_at = fields.Moment()
    returned_at = fields.Moment(allow_null=True)
    total = serializers.IntegerField()
    accepted = serializers.IntegerField()

    class Meta:
        model = Handover
        fields = [
            "id", "leaver", "reason", "handed_at", "handed_by", "returns_date", "returned_at", "total", "accepted",
        ]  # fmt: skip


class PackOut(serializers.Serializer[Pack]):
    """One relationship of it: who takes it over, and whether they have accepted and talked with them since."""

    id = serializers.IntegerField(source="pack.pk")
    handover = serializers.IntegerField(source="pack.handover_id")
    relationship = fields.Ref(source="pack.relationship")
    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="kind.slug")
    receiver = fields.Ref(source="pack.receiver")
    note = serializers.CharField(source="pack.note")
    accepted_at = fields.Moment(source="pack.accepted_at", allow_null=True)
    talked_since = serializers.BooleanField()
    is_late = serializers.BooleanField()


class HandoverWithPacks(serializers.Serializer[Any]):
    """A book that went to others, and what the viewer may know of it."""

    handover = HandoverOut()
    packs = PackOut(many=True)


class HandedOut(HandoverWithPacks):
    """What went, and in words what is still in the leaver's hands because it is not yours to give."""

    relationships = serializers.IntegerField()
    promises = serializers.IntegerField()
    follow_ups = serializers.IntegerField()
    left = serializers.ListField(child=serializers.CharField())


class TouchOut(serializers.Serializer[Any]):
    """The last talk, in a few words."""

    happened_at = fields.Moment()
    channel = serializers.CharField()
    direction = serializers.CharField()
    who = serializers.CharField()
    words = serializers.CharField()


class OpenProblemOut(serializers.Serializer[Any]):
    """A problem that is open."""

    words = serializers.CharField()
    severity = serializers.IntegerField()
    happened_at = fields.Moment()


class OpenPromiseOut(serializers.Serializer[Any]):
    """A promise that is open."""

    id = serializers.IntegerField()
    what = serializers.CharField()
    is_ours = serializers.BooleanField()
    due_date = serializers.DateField()
    is_late = serializers.BooleanField()


class ApproachOut(serializers.Serializer[Approach]):
    """How to approach them: what to do first, what not to do, and what is open."""

    objective = serializers.CharField()
    sensitivity = serializers.CharField()
    first = serializers.CharField()
    avoid = serializers.ListField(child=serializers.CharField())
    touches = TouchOut(many=True)
    problems = OpenProblemOut(many=True)
    promises = OpenPromiseOut(many=True)


class PackWithApproach(serializers.Serializer[Any]):
    """What the receiver of one relationship must know."""

    pack = PackOut()
    approach = ApproachOut()


class BookQuestion(fields.Question):
    """Whose book; one's own unless somebody is named."""

    person = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)


class ShareIn(fields.Body):
    """A relationship of the book that goes to somebody else than the rest."""

    relationship = fields.Whole(min_value=1, max_value=fields.LARGEST)
    receiver = fields.Known(colleagues)


class HandoverIn(fields.Body):
    """Whose book (one's own unless somebody is named), who takes it over, and why; with a day, it comes back then."""

    person = fields.Whole(min_value=1, max_value=fields.LARGEST, required=False)
    receiver = fields.Known(colleagues)
    reason = fields.Text(most=400, words=True)
    shares = ShareIn(many=True, required=False, max_length=MOST_SHARES)
    returns_date = fields.Day(required=False, allow_null=True)


class AcceptanceIn(fields.Body):
    """Which packs; all that wait for one unless some are named."""

    packs = serializers.ListField(
        child=fields.Whole(min_value=1, max_value=fields.LARGEST), required=False, max_length=MOST_SHARES
    )


class PackNoteIn(fields.Body):
    """What to know, and what not to raise."""

    note = fields.Text(most=400)


def leaver_of(call: Call, number: int | None) -> User:
    """Whose book: one's own, or with the right to assign somebody else's; raises Missing and NotAllowed."""
    if number is None or number == call.viewer.pk:
        return call.viewer
    found: User = one(User.objects.filter(is_system=False), number)
    if not call.viewer.may(Permission.ASSIGN):
        raise NotAllowed(_("Your role does not allow handing over for others."))
    return found


def told(call: Call, handover_id: int) -> dict[str, Any]:
    """One handover with its packs; raises Missing."""
    handover = visible_handover(call.viewer, handover_id)
    counted = one(counted_handovers(call.viewer), handover.pk)
    return {"handover": counted, "packs": packs_of(viewer=call.viewer, handover=handover, now=call.now)}


class BookEndpoint(Endpoint):
    """`/book/`"""

    area, tag, may_be_missing = Area.RELATIONSHIPS, "Handovers", True

    @reads(BookOut, asks=BookQuestion)
    def get(self, call: Call) -> Book:
        """What somebody has in hand, before it is handed over."""
        return book_of(viewer=call.viewer, leaver=leaver_of(call, call.asked.get("person")))


class Handovers(Endpoint):
    """`/handovers/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(HandoverOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Books that went to others, as far as one may know of them, newest first."""
        return Rows(counted_handovers(call.viewer), NEWEST)

    @creates(HandedOut, says=HandoverIn)
    def post(self, call: Call) -> dict[str, Any]:
        """Hand over everything that somebody has in hand: all or nothing."""
        said = dict(call.said)
        shares = {share["relationship"]: share["receiver"] for share in said.pop("shares", [])}
        leaver = leaver_of(call, said.pop("person", None))
        handed = operations.hand_over(actor=call.viewer, leaver=leaver, now=call.now, shares=shares, **said)
        went = {name: getattr(handed, name) for name in ("relationships", "promises", "follow_ups")}
        return told(call, handed.handover.pk) | went | {"left": [item.words for item in handed.left]}


class OneHandover(Endpoint):
    """`/handovers/{handover_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(HandoverWithPacks)
    def get(self, call: Call, handover_id: int) -> dict[str, Any]:
        """One handover: each relationship, and who takes it over."""
        return told(call, handover_id)


class HandoverAcceptance(Endpoint):
    """`/handovers/{handover_id}/acceptance/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @acts(HandoverWithPacks, says=AcceptanceIn)
    def post(self, call: Call, handover_id: int) -> dict[str, Any]:
        """Take over what waits for you, or some of it."""
        wanted = call.said.get("packs")
        packs = [each.pack for each in told(call, handover_id)["packs"]]
        packs = [pack for pack in packs if wanted is None or pack.pk in wanted]
        operations.accept_packs(actor=call.viewer, packs=packs, now=call.now)
        return told(call, handover_id)


class HandoverReturn(Endpoint):
    """`/handovers/{handover_id}/return/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @acts(HandoverWithPacks, says=fields.Body)
    def post(self, call: Call, handover_id: int) -> dict[str, Any]:
        """End an absence before its day: the book comes back."""
        handover = visible_handover(call.viewer, handover_id)
        end_absence(actor=call.viewer, handover=handover, now=call.now)
        return told(call, handover_id)


class OnePack(Endpoint):
    """`/handovers/{handover_id}/packs/{pack_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @reads(PackWithApproach)
    def get(self, call: Call, handover_id: int, pack_id: int) -> dict[str, Any]:
        """What the receiver of one relationship must know."""
        found = visible_pack(call.viewer, handover_id, pack_id, call.now)
        guide = approach(viewer=call.viewer, relationship=found.pack.relationship, now=call.now)
        return {"pack": found, "approach": guide}


class PackNote(Endpoint):
    """`/handovers/{handover_id}/packs/{pack_id}/note/`"""

    area, tag = Area.RELATIONSHIPS, "Handovers"

    @acts(PackOut, says=PackNoteIn)
    def post(self, call: Call, handover_id: int, pack_id: int) -> Pack:
        """Tell the receiver what to know, and what not to raise: from who had it, or handed it over."""
        found = visible_pack(call.viewer, handover_id, pack_id, call.now)
        operations.note_for_receiver(actor=call.viewer, pack=found.pack, now=call.now, **call.said)
        return visible_pack(call.viewer, handover_id, pack_id, call.now)
