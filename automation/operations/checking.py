"""What a rule says, checked whole before it is kept: every field that is wrong is named."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from automation.enums import Choosing, Does, Trigger
from automation.models import WebhookEndpoint
from automation.queries.rules import Act, Says
from core.addresses import id_in, is_id
from core.refusals import Invalid, NotAllowed
from relationships import kinds
from relationships.permissions import may_somewhere
from relationships.queries.list_fields import Condition
from relationships.queries.native_fields import field_of, may_know
from relationships.registry import registry

MOST_LINES = 10
MOST_AHEAD = 366
NEEDED = {
    Does.ASSIGN: Permission.ASSIGN,
    Does.FOLLOW_UP: Permission.MANAGE_FOLLOW_UPS,
    Does.COMMITMENT: Permission.MANAGE_COMMITMENTS,
    Does.STAGE: Permission.MANAGE_RELATIONSHIPS,
    Does.OBJECTIVE: Permission.MANAGE_RELATIONSHIPS,
    Does.CADENCE: Permission.MANAGE_RELATIONSHIPS,
    Does.NOTIFY: Permission.VIEW_RELATIONSHIPS,
    Does.WEBHOOK: Permission.VIEW_RELATIONSHIPS,
    Does.PLAYBOOK: Permission.MANAGE_FOLLOW_UPS,
}
"""What the author must hold in the kind for a rule to say so; what it reaches is asked whenever it acts."""


def require_making(actor: User, kind: str) -> None:
    """Raises Invalid for a kind that there is not, NotAllowed for one in which the actor looks after nothing."""
    if kind not in kinds.registry:
        raise Invalid({"kind": _("“%(kind)s” is not a kind of relationship.") % {"kind": kind[:32]}})
    if not may_somewhere(actor, Permission.MANAGE_RELATIONSHIPS, kind):
        raise NotAllowed(_("Your role does not allow making rules here."))


def checked_says(*, author: User, kind: str, says: Says) -> Says:
    """The same in the form in which it is kept. Raises Invalid: lines are named `conditions-0`, `acts-2`."""
    errors: dict[str, str] = {}
    if says.trigger not in Trigger.values:
        errors["trigger"] = _("Choose what sets the rule off.")
    unknown = next((verb for verb in says.verbs if verb not in registry.event_words), None)
    if unknown is not None:
        errors["verbs"] = _("“%(value)s” is not known here.") % {"value": unknown[:60]}
    elif says.trigger == Trigger.EVENT and not says.verbs:
        errors["verbs"] = _("Choose at least one event.")
    if not (0 <= says.weekday <= 6 and 0 <= says.hour <= 23):
        errors["hour"] = _("Choose an hour of the day, and a day of the week.")
    if not says.acts:
        errors["acts"] = _("Say what the rule is to do.")
    for name, lines in (("conditions", says.conditions), ("facts", says.facts), ("acts", says.acts)):
        if len(lines) > MOST_LINES:
            errors[name] = _("At most %(most)d lines.") % {"most": MOST_LINES}
    conditions = [
        _condition(author, kind, each, f"conditions-{n}", errors) for n, each in enumerate(says.conditions)
    ]
    acts = [_act(author, kind, says, act, f"acts-{number}", errors) for number, act in enumerate(says.acts)]
    if errors:
        raise Invalid(errors)
    return Says(
        trigger=str(says.trigger),
        verbs=tuple(sorted(set(says.verbs))) if says.trigger == Trigger.EVENT else (),
        weekday=says.weekday,
        hour=says.hour,
        conditions=tuple(conditions),
        either=says.either,
        facts=tuple((name[:40], so, value[:100]) for name, so, value in says.facts),
        acts=tuple(acts),
    )


def _condition(author: User, kind: str, asked: Condition, line: str, errors: dict[str, str]) -> Condition:
    field = field_of(kind, asked.field)
    operator = field.operator(asked.operator) if field is not None else None
    if field is None or operator is None or not field.is_filter or not may_know(author, field, kind):
        errors[line] = _("There is no such condition.")
        return asked
    try:
        return Condition(asked.field, asked.operator, field.read(operator, asked.values))
    except ValueError as error:
        known = ", ".join(value for value, _words in field.choices)
        words = _("“%(value)s” is no value of “%(field)s”.") % {"value": error, "field": field.label}
        errors[line] = words + (" " + _("Possible: %(known)s.") % {"known": known} if known else "")
        return asked


def _act(author: User, kind: str, says: Says, act: Act, line: str, errors: dict[str, str]) -> Act:
    if act.does not in Does.values:
        errors[line] = _("Choose what the rule is to do.")
        return act
    if not may_somewhere(author, NEEDED[Does(act.does)], kind):
        errors[line] = _("Your role does not allow this, so no rule of yours does it.")
        return act
    try:
        return Act(str(act.does), _checked_how(author, kind, says, Does(act.does), act.how))
    except ValueError as error:
        errors[line] = str(error)
        return act


def _checked_how(author: User, kind: str, says: Says, does: Does, how: Mapping[str, Any]) -> dict[str, Any]:
    if does == Does.ASSIGN:
        return _assignment(how)
    if does in (Does.FOLLOW_UP, Does.COMMITMENT):
        return {"what": _words(how, 300), "days": _number(how.get("days"), 0, MOST_AHEAD)}
    if does == Does.NOTIFY:
        return {"what": _words(how, 1000), "who": _who(str(how.get("who", "owner")))}
    return {"value": _value(author, kind, says, does, how.get("value", ""))}


def _value(author: User, kind: str, says: Says, does: Does, value: Any) -> Any:
    if does == Does.CADENCE:
        return _number(value, 1, 3650)
    if does == Does.OBJECTIVE:
        return _words({"what": value}, 300)
    if does == Does.WEBHOOK:
        return _webhook(author, says, value)
    declared = kinds.registry.get(kind)
    known = [each.slug for each in (declared.stages if does == Does.STAGE else declared.playbooks)]
    if value not in known:
        told = {"value": str(value)[:60], "known": ", ".join(known)}
        raise ValueError(_("“%(value)s” is not known. Possible: %(known)s.") % told)
    return value


def _words(how: Mapping[str, Any], most: int) -> str:
    words = " ".join(str(how.get("what", "")).replace("\0", "").split())
    if not 1 <= len(words) <= most:
        raise ValueError(_("Say it in 1 to %(most)d characters.") % {"most": most})
    return words


def _number(given: Any, least: int, most: int) -> int:
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise ValueError(
            _("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        )
    return int(text)


def _assignment(how: Mapping[str, Any]) -> dict[str, Any]:
    ids = sorted({id_in(str(each)) or 0 for each in how.get("people", [])})
    people = User.objects.filter(pk__in=ids, is_active=True, is_system=False, is_service=False)
    if not ids or len(ids) > 50 or people.count() != len(ids):
        raise ValueError(_("Choose somebody who works here."))
    by = how.get("by") or Choosing.TURN
    if by not in Choosing.values:
        raise ValueError(_("Choose how one of them is chosen."))
    return {"people": ids, "by": str(by)}


def _who(who: str) -> str:
    if who in ("owner", "team"):
        return who
    if is_id(who) and User.objects.filter(pk=int(who), is_active=True, is_system=False).exists():
        return who
    raise ValueError(_("Choose who is told."))


def _webhook(author: User, says: Says, value: Any) -> int:
    if says.trigger != Trigger.EVENT:
        raise ValueError(_("A rule by the clock has no event to tell of."))
    seen = WebhookEndpoint.objects.visible_to(author)
    if not is_id(str(value)) or not seen.filter(pk=int(value)).exists():
        raise ValueError(_("Choose one of your webhooks."))
    return int(value)
