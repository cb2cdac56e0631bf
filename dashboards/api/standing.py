"""How relationships stand: the figures of the executives' dashboard, and who fell and rose most."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, reads
from accounts.enums import Area, Permission
from core.rest import fields
from dashboards.queries import portfolio
from dashboards.queries.standing import PERIODS, promise_rates, standing, to_decide
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import Relationship
from relationships.permissions import may_in

USUAL = 12


class KindNowOut(serializers.Serializer[Any]):
    """A kind in figures: how many are in which band, and the mean health with its change."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="kind.slug")
    relationships = serializers.IntegerField(source="now.relationships")
    healthy = serializers.IntegerField(source="now.healthy")
    watch = serializers.IntegerField(source="now.watch")
    at_risk = serializers.IntegerField(source="now.at_risk")
    unknown = serializers.IntegerField(source="now.unknown")
    mean = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True)


class StandingNowOut(serializers.Serializer[Any]):
    """Everything in the viewer's sight; `since` is the Monday that it is compared with."""

    since = serializers.DateField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    change = serializers.FloatField(allow_null=True)
    at_risk = serializers.IntegerField()
    kinds = KindNowOut(many=True)


class KindOverWeeksOut(KindNowOut):
    """A kind in figures, with its mean in every week of `weeks`, and now as the last."""

    line = serializers.ListField(child=serializers.FloatField(allow_null=True))


class MovedLineOut(serializers.Serializer[Any]):
    """What one group of a kind's scorecard brought to the change; no kind for the mix of kinds."""

    kind = serializers.CharField(source="kind.slug", default=None, allow_null=True)
    group = serializers.CharField()
    points = serializers.FloatField()


class KeptOut(serializers.Serializer[Any]):
    """Promises of the last year whose time has come; `percent` was kept on the original date."""

    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    broken = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class KindKeptOut(serializers.Serializer[Any]):
    """How both sides kept their word, by kind."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs)
    ours = KeptOut()
    theirs = KeptOut()


class ScoredOut(serializers.Serializer[Any]):
    """A relationship with its score."""

    relationship = fields.Ref(source="*")
    kind = serializers.ChoiceField(choices=kinds.registry.slugs)
    owner = fields.Ref()
    status = serializers.ChoiceField(choices=HealthStatus.values, source="state.health_status")
    score = serializers.FloatField(source="state.health", allow_null=True)


class StandingOut(serializers.Serializer[Any]):
    """The dashboard's figures."""

    since = serializers.DateField(source="standing.since", allow_null=True)
    weeks = serializers.ListField(child=serializers.DateField(), source="standing.weeks")
    mean = serializers.FloatField(source="standing.mean", allow_null=True)
    change = serializers.FloatField(source="standing.change", allow_null=True)
    at_risk = serializers.IntegerField(source="standing.at_risk")
    made_at = fields.Moment(source="standing.made_at", allow_null=True)
    kinds = KindOverWeeksOut(source="standing.kinds", many=True)
    moved_by = MovedLineOut(source="standing.lines", many=True, help_text="They add up to the change.")
    kept = KindKeptOut(many=True)
    deciding = ScoredOut(many=True, help_text="At risk, the most valuable first.")


class MoverOut(ScoredOut):
    """A relationship with its score, and by how many points it moved."""

    moved = serializers.FloatField()


class MoversOut(serializers.Serializer[Any]):
    """Who fell and who rose most, fifteen each at most."""

    fallen = MoverOut(many=True)
    risen = MoverOut(many=True)


class WorthOut(ScoredOut):
    """A relationship with its score and what it is worth a year; no value for who may not see money there."""

    team = fields.Ref(allow_null=True)
    value_a_year = serializers.SerializerMethodField()

    def get_value_a_year(self, relationship: Relationship) -> dict[str, str] | None:
        """What it is worth, for those who may see money there."""
        if not may_in(self.context["viewer"], Permission.VIEW_MONEY, relationship):
            return None
        return fields.money(relationship.state.value_amount, relationship.state.value_currency)


class PortfolioOut(serializers.Serializer[Any]):
    """What the treemap draws and the table beneath it says, sixty at most."""

    rows = WorthOut(many=True)


class StandingQuestion(fields.Question):
    """Against how many weeks ago."""

    weeks = serializers.ChoiceField(choices=[str(weeks) for weeks in PERIODS], default=str(USUAL))


class NarrowedQuestion(fields.Question):
    """What it is narrowed to."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, required=False)
    health = serializers.ChoiceField(
        choices=[status for status in HealthStatus.values if status], required=False
    )
    owner = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    team = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)


class MoversQuestion(StandingQuestion, NarrowedQuestion):
    """Against how many weeks ago, and what it is narrowed to."""


def narrowed(asked: dict[str, Any]) -> portfolio.Narrowed:
    """What a call asks for, as the query takes it."""
    return portfolio.Narrowed(
        kind=asked.get("kind", ""),
        health=asked.get("health", ""),
        owner_id=asked.get("owner"),
        team_id=asked.get("team"),
    )


class Standing(Endpoint):
    """`/standing/`"""

    area, tag = Area.HEALTH, "Overviews"

    @reads(StandingOut, asks=StandingQuestion)
    def get(self, call: Call) -> dict[str, Any]:
        """Where everything in sight stands, what moved it, and what to decide: the dashboard's figures."""
        rates = promise_rates(viewer=call.viewer, now=call.now)
        return {
            "standing": standing(viewer=call.viewer, now=call.now, weeks=int(call.asked["weeks"])),
            "kept": [{"kind": kind, "ours": rates[kind][0], "theirs": rates[kind][1]} for kind in rates],
            "deciding": to_decide(viewer=call.viewer),
        }


class Movers(Endpoint):
    """`/movers/`"""

    area, tag = Area.HEALTH, "Overviews"

    @reads(MoversOut, asks=MoversQuestion)
    def get(self, call: Call) -> dict[str, Any]:
        """Who fell and who rose most."""
        asked, weeks = narrowed(call.asked), int(call.asked["weeks"])
        fallen, risen = portfolio.movers(viewer=call.viewer, narrowed=asked, weeks=weeks, now=call.now)
        return {"fallen": fallen, "risen": risen}


class Portfolio(Endpoint):
    """`/portfolio/`"""

    area, tag = Area.HEALTH, "Overviews"

    @reads(PortfolioOut, asks=NarrowedQuestion)
    def get(self, call: Call) -> dict[str, Any]:
        """What open relationships are worth and how they stand, the most valuable first."""
        return {"rows": portfolio.portfolio(viewer=call.viewer, narrowed=narrowed(call.asked))}
