"""Weekly briefs through the reader's rights, the rows behind their figures, and the decisions taken on them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, creates, one, reads
from accounts.enums import Area, Permission
from core import keyset
from core.refusals import NotAllowed
from core.rest import fields
from dashboards.api.standing import StandingNowOut
from dashboards.enums import OutsideState
from dashboards.models import Brief, BriefDecision
from dashboards.operations.briefs import decide, note_reading
from dashboards.queries.brief_rows import BANDS, BY_NAME, RowThen, row_then, rows_then
from dashboards.queries.briefs import archive, brief_for
from relationships import kinds
from relationships.enums import CommitmentDirection, HealthStatus

NEWEST = keyset.Order(keyset.SortKey("week", fields.Day().to_internal_value), descending=True)


class BriefOut(serializers.ModelSerializer[Brief]):
    """A week as it stood on its Monday morning, frozen: `sha256` is of everything in it, whoever reads."""

    made_at = fields.Moment()
    readers = serializers.IntegerField(help_text="How many have read it, on its page or by the API.")

    class Meta:
        model = Brief
        fields = ["id", "week", "sha256", "made_at", "readers"]


class BriefDecisionOut(serializers.ModelSerializer[BriefDecision]):
    """What was decided, and the follow-up that came of it."""

    relationship = fields.Ref(allow_null=True)
    follow_up = fields.Ref(allow_null=True)
    decided_at = fields.Moment()
    decided_by = fields.Ref()

    class Meta:
        model = BriefDecision
        fields = ["id", "what", "relationship", "follow_up", "decided_at", "decided_by"]


class BriefLineOut(serializers.Serializer[Any]):
    """What one component of the scorecard brought to a move."""

    component = serializers.CharField()
    points = serializers.FloatField()


class BriefMoveOut(serializers.Serializer[Any]):
    """A relationship whose score moved in the week; the lines add up to the change."""

    relationship = fields.Ref()
    before = serializers.FloatField()
    after = serializers.FloatField()
    lines = fields.Many(
        BriefLineOut, lambda move: [{"component": key, "points": points} for key, points in move.lines]
    )


class KindMovesOut(serializers.Serializer[Any]):
    """The greatest moves of a kind each way."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="kind.slug")
    fallen = BriefMoveOut(many=True)
    risen = BriefMoveOut(many=True)


class BrokenOut(serializers.Serializer[Any]):
    """A promise that was missed in the week."""

    id = serializers.IntegerField()
    direction = serializers.ChoiceField(choices=CommitmentDirection.choices)
    what = serializers.CharField()
    relationship = fields.Ref()


class DecidingOut(serializers.Serializer[Any]):
    """A relationship that wanted a decision, with its score of then."""

    relationship = fields.Ref()
    score = serializers.FloatField()


class OutsideThenOut(serializers.Serializer[Any]):
    """An outside issue, with its state of then."""

    issue = fields.Ref()
    state = serializers.ChoiceField(choices=OutsideState.choices)


class BriefWithContents(serializers.Serializer[Any]):
    """A brief as far as its reader may know of what is in it: numbers of then, names and owners of today."""

    id = serializers.IntegerField(source="brief.pk")
    week = serializers.DateField(source="brief.week")
    sha256 = serializers.CharField(source="brief.sha256")
    made_at = fields.Moment(source="brief.made_at")
    standing = StandingNowOut()
    moves = KindMovesOut(many=True)
    broken = BrokenOut(many=True)
    deciding = fields.Many(DecidingOut, lambda found: _paired(found.deciding, "relationship", "score"))
    outside = fields.Many(OutsideThenOut, lambda found: _paired(found.outside, "issue", "state"))
    decisions = BriefDecisionOut(many=True)


class RowThenOut(serializers.Serializer[Any]):
    """A relationship as it stood when the week ended; no score where the evidence did not suffice."""

    relationship = fields.Ref(source="*")
    status = serializers.ChoiceField(choices=HealthStatus.values, source="then_status")
    score = serializers.FloatField(source="then_score", allow_null=True)


class PartThenOut(serializers.Serializer[Any]):
    """A component of then: its points of 100, its share of the whole in percent, and what it moved in the week."""

    component = serializers.CharField(source="label")
    points = serializers.FloatField()
    share = serializers.FloatField()
    moved = serializers.FloatField(allow_null=True)


class RowThenWithParts(serializers.Serializer[RowThen]):
    """A relationship as it stood when the week ended, and a week before."""

    relationship = fields.Ref()
    status = serializers.ChoiceField(choices=HealthStatus.values)
    score = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True)
    parts = PartThenOut(many=True)


class RowsQuestion(fields.Paged):
    """Which rows: of a kind, and of a band (`none`: without a score)."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs)
    band = serializers.ChoiceField(choices=BANDS, required=False)


class DecisionIn(fields.Body):
    """What was decided; with a relationship and a day, its owner gets the follow-up."""

    what = fields.Text(most=300, words=True)
    relationship = fields.Whole(min_value=1, max_value=fields.LARGEST, required=False)
    due_date = fields.Day(required=False)


def _paired(pairs: Any, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, pair, strict=True)) for pair in pairs]


def require_sight(call: Call) -> None:
    """Raises NotAllowed for who sees no relationships at all."""
    if not call.viewer.may(Permission.VIEW_RELATIONSHIPS):
        raise NotAllowed(_("Briefs are for those who see relationships."))


def seen_brief(call: Call, brief_id: int) -> Brief:
    """The brief, for who sees relationships; raises NotAllowed and Missing."""
    require_sight(call)
    found: Brief = one(Brief.objects.all(), brief_id)
    return found


class Briefs(Endpoint):
    """`/briefs/`"""

    area, tag = Area.WORKSPACE, "Briefs"

    @reads(BriefOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Every brief, newest first."""
        require_sight(call)
        return Rows(archive(), NEWEST)


class OneBrief(Endpoint):
    """`/briefs/{brief_id}/`"""

    area, tag = Area.WORKSPACE, "Briefs"

    @reads(BriefWithContents)
    def get(self, call: Call, brief_id: int) -> Any:
        """One brief with what its reader may know of; who reads it so has read it."""
        brief = seen_brief(call, brief_id)
        told = brief_for(viewer=call.viewer, brief=brief, now=call.now)
        if call.request.method == "GET":
            note_reading(brief=brief, reader=call.viewer, now=call.now)
        return told


class BriefRows(Endpoint):
    """`/briefs/{brief_id}/rows/`"""

    area, tag = Area.WORKSPACE, "Briefs"

    @reads(RowThenOut, asks=RowsQuestion)
    def get(self, call: Call, brief_id: int) -> Rows:
        """The relationships behind a figure, by name, as they stood when the week ended."""
        found, asked = seen_brief(call, brief_id), call.asked
        band = {"band": asked["band"]} if "band" in asked else {}
        return Rows(rows_then(viewer=call.viewer, brief=found, kind=asked["kind"], **band), BY_NAME)


class OneBriefRow(Endpoint):
    """`/briefs/{brief_id}/rows/{relationship_id}/`"""

    area, tag = Area.WORKSPACE, "Briefs"

    @reads(RowThenWithParts)
    def get(self, call: Call, brief_id: int, relationship_id: int) -> RowThen:
        """One relationship as it stood when the week ended, part by part."""
        found = seen_brief(call, brief_id)
        return row_then(viewer=call.viewer, brief=found, relationship_id=relationship_id)


class BriefDecisions(Endpoint):
    """`/briefs/{brief_id}/decisions/`"""

    area, tag = Area.RELATIONSHIPS, "Briefs"

    @creates(BriefDecisionOut, says=DecisionIn)
    def post(self, call: Call, brief_id: int) -> BriefDecision:
        """Record what was decided on a brief."""
        said, found = dict(call.said), seen_brief(call, brief_id)
        about = {"relationship_id": said.pop("relationship", None)}
        return decide(actor=call.viewer, brief=found, now=call.now, **said, **about)
