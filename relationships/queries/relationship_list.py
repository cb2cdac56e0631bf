"""The list of a kind: what it can be narrowed and sorted by, one page of it, and who stands beside a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet, Value

from accounts.models import User
from core import keyset
from relationships import kinds
from relationships.enums import NextTouchReason
from relationships.models import Commitment, Fold, FollowUp, Relationship
from relationships.queries.counts import COUNT_CAP, capped_counts
from relationships.queries.kept import rows_in_order
from relationships.queries.list_fields import Asked, Condition, Group, ListField
from relationships.queries.native_fields import field_of, may_know, native_fields
from relationships.queries.together import Counted, Part, together

PAGE_SIZE = 25
SILENT_DAYS = 30
LARGE = 50_000
"""Above so many relationships nothing is asked for that no index answers."""


class Shape(StrEnum):
    """As what a list is shown; beside the first, what its address goes on with."""

    LIST = "list"
    BOARD = "board"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class ListQuery:
    """Everything that decides which rows of a kind's list are shown, and in what order.

    All of `where` has to hold, and all of `groups`, or one of them where `either` says so. `sort` is the key of a
    field that has a sort key, with `-` before it for descending. `shown` are the keys of the columns after the
    name, in order; none for those that the kind has of itself. `widths` are those of columns that are not as wide
    as usual. `group` is the field whose values are headings in the list and columns on the board. `view` is the
    saved view that it came from.
    """

    kind: str
    q: str = ""
    where: tuple[Condition, ...] = ()
    groups: tuple[Group, ...] = ()
    either: bool = False
    sort: str = "name"
    shown: tuple[str, ...] = ()
    view: int = 0
    shape: Shape = Shape.LIST
    group: str = ""
    widths: tuple[tuple[str, str], ...] = ()

    @property
    def order(self) -> keyset.Order:
        """The sort key with its direction."""
        field = self.sort_field
        key = field.sort if field and field.sort else keyset.SortKey("party_name")
        return keyset.Order(key, descending=self.sort.startswith("-"))

    @property
    def sort_field(self) -> ListField | None:
        """The field that it is sorted by; None for one that there is no more."""
        return field_of(self.kind, self.sort.removeprefix("-"))

    @property
    def group_field(self) -> ListField | None:
        """The field that it is divided by, if any."""
        return field_of(self.kind, self.group) if self.group else None

    @property
    def fields(self) -> dict[str, ListField]:
        """The fields that are asked of, by key; what there is no more is left out."""
        asked = {condition.field for condition in self.conditions}
        found = {key: field_of(self.kind, key) for key in asked}
        return {key: field for key, field in found.items() if field is not None}

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that is asked of any field."""
        return self.where + tuple(condition for group in self.groups for condition in group.conditions)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order is asked for."""
        return bool(self.q or self.where or self.groups)

    def narrowed(self, **asked: str | Sequence[str]) -> "ListQuery":
        """Asks this too: values of fields by key, each by the field's usual operator."""
        found = list(self.where)
        for key, values in asked.items():
            field = native_fields(self.kind)[key]
            given = (values,) if isinstance(values, str) else tuple(values)
            found.append(Condition(key, field.usual.key, field.read(field.usual, given)))
        return replace(self, where=tuple(found)).in_order()

    def in_order(self) -> "ListQuery":
        """The same with its conditions in the order of the fields, each once."""
        places = {key: place for place, key in enumerate(native_fields(self.kind))}
        known = dict.fromkeys(self.where)
        return replace(self, where=tuple(sorted(known, key=lambda each: places.get(each.field, len(places)))))

    def includes(self, other: "ListQuery") -> bool:
        """Whether this query asks for at least everything that `other` asks for, the order aside."""
        grouped = other.groups in ((), self.groups) and (not other.groups or other.either == self.either)
        return other.q in ("", self.q) and set(other.where) <= set(self.where) and grouped


@dataclass(frozen=True)
class NextStep:
    """What comes next for a relationship. There is always one: without plans the rhythm asks for a touch."""

    what: str
    channel: str
    due_date: date | None
    reason: str
    is_overdue: bool


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    relationship: Relationship
    next_step: NextStep


@dataclass(frozen=True)
class ListPage:
    """One page of the list; `total` is capped (`relationships.queries.counts.COUNT_CAP`)."""

    rows: list[Row]
    next: str
    previous: str
    first: int
    last: int


@dataclass(frozen=True)
class Neighbours:
    """Where a relationship stands in a list; `position` is None when the list no longer contains it."""

    position: int | None
    total: int
    previous_id: int | None
    next_id: int | None


def for_viewer(viewer: User, query: ListQuery) -> ListQuery:
    """The query in an order that tells the viewer nothing that they may not know."""
    field = query.sort_field
    return query if field and may_know(viewer, field, query.kind) else replace(query, sort="name")


def shown_fields(viewer: User, query: ListQuery) -> list[ListField]:
    """The columns that were chosen, as far as they are anything to the viewer."""
    found = [field_of(query.kind, key) for key in query.shown]
    return [field for field in found if field is not None and may_know(viewer, field, query.kind)]


def is_large() -> bool:
    """Whether there are so many relationships, by the planner's own estimate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Relationship._meta.db_table]
        )
        (estimate,) = cursor.fetchone()
    return bool(estimate > LARGE)


def today_of(viewer: User, now: datetime) -> date:
    """The day that it is for the viewer."""
    return now.astimezone(ZoneInfo(viewer.time_zone)).date()


def matching(*, viewer: User, query: ListQuery, now: datetime) -> "QuerySet[Relationship]":
    """The open relationships that the viewer may know of and the query asks for, unordered."""
    asked = Asked(viewer, now)
    fields = {key: field for key, field in query.fields.items() if may_know(viewer, field, query.kind)}
    if query.order.key.path.startswith("state__"):
        fields = {key: replace(field, path=field.twin or field.path) for key, field in fields.items()}
    rows: QuerySet[Any] = Relationship.objects.visible_to(viewer).open().filter(kind=query.kind)
    where = tuple(each for each in query.where if not _sorted_by(query, fields, each))
    if where:
        rows = rows.filter(Group(where).asked_for(fields, asked))
    if query.groups:
        among = replace(asked, either=query.either)
        parts = [group.asked_for(fields, among) for group in query.groups]
        rows = rows.filter(reduce(or_ if query.either else and_, parts))
    if any(path.startswith("state__") for path in _paths(query, fields)):
        rows = rows.filter(
            state__kind=query.kind
        )  # the same again, where an index of the states begins with it
    return _within_order(prepared(named(rows, query.q), query), query, fields, asked)


def _sorted_by(query: ListQuery, fields: Mapping[str, ListField], condition: Condition) -> bool:
    """Whether the list is sorted by the very field, and what is asked of it can be asked of what it is sorted by."""
    key = query.sort.removeprefix("-")
    return condition.field == key and key in fields and fields[key].beside is not None


def _within_order(
    rows: "QuerySet[Any]", query: ListQuery, fields: Mapping[str, ListField], asked: Asked
) -> "QuerySet[Any]":
    """Narrows rows by what is asked of the field that they are sorted by: a part of the same index."""
    for condition in query.where:
        beside = fields[condition.field].beside if _sorted_by(query, fields, condition) else None
        if beside is not None:
            rows = rows.filter(beside(condition.operator, condition.values, asked))
    return rows


def prepared(rows: "QuerySet[Any]", query: ListQuery) -> "QuerySet[Any]":
    """Rows that carry what the list is sorted by, where that is not a column of theirs."""
    field = query.sort_field
    return field.prepared(rows) if field is not None and field.prepared else rows


def _paths(query: ListQuery, fields: Mapping[str, ListField]) -> list[str]:
    """The paths that rows are chosen and sorted by."""
    asked = [fields[condition.field] for condition in query.conditions if condition.field in fields]
    by_state = ["state__" for field in asked if field.key in ("silent", "overdue")]
    return [query.order.key.path, *(field.path for field in asked), *by_state]


def named(rows: "QuerySet[Any]", q: str, field: str = "party_name") -> "QuerySet[Any]":
    """Rows whose name contains every word of `q`, without regard to case and accents; by the trigram index."""
    for word in q.split():
        rows = rows.alias(folded=Fold(field)).filter(folded__contains=Fold(Value(word)))
    return rows


def relationship_page(
    *, viewer: User, query: ListQuery, now: datetime, cursor: str = "", limit: int = PAGE_SIZE
) -> ListPage:
    """One page of the list from `cursor` on (see `keyset.page`)."""
    found = _page(viewer, query, now, cursor, limit)
    steps = _next_steps(found.rows, today_of(viewer, now))
    return ListPage(
        rows=[Row(relationship=row, next_step=steps[row.pk]) for row in found.rows],
        next=found.next,
        previous=found.previous,
        first=found.first,
        last=found.last,
    )


def narrow(rows: "QuerySet[Any]", order: keyset.Order) -> "QuerySet[Any]":
    """The rows with nothing but what they are sorted by: from few tables, a page is soon chosen."""
    path = order.key.path
    if path in rows.query.annotations:
        return rows.only("pk")
    beside = rows.select_related("state") if path.startswith("state__") else rows
    return beside.only("pk", path)


def _page(
    viewer: User, query: ListQuery, now: datetime, cursor: str, limit: int
) -> keyset.Page[Relationship]:
    rows = narrow(matching(viewer=viewer, query=query, now=now), query.order)
    found = keyset.page(rows, query.order, cursor=cursor, limit=limit)
    tables = _tables(query)
    key = ("list", query.kind, tables)
    ids = [row.pk for row in found.rows]
    rows_of_page = rows_in_order(key, lambda: Relationship.objects.select_related(*tables), ids)
    return replace(found, rows=rows_of_page)


def rows_told(*, viewer: User, query: ListQuery, ids: Sequence[int], now: datetime) -> list[Row]:
    """The rows of the list with these ids, in their order, in three queries."""
    tables = _tables(query)
    key = ("list", query.kind, tables)
    rows = rows_in_order(key, lambda: Relationship.objects.select_related(*tables), ids)
    steps = _next_steps(rows, today_of(viewer, now))
    return [Row(relationship=row, next_step=steps[row.pk]) for row in rows]


def _tables(query: ListQuery) -> tuple[str, ...]:
    """The tables beside the relationship that a line of the list shows something of."""
    chosen = [field.path for key in query.shown if (field := field_of(query.kind, key)) is not None]
    paths = [*_column_paths(query.kind), *(path for path in chosen if not path.startswith("state__"))]
    return tuple(
        sorted({"state", "owner", "party", *(path.rsplit("__", 1)[0] for path in paths if "__" in path)})
    )


def counts(*, viewer: User, queries: list[ListQuery], now: datetime, cap: int = COUNT_CAP) -> list[int]:
    """How many rows each query finds, at most `cap + 1`, in one round trip; their order does not matter."""
    unordered = [replace(query, sort="name") for query in queries]
    found = (matching(viewer=viewer, query=query, now=now) for query in unordered)
    return capped_counts(*found, cap=cap)


def matching_ids(*, viewer: User, query: ListQuery, now: datetime, limit: int) -> list[int]:
    """The ids of the first `limit` rows, in an arbitrary but steady order."""
    rows = matching(viewer=viewer, query=query, now=now)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def neighbours(*, viewer: User, query: ListQuery, relationship_id: int, now: datetime) -> Neighbours:
    """The place of a visible relationship in the list and the rows directly before and after it.

    A relationship that has meanwhile left the list still has neighbours: those of the place it would have.
    """
    visible = Relationship.objects.visible_to(viewer).select_related("state")
    row = visible.filter(kind=query.kind, pk=relationship_id).first()
    if row is None or not hasattr(row, "state"):
        total = capped_counts(matching(viewer=viewer, query=query, now=now))[0]
        return Neighbours(None, total, None, None)
    return neighbours_in(together(**neighbour_parts(viewer=viewer, query=query, row=row, now=now)))


def neighbour_parts(*, viewer: User, query: ListQuery, row: Relationship, now: datetime) -> dict[str, Part]:
    """What `together` is to find so that `neighbours_in` can tell; `row` is visible and has its state."""
    rows = matching(viewer=viewer, query=query, now=now)
    field = query.sort_field
    if field is not None and field.prepared:
        row = prepared(Relationship.objects.visible_to(viewer).filter(pk=row.pk), query).get()
    previous, following = keyset.beside(rows, query.order, row)
    sides = {"previous": previous, "following": following}
    parts: dict[str, Part] = {
        "before": Counted(rows.filter(keyset.earlier(query.order, row))),
        "total": Counted(rows),
        "itself": Counted(rows.filter(pk=row.pk)),
    }
    for side, stretches in sides.items():
        parts |= {f"{side}_{number}": stretch.values("id")[:1] for number, stretch in enumerate(stretches)}
    return parts


def neighbours_in(found: Mapping[str, Any]) -> Neighbours:
    """The neighbours, from what `neighbour_parts` found."""
    return Neighbours(
        position=found["before"] + 1 if found["itself"] else None,
        total=found["total"],
        previous_id=_first_id(found, "previous"),
        next_id=_first_id(found, "following"),
    )


def _first_id(found: Mapping[str, Any], side: str) -> int | None:
    ids = [row["id"] for number in (0, 1) for row in found.get(f"{side}_{number}", [])]
    return ids[0] if ids else None


def _column_paths(kind: str) -> list[str]:
    return [column.path for column in kinds.registry.get(kind).columns]


def _next_steps(rows: list[Relationship], today: date) -> dict[int, NextStep]:
    """The next step of each row, in two queries whatever their number."""
    wanted: dict[str, set[int]] = {NextTouchReason.FOLLOW_UP: set(), NextTouchReason.COMMITMENT: set()}
    for row in rows:
        if row.state.next_touch_id is not None and row.state.next_touch_reason in wanted:
            wanted[row.state.next_touch_reason].add(row.state.next_touch_id)
    follow_ups = FollowUp.objects.in_bulk(wanted[NextTouchReason.FOLLOW_UP])
    commitments = Commitment.objects.in_bulk(wanted[NextTouchReason.COMMITMENT])
    return {row.pk: _next_step(row, follow_ups, commitments, today) for row in rows}


def _next_step(
    row: Relationship, follow_ups: dict[Any, FollowUp], commitments: dict[Any, Commitment], today: date
) -> NextStep:
    state = row.state
    follow_up = follow_ups.get(state.next_touch_id) if state.next_touch_reason == "follow_up" else None
    commitment = commitments.get(state.next_touch_id) if state.next_touch_reason == "commitment" else None
    planned = follow_up or commitment
    return NextStep(
        what=planned.what if planned else "",
        channel=follow_up.channel if follow_up else "",
        due_date=state.next_touch_date,
        reason=state.next_touch_reason,
        is_overdue=state.next_touch_date is not None and state.next_touch_date < today,
    )
