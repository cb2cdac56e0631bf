"""What came of relationships, gathered every night, and each kind's score put to the test against it."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from analytics.calibration import (
    Isotonic,
    Tally,
    auc,
    brier,
    expected_error,
    fit_isotonic,
    is_shown_to_predict,
    lift,
    reliability,
)
from health.models import CalibrationRun
from health.operations.planning import planned_for
from health.registry import outcomes
from relationships import kinds

HORIZON = timedelta(days=180)
"""A score foretells what comes within this time."""

WINDOWS = 8
"""As many days, each half a year before the next, have their scores put to the test: the last one tests, those
before it train. No two windows share an event."""

GATHER = """
INSERT INTO health_scoreoutcome (relationship_id, event, happened_date, noticed_at)
SELECT found.relationship_id, %(event)s, found.happened_date, %(as_of)s
FROM ({sql}) found
ON CONFLICT DO NOTHING
"""

TALLY = """
SELECT score, count(*) FILTER (WHERE came), count(*) FILTER (WHERE NOT came)
FROM (
    SELECT round(latest.score::numeric, 1)::float8 AS score, EXISTS (
               SELECT 1 FROM health_scoreoutcome o WHERE o.relationship_id = latest.relationship_id
               AND o.event = ANY(%(events)s) AND o.happened_date > %(day)s AND o.happened_date <= %(until)s) AS came
    FROM (
        SELECT DISTINCT ON (s.relationship_id) s.relationship_id, s.score
        FROM health_scoresnapshot s
        JOIN relationships_relationship r ON r.id = s.relationship_id
        WHERE r.kind = %(kind)s AND s.week <= %(day)s
          AND (r.closed_at IS NULL OR r.closed_at::date > %(day)s)
        ORDER BY s.relationship_id, s.week DESC
    ) latest
    WHERE latest.score IS NOT NULL
) judged
GROUP BY score ORDER BY score
"""


def calibrate_every_kind(*, now: datetime) -> list[CalibrationRun]:
    """Gathers what happened and puts every kind's score to the test, each kind in its own transaction."""
    return [calibrate_kind(kind=kind.slug, now=now) for kind in kinds.registry]


@transaction.atomic
def gather_outcomes(*, kind: str, now: datetime) -> int:
    """Writes down what came of the kind's relationships and is not written yet; returns how many."""
    found = 0
    with planned_for(everybody=True), connection.cursor() as cursor:
        for source in outcomes.for_kind(kind):
            given: dict[str, Any] = {"event": source.key, "kind": kind, "as_of": now}
            cursor.execute(GATHER.format(sql=source.sql), given)
            found += cursor.rowcount
    return found


@transaction.atomic
def calibrate_kind(*, kind: str, now: datetime) -> CalibrationRun:
    """Tests the scores of half a year ago against what came since; probabilities are fitted on the windows before.

    What is measured is kept whatever comes out; probabilities are kept only when the gate is open.
    """
    gather_outcomes(kind=kind, now=now)
    windows = [_tallies(kind, _day(now, number)) for number in range(1, WINDOWS + 1)]
    tested, trained = windows[0], _together(windows[1:])
    events = sum(tally.events for window in windows for tally in window)
    found = auc(tested)
    fitted = fit_isotonic(trained) if trained else None
    shown = fitted is not None and is_shown_to_predict(events, found)
    forecast = _measured(tested, fitted)
    return CalibrationRun.objects.create(
        kind=kind,
        as_of=now,
        measured_date=_day(now, 1) if tested else None,
        relationships=sum(tally.n for tally in tested),
        events=events,
        auc=found.value if found else None,
        auc_low=found.low if found else None,
        auc_high=found.high if found else None,
        lift=lift(tested),
        corners=[list(corner) for corner in fitted.corners] if shown and fitted else [],
        is_shown=shown,
        **forecast,
    )


def _day(now: datetime, number: int) -> date:
    return (now.astimezone(UTC) - number * HORIZON).date()


def _tallies(kind: str, day: date) -> list[Tally]:
    """The scores that the kind's relationships had on a day, with what came of them in the half year after."""
    given: dict[str, Any] = {
        "kind": kind,
        "day": day,
        "until": day + HORIZON,
        "events": [source.key for source in outcomes.for_kind(kind)],
    }
    with planned_for(everybody=True), connection.cursor() as cursor:
        cursor.execute(TALLY, given)
        return [Tally(*row) for row in cursor.fetchall()]


def _together(windows: list[list[Tally]]) -> list[Tally]:
    summed: dict[float, tuple[int, int]] = {}
    for tally in (tally for window in windows for tally in window):
        events, others = summed.get(tally.score, (0, 0))
        summed[tally.score] = events + tally.events, others + tally.others
    return [Tally(score, *counts) for score, counts in sorted(summed.items())]


def _measured(tested: list[Tally], fitted: Isotonic | None) -> dict[str, Any]:
    """Brier score, calibration error and bins of what the training windows would have said; nothing without them."""
    if fitted is None or not tested:
        return {"brier": None, "calibration_error": None, "bins": []}
    forecast = [(fitted.probability(tally.score), tally) for tally in tested]
    bins = reliability(forecast)
    return {
        "brier": brier(forecast),
        "calibration_error": expected_error(bins),
        "bins": [asdict(each) for each in bins],
    }
