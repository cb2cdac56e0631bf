"""What people do with an alert: see it, act on it, and judge whether it was right."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Conflict, Missing
from core.transitions import Transition
from health.enums import Rule
from health.models import Alert, RuleRetirement
from health.transitions import ALERT
from relationships.enums import Channel
from relationships.operations.access import hold_relationship
from relationships.operations.events import record_event
from relationships.operations.follow_ups import plan_follow_up
from relationships.operations.inputs import Problems

MOVED = "health.alert_moved"


@transaction.atomic
def acknowledge_alert(*, actor: User, alert: Alert, now: datetime) -> Alert:
    """Somebody has seen it."""
    found, move = _hold(actor, alert, "acknowledge")
    found.acknowledged_at, found.acknowledged_by = now, actor
    return _moved(found, move, actor=actor, now=now)


@transaction.atomic
def act_on_alert(
    *, actor: User, alert: Alert, what: str, now: datetime, due_date: date | None = None
) -> Alert:
    """Says what is done about it; with a day it becomes a follow-up of the relationship's owner."""
    found, move = _hold(actor, alert, "act")
    problems = Problems()
    found.action = problems.text("what", what, most=300, required=True)
    problems.refuse()
    if due_date is not None:
        found.follow_up = plan_follow_up(
            actor=actor,
            relationship=found.relationship,
            what=found.action,
            due_date=due_date,
            channel=Channel.CALL if found.rule == Rule.SILENCE else "",
            assignee=found.relationship.owner,
            now=now,
        )
    if found.acknowledged_at is None:
        found.acknowledged_at, found.acknowledged_by = now, actor
    found.acted_at, found.acted_by = now, actor
    return _moved(found, move, actor=actor, now=now, reason=found.action)


@transaction.atomic
def judge_alert(*, actor: User, alert: Alert, was_right: bool, now: datetime, why: str = "") -> Alert:
    """Whether it was right. A false alarm says why, so that the rule can be mended."""
    found, move = _hold(actor, alert, "confirm" if was_right else "dismiss")
    problems = Problems()
    found.judgement = problems.text("why", why, most=400, required=not was_right)
    problems.refuse()
    found.judged_at, found.judged_by = now, actor
    return _moved(found, move, actor=actor, now=now, reason=found.judgement)


@transaction.atomic
def retire_rule(*, actor: User, rule: str, reason: str, now: datetime) -> RuleRetirement:
    """Stops a rule from raising alerts; those it has raised stay. Raises Conflict when it is retired already."""
    require(actor, Permission.CONFIGURE_HEALTH)
    problems = Problems()
    problems.choice("rule", rule, Rule.values)
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    if RuleRetirement.objects.filter(rule=rule).exists():
        raise Conflict(_("“%(rule)s” is retired already.") % {"rule": Rule(rule).label})
    record_audit(actor_id=actor.pk, verb="alert_rule_retired", now=now, data={"rule": rule})
    return RuleRetirement.objects.create(rule=rule, retired_at=now, retired_by=actor, reason=words)


@transaction.atomic
def reinstate_rule(*, actor: User, rule: str, now: datetime) -> None:
    """Lets a retired rule raise alerts again; raises Missing for one that is not retired."""
    require(actor, Permission.CONFIGURE_HEALTH)
    if not RuleRetirement.objects.filter(rule=rule).delete()[0]:
        raise Missing(_("There is no such retired rule."))
    record_audit(actor_id=actor.pk, verb="alert_rule_reinstated", now=now, data={"rule": rule})


def _hold(actor: User, alert: Alert, name: str) -> tuple[Alert, Transition]:
    """The alert as it is now with its relationship held, and the move; raises Missing, NotAllowed or Conflict."""
    seen = Alert.objects.visible_to(actor).filter(pk=alert.pk).first()
    if seen is None:
        raise Missing(_("There is no such alert."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_FOLLOW_UPS)
    found = Alert.objects.select_related("interaction").get(pk=seen.pk)
    found.relationship = held
    return found, ALERT.resolve(name, found)


def _moved(alert: Alert, move: Transition, *, actor: User, now: datetime, reason: str = "") -> Alert:
    alert.state = move.target
    alert.save()
    record_event(
        relationship=alert.relationship,
        party=alert.relationship.party,
        verb=MOVED,
        actor=actor,
        now=now,
        subject=alert,
        reason=reason,
        data={"rule": alert.rule, "state": alert.state},
        confidentiality=alert.interaction.confidentiality if alert.interaction else Confidentiality.INTERNAL,
    )
    return alert
