"""Rules: made, changed by a new version, switched on and off."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import record_audit
from automation.models import AutomationRule, RuleVersion
from automation.operations.checking import checked_says, require_making
from automation.queries.rules import Says, next_hour, said, version_in_force
from core.refusals import Conflict, Invalid, Missing, NotAllowed

MOST_RULES = 100


@transaction.atomic
def create_rule(*, actor: User, kind: str, name: str, says: Says, now: datetime) -> AutomationRule:
    """A rule of the actor's, switched off until somebody has looked at what it would do.

    Raises NotAllowed, Invalid, Conflict when there are too many.
    """
    require_making(actor, kind)
    words, told = _checked(actor, kind, name, says)
    if AutomationRule.objects.filter(author=actor).count() >= MOST_RULES:
        raise Conflict(_("There are %(most)d rules of yours already.") % {"most": MOST_RULES})
    rule = AutomationRule.objects.create(
        author=actor, name=words, kind=kind, trigger=told.trigger, created_at=now
    )
    _keep(rule, told, actor, now)
    _audit(actor, rule, "rule_created", now)
    return rule


@transaction.atomic
def edit_rule(
    *, actor: User, rule: AutomationRule, version: int, name: str, says: Says, now: datetime
) -> AutomationRule:
    """Says the rule anew, as a new version. Its author alone does: it acts with their rights.

    Raises Missing, NotAllowed, Invalid, Conflict when it was changed since.
    """
    held = _hold(actor, rule)
    if held.author_id != actor.pk:
        raise NotAllowed(_("A rule is changed by its author alone: it acts with their rights."))
    if held.version != version:
        raise Conflict(_("This was changed since you opened it."))
    words, told = _checked(actor, held.kind, name, says)
    held.name, held.trigger = words, told.trigger
    held.version += 1
    if held.on_since is not None:
        held.next_due_at = next_hour(told, now)
    held.save()
    _keep(held, told, actor, now)
    _audit(actor, held, "rule_changed", now)
    return held


@transaction.atomic
def switch_rule(*, actor: User, rule: AutomationRule, is_on: bool, now: datetime) -> AutomationRule:
    """On, from this moment, by its author; off, also by whoever runs the workspace. Raises as `edit_rule`."""
    held = _hold(actor, rule)
    if is_on and held.author_id != actor.pk:
        raise NotAllowed(_("A rule is switched on by its author alone: it acts with their rights."))
    if is_on == (held.on_since is not None):
        raise Conflict(_("It is on already.") if is_on else _("It is off already."))
    held.on_since = now if is_on else None
    held.next_due_at = next_hour(said(version_in_force(held).says), now) if is_on else None
    held.save(update_fields=["on_since", "next_due_at"])
    _audit(actor, held, "rule_switched", now)
    return held


def _checked(author: User, kind: str, name: str, says: Says) -> tuple[str, Says]:
    words = " ".join(name.replace("\0", "").split())
    errors: dict[str, list[str]] = {}
    if not 1 <= len(words) <= 100:
        errors["name"] = [_("Call it by 1 to 100 characters.")]
    try:
        told = checked_says(author=author, kind=kind, says=says)
    except Invalid as refusal:
        raise Invalid({**errors, **refusal.errors}) from None
    if errors:
        raise Invalid(errors)
    return words, told


def _keep(rule: AutomationRule, says: Says, actor: User, now: datetime) -> None:
    RuleVersion.objects.create(
        rule=rule, number=rule.version, says=says.as_json(), made_at=now, made_by=actor
    )


def _hold(actor: User, rule: AutomationRule) -> AutomationRule:
    seen = AutomationRule.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    held = seen.filter(pk=rule.pk).first()
    if held is None:
        raise Missing(_("There is no such rule."))
    return held


def _audit(actor: User, rule: AutomationRule, verb: str, now: datetime) -> None:
    record_audit(actor_id=actor.pk, verb=verb, now=now, subject_type="automation_rule", subject_id=rule.pk)
