"""Paging by the last row seen instead of by counting: as fast on the last page as on the first.

A row without a value of the sort key sorts after all others (or before them, where that is what its absence
means). Rows with and without a value are read as two stretches, so that each is one range of an index.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, OrderBy, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class SortKey:
    """What rows are sorted by: an ORM path, and how its value is read back from a cursor."""

    path: str
    parse: Callable[[str], Any] = str
    nullable: bool = False
    empties_first: bool = False  # when ascending; they are then last when descending


@dataclass(frozen=True)
class Order:
    """A sort key with its direction; ties are broken by the primary key."""

    key: SortKey
    descending: bool = False


@dataclass(frozen=True)
class Mark:
    """Where a page starts: beyond this row, forwards or backwards. `number` is the row's place, for display."""

    backwards: bool
    value: Any
    pk: int
    number: int


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows in order; `next` and `previous` are cursors, empty where there is nothing more.

    `first` is the place of the first row as far as the walk counted it: exact unless rows came or went
    between two pages.
    """

    rows: list[M]
    next: str
    previous: str
    first: int

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1


def page(rows: "QuerySet[M]", order: Order, *, cursor: str, limit: int) -> Page[M]:
    """The `limit` rows of `rows` beyond `cursor`; the first ones for an empty or unreadable cursor."""
    mark = read(cursor, order.key)
    backwards = mark is not None and mark.backwards
    found = _beyond(rows, order, mark, limit + 1)
    more, found = len(found) > limit, found[:limit]
    if backwards and not more:
        return page(rows, order, cursor="", limit=limit)
    if backwards:
        found.reverse()
    number = mark.number if mark else 0
    first = max(number - len(found) + 1, 1) if backwards else number + 1
    forwards = _write(order.key, found[-1], first + len(found) - 1, backwards=False) if found else ""
    return Page(
        rows=found,
        next=forwards if backwards or more else "",
        previous=_write(order.key, found[0], first - 1, backwards=True) if found and mark else "",
        first=first if found else 0,
    )


def beside(rows: "QuerySet[M]", order: Order, row: M) -> "tuple[list[QuerySet[M]], list[QuerySet[M]]]":
    """The rows before `row`, nearest first, and those after it; `row` itself need not be among `rows`.

    Each side is one queryset for each stretch: what the first does not hold is in the second.
    """
    value = _value(order.key, row)
    before = Mark(backwards=True, value=value, pk=row.pk, number=0)
    after = Mark(backwards=False, value=value, pk=row.pk, number=0)
    return ranges(rows, order, before, backwards=True), ranges(rows, order, after, backwards=False)


def earlier(order: Order, row: Model) -> Q:
    """The condition under which rows stand before `row`."""
    value = _value(order.key, row)
    condition = _past(order, value, row.pk, backwards=True)
    if order.key.nullable:
        condition &= Q(**{f"{order.key.path}__isnull": value is None})
        stretches = _stretches(order, backwards=False)
        if stretches.index(value is None) > 0:
            condition |= Q(**{f"{order.key.path}__isnull": value is not None})
    return condition


def whole(rows: "QuerySet[M]", order: Order) -> "QuerySet[M]":
    """All rows in the order in which the pages give them."""
    if not order.key.nullable:
        sign = "-" if order.descending else ""
        return rows.order_by(f"{sign}{order.key.path}", f"{sign}pk")
    last = not _stretches(order, backwards=False)[0]
    value = OrderBy(
        F(order.key.path), order.descending, nulls_first=not last or None, nulls_last=last or None
    )
    return rows.order_by(value, "-pk" if order.descending else "pk")


def _stretches(order: Order, *, backwards: bool) -> list[bool]:
    """The order in which rows with (False) and without (True) a value come."""
    if not order.key.nullable:
        return [False]
    stretches = [True, False] if order.key.empties_first and not order.descending else [False, True]
    return stretches[::-1] if backwards else stretches


def _beyond(rows: "QuerySet[M]", order: Order, mark: Mark | None, limit: int) -> list[M]:
    found: list[M] = []
    for stretch in ranges(rows, order, mark, backwards=mark is not None and mark.backwards):
        found += stretch[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def ranges(rows: "QuerySet[M]", order: Order, mark: Mark | None, *, backwards: bool) -> "list[QuerySet[M]]":
    """The rows beyond the mark, or all of them, as one ordered queryset for each stretch."""
    stretches = _stretches(order, backwards=backwards)
    if mark is not None:
        stretches = stretches[stretches.index(mark.value is None) :] if order.key.nullable else stretches
    sign = "-" if order.descending != backwards else ""
    found: list[QuerySet[M]] = []
    for number, empties in enumerate(stretches):
        stretch = rows
        if order.key.nullable:
            stretch = stretch.filter(**{f"{order.key.path}__isnull": empties})
        if mark is not None and number == 0:
            stretch = stretch.filter(_past(order, mark.value, mark.pk, backwards=backwards))
        fields = [f"{sign}pk"] if empties else [f"{sign}{order.key.path}", f"{sign}pk"]
        found.append(stretch.order_by(*fields))
    return found


def _past(order: Order, value: Any, pk: int, *, backwards: bool) -> Q:
    """Beyond (value, pk) in the same stretch; the redundant first term is the one an index can use."""
    beyond = "lt" if order.descending != backwards else "gt"
    if value is None:
        return Q(**{f"pk__{beyond}": pk})
    path = order.key.path
    return Q(**{f"{path}__{beyond}e": value}) & (
        Q(**{f"{path}__{beyond}": value}) | Q(**{f"pk__{beyond}": pk})
    )


def _value(key: SortKey, row: Any) -> Any:
    for step in key.path.split("__"):
        row = getattr(row, step)
    return row


def _write(key: SortKey, row: Model, number: int, *, backwards: bool) -> str:
    value = _value(key, row)
    text = value.isoformat() if isinstance(value, date | datetime) else None if value is None else str(value)
    return cursor_at(text, row.pk, number, backwards=backwards)


def cursor_at(text: str | None, pk: int, number: int, *, backwards: bool) -> str:
    """The cursor of a row by what it is sorted by, as text that the key can parse."""
    packed = json.dumps([int(backwards), text, pk, number], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read(cursor: str, key: SortKey) -> Mark | None:
    """The mark that a cursor stands for; None for an unreadable one."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, text, pk, number = json.loads(packed)
        if text is None and not key.nullable:
            return None
        value = None if text is None else key.parse(text)
        return Mark(bool(backwards), value, int(pk), int(number))
    except (ValueError, TypeError, ArithmeticError, binascii.Error):
        return None
