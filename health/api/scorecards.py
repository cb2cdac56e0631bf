"""How kinds are measured: the versions of a scorecard, a draft's components, its trial, and its coming into force."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, reads, removes
from accounts.enums import Area, Permission
from accounts.permissions import require
from core import keyset
from core.refusals import Invalid, Missing
from core.rest import fields
from health import tables, ui
from health.enums import ScorecardStatus
from health.models import Component, Scorecard
from health.operations import drafts
from health.operations.scorecards import (
    BOUNDS,
    FURTHEST,
    MOST_CORNERS,
    activate_scorecard,
    validate_scorecard,
)
from health.queries import scorecards as queries
from health.registry import measures
from health.transitions import SCORECARD
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import Relationship

NEWEST = keyset.Order(keyset.SortKey("pk", int), descending=True)
MOVES = {"validate": validate_scorecard, "activate": activate_scorecard, "retire": drafts.retire_draft}


class ScorecardOut(serializers.ModelSerializer[Scorecard]):
    """One version of how a kind is measured, everywhere or in one business unit."""

    business_unit = fields.Ref(allow_null=True)
    status = serializers.ChoiceField(choices=ScorecardStatus.choices)
    created_at = fields.Moment()
    created_by = fields.Ref()
    activated_at = fields.Moment(allow_null=True)
    activated_by = fields.Ref(allow_null=True)
    retired_at = fields.Moment(allow_null=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Scorecard
        fields = [
            "id", "kind", "business_unit", "version", "status", "coverage_threshold", "created_at", "created_by",
            "activated_at", "activated_by", "retired_at", "moves",
        ]  # fmt: skip

    def get_moves(self, scorecard: Scorecard) -> list[str]:
        """The moves that its status allows; the version in force is retired by the next one."""
        in_force = scorecard.status == ScorecardStatus.ACTIVE
        allowed = [move.name for move in SCORECARD.allowed(scorecard.status)]
        return [name for name in allowed if not (in_force and name == "retire")]


class CurveField(serializers.ListField):
    """Corners [value, points], the value rising; flat beyond the ends."""

    def __init__(self, **given: Any) -> None:
        number = fields.Number(min_value=-FURTHEST, max_value=FURTHEST)
        corner = serializers.ListField(child=number, min_length=2, max_length=2)
        super().__init__(child=corner, min_length=2, max_length=MOST_CORNERS, **given)


class ScorecardPartOut(serializers.Serializer[Any]):
    """One thing that is measured; `share` is its part of all weights in percent."""

    key = serializers.CharField(source="component.key")
    measure = serializers.CharField(source="component.measure")
    label = serializers.CharField()
    group = serializers.CharField(source="component.group")
    weight = serializers.FloatField(source="component.weight")
    share = serializers.FloatField()
    half_life_days = serializers.FloatField(source="component.half_life_days")
    min_evidence = serializers.FloatField(source="component.min_evidence")
    curve = CurveField(source="component.curve")


class NamedOut(serializers.Serializer[Any]):
    """Something by its key, with what it is called."""

    key = serializers.CharField()
    label = serializers.CharField()


class ScorecardWithParts(ScorecardOut):
    """A version with everything that it measures, and what could be measured beside."""

    components = fields.Many(ScorecardPartOut, lambda card: tables.component_lines(card, None))
    groups = fields.Many(NamedOut, lambda card: _named(kinds.registry.get(card.kind).groups.items()))
    free_measures = fields.Many(NamedOut, lambda card: _named(_free(card)))

    class Meta(ScorecardOut.Meta):
        fields = [*ScorecardOut.Meta.fields, "components", "groups", "free_measures"]


class HistogramOut(serializers.Serializer[queries.Histogram]):
    """How many stand in each of equal bins from `low` to `high`; whoever is beyond stands in the outer ones."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    counts = serializers.ListField(child=serializers.IntegerField())


def _standing(component: Component) -> queries.Histogram:
    low, high = ui.span(component.curve)
    return queries.population(kind=component.scorecard.kind, measure=component.measure, low=low, high=high)


class ScorecardComponentOut(serializers.ModelSerializer[Component]):
    """One thing that is measured, and where the relationships of the kind stand with it today."""

    label = serializers.SerializerMethodField()
    curve = CurveField()
    standing = fields.Many(HistogramOut, _standing, many=False)

    class Meta:
        model = Component
        fields = [
            "key", "measure", "label", "group", "weight", "half_life_days", "min_evidence", "curve", "standing",
        ]  # fmt: skip

    def get_label(self, component: Component) -> str:
        """What the measure is called."""
        return tables.measure_label(component.measure)


class ChangeOut(serializers.Serializer[queries.Move]):
    """How many would go from one status to another."""

    before = serializers.ChoiceField(choices=HealthStatus.values)
    after = serializers.ChoiceField(choices=HealthStatus.values)
    number = serializers.IntegerField()


class DryRunOut(serializers.Serializer[queries.DryRun]):
    """What a version would change of those that were tried, up to a thousand of them; nothing of it is kept."""

    tried = serializers.IntegerField()
    moving = serializers.IntegerField(help_text="How many would stand in another status.")
    mean_change = serializers.FloatField(allow_null=True, help_text="Points, of those with a score in both.")
    moves = ChangeOut(many=True)


class TriedPartOut(serializers.Serializer[queries.TriedPart]):
    """One component of one relationship; points are null where there is no value."""

    key = serializers.CharField(source="component.key")
    value = serializers.FloatField(allow_null=True)
    evidence = serializers.IntegerField()
    points = serializers.FloatField(allow_null=True)
    used = serializers.BooleanField(help_text="Whether there is evidence enough for it to count.")


class TriedOut(serializers.Serializer[queries.Tried]):
    """One relationship measured by a version; the score is null where the evidence does not suffice."""

    relationship = fields.Ref()
    score = serializers.FloatField(allow_null=True)
    coverage_percent = serializers.IntegerField(source="coverage")
    parts = TriedPartOut(many=True)


class ScorecardQuestion(fields.Paged):
    """Which versions."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, required=False)
    status = serializers.ChoiceField(choices=ScorecardStatus.values, required=False)


class TrialQuestion(fields.Question):
    """Which relationship a version is tried on."""

    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST)


class ScorecardMove(fields.Body):
    """A step of the version's table."""

    move = fields.Choice(choices=list(MOVES))


class NewComponent(fields.Body):
    """One of the free measures, in one of the kind's groups; it begins with a weight of 1 and a straight curve."""

    measure = fields.Text(most=40, words=True)
    group = fields.Text(most=40, words=True)


def _bounded(name: str) -> fields.Number:
    """A number with the bounds of the operation, so that the OpenAPI file tells them too."""
    return fields.Number(min_value=BOUNDS[name].least, max_value=BOUNDS[name].most)


class ComponentFacts(fields.Body):
    """How a component of a draft is measured."""

    weight = _bounded("weight")
    half_life_days = _bounded("half_life_days")
    min_evidence = _bounded("min_evidence")
    curve = CurveField()


def _named(pairs: Any) -> list[dict[str, str]]:
    return [{"key": key, "label": str(label)} for key, label in pairs]


def _free(scorecard: Scorecard) -> list[tuple[str, Any]]:
    """The measures that it does not have yet."""
    taken = {component.measure for component in scorecard.components.all()}
    return [(measure.key, measure.label) for measure in measures if measure.key not in taken]


def configured(call: Call, scorecard_id: int) -> Scorecard:
    """One version, for who configures health; raises NotAllowed and Missing."""
    require(call.viewer, Permission.CONFIGURE_HEALTH)
    found = queries.scorecard_of(scorecard_id)
    if found is None:
        raise Missing(_("There is no such scorecard."))
    return found


class Scorecards(Endpoint):
    """`/scorecards/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @reads(ScorecardOut, asks=ScorecardQuestion)
    def get(self, call: Call) -> Rows:
        """Every version of how kinds are measured, newest first."""
        require(call.viewer, Permission.CONFIGURE_HEALTH)
        asked = {name: call.asked[name] for name in ("kind", "status") if name in call.asked}
        rows = Scorecard.objects.select_related("business_unit", "created_by", "activated_by")
        return Rows(rows.filter(**asked), NEWEST)


class OneScorecard(Endpoint):
    """`/scorecards/{scorecard_id}/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @reads(ScorecardWithParts)
    def get(self, call: Call, scorecard_id: int) -> Scorecard:
        """One version with its components."""
        return configured(call, scorecard_id)


class ScorecardDrafts(Endpoint):
    """`/scorecards/{scorecard_id}/drafts/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @creates(ScorecardWithParts, says=fields.Body)
    def post(self, call: Call, scorecard_id: int) -> Scorecard:
        """Draft the next version as a copy of this one."""
        found = configured(call, scorecard_id)
        draft = drafts.draft_from(actor=call.viewer, scorecard=found, now=call.now)
        return configured(call, draft.pk)


class ScorecardMoves(Endpoint):
    """`/scorecards/{scorecard_id}/transitions/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @acts(ScorecardWithParts, says=ScorecardMove)
    def post(self, call: Call, scorecard_id: int) -> Scorecard:
        """Check a draft, put a checked version into force, or give one up."""
        found = configured(call, scorecard_id)
        MOVES[call.said["move"]](actor=call.viewer, scorecard=found, now=call.now)
        return configured(call, scorecard_id)


class ScorecardDryRun(Endpoint):
    """`/scorecards/{scorecard_id}/dry-run/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @reads(DryRunOut)
    def get(self, call: Call, scorecard_id: int) -> queries.DryRun:
        """Measure up to a thousand relationships by a version, and compare their status with today's."""
        return queries.dry_run(scorecard=configured(call, scorecard_id), now=call.now)


class ScorecardTrial(Endpoint):
    """`/scorecards/{scorecard_id}/trial/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @reads(TriedOut, asks=TrialQuestion)
    def get(self, call: Call, scorecard_id: int) -> queries.Tried:
        """Measure one relationship by a version."""
        scorecard, asked = configured(call, scorecard_id), call.asked["relationship"]
        found = Relationship.objects.visible_to(call.viewer).filter(pk=asked).first()
        tried = found and queries.try_on(scorecard=scorecard, relationship=found, now=call.now)
        if not tried:
            raise Invalid({"relationship": _("This scorecard does not measure that relationship.")})
        return tried


class ScorecardComponents(Endpoint):
    """`/scorecards/{scorecard_id}/components/`"""

    area, tag = Area.HEALTH, "Scorecards"

    @creates(ScorecardComponentOut, says=NewComponent)
    def post(self, call: Call, scorecard_id: int) -> Component:
        """Add a measure to a draft."""
        found = configured(call, scorecard_id)
        return drafts.add_component(actor=call.viewer, scorecard=found, now=call.now, **call.said)


class OneScorecardComponent(Endpoint):
    """`/scorecards/{scorecard_id}/components/{key}/`"""

    area, tag = Area.HEALTH, "Scorecards"
    holder = "scorecard"

    def find(self, call: Call, scorecard_id: int, key: str) -> Component:
        """The component; raises NotAllowed and Missing."""
        scorecard = configured(call, scorecard_id)
        found = next((each for each in scorecard.components.all() if each.key == key), None)
        if found is None:
            raise Missing(_("There is no such component."))
        return found

    @reads(ScorecardComponentOut)
    def get(self, call: Call, scorecard_id: int, key: str) -> Component:
        """One component, and where the relationships of its kind stand with it."""
        return self.find(call, scorecard_id, key)

    @changes(ScorecardComponentOut, says=ComponentFacts)
    def patch(self, call: Call, component: Component) -> Component:
        """Change a component of a draft."""
        told = {name: call.said.get(name, getattr(component, name)) for name in ComponentFacts().fields}
        given = {"scorecard": component.scorecard, "key": component.key, **told}
        return drafts.edit_component(actor=call.viewer, now=call.now, **given)

    @removes()
    def delete(self, call: Call, component: Component) -> None:
        """Take a component out of a draft."""
        scorecard, key = component.scorecard, component.key
        drafts.remove_component(actor=call.viewer, scorecard=scorecard, key=key, now=call.now)
