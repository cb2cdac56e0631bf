"""Rules at work: each meets an event once, asks whether its conditions hold, and does all that it says or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.queries.actors import system_actor
from automation.enums import Does, RunState, Trigger
from automation.models import AutomationRule, RuleRun
from automation.operations.acting import Occasion, carry_out, in_words
from automation.operations.reading import first_event_since
from automation.queries.rules import (
    Says,
    events_for,
    facts_hold,
    fitting,
    next_hour,
    rate_of,
    said,
    version_in_force,
)
from core.refusals import Refusal
from relationships.models import Event, Relationship
from relationships.operations.events import Cause, caused_by

MOST_DEEP = 3
"""A rule that was set off by a rule, and that by another: no further."""
MOST_AN_HOUR, MOST_ON_ONE = 1000, 5
"""How often a rule acts in an hour, and on one relationship."""
MOST_BY_CLOCK = 500
MOST_SHOWN = 100
HOUR = timedelta(hours=1)


def runs_for(rules: Sequence[AutomationRule], events: Iterable[Event]) -> list[RuleRun]:
    """A run for each event and each rule that it sets off, not yet written; never one that it came of itself."""
    said_by = [(rule, version, said(version.says)) for rule in rules for version in [version_in_force(rule)]]
    return [
        RuleRun(version=version, event=event, relationship=of, occasion_at=event.recorded_at)
        for event in events
        for of in [event.relationship]
        if of is not None
        for rule, version, says in said_by
        if of.kind == rule.kind and event.verb in says.verbs and _may_meet(rule, event)
    ]


def _may_meet(rule: AutomationRule, event: Event) -> bool:
    """Whether the rule was on when it happened, and is none of those that led to it."""
    chain = chain_of(event)
    was_on = rule.on_since is not None and rule.on_since <= event.recorded_at
    return was_on and rule.pk not in chain and len(chain) < MOST_DEEP


def chain_of(event: Event | None) -> tuple[int, ...]:
    """The rules that led to an event."""
    cause = event.data.get("by_rule") if event is not None else None
    return tuple(cause["chain"]) if cause else ()


@transaction.atomic
def set_off_due(*, now: datetime) -> int:
    """Sets off the rules whose hour has come, each for every relationship that it is for; returns how many rules."""
    waiting = AutomationRule.objects.listening().filter(next_due_at__lte=now).select_related("author")
    due = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("next_due_at", "pk"))
    for rule in due:
        version = version_in_force(rule)
        says = said(version.says)
        ids = fitting(rule, says, now).order_by("pk").values_list("pk", flat=True)[:MOST_BY_CLOCK]
        runs = [
            RuleRun(version=version, relationship_id=pk, occasion_at=rule.next_due_at or now) for pk in ids
        ]
        RuleRun.objects.bulk_create(runs, ignore_conflicts=True)
        rule.next_due_at = next_hour(says, now)
        rule.save(update_fields=["next_due_at"])
    return len(due)


def run_waiting(*, now: datetime, limit: int = 500) -> int:
    """Lets rules act on what waits for them; returns how many runs came to an end."""
    ended = 0
    while ended < limit and _run_next(now):
        ended += 1
    return ended


@transaction.atomic
def _run_next(now: datetime) -> bool:
    """One run, in the order in which things happened, with its outcome in the same transaction."""
    waiting = RuleRun.objects.filter(state=RunState.WAITING).select_for_update(of=("self",), skip_locked=True)
    run = waiting.select_related("version__rule__author", "event").order_by("pk").first()
    if run is None:
        return False
    run.state, run.told = _outcome(run, now)
    run.finished_at = now
    run.save(update_fields=["state", "told", "finished_at"])
    return True


def _outcome(run: RuleRun, now: datetime) -> tuple[RunState, list[str]]:
    rule, says = run.version.rule, said(run.version.says)
    if rule.on_since is None or not rule.author.is_active or rule.version != run.version.number:
        return RunState.HELD_BACK, [_("The rule was switched off or changed meanwhile.")]
    relationship = _meant(rule, says, run, now)
    if relationship is None:
        return RunState.NOT_MET, []
    if rate_of(rule, now - HOUR, relationship.pk) >= MOST_ON_ONE:
        return RunState.HELD_BACK, [_("It acted %(n)d times here within an hour.") % {"n": MOST_ON_ONE}]
    if rate_of(rule, now - HOUR) >= MOST_AN_HOUR:
        return RunState.HELD_BACK, [_("It acted %(n)d times within an hour.") % {"n": MOST_AN_HOUR}]
    return _act(Occasion(rule, relationship, run.event, now, rule.turn), says)


def _meant(rule: AutomationRule, says: Says, run: RuleRun, now: datetime) -> Relationship | None:
    """The relationship, if the conditions hold and the author may know of it and of the event."""
    if run.event_id is not None and not events_for(rule, says).filter(pk=run.event_id).exists():
        return None
    if not facts_hold(says, run.event):
        return None
    found = fitting(rule, says, now).filter(pk=run.relationship_id)
    return found.select_related("business_unit").first()


def _act(on: Occasion, says: Says) -> tuple[RunState, list[str]]:
    """All acts, or none of them when one is refused."""
    cause = Cause(on.rule.pk, on.rule.name, (*chain_of(on.event), on.rule.pk), system_actor())
    told = []
    try:
        with transaction.atomic(), caused_by(cause):
            for act in says.acts:
                told.append(in_words(act, on))
                carry_out(act, on)
    except Refusal as refusal:
        return RunState.REFUSED, [*told[-1:], str(refusal)]
    if any(act.does == Does.ASSIGN for act in says.acts):
        AutomationRule.objects.filter(pk=on.rule.pk).update(turn=F("turn") + 1)
    return RunState.DONE, told


@dataclass(frozen=True)
class Trial:
    """What a rule would have done of one event or relationship; `would` is empty where its conditions do not hold."""

    relationship: Relationship
    event: Event | None
    would: list[str]


def dry_run(*, rule: AutomationRule, says: Says, days: int, now: datetime) -> list[Trial]:
    """What the rule would have done in the last days, or would do now by the clock, row by row; nothing is done.

    The newest rows alone where there are many. Conditions are asked of how relationships stand today.
    """
    if says.trigger != Trigger.EVENT:
        rows = fitting(rule, says, now).select_related("business_unit").order_by("pk")[:MOST_SHOWN]
        pairs: list[tuple[Relationship, Event | None]] = [(row, None) for row in rows]
        return _trials(rule, says, pairs, {row.pk for row, _event in pairs}, now)
    since = now - timedelta(days=days)
    found = events_for(rule, says).filter(pk__gt=first_event_since(since), recorded_at__gte=since)
    newest = list(found.select_related("relationship__business_unit").order_by("-pk")[:MOST_SHOWN])
    ids = {event.relationship.pk for event in newest if event.relationship is not None}
    met = set(fitting(rule, says, now).filter(pk__in=ids).values_list("pk", flat=True))
    seen = [(event.relationship, event) for event in newest if event.relationship is not None]
    return _trials(rule, says, seen, met, now)


def _trials(
    rule: AutomationRule,
    says: Says,
    pairs: Sequence[tuple[Relationship, Event | None]],
    met: set[int],
    now: datetime,
) -> list[Trial]:
    trials, turn = [], rule.turn
    for relationship, event in pairs:
        holds = relationship.pk in met and (event is None or facts_hold(says, event))
        holds = holds and rule.pk not in chain_of(event)
        on = Occasion(rule, relationship, event, now, turn)
        trials.append(Trial(relationship, event, [in_words(act, on) for act in says.acts] if holds else []))
        turn += int(holds)
    return trials
