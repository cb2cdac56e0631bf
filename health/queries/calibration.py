"""What the last nights say of each kind's score, and the rows behind it."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from analytics.calibration import LEAST_EVENTS, Isotonic
from core.keyset import Order, Page, SortKey, page
from health.models import CalibrationRun, ScoreOutcome
from health.registry import Text, outcomes
from relationships import kinds

LIMIT = 25
NEWEST = Order(SortKey("happened_date", date.fromisoformat), descending=True)


@dataclass(frozen=True)
class Tested:
    """A kind with its last test; none before the first night."""

    kind: kinds.Kind
    run: CalibrationRun | None
    sources: list[Text]

    @property
    def is_shown(self) -> bool:
        """Whether probabilities may be shown."""
        return self.run is not None and self.run.is_shown

    @property
    def missing(self) -> int:
        """How many events are still wanting."""
        return max(0, LEAST_EVENTS - (self.run.events if self.run else 0))

    @property
    def of_ten(self) -> list[tuple[int, float | None]]:
        """The probability at scores from 10 to 90, for a table; none while the gate is closed."""
        return [(score, probability_of(self.run, score)) for score in range(10, 100, 20)]


def kinds_tested() -> list[Tested]:
    """Every kind with its last test."""
    latest = CalibrationRun.objects.order_by("kind", "-as_of", "-pk").distinct("kind")
    by_kind = {run.kind: run for run in latest}
    return [
        Tested(kind, by_kind.get(kind.slug), [source.label for source in outcomes.for_kind(kind.slug)])
        for kind in kinds.registry
    ]


def probability_of(run: CalibrationRun | None, score: float) -> float | None:
    """The chance of an outcome within 180 days at a score; None while the score has not been shown to predict."""
    if run is None or not run.is_shown:
        return None
    return Isotonic(tuple((x, y) for x, y in run.corners)).probability(score)


def outcome_page(*, viewer: User, kind: str, cursor: str = "") -> Page[ScoreOutcome]:
    """What came of the relationships of a kind that the viewer may know of, the newest first."""
    rows = ScoreOutcome.objects.visible_to(viewer).filter(relationship__kind=kind)
    return page(rows.select_related("relationship"), NEWEST, cursor=cursor, limit=LIMIT)
