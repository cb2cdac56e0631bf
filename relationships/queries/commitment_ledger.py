"""The ledger of promises in both directions: which rows, how well each side keeps its word, one promise's past."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from django.db.models import Case, Count, DateField, F, Func, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from core import keyset
from relationships.enums import OPEN_COMMITMENT_STATES, CommitmentDirection, CommitmentState
from relationships.models import Commitment, Renegotiation
from relationships.queries.counts import FIGURE_CAP, capped_counts
from relationships.queries.relationship_list import today_of

PAGE_SIZE = 25
AT_RISK_DAYS = 3
RATE_DAYS = 365

SORTS: dict[str, keyset.SortKey] = {
    "due": keyset.SortKey("current_due_date", date.fromisoformat),
    "made": keyset.SortKey("made_at", datetime.fromisoformat),
}


class LocalDate(Func):
    """The day of a moment in a zone that stands in a column: `LocalDate(moment, zone)`."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


@dataclass(frozen=True)
class LedgerQuery:
    """What the ledger is narrowed to. `owner` is empty, `me`, `team` or a user's id; `result` as in `Rate`."""

    side: str = ""
    status: str = ""
    result: str = ""
    owner: str = ""
    kind: str = ""
    relationship_id: int | None = None
    q: str = ""
    sort: str = "due"

    @property
    def order(self) -> keyset.Order:
        """The sort key with its direction."""
        return keyset.Order(SORTS[self.sort.removeprefix("-")], descending=self.sort.startswith("-"))

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort="due") != LedgerQuery()


@dataclass(frozen=True)
class Rate:
    """How a side kept its word over the last year, in numbers of promises whose time has come."""

    on_time: int
    late: int
    broken: int

    @property
    def total(self) -> int:
        """The n of the rate."""
        return self.on_time + self.late + self.broken

    @property
    def percent(self) -> float | None:
        """Kept on the original date, out of 100; None without evidence."""
        return 100 * self.on_time / self.total if self.total else None


@dataclass(frozen=True)
class Step:
    """One thing that happened to a promise."""

    at: datetime
    what: str
    who: str
    reason: str = ""
    renegotiation: Renegotiation | None = None


def at_risk(today: date) -> Q:
    """Ours overdue or due within three days; theirs overdue."""
    soon = today + timedelta(days=AT_RISK_DAYS)
    return Q(state__in=OPEN_COMMITMENT_STATES, current_due_date__lte=soon) & (
        ~Q(direction=CommitmentDirection.THEIRS)
        | Q(direction=CommitmentDirection.THEIRS, current_due_date__lt=today)
    )


def is_at_risk(promise: Commitment, today: date) -> bool:
    """`at_risk` for a row that is at hand."""
    if promise.state not in OPEN_COMMITMENT_STATES:
        return False
    theirs = promise.direction == CommitmentDirection.THEIRS
    latest = today - timedelta(days=1) if theirs else today + timedelta(days=AT_RISK_DAYS)
    return promise.current_due_date <= latest


def _status(status: str, today: date) -> Q:
    kept = (CommitmentState.DELIVERED, CommitmentState.CONFIRMED)
    return {
        "open": Q(state__in=OPEN_COMMITMENT_STATES),
        "at_risk": at_risk(today),
        "late": Q(state__in=OPEN_COMMITMENT_STATES, current_due_date__lt=today),
        "kept": Q(state__in=kept),
        "withdrawn": Q(state=CommitmentState.WITHDRAWN),
    }.get(status, Q())


def _side(side: str) -> Q:
    if side == CommitmentDirection.OURS:
        return ~Q(direction=CommitmentDirection.THEIRS)
    return ~Q(direction=CommitmentDirection.OURS) if side == CommitmentDirection.THEIRS else Q()


def _whose(query: LedgerQuery, viewer: User) -> Q:
    if query.owner == "me":
        return Q(owner_id=viewer.pk)
    if query.owner == "team":
        return Q(owner_id=viewer.pk) | Q(relationship__team_id__in=viewer.current_team_ids())
    return Q(owner_id=int(query.owner)) if query.owner else Q()


def _with_result(rows: "QuerySet[Any]", today: date) -> "QuerySet[Any]":
    """Adds `result`, empty while a promise's time has not come or it was withdrawn in time.

    Days are those of the relationship's business unit. A delivery is late when it came after the original
    day, whatever was agreed later; a promise is broken when its day passed without one.
    """
    delivered = Q(state__in=[CommitmentState.DELIVERED, CommitmentState.CONFIRMED])
    broken = Q(missed_at__isnull=False) | (
        Q(state__in=[CommitmentState.AGREED, CommitmentState.IN_PROGRESS]) & Q(current_due_date__lt=today)
    )
    dated: QuerySet[Any] = rows.alias(
        delivered_date=LocalDate(F("delivered_at"), F("relationship__business_unit__time_zone"))
    )
    resulted: QuerySet[Any] = dated.alias(
        result=Case(
            When(delivered & Q(delivered_date__lte=F("original_due_date")), then=Value("on_time")),
            When(delivered, then=Value("late")),
            When(broken, then=Value("broken")),
            default=Value(""),
        ),
        recent=Case(
            When(original_due_date__gte=today - timedelta(days=RATE_DAYS), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )
    return resulted


def ledger(*, viewer: User, query: LedgerQuery, now: datetime) -> "QuerySet[Commitment]":
    """The promises that the viewer may know of and the query asks for, unordered."""
    today = today_of(viewer, now)
    rows: QuerySet[Any] = Commitment.objects.visible_to(viewer).filter(
        _side(query.side), _status(query.status, today), _whose(query, viewer)
    )
    if query.kind:
        rows = rows.filter(relationship__kind=query.kind)
    if query.relationship_id is not None:
        rows = rows.filter(relationship_id=query.relationship_id)
    if query.result:
        rows = _with_result(rows, today).filter(result=query.result, recent=1)
    for word in query.q.split():
        rows = rows.filter(Q(what__icontains=word) | Q(relationship__party_name__icontains=word))
    return rows


def ledger_page(
    *, viewer: User, query: LedgerQuery, now: datetime, cursor: str = "", limit: int = PAGE_SIZE
) -> keyset.Page[Commitment]:
    """One page of the ledger, each row with its relationship, its people and its moved dates."""
    rows = ledger(viewer=viewer, query=query, now=now)
    rows = rows.select_related("relationship", "relationship__party", "owner", "person")
    return keyset.page(rows.prefetch_related("renegotiations"), query.order, cursor=cursor, limit=limit)


def counts(*, viewer: User, queries: list[LedgerQuery], now: datetime) -> list[int]:
    """How many rows each query finds, up to `FIGURE_CAP`, in one round trip."""
    return capped_counts(*(ledger(viewer=viewer, query=query, now=now) for query in queries), cap=FIGURE_CAP)


def kept_rates(*, viewer: User, query: LedgerQuery, now: datetime) -> tuple[Rate, Rate]:
    """Ours and theirs, over promises whose original day lies within the last year.

    The query's side, status and result are not applied: the two rates stand beside each other for whatever
    else it asks for. A promise of both sides counts for both.
    """
    wide = replace(query, side="", status="", result="")
    rows = _with_result(ledger(viewer=viewer, query=wide, now=now), today_of(viewer, now)).filter(recent=1)
    return rates_of(rows.aggregate(**_numbers()))


def rated(rows: "QuerySet[Any]", *, by: Mapping[str, Any], today: date) -> "QuerySet[Any]":
    """Those of the promises that `kept_rates` counts, added up `by` expressions under `RATED` names."""
    counted = _with_result(rows, today).filter(recent=1).exclude(result="").order_by()
    added: QuerySet[Any] = counted.values(**by).annotate(**_numbers())
    return added


def _numbers() -> dict[str, Count]:
    return {
        f"{side}_{result}": Count("pk", filter=_side(side) & Q(result=result))
        for side, result in product(("ours", "theirs"), ("on_time", "late", "broken"))
    }


RATED = tuple(_numbers())
"""The names of what both sides' rates are made of."""


def rates_of(numbers: Mapping[str, int]) -> tuple[Rate, Rate]:
    """Ours and theirs from the figures under `RATED` names."""
    ours, theirs = (
        Rate(numbers[f"{side}_on_time"], numbers[f"{side}_late"], numbers[f"{side}_broken"])
        for side in ("ours", "theirs")
    )
    return ours, theirs


def commitment_detail(*, viewer: User, commitment_id: int) -> Commitment | None:
    """One promise with everything its page shows; None when there is none that the viewer may know of."""
    rows = Commitment.objects.visible_to(viewer).select_related(
        "relationship", "relationship__party", "owner", "person", "made_in", "created_by",
        "delivered_by", "confirmed_by", "withdrawn_by",
    )  # fmt: skip
    return rows.prefetch_related("renegotiations__actor").filter(pk=commitment_id).first()


def history(commitment: Commitment) -> list[Step]:
    """What happened to a promise, oldest first; `what` is made, moved, missed, delivered, confirmed, withdrawn."""
    steps = [Step(commitment.made_at, "made", commitment.created_by.name)]
    steps += [
        Step(moved.at, "moved", moved.actor.name, moved.reason, moved)
        for moved in commitment.renegotiations.all()
    ]
    if commitment.missed_at:
        steps.append(Step(commitment.missed_at, "missed", ""))
    if commitment.delivered_at and commitment.delivered_by:
        steps.append(
            Step(commitment.delivered_at, "delivered", commitment.delivered_by.name, commitment.evidence)
        )
    if commitment.confirmed_at and commitment.confirmed_by:
        steps.append(Step(commitment.confirmed_at, "confirmed", commitment.confirmed_by.name))
    if commitment.withdrawn_at and commitment.withdrawn_by:
        steps.append(
            Step(
                commitment.withdrawn_at,
                "withdrawn",
                commitment.withdrawn_by.name,
                commitment.withdrawn_reason,
            )
        )
    return sorted(steps, key=lambda step: step.at)
