"""The list of a kind: what it can be narrowed and sorted by, one page of it, and who stands beside a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Contains

from accounts.models import User
from core import keyset
from relationships import kinds
from relationships.enums import HealthStatus, NextTouchReason
from relationships.models import Commitment, Fold, FollowUp, Relationship
from relationships.queries.counts import COUNT_CAP, capped_counts
from relationships.queries.together import Counted, Part, together

PAGE_SIZE = 25
READ_AT_ONCE = 1_000
SILENT_DAYS = 30
NO_EVIDENCE = "none"  # how a URL says the empty health band

SORTS: dict[str, keyset.SortKey] = {
    "name": keyset.SortKey("party_name"),
    "health": keyset.SortKey("state__health", Decimal, nullable=True),
    "contact": keyset.SortKey(
        "state__last_interaction_at", datetime.fromisoformat, nullable=True, empties_first=True
    ),
    "next": keyset.SortKey("state__next_touch_date", date.fromisoformat, nullable=True),
    "value": keyset.SortKey("state__value_amount", Decimal, nullable=True),
}
SORTED_BY_STATE = frozenset(name for name, key in SORTS.items() if key.path.startswith("state__"))


@dataclass(frozen=True)
class ListQuery:
    """Everything that decides which rows of a kind's list are shown, and in what order.

    `owner` is empty, `me`, `team` or a user's id; `columns` are (key, value) pairs of the kind's own columns;
    `sort` is a key of SORTS, with `-` before it for descending.
    """

    kind: str
    q: str = ""
    health: tuple[str, ...] = ()
    owner: str = ""
    stage: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    silent_days: int | None = None
    overdue: bool = False
    problems: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    sort: str = "name"

    @property
    def order(self) -> keyset.Order:
        """The sort key with its direction."""
        return keyset.Order(SORTS[self.sort.removeprefix("-")], descending=self.sort.startswith("-"))

    @property
    def asks_state(self) -> bool:
        """Whether rows are chosen by what stands on their state."""
        return bool(self.health or self.tier or self.overdue or self.problems or self.silent_days is not None)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort="name") != ListQuery(self.kind)

    def includes(self, other: "ListQuery") -> bool:
        """Whether this query asks for at least everything that `other` asks for, the order aside."""
        asked = [field.name for field in fields(self) if field.name not in {"kind", "sort"}]
        nothing = ListQuery(self.kind)
        return all(getattr(other, name) in (getattr(nothing, name), getattr(self, name)) for name in asked)


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


def today_of(viewer: User, now: datetime) -> date:
    """The day that it is for the viewer."""
    return now.astimezone(ZoneInfo(viewer.time_zone)).date()


def matching(*, viewer: User, query: ListQuery, now: datetime) -> "QuerySet[Relationship]":
    """The open relationships that the viewer may know of and the query asks for, unordered."""
    rows: QuerySet[Any] = (
        Relationship.objects.visible_to(viewer)
        .open()
        .filter(_whose(query, viewer), _state(query, today_of(viewer, now), now), kind=query.kind)
    )
    if query.sort.removeprefix("-") in SORTED_BY_STATE or query.asks_state:
        rows = rows.filter(
            state__kind=query.kind
        )  # the same again, where an index of the states begins with it
    if query.stage:
        rows = rows.filter(stage__in=query.stage)
    rows = named(rows, query.q)
    for key, value in query.columns:
        rows = rows.filter(_column(query.kind, key, value))
    return rows


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


def every_row(*, viewer: User, query: ListQuery, now: datetime) -> Iterator[Relationship]:
    """All rows of the list in its order, read page by page: nothing is held for longer, neither rows nor a cursor."""
    cursor: str | None = ""
    while cursor is not None:
        found = _page(viewer, query, now, cursor, READ_AT_ONCE)
        yield from found.rows
        cursor = found.next or None


def _page(
    viewer: User, query: ListQuery, now: datetime, cursor: str, limit: int
) -> keyset.Page[Relationship]:
    related = {path.rsplit("__", 1)[0] for path in _column_paths(query.kind) if "__" in path}
    rows = matching(viewer=viewer, query=query, now=now).select_related("state", "owner", "party", *related)
    return keyset.page(rows, query.order, cursor=cursor, limit=limit)


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


def _whose(query: ListQuery, viewer: User) -> Q:
    if query.owner == "me":
        return Q(owner_id=viewer.pk)
    if query.owner == "team":
        return Q(owner_id=viewer.pk) | Q(team_id__in=viewer.current_team_ids())
    return Q(owner_id=int(query.owner)) if query.owner else Q()


def _state(query: ListQuery, today: date, now: datetime) -> Q:
    condition = Q()
    if query.health:
        bands = [HealthStatus.NONE if band == NO_EVIDENCE else band for band in query.health]
        condition &= Q(state__health_status__in=bands)
    if query.tier:
        condition &= Q(state__value_tier__in=query.tier)
    if query.silent_days is not None:
        since = now - timedelta(days=query.silent_days)
        condition &= Q(state__last_interaction_at=None) | Q(state__last_interaction_at__lt=since)
    if query.overdue:
        condition &= Q(state__next_touch_date__lt=today)
    if query.problems:
        condition &= Q(state__open_problems__gt=0)
    return condition


def _column_paths(kind: str) -> list[str]:
    return [column.path for column in kinds.registry.get(kind).columns]


def column_choices(kind: str, key: str) -> list[tuple[str, Any]]:
    """The values that one of the kind's own columns can have; none where it is free text."""
    path = next(column.path for column in kinds.registry.get(kind).columns if column.key == key)
    model: Any = Relationship
    *steps, name = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return [(str(value), label) for value, label in model._meta.get_field(name).flatchoices]


def _column(kind: str, key: str, value: str) -> Q:
    path = next(column.path for column in kinds.registry.get(kind).columns if column.key == key)
    if column_choices(kind, key):
        return Q(**{path: value})
    return reduce(and_, (Q(Contains(Fold(path), Fold(Value(word)))) for word in value.split()), Q())


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
