"""What happens to every kind: the full run of the night, the tiers that follow from it, the week that is kept."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.queries.actors import system_actor
from health.enums import RunTrigger
from health.models import ScoringRun
from health.operations.scoring import RunResult, score
from health.operations.snapshots import keep_week_when_due
from health.operations.tiers import refresh_tiers
from relationships import kinds

TOUCHED_RUNS_KEPT = timedelta(days=30)
"""There is one every few seconds of a working day; the others are few and are kept."""


def score_every_kind(
    *, now: datetime, actor: User | None = None, trigger: RunTrigger = RunTrigger.NIGHTLY
) -> dict[str, RunResult]:
    """Scores every kind that has a scorecard, each in its own transaction, sets its tiers, and keeps the week if
    nobody has yet. Raises Conflict, with the kinds before it done, where a full run is under way.
    """
    results: dict[str, RunResult] = {}
    for slug in _measured():
        results[slug] = score(kind=slug, now=now, actor=actor, trigger=trigger)
        refresh_tiers(kind=slug, now=now)
    keep_week_of_every_kind(now=now, actor=actor)
    ScoringRun.objects.filter(trigger=RunTrigger.TOUCHED, as_of__lt=now - TOUCHED_RUNS_KEPT).delete()
    return results


def keep_week_of_every_kind(*, now: datetime, actor: User | None = None) -> int:
    """Keeps the week of every kind that is not kept yet; returns how many rows."""
    actor = actor or system_actor()
    return sum(keep_week_when_due(kind=slug, now=now, actor=actor) for slug in _measured())


def _measured() -> list[str]:
    return [kind.slug for kind in kinds.registry if kind.components]
