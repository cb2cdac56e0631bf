"""Alerts, and what is done with one."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, one, reads
from accounts.enums import Area
from core.rest import fields
from health.enums import AlertState, Rule
from health.models import Alert
from health.operations import alerts as operations
from health.queries.alerts import NEWEST, AlertQuery, Line, alerts_for, lines
from health.transitions import ALERT

EVERY = AlertQuery(whose="all", status="")


class AlertOut(serializers.Serializer[Any]):
    """Something that somebody should look at."""

    id = serializers.IntegerField(source="alert.pk")
    rule = serializers.ChoiceField(source="alert.rule", choices=Rule.choices)
    state = serializers.ChoiceField(source="alert.state", choices=AlertState.choices)
    relationship = fields.Ref(source="alert.relationship")
    opened_at = fields.Moment(source="alert.opened_at")
    title = serializers.CharField()
    words = serializers.CharField()
    action = serializers.CharField(source="alert.action")
    judgement = serializers.CharField(source="alert.judgement")
    moves = serializers.SerializerMethodField()

    def get_moves(self, line: Line) -> list[str]:
        """The moves that its state allows."""
        return [move.name for move in ALERT.allowed(line.alert.state)]


class AlertQuestion(fields.Paged):
    """What the inbox is narrowed to, as on its page."""

    whose = serializers.ChoiceField(choices=["mine", "team", "all"], default="mine")
    status = serializers.ChoiceField(choices=["unsettled", *AlertState.values], required=False)
    rule = serializers.ChoiceField(choices=Rule.values, required=False)
    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)


class AlertMove(fields.Body):
    """A move: `act` wants `what` is done, `dismiss` wants `why`."""

    move = fields.Choice(choices=[move.name for move in ALERT.transitions])
    what = fields.Text(most=300, required=False)
    due_date = fields.Day(required=False, help_text="Plans a follow-up for that day.")
    why = fields.Text(most=400, required=False)


def told(call: Call, alert_id: int) -> Line:
    """One alert in words; raises Missing."""
    return lines([one(alerts_for(viewer=call.viewer, query=EVERY), alert_id)])[0]


class Alerts(Endpoint):
    """`/alerts/`"""

    area, tag = Area.HEALTH, "Alerts"

    @reads(AlertOut, asks=AlertQuestion)
    def get(self, call: Call) -> Rows:
        """Alerts, newest first; of what the viewer owns unless more is asked for."""
        asked = call.asked
        query = AlertQuery(
            whose=asked["whose"],
            status=asked.get("status", ""),
            rule=asked.get("rule", ""),
            relationship_id=asked.get("relationship"),
        )
        return Rows(alerts_for(viewer=call.viewer, query=query), NEWEST, dress=lines)


class OneAlert(Endpoint):
    """`/alerts/{alert_id}/`"""

    area, tag = Area.HEALTH, "Alerts"

    @reads(AlertOut)
    def get(self, call: Call, alert_id: int) -> Line:
        """One alert."""
        return told(call, alert_id)


def _moves(said: dict[str, Any]) -> dict[str, Callable[..., Alert]]:
    """Each move as the operation that carries it out."""
    what = {"what": said.get("what", ""), "due_date": said.get("due_date")}
    why = {"why": said.get("why", "")}
    return {
        "acknowledge": operations.acknowledge_alert,
        "act": lambda **given: operations.act_on_alert(**given, **what),
        "confirm": lambda **given: operations.judge_alert(was_right=True, **given, **why),
        "dismiss": lambda **given: operations.judge_alert(was_right=False, **given, **why),
    }


class AlertMoves(Endpoint):
    """`/alerts/{alert_id}/transitions/`"""

    area, tag = Area.HEALTH, "Alerts"

    @acts(AlertOut, says=AlertMove)
    def post(self, call: Call, alert_id: int) -> Line:
        """Take an alert through one move of its table."""
        found = told(call, alert_id).alert
        _moves(call.said)[call.said["move"]](actor=call.viewer, alert=found, now=call.now)
        return told(call, alert_id)
