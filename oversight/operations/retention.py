"""Rules of retention: what is kept for how long, and what happens then, some rows at a time."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from accounts.queries.actors import system_actor
from core.append_only import unlock_append_only
from core.refusals import Conflict
from oversight.enums import KeptData
from oversight.models import RetentionRule
from oversight.operations.erasures import erase_person
from oversight.queries.retention import due_rows
from relationships import kinds
from relationships.models import Document, Interaction, Party
from relationships.operations.inputs import Problems
from relationships.operations.trash import purge
from relationships.registry import registry

BATCH = 200
EVERY = timedelta(days=1)
MOST_DAYS = 36_500
STRUCK = "retention"


@transaction.atomic
def set_rule(*, actor: User, data: str, kind: str, days: int, now: datetime) -> RetentionRule:
    """From now on this is kept for so many days; the first time it is carried out is a day away.

    Raises NotAllowed, Invalid, and Conflict where a rule for the same stands.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    problems = Problems()
    problems.choice("data", data, KeptData.values)
    problems.choice("kind", kind, ["", *kinds.registry.slugs])
    problems.whole_number("days", days, least=30, most=MOST_DAYS)
    if data == KeptData.PEOPLE and kind:
        problems.add("kind", _("People at organisations are of no kind; leave it open."))
    problems.refuse()
    if RetentionRule.objects.filter(data=data, kind=kind, ended_at=None).exists():
        raise Conflict(_("There is a rule for this already. End it first."))
    rule = RetentionRule.objects.create(
        data=data, kind=kind, days=days, set_at=now, set_by=actor, due_at=now + EVERY
    )
    _tell(actor.pk, "retention_rule_set", rule, now, days=days)
    return rule


@transaction.atomic
def end_rule(*, actor: User, rule: RetentionRule, now: datetime) -> RetentionRule:
    """It is kept again. Raises Conflict when the rule was ended before."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if held.ended_at is not None:
        raise Conflict(_("This rule was ended already."))
    held.ended_at, held.ended_by = now, actor
    held.save()
    _tell(actor.pk, "retention_rule_ended", held, now)
    return held


def carry_out_due(*, now: datetime) -> int:
    """Carries out the rules whose time has come, a batch in a transaction; returns how many rows they took."""
    due = RetentionRule.objects.filter(ended_at=None, due_at__lte=now).order_by("due_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        taken, more = 0, True
        while more:
            batch = _batch(pk, now)
            taken, more = taken + batch, batch == BATCH
        done += taken
        _put_off(pk, taken, now)
    return done


@transaction.atomic
def _batch(rule_id: int, now: datetime) -> int:
    rule = (
        RetentionRule.objects.select_for_update(skip_locked=True)
        .filter(pk=rule_id, ended_at=None, due_at__lte=now)
        .first()
    )
    if rule is None:
        return 0
    rows = list(due_rows(rule, now)[:BATCH])
    if rows:
        unlock_append_only("erase")
        take = TAKE[KeptData(rule.data)] if rule.data in TAKE else registry.retained[rule.data].take
        take(rows, now)
    return len(rows)


@transaction.atomic
def _put_off(rule_id: int, taken: int, now: datetime) -> None:
    """The timer goes on by a day; what was taken is written down."""
    rule = (
        RetentionRule.objects.select_for_update(skip_locked=True).filter(pk=rule_id, due_at__lte=now).first()
    )
    if rule is None:
        return
    rule.due_at, rule.last_done = now + EVERY, taken
    rule.save(update_fields=["due_at", "last_done"])
    if taken:
        _tell(system_actor().pk, "retention_carried_out", rule, now, rows=taken)


def _take_words(rows: list[Interaction], now: datetime) -> None:
    ids = [row.pk for row in rows]
    emptied: dict[str, Any] = {"subject": "", "body": "", "outcome": "", "tags": [], "sentiment_words": []}
    Interaction.objects.filter(pk__in=ids).update(**emptied)


def _take_papers(rows: list[Document], now: datetime) -> None:
    ids = [row.pk for row in rows]
    standing = Document.objects.filter(pk__in=ids, removed_at=None)
    standing.update(removed_at=now, removed_by=system_actor(), removed_reason=STRUCK)
    purge(rows, now=now)


def _take_people(rows: list[Party], now: datetime) -> None:
    for row in rows:
        erase_person(party=row, actor=system_actor(), now=now)


TAKE: dict[KeptData, Any] = {
    KeptData.TALK: _take_words,
    KeptData.DOCUMENTS: _take_papers,
    KeptData.PEOPLE: _take_people,
}


def _tell(actor_id: int, verb: str, rule: RetentionRule, now: datetime, **facts: int) -> None:
    told: dict[str, str | int] = {"data": rule.data, "kind": rule.kind, **facts}
    record_audit(
        actor_id=actor_id, verb=verb, now=now, subject_type="retention_rule", subject_id=rule.pk, data=told
    )
