"""Scoring: a whole kind, the relationships whose evidence changed, or the weeks that are past.

One formula, two triggers: every one of these runs the statement that `queries.compiled` makes of the scorecard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid
from health.enums import RunTrigger, ScorecardStatus
from health.models import Component, RelationshipScore, ScoreBasis, Scorecard, ScoreSnapshot, ScoringRun
from health.operations.locks import lock_for_full_run, lock_for_touched_rows, try_lock_for_touched_rows
from health.operations.moves import follow_scores
from health.operations.planning import planned_for, run_planned
from health.operations.scorecards import install_default
from health.operations.snapshots import HISTORY_WEEKS, keep_week, monday_of
from health.queries.compiled import basis_columns, compile_scoring, median_of, run_parameters
from relationships import kinds
from relationships.enums import HealthStatus
from relationships.models import RelationshipState

MORNING = time(2, 30, tzinfo=UTC)
"""When the nightly run takes place; weeks that are scored afterwards are scored as of their Monday at this time."""

RESCORED_WEEKS = 26
"""How far back a new version of a scorecard is applied."""


@dataclass(frozen=True)
class RunResult:
    """What a run did: relationships looked at, scores written, timelines told of a change."""

    scored: int
    changed: int
    told: int


@transaction.atomic
def score(
    *,
    kind: str,
    now: datetime,
    relationship_ids: Sequence[int] | None = None,
    actor: User | None = None,
    trigger: RunTrigger | None = None,
) -> RunResult:
    """Scores a whole kind as of `now`, or only some of its relationships against the last medians.

    The system acts when nobody else does. The first run of a kind installs its default scorecard. Raises Conflict
    while another full run of the kind is under way, Invalid for a kind that cannot be measured.
    """
    _require_measurable(kind)
    actor = actor or system_actor()
    if relationship_ids is None:
        lock_for_full_run(kind)
        return _run(kind=kind, as_of=now, now=now, actor=actor, trigger=trigger or RunTrigger.MANUAL)
    if not _has_medians(kind):
        score(kind=kind, now=now, actor=actor, trigger=trigger)
    lock_for_touched_rows(kind)
    states = RelationshipState.objects.filter(kind=kind, relationship_id__in=relationship_ids)
    ids = list(states.select_for_update().order_by("pk").values_list("pk", flat=True))
    return _run(kind=kind, as_of=now, now=now, actor=actor, trigger=trigger or RunTrigger.MANUAL, ids=ids)


def score_stale(*, now: datetime, limit: int = 500, actor: User | None = None) -> int:
    """Scores relationships whose evidence changed, at most `limit` of a kind; returns how many.

    Each kind is its own transaction. A kind under a full run is left for the next time; so are rows that
    somebody is changing or another worker has claimed.
    """
    actor = actor or system_actor()
    waiting = RelationshipState.objects.filter(stale_at__isnull=False)
    slugs = set(waiting.values_list("kind", flat=True).distinct())
    return sum(_score_stale_of(kind.slug, now, limit, actor) for kind in kinds.registry if kind.slug in slugs)


@transaction.atomic
def _score_stale_of(kind: str, now: datetime, limit: int, actor: User) -> int:
    waiting = RelationshipState.objects.filter(kind=kind, stale_at__isnull=False)
    if not kinds.registry.get(kind).components:
        waiting.update(stale_at=None)
        return 0
    if not _has_medians(kind):
        try:
            score(kind=kind, now=now, actor=actor, trigger=RunTrigger.TOUCHED)
        except Conflict:
            return 0
    if not try_lock_for_touched_rows(kind):
        return 0
    claimed = waiting.select_for_update(skip_locked=True).order_by("stale_at", "pk")[:limit]
    ids = list(claimed.values_list("pk", flat=True))
    if ids:
        _run(kind=kind, as_of=now, now=now, actor=actor, trigger=RunTrigger.TOUCHED, ids=ids)
    return len(ids)


@transaction.atomic
def score_history(
    *, kind: str, now: datetime, weeks: int = HISTORY_WEEKS, actor: User | None = None
) -> RunResult:
    """Scores the past Mondays anew, oldest first, and then today: the trend that the evidence would have shown.

    Replaces the kept weeks from the first of these on, so that a new scorecard or an import leaves no step in the
    line. Only when something happened counts, not when it was recorded. What the timeline was told of such a
    Monday before stays told once.
    """
    _require_measurable(kind)
    actor = actor or system_actor()
    lock_for_full_run(kind)
    last = monday_of(now)
    mondays = [last - timedelta(weeks=back) for back in reversed(range(weeks))]
    _forget(kind, mondays[0])
    for monday in mondays:
        as_of = datetime.combine(monday, MORNING)
        if as_of <= now:
            _run(
                kind=kind,
                as_of=as_of,
                now=now,
                actor=actor,
                trigger=RunTrigger.HISTORY,
                week_ends=True,
            )
            keep_week(kind=kind, week=monday, as_of=as_of, now=now)
    return _run(kind=kind, as_of=now, now=now, actor=actor, trigger=RunTrigger.HISTORY)


def rescore_due(*, now: datetime) -> int:
    """Scores the past weeks of kinds whose scorecard was replaced; returns how many kinds.

    Each kind is its own transaction. One under a full run comes next time.
    """
    waiting = Scorecard.objects.filter(history_due_at__isnull=False)
    done = 0
    for kind in sorted(set(waiting.values_list("kind", flat=True))):
        try:
            with transaction.atomic():
                score_history(kind=kind, now=now, weeks=RESCORED_WEEKS)
                waiting.filter(kind=kind, history_due_at__lte=now).update(history_due_at=None)
        except Conflict:
            continue
        done += 1
    return done


def _forget(kind: str, first: date) -> None:
    """Takes the kind's scores back to before the first week, so that statuses are walked through from the start."""
    ScoreSnapshot.objects.filter(relationship__kind=kind, week__gte=first).delete()
    RelationshipScore.objects.filter(relationship__kind=kind).delete()
    RelationshipState.objects.filter(kind=kind).update(
        health=None, health_status=HealthStatus.NONE, health_status_since=None, health_coverage=None,
        health_change=None, health_reason=None, health_weeks=[],
    )  # fmt: skip


def _require_measurable(kind: str) -> None:
    if kind not in kinds.registry or not kinds.registry.get(kind).components:
        raise Invalid({"kind": _("There is no kind “%(kind)s” with a scorecard.") % {"kind": kind}})


def _has_medians(kind: str) -> bool:
    return Component.objects.filter(
        scorecard__kind=kind, scorecard__status=ScorecardStatus.ACTIVE, reference_at__isnull=False
    ).exists()


def _scorecards(kind: str, now: datetime, actor: User) -> list[Scorecard]:
    found = Scorecard.objects.filter(kind=kind, status=ScorecardStatus.ACTIVE).order_by("id")
    if not any(scorecard.business_unit_id is None for scorecard in found):
        install_default(actor=actor, kind=kind, now=now)
        found = found.all()
    return list(found)


def _run(
    *,
    kind: str,
    as_of: datetime,
    now: datetime,
    actor: User,
    trigger: RunTrigger,
    ids: Sequence[int] | None = None,
    week_ends: bool = False,
) -> RunResult:
    """One run under locks that are held already; everybody, unless `ids` say whom."""
    started = monotonic()
    scorecards = _scorecards(kind, now, actor)
    units = [s.business_unit_id for s in scorecards if s.business_unit_id is not None]
    scored = changed = 0
    with planned_for(everybody=ids is None):
        for scorecard in scorecards:
            looked_at, written = _score_by(scorecard, units, as_of, ids)
            scored, changed = scored + looked_at, changed + written
        told = follow_scores(kind=kind, as_of=as_of, now=now, actor=actor, ids=ids, week_ends=week_ends)
    ScoringRun.objects.create(
        kind=kind,
        trigger=trigger,
        as_of=as_of,
        finished_at=timezone.now(),
        scored=scored,
        changed=changed,
        duration_ms=round(1000 * (monotonic() - started)),
    )
    return RunResult(scored, changed, told)


def _score_by(
    scorecard: Scorecard, units: Sequence[int], as_of: datetime, ids: Sequence[int] | None
) -> tuple[int, int]:
    components = list(scorecard.components.order_by("position", "id"))
    with connection.cursor() as cursor:
        statement = compile_scoring(scorecard, components, other_units=units, touched=ids is not None)
        given = run_parameters(statement, as_of=as_of, ids=ids or ())
        if ids is not None:
            given["basis"] = _basis_of(scorecard, components, as_of)
        run_planned(cursor, statement.sql, given)
        looked_at, written = cursor.fetchone()
    return looked_at, written


def _basis_of(scorecard: Scorecard, components: Sequence[Component], as_of: datetime) -> int:
    """What touched rows are held to: the last full run's medians, for which there is a basis but for new scorecards."""
    columns = basis_columns(components) | {"medians": [median_of(component) for component in components]}
    newest = ScoreBasis.objects.filter(scorecard=scorecard).order_by("-id").first()
    if newest is None or any(getattr(newest, name) != value for name, value in columns.items()):
        newest = ScoreBasis.objects.create(scorecard=scorecard, as_of=as_of, **columns)
    return newest.pk
