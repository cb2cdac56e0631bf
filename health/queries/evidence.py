"""The exact rows behind one component's number, the freshest first, with totals that add up to it."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from accounts.models import User
from health.models import RelationshipScore
from health.queries.compiled import compile_evidence, run_parameters
from health.queries.parts import StoredPart
from health.queries.words import measure_of, reading_of
from health.registry import Evidence, Reading, RowType, ShownRow, Tally, measures
from relationships.models import Relationship

PAGE_SIZE = 25
LEAST_REST = Decimal("0.02")
"""Less than this between the rows and the number is the rounding of the number itself."""


@dataclass(frozen=True)
class Row:
    """One piece of evidence; `age` in days is none for what never happened, `figures` go with the tallies."""

    shown: ShownRow
    age: float | None
    figures: list[Decimal | None]


@dataclass(frozen=True)
class Total:
    """A tally's sum over the rows, what the number was made of, and their difference where there is one."""

    tally: Tally
    of_rows: Decimal
    counted: Decimal | None
    rest: Decimal | None


@dataclass(frozen=True)
class EvidencePage:
    """Some of the rows; `next` and `previous` are cursors, empty where there is nothing more."""

    tallies: Sequence[Tally]
    rows: list[Row]
    number: int
    first: int
    next: str
    previous: str
    totals: list[Total]
    formula: str

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def has_moments(self) -> bool:
        """Whether the rows are things that took place on a day."""
        return any(row.shown.at for row in self.rows)

    @property
    def has_rest(self) -> bool:
        """Whether more was counted than the viewer is shown, or something changed since."""
        return any(total.rest for total in self.totals)


@dataclass(frozen=True)
class Mark:
    """Where a page begins: beyond this row, forwards or backwards; `number` is the row's place."""

    backwards: bool
    age: float
    type: str
    id: int
    number: int


FROM_START = Mark(backwards=False, age=-1.0, type="", id=0, number=0)


@dataclass(frozen=True)
class Readable:
    """What of a relationship's evidence the viewer may be told, by type of row."""

    relationship: Relationship
    types: Mapping[str, RowType]
    allowed: Mapping[str, Any]

    @classmethod
    def by(cls, viewer: User, relationship: Relationship, rows: Evidence) -> "Readable":
        """Of the types that the evidence speaks of."""
        types = measures.row_types()
        allowed = {
            name: kind.visible(viewer, relationship)
            for name, kind in types.items()
            if kind.visible and f"'{name}' AS type" in rows.sql
        }
        return cls(relationship, types, allowed)

    def parameters(self) -> dict[str, Any]:
        """What the statement needs to leave out the rest."""
        seen = {name: list(rows.values_list("pk", flat=True)) for name, rows in self.allowed.items()}
        return {
            "ids": [self.relationship.pk],
            "guarded": [name for name, kind in self.types.items() if kind.visible],
            "types": [name for name, ids in seen.items() for _id in ids],
            "seen": [pk for ids in seen.values() for pk in ids],
        }

    def told(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """Rows of the statement as a page shows them; one query for each type among them."""
        things: dict[tuple[str, int], Any] = {}
        for name, rows in self.allowed.items():
            ids = [pk for kind, pk, *_rest in found if kind == name]
            things |= {(name, thing.pk): thing for thing in rows.filter(pk__in=ids)} if ids else {}
        return [
            Row(
                shown=self.types[kind].show(things.get((kind, pk), name), self.relationship),
                age=None if age == float("inf") else age,
                figures=list(figures),
            )
            for kind, pk, name, age, *figures in found
        ]


def evidence_page(
    *,
    viewer: User,
    relationship: Relationship,
    stored: RelationshipScore,
    part: StoredPart,
    cursor: str,
    limit: int = PAGE_SIZE,
) -> EvidencePage | None:
    """The rows behind a stored part as of its scoring, of those that the viewer may know; none without a measure
    that registered them. One query, one more for each type of row to see which may be told, and one to tell it.
    """
    measure = measure_of(part)
    component = next((c for c in stored.scorecard.components.all() if c.key == part["key"]), None)
    if measure is None or measure.rows is None or component is None:
        return None
    mark = read_cursor(cursor) or FROM_START
    readable = Readable.by(viewer, relationship, measure.rows)
    statement = compile_evidence(component, measure.rows)
    params = run_parameters(statement, as_of=stored.as_of) | asdict(mark) | readable.parameters()
    with connection.cursor() as database:
        database.execute(statement.sql, params | {"limit": limit + 1})
        found = database.fetchall()
    reading = reading_of(part, scored_at=stored.as_of, now=stored.as_of)
    return _page(measure.rows, found, readable, reading, mark, limit)


def _page(
    rows: Evidence,
    found: list[tuple[Any, ...]],
    readable: Readable,
    reading: Reading | None,
    mark: Mark,
    limit: int,
) -> EvidencePage:
    summed = [tally for tally in rows.tallies if tally.summed]
    number, sums = found[0][0], found[0][1 : 1 + len(summed)]
    told = [raw[1 + len(summed) :] for raw in found if raw[1 + len(summed)] is not None]
    more = len(told) > limit
    told = told[-limit:] if mark.backwards else told[:limit]
    first = max(mark.number - len(told), 1) if mark.backwards else mark.number + 1
    return EvidencePage(
        tallies=rows.tallies,
        rows=readable.told(told),
        number=number,
        first=first if told else 0,
        next=_write(told[-1], first + len(told) - 1) if told and (mark.backwards or more) else "",
        previous=_write(told[0], first, backwards=True) if told and first > 1 else "",
        totals=_totals(summed, sums, rows.expected(reading) if reading else {}),
        formula=rows.formula(reading) if reading else "",
    )


def _totals(summed: Sequence[Tally], sums: Sequence[Decimal], expected: Mapping[str, float]) -> list[Total]:
    totals = []
    for tally, of_rows in zip(summed, sums, strict=True):
        counted = expected.get(tally.name)
        if counted is None:
            totals.append(Total(tally, of_rows, None, None))
            continue
        step = Decimal(1).scaleb(-tally.places)
        exact = Decimal(repr(counted)).quantize(step, ROUND_HALF_UP)
        rest = exact - of_rows
        totals.append(Total(tally, of_rows, exact, rest if abs(rest) >= LEAST_REST else None))
    return totals


def _write(row: Sequence[Any], number: int, *, backwards: bool = False) -> str:
    kind, pk, _name, age, *_figures = row
    packed = json.dumps([int(backwards), repr(age), kind, pk, number], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Mark | None:
    """The place that a cursor stands for; none for one that is empty or unreadable."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, age, kind, pk, number = json.loads(packed)
        return Mark(bool(backwards), float(age), str(kind), int(pk), int(number))
    except (ValueError, TypeError, binascii.Error):
        return None
