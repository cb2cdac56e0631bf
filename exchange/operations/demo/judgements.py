"""What the sample company's people make of what health tells them: alerts seen, acted on and judged."""

from datetime import timedelta
from typing import Any

from exchange.operations.demo.world import World
from health.enums import Rule
from health.models import Alert
from health.operations.alerts import acknowledge_alert, act_on_alert, judge_alert
from health.operations.sightings import raise_sightings
from health.operations.watching import watch_every_kind

ACTIONS = {
    Rule.FALL: "Talk it over with them",
    Rule.SILENCE: "Call instead of writing",
    Rule.CHAMPION_LEFT: "Meet who follows",
    Rule.PROBLEM: "Visit and look at it together",
    Rule.MISSED_PROMISE: "Say sorry and name a new day",
}


def live_with_alerts(world: World) -> None:
    """Raises what there is to raise; of every eight alerts four stay new; the others went on."""
    watch_every_kind(now=world.now)
    raise_sightings(now=world.now)
    alerts = Alert.objects.filter(relationship__is_sample=True).select_related("relationship__owner")
    for index, alert in enumerate(alerts.order_by("rule", "relationship_id", "pk")):
        _live_with(world, alert, step=index % 8)


def _live_with(world: World, alert: Alert, *, step: int) -> None:
    given: dict[str, Any] = {"actor": alert.relationship.owner, "alert": alert, "now": world.now}
    if step == 1:
        acknowledge_alert(**given)
    elif step == 3:
        due = world.now.date() + timedelta(days=2)
        act_on_alert(**given, what=ACTIONS[Rule(alert.rule)], due_date=due)
    elif step == 5:
        act_on_alert(**given, what=ACTIONS[Rule(alert.rule)])
        judge_alert(**given, was_right=True, why="They were about to look elsewhere")
    elif step == 7:
        acknowledge_alert(**given)
        judge_alert(**given, was_right=False, why="They were on holiday")
