"""What apps plug into health: sources of evidence, and the measures made of them.

A measure is a SELECT that yields `relationship_id`, `value`, `evidence` and the columns it names in `facts`,
all float8 but the first. It reads the CTE `target` (relationship_id, party_id, cadence_days, time_zone, today)
and the sources it names, and takes `%(as_of)s`, `%(half_life)s` (days) and `%(prior)s` (what `prior_sql` gave
for the whole kind in the last full run). Joining `target` is what keeps the re-scoring of a touched
relationship from reading everybody's rows. Nothing that happened after `as_of` may count.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from relationships.models import Relationship

Text = str | Promise

PARAMETERS = frozenset({"as_of", "half_life", "prior"})
WINDOW_HALF_LIVES = 6
"""Evidence older than this many half-lives (weight under 1/64) is no longer counted as evidence."""

_CALL = re.compile(r"\b(?:exp|ln|power|sqrt)\s*\(", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.\"'$])(\d+(?:\.\d+)?(?:e-?\d+)?)(?!\s*::\s*float8|[\w.])", re.IGNORECASE)


def decayed(age: str) -> str:
    """SQL for the weight 2^(−age/H) of something `age` days old; 0 for all practical ends after 60 half-lives."""
    return f"exp(-ln(2::float8) * least({age} / %(half_life)s::float8, 60::float8))"


def number(where: str) -> str:
    """SQL for the number of rows of which `where` holds."""
    return f"(count(*) FILTER (WHERE {where}))::float8"


def total(expression: str, where: str = "TRUE") -> str:
    """SQL for a sum over the rows of which `where` holds; it does not depend on the order of rows.

    Adding float8 does, and the nightly run and the run over touched rows read in different orders; so terms
    are added as whole multiples of 10⁻¹², exactly.
    """
    return f"(sum((({expression}) * 1e12::float8)::bigint) FILTER (WHERE {where})::float8 / 1e12::float8)"


def recent(age: str, where: str) -> str:
    """SQL for the number of such rows that still count as evidence: those of at most six half-lives."""
    return number(f"({where}) AND {within(age)}")


def within(age: str) -> str:
    """SQL for the condition that something `age` days old still counts as evidence."""
    return f"{age} <= {WINDOW_HALF_LIVES}::float8 * %(half_life)s::float8"


def counts_on(fact: str) -> bool:
    """Whether a fact is a number of days that grows by one a day: `days`, or a name that ends in `_age`.

    Such facts are counted on from the moment of scoring when they are spoken, and are no reason to write a row.
    """
    return fact == "days" or fact.endswith("_age")


def bare_literals(sql: str) -> list[str]:
    """Number literals without `::float8` inside exp(), ln(), power() or sqrt().

    PostgreSQL takes such a literal for numeric and then computes the whole function in numeric: measured at
    15 times the time for a million relationships.
    """
    found: list[str] = []
    for call in _CALL.finditer(sql):
        depth, end = 1, call.end()
        while end < len(sql) and depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found += _NUMBER.findall(sql[call.end() : end - 1])
    return found


@dataclass(frozen=True)
class Reading:
    """What a measure found for one relationship: its value, the pieces of evidence, and named facts.

    `half_life` is that of the component, in days, where a step is asked for.
    """

    value: float
    n: float
    facts: Mapping[str, float | None] = field(default_factory=dict)
    half_life: float = 0.0

    def fact(self, name: str) -> float:
        """A fact by name; 0 when there is none."""
        return float(self.facts.get(name) or 0.0)

    def left_after(self, days: float) -> float:
        """The share of its weight that a piece of evidence keeps after so many days."""
        return float(2 ** (-days / self.half_life))


@dataclass(frozen=True)
class Source:
    """Rows that several measures read, computed once per run: a SELECT over `target` and `%(as_of)s`."""

    name: str
    sql: str


@dataclass(frozen=True)
class Tally:
    """A column of an evidence page: a float8 of the rows, shown to so many places; summed or only shown."""

    name: str
    label: Text
    places: int = 2
    summed: bool = True


@dataclass(frozen=True)
class Evidence:
    """The exact rows behind a measure's number, for one relationship.

    `sql` reads the measure's sources and yields `type`, `id`, `name`, `age` (days, null for something that never
    happened) and one float8 column a tally. `type` is a registered `RowType`. `expected(reading)` says what summed
    tallies come to in the stored number, as far as that is known; `formula(reading)` says how they make it.
    `permission` is a right that seeing the rows asks for beyond seeing the relationship.
    """

    sql: str
    tallies: tuple[Tally, ...]
    formula: Callable[[Reading], str]
    expected: Callable[[Reading], Mapping[str, float]] = lambda reading: {}
    permission: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row as a page shows it: a title, a line beneath, and where it leads to."""

    title: str
    detail: str = ""
    href: str = ""
    at: datetime | date | None = None


@dataclass(frozen=True)
class RowType:
    """What rows of a type are and who may see which.

    `visible(viewer, relationship)` is the queryset of those that the viewer may know of, none for rows that are no
    records of their own; `show(thing, relationship)` tells one, given the record or else the row's name.
    """

    type: str
    show: "Callable[[Any, Relationship], ShownRow]"
    visible: "Callable[[User, Relationship], QuerySet[Any]] | None" = None


@dataclass(frozen=True)
class Step:
    """One thing to do that improves a measure: the value after it, and within how many days that shows (0: at once).

    `act` says what kind of thing it is (`contact`, `answer_sooner`, `close_problems`, `keep_promise`, or "" when
    `words` say it all), so that the words can name the very mail, complaint or promise; `count` is how many of
    them the step is about.
    """

    act: str
    value: float
    words: Text = ""
    within_days: int = 0
    count: int = 1


@dataclass(frozen=True)
class Measure:
    """A whitelisted SQL fragment with its words.

    `better` is `higher` or `lower`: which way the value improves. `describe(reading)` says the reading in
    words; `weakness` is the noun phrase for what a low score means ("slow replies"); `step(reading)` gives the
    next good step, none when there is nothing to do. `evidence` is the timeline filter that shows what is spoken of,
    `rows` the very rows that are counted.

    `sums` are aggregates over the rows of the source `over`, by relationship: SQL reads them from `sums`, by their
    names and `relationship_id`. All measures over a source share one pass over its rows, so that each aggregate says
    by FILTER which rows it means, and the measure's SQL leaves out relationships that have none of them.
    """

    key: str
    label: Text
    unit: str
    sql: str
    better: str
    describe: Callable[[Reading], str]
    weakness: Text
    needs: Text
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    over: str = ""
    sums: Mapping[str, str] = field(default_factory=dict)
    prior_sql: str = ""
    step: Callable[[Reading], Step | None] | None = None
    evidence: str = ""
    rows: Evidence | None = None

    def __post_init__(self) -> None:
        if self.sums and self.over not in self.sources:
            raise ValueError(f"measure {self.key!r} sums over {self.over!r}, which is not among its sources")
        for sql in (self.sql, *self.sums.values(), self.prior_sql, self.rows.sql if self.rows else ""):
            unknown = set(re.findall(r"%\((\w+)\)s", sql)) - PARAMETERS
            if unknown:
                raise ValueError(
                    f"measure {self.key!r} takes unknown parameters: {', '.join(sorted(unknown))}"
                )
            if bare_literals(sql):
                raise ValueError(
                    f"measure {self.key!r} has bare numbers in exp() or ln(): {', '.join(bare_literals(sql))}"
                )


class MeasureRegistry:
    """All measures and the sources they read. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._measures: dict[str, Measure] = {}
        self._sources: dict[str, Source] = {}
        self._row_types: dict[str, RowType] = {}

    def register(self, *measures: Measure) -> None:
        """Adds measures; raises ValueError for a key that is taken or a source that is not registered."""
        for measure in measures:
            missing = [name for name in measure.sources if name not in self._sources]
            if missing:
                raise ValueError(f"measure {measure.key!r} reads unknown sources: {', '.join(missing)}")
            if self._measures.setdefault(measure.key, measure) != measure:
                raise ValueError(f"two measures are called {measure.key!r}")

    def register_source(self, source: Source) -> None:
        """Adds a source; raises ValueError for a name that is taken."""
        if self._sources.setdefault(source.name, source) != source:
            raise ValueError(f"two sources of evidence are called {source.name!r}")

    def register_row_types(self, *row_types: RowType) -> None:
        """Adds types of evidence rows; raises ValueError for a name that is taken."""
        for row_type in row_types:
            if self._row_types.setdefault(row_type.type, row_type) != row_type:
                raise ValueError(f"two types of evidence rows are called {row_type.type!r}")

    def row_types(self) -> dict[str, RowType]:
        """The types of evidence rows by name."""
        return dict(self._row_types)

    def get(self, key: str) -> Measure:
        """The measure called `key`; raises KeyError."""
        return self._measures[key]

    def source(self, name: str) -> Source:
        """The source called `name`; raises KeyError."""
        return self._sources[name]

    def __contains__(self, key: object) -> bool:
        return key in self._measures

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._measures.values())


measures = MeasureRegistry()


@dataclass(frozen=True)
class OutcomeSource:
    """Something that may come of a relationship: a SELECT of `relationship_id, happened_date` as of `%(as_of)s`.

    `kinds` limits it to some kinds; empty means every kind. A date that has once been seen is never withdrawn, so
    the SELECT must give only what is certain by then.
    """

    key: str
    label: Text
    sql: str
    kinds: tuple[str, ...] = ()


class OutcomeRegistry:
    """All sources of outcomes. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._sources: dict[str, OutcomeSource] = {}

    def register(self, *sources: OutcomeSource) -> None:
        """Adds sources; raises ValueError for a key that is taken."""
        for source in sources:
            if self._sources.setdefault(source.key, source) != source:
                raise ValueError(f"two sources of outcomes are called {source.key!r}")

    def for_kind(self, kind: str) -> list[OutcomeSource]:
        """Those of a kind, in the order in which they were added."""
        return [source for source in self._sources.values() if not source.kinds or kind in source.kinds]

    def label(self, key: str) -> Text:
        """What an outcome is called; its key when its source is gone."""
        return self._sources[key].label if key in self._sources else key


outcomes = OutcomeRegistry()


@dataclass(frozen=True)
class Indispensable:
    """Why relationships of a kind are never proposed to end: `path` is an ORM path to what is true of them.

    Without a path it holds for the whole kind.
    """

    kind: str
    words: Text
    path: str = ""


class IndispensableRegistry:
    """What the kinds say of it. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._reasons: list[Indispensable] = []

    def register(self, *reasons: Indispensable) -> None:
        """Adds reasons; the same again changes nothing."""
        self._reasons = list(dict.fromkeys([*self._reasons, *reasons]))

    def for_kind(self, kind: str) -> list[Indispensable]:
        """The reasons that may hold for relationships of a kind."""
        return [reason for reason in self._reasons if reason.kind == kind]


indispensable = IndispensableRegistry()
