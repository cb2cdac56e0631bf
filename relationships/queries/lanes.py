"""A list divided by what one field holds: headings within the list, columns on the board.

Each lane is the list narrowed by one value more, in the list's own order. So every order that a narrowed list can
have is one that a lane can have, and no index is needed for the two together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import keyset
from relationships.models import Relationship
from relationships.queries.counts import capped_counts
from relationships.queries.list_fields import EITHER_OF, NONE_OF, Condition, FieldType, ListField, Text
from relationships.queries.native_fields import every_field, field_of, may_know, native_fields
from relationships.queries.relationship_list import (
    PAGE_SIZE,
    ListPage,
    ListQuery,
    Row,
    Shape,
    matching,
    rows_told,
)
from relationships.queries.together import Counted, Part, together

MOST_LANES = 20
LANE_SIZE = 10
OWNER, STAGE, HEALTH = "owner", "stage", "health"
NOT_SET = _("Not set")
ENDLESS = MOST_LANES + 1


@dataclass(frozen=True)
class Lane:
    """What the rows have in common: a `value` of the field, or none that it knows (then `value` is empty).

    `key` tells the lane from others of a page.
    """

    key: str
    value: str
    label: Text
    condition: Condition

    def within(self, query: ListQuery) -> ListQuery:
        """The list narrowed to this lane."""
        return replace(query, where=(*query.where, self.condition))


@dataclass(frozen=True)
class LaneRows:
    """A lane with its first rows; `next` is the cursor of those that follow, and `number` a capped count."""

    lane: Lane
    rows: list[Row]
    next: str
    number: int


@dataclass(frozen=True)
class Board:
    """A list as columns; `is_cut` says that there are more columns than a board holds."""

    field: ListField
    lanes: list[LaneRows]
    is_cut: bool


@dataclass(frozen=True)
class GroupedPage(ListPage):
    """A page of a list with headings."""

    groups: list[tuple[Lane, list[Row]]]


@dataclass(frozen=True)
class _Met:
    """A row that was chosen; `told` is what it is sorted by, as the database writes it."""

    lane: Lane
    id: int
    told: Any

    def cursor(self, number: int, *, backwards: bool) -> str:
        text = None if self.told is None else str(self.told)
        return keyset.cursor_at(text, self.id, number, backwards=backwards)


def can_group(field: ListField) -> bool:
    """Whether a field divides lists: it holds one of few values, and an index finds the rows of each."""
    if field.key in (OWNER, STAGE):
        return True
    is_one_of = field.asks[:2] == (EITHER_OF, NONE_OF) and not any(each.key == "all" for each in field.asks)
    return is_one_of and field.is_filter and field.indexed and 1 < len(field.choices) <= MOST_LANES


def groupings(viewer: User, kind: str) -> list[ListField]:
    """The fields by which the viewer can divide the list of a kind."""
    return [field for field in every_field(viewer, kind) if can_group(field)]


def grouping(viewer: User, query: ListQuery) -> ListField | None:
    """The field that the list is divided by, as far as it is anything to the viewer."""
    field = field_of(query.kind, query.group) if query.group else None
    known = field is not None and can_group(field) and may_know(viewer, field, query.kind)
    return field if known else None


def columns_of(viewer: User, query: ListQuery) -> ListField:
    """The field that the board is divided by: the stage where nothing else is asked for."""
    return grouping(viewer, query) or native_fields(query.kind)[STAGE]


def lanes_of(
    *, viewer: User, query: ListQuery, field: ListField, now: datetime, values: Sequence[str] | None = None
) -> list[Lane]:
    """The lanes in order: of people those that have rows, of choices all that the list does not rule out.

    With `values` just those lanes, though they be empty.
    """
    if field.type is FieldType.PERSON:
        return _people(viewer, query, field, now, values)
    known = [value for value, _label in field.choices]
    asked = [each.values for each in query.where if (each.field, each.operator) == (field.key, "is")]
    lanes = [
        Lane(str(place), value, label, Condition(field.key, "is", (value,)))
        for place, (value, label) in enumerate(field.choices)
        if all(value in wanted for wanted in asked)
    ]
    if not asked and _may_hold_another(query.kind, field, known):
        lanes.append(Lane("rest", "", NOT_SET, Condition(field.key, "not", tuple(sorted(known)))))
    return lanes if values is None else [lane for lane in lanes if lane.value in values]


def _may_hold_another(kind: str, field: ListField, known: Sequence[str]) -> bool:
    """Whether rows may hold none of the values. That no row does is seen by looking at all, so it is not sought."""
    if field.key == STAGE:
        return bool(_stages_held(kind) - set(known))
    return field.key != HEALTH


def _stages_held(kind: str) -> set[str]:
    """Every stage that open relationships of a kind are in, also of those that nobody declares any more.

    From one stage to the next along the index: to ask for all of them would read all of it.
    """
    rows = Relationship.objects.filter(kind=kind, closed_at=None).order_by("stage").values("stage")
    first, params = rows[:1].query.sql_with_params()
    following, more = rows.extra(where=["stage > held.stage"])[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE held AS (({first}) UNION ALL SELECT ({following}) FROM held"  # noqa: S608  compiled querysets
            " WHERE held.stage IS NOT NULL) SELECT stage FROM held WHERE stage IS NOT NULL",
            [*params, *more],
        )
        return {stage for (stage,) in cursor.fetchall()}


def _people(
    viewer: User, query: ListQuery, field: ListField, now: datetime, values: Sequence[str] | None
) -> list[Lane]:
    if values is None:
        own = matching(viewer=viewer, query=replace(query, sort="name"), now=now)
        people = User.objects.filter(Exists(own.filter(**{f"{field.path}_id": OuterRef("pk")})))
    else:
        people = User.objects.filter(pk__in=[int(value) for value in values if value.isdecimal()])
    return [
        Lane(str(pk), str(pk), name, Condition(field.key, "is", (str(pk),)))
        for pk, name in people.order_by("name", "pk").values_list("pk", "name")
    ]


def board(*, viewer: User, query: ListQuery, now: datetime, values: Sequence[str] | None = None) -> Board:
    """The columns with the first cards of each.

    Five queries at most, whatever the number of columns. With `values` just those columns.
    """
    field = columns_of(viewer, query)
    lanes = lanes_of(viewer=viewer, query=query, field=field, now=now, values=values)
    shown = lanes[:ENDLESS] if field.type is not FieldType.PERSON else lanes[:MOST_LANES]
    unordered = replace(query, sort="name")
    parts: dict[str, Part] = {}
    for lane in shown:
        rows = matching(viewer=viewer, query=lane.within(query), now=now)
        parts[f"n_{lane.key}"] = Counted(matching(viewer=viewer, query=lane.within(unordered), now=now))
        parts |= _stretches(lane, rows, query, None, LANE_SIZE + 1)
    found = together(**parts) if parts else {}
    chosen = {lane.key: _met(lane, found, LANE_SIZE + 1) for lane in shown}
    told = _told(viewer, query, [each for met in chosen.values() for each in met[:LANE_SIZE]], now)
    columns = [_column(lane, chosen[lane.key], told, found[f"n_{lane.key}"]) for lane in shown]
    kept = [each for each in columns if values is not None or each.lane.value or each.rows]
    return Board(field, kept, len(shown) < len(lanes))


def lane_page(
    *, viewer: User, query: ListQuery, value: str, cursor: str, now: datetime
) -> tuple[Board, LaneRows] | None:
    """The cards of one column beyond a cursor, which are not counted; None for a column that there is not."""
    field = columns_of(viewer, query)
    lanes = lanes_of(viewer=viewer, query=query, field=field, now=now, values=[value])
    if not lanes:
        return None
    mark = keyset.read(cursor, query.order.key)
    rows = matching(viewer=viewer, query=lanes[0].within(query), now=now)
    met = _met(lanes[0], together(**_stretches(lanes[0], rows, query, mark, LANE_SIZE + 1)), LANE_SIZE + 1)
    told = _told(viewer, query, met[:LANE_SIZE], now)
    return Board(field, [], is_cut=False), _column(lanes[0], met, told, 0, mark.number if mark else 0)


def _column(lane: Lane, met: Sequence[_Met], told: dict[int, Row], number: int, before: int = 0) -> LaneRows:
    rows = [told[each.id] for each in met[:LANE_SIZE] if each.id in told]
    more = len(met) > LANE_SIZE
    cursor = met[LANE_SIZE - 1].cursor(before + LANE_SIZE, backwards=False) if more else ""
    return LaneRows(lane, rows, cursor, number)


def grouped_page(
    *,
    viewer: User,
    query: ListQuery,
    field: ListField,
    now: datetime,
    cursor: str = "",
    limit: int = PAGE_SIZE,
) -> GroupedPage:
    """One page of the list with headings, from `cursor` on; a cursor is one of `keyset`, a dot, and its lane."""
    lanes = lanes_of(viewer=viewer, query=query, field=field, now=now)
    mark, ahead = _from(cursor, lanes, query.order.key)
    backwards = mark is not None and mark.backwards
    met = _walked(viewer, query, ahead, now, mark, limit + 1)
    more, met = len(met) > limit, met[:limit]
    if backwards and not more:
        return grouped_page(viewer=viewer, query=query, field=field, now=now, limit=limit)
    if backwards:
        met.reverse()
    number = mark.number if mark else 0
    first = max(number - len(met) + 1, 1) if backwards else number + 1
    following = bool(met) and (backwards or more)
    told = _told(viewer, query, met, now)
    groups = [
        (lane, [told[each.id] for each in some if each.id in told])
        for lane, some in groupby(met, key=lambda each: each.lane)
    ]
    return GroupedPage(
        rows=[row for _lane, rows in groups for row in rows],
        next=_cursor(met[-1], first + len(met) - 1, backwards=False) if following else "",
        previous=_cursor(met[0], first - 1, backwards=True) if met and mark else "",
        first=first if met else 0,
        last=first + len(met) - 1 if met else 0,
        groups=groups,
    )


def lane_around(*, viewer: User, query: ListQuery, row: Relationship, now: datetime) -> ListQuery:
    """The list narrowed to the lane that a row stands in, where it is divided: what is beside the row is there."""
    if not query.group and query.shape is not Shape.BOARD:
        return query
    field = columns_of(viewer, query) if query.shape is Shape.BOARD else grouping(viewer, query)
    if field is None:
        return query
    values = [str(row.owner_id)] if field.type is FieldType.PERSON else None
    lanes = lanes_of(viewer=viewer, query=query, field=field, now=now, values=values)
    asked = replace(query, sort="name")
    itself = {
        lane.key: matching(viewer=viewer, query=lane.within(asked), now=now).filter(pk=row.pk)
        for lane in lanes
    }
    found = together(**{f"n_{key}": Counted(rows) for key, rows in itself.items()}) if lanes else {}
    lane = next((lane for lane in lanes if found[f"n_{lane.key}"]), None)
    return lane.within(query) if lane else query


def lane_counts(*, viewer: User, query: ListQuery, values: Sequence[str], now: datetime) -> list[int]:
    """How many rows each of these lanes holds, capped; 0 for a lane that there is not."""
    field = grouping(viewer, query)
    if field is None:
        return [0 for _value in values]
    lanes = {
        lane.value: lane for lane in lanes_of(viewer=viewer, query=query, field=field, now=now, values=values)
    }
    unordered = replace(query, sort="name")
    known = [value for value in values if value in lanes]
    rows = (matching(viewer=viewer, query=lanes[value].within(unordered), now=now) for value in known)
    numbers = dict(zip(known, capped_counts(*rows) if known else [], strict=True))
    return [numbers.get(value, 0) for value in values]


def _from(
    cursor: str, lanes: Sequence[Lane], key: keyset.SortKey
) -> tuple[keyset.Mark | None, Sequence[Lane]]:
    """Where a page begins and the lanes that it goes through; at the first, where that lane is gone."""
    word, _dot, value = cursor.partition(".")
    mark = keyset.read(word, key)
    at = next((place for place, lane in enumerate(lanes) if lane.value == value), None)
    if mark is None or at is None:
        return None, lanes
    return mark, lanes[at::-1] if mark.backwards else lanes[at:]


def _cursor(met: _Met, number: int, *, backwards: bool) -> str:
    return f"{met.cursor(number, backwards=backwards)}.{met.lane.value}"


def _walked(
    viewer: User, query: ListQuery, lanes: Sequence[Lane], now: datetime, mark: keyset.Mark | None, limit: int
) -> list[_Met]:
    """The next rows from lane to lane; what has no known value is sought only where the others do not suffice."""
    backwards = mark is not None and mark.backwards
    met: list[_Met] = []
    for some in _in_turn(lanes, limit + 1):
        parts: dict[str, Part] = {}
        for lane in some:
            rows = matching(viewer=viewer, query=lane.within(query), now=now)
            start = mark if lane is lanes[0] else None
            parts |= _stretches(lane, rows, query, start, limit, backwards=backwards)
        found = together(**parts)
        for lane in some:
            met += _met(lane, found, limit - len(met))
        if len(met) >= limit:
            break
    return met


def _in_turn(lanes: Sequence[Lane], most: int) -> Iterator[list[Lane]]:
    """The lanes in few handfuls, the one without a value by itself: it is dear to find empty."""
    for _is_known, some in groupby(lanes, key=lambda lane: bool(lane.value)):
        alike = list(some)
        yield from (alike[start : start + most] for start in range(0, len(alike), most))


def _stretches(
    lane: Lane,
    rows: "QuerySet[Any]",
    query: ListQuery,
    mark: keyset.Mark | None,
    limit: int,
    *,
    backwards: bool = False,
) -> dict[str, Part]:
    """The ids of a lane beyond the mark, for `together`."""
    found = keyset.ranges(rows, query.order, mark, backwards=backwards)
    return {
        f"r_{lane.key}_{number}": some.values("id", told=F(query.order.key.path))[:limit]
        for number, some in enumerate(found)
    }


def _met(lane: Lane, found: dict[str, Any], limit: int) -> list[_Met]:
    rows: Iterable[Any] = (row for number in (0, 1) for row in found.get(f"r_{lane.key}_{number}", ()) or ())
    return [_Met(lane, row["id"], row["told"]) for row in rows][:limit]


def _told(viewer: User, query: ListQuery, met: Sequence[_Met], now: datetime) -> dict[int, Row]:
    ids = [each.id for each in met]
    rows = rows_told(viewer=viewer, query=query, ids=ids, now=now) if ids else []
    return {row.relationship.pk: row for row in rows}
