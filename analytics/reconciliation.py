"""Two lists of the same things, row by row: what only one of them has, and where they say different things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Row = Mapping[str, str]


class Sort(StrEnum):
    """What is wrong with a row."""

    ONLY_LEFT = "only_left"
    ONLY_RIGHT = "only_right"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Mismatch:
    """One thing that does not agree; `column`, `left` and `right` are empty for a row that one list lacks."""

    key: str
    sort: Sort
    column: str = ""
    left: str = ""
    right: str = ""


@dataclass(frozen=True)
class Reconciled:
    """How many rows are in both lists and agree, and every mismatch by key."""

    agreed: int
    mismatches: list[Mismatch]


def reconcile(left: Sequence[Row], right: Sequence[Row], *, key: str, columns: Sequence[str]) -> Reconciled:
    """Compares the `columns` of rows with the same `key`, blanks at the ends aside; amounts by what they are worth.

    Raises ValueError naming a key that a list has twice, or a row without one.
    """
    ours, theirs = _by_key(left, key), _by_key(right, key)
    found: list[Mismatch] = []
    agreed = 0
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            found.append(Mismatch(name, Sort.ONLY_LEFT))
        elif name not in ours:
            found.append(Mismatch(name, Sort.ONLY_RIGHT))
        else:
            wrong = _different(name, ours[name], theirs[name], columns)
            agreed += not wrong
            found += wrong
    return Reconciled(agreed, found)


def _by_key(rows: Sequence[Row], key: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for number, row in enumerate(rows, start=2):  # the first line holds the names
        name = row.get(key, "").strip()
        if not name:
            raise ValueError(f"line {number}: “{key}” is empty")
        if name in found:
            raise ValueError(f"line {number}: “{key}” {name} is there twice")
        found[name] = row
    return found


def _different(name: str, left: Row, right: Row, columns: Sequence[str]) -> list[Mismatch]:
    pairs = ((column, left.get(column, "").strip(), right.get(column, "").strip()) for column in columns)
    return [
        Mismatch(name, Sort.DIFFERENT, column, one, other)
        for column, one, other in pairs
        if one != other and (_number(one) is None or _number(one) != _number(other))
    ]


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
