"""What was promised and planned, and the facts that stand beside every relationship because of it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from numpy.random import Generator

from benchmarks.scale.copying import NULL, Table, go_on_from, next_id
from benchmarks.scale.parties import Progress
from benchmarks.scale.plan import CHUNK, Book, Cast, Size, declared
from benchmarks.scale.words import PROMISES, STEPS
from relationships.enums import OPEN_COMMITMENT_STATES, Verb
from relationships.models import Commitment, Event, FollowUp, RelationshipState

STATES = ("delivered", "confirmed", "agreed", "in_progress", "missed", "withdrawn", "proposed")
STATE_SHARES = (0.45, 0.1, 0.22, 0.1, 0.05, 0.05, 0.03)
SIDES = ("ours", "theirs", "mutual")
SIDE_SHARES = (0.55, 0.4, 0.05)
OPEN_FOLLOW_UPS = 0.4
HEAVY_COMMITMENTS, HEAVY_FOLLOW_UPS = 40, 12
VALUED = 0.7

Touch = tuple[int, date, int, int, int, str]
"""What may be next: rank of its kind, day, order among equals, id, whose, reason."""


@dataclass
class Sheet:
    """The rows of one stretch, by table, until they are written."""

    commitments: list[str] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)


def tables() -> dict[str, Table]:
    """The tables that a stretch is written to."""
    return {
        "commitments": Table(
            Commitment, "id", "relationship_id", "direction", "what", "made_at", "original_due_date",
            "current_due_date", "owner_id", "state", "created_at", "created_by_id", "missed_at", "delivered_at",
            "delivered_by_id", "confirmed_at", "confirmed_by_id", "withdrawn_at", "withdrawn_by_id",
            "withdrawn_reason",
        ),
        "follow_ups": Table(
            FollowUp, "id", "relationship_id", "what", "channel", "due_date", "assignee_id", "done_at",
            "done_by_id", "created_at", "created_by_id",
        ),
        "events": Table(
            Event, "id", "relationship_id", "party_id", "verb", "subject_type", "subject_id", "actor_id",
            "happened_at", "recorded_at", "data",
        ),
        "states": Table(
            RelationshipState, "relationship_id", "kind", "owner_id", "last_interaction_at", "last_inbound_at",
            "last_outbound_at", "next_touch_date", "next_touch_owner_id", "next_touch_reason", "next_touch_id",
            "open_commitments", "open_follow_ups", "open_problems", "value_amount", "value_currency",
        ),
    }  # fmt: skip


class Plans:
    """Makes promises, follow-ups and states of a size, a stretch at a time."""

    def __init__(self, size: Size, cast: Cast, book: Book) -> None:
        self.size, self.cast, self.book = size, cast, book
        self.kinds = [kind.slug for kind in declared()]
        self.zone = ZoneInfo(cast.unit.time_zone)
        self.today = size.until.astimezone(self.zone).date()
        self.commitment, self.follow_up = next_id(Commitment), next_id(FollowUp)

    def write(self, progress: Progress) -> None:
        """Everything, into its tables."""
        into = tables()
        for start in range(0, self.size.relationships, CHUNK):
            end = min(start + CHUNK, self.size.relationships)
            sheet = self._sheet(start, end)
            for name, table in into.items():
                table.copy(getattr(sheet, name))
            progress("states and plans", end, self.size.relationships)
        for model in (Commitment, FollowUp, Event):
            go_on_from(model)

    def _sheet(self, start: int, end: int) -> Sheet:
        rng, sheet = self.size.draws("plans", start), Sheet()
        promised = rng.poisson(0.9, end - start)
        planned = rng.poisson(0.8, end - start)
        values = (rng.lognormal(8.5, 1.8, end - start) * (rng.random(end - start) < VALUED)).round(2).tolist()
        if start == 0:
            promised[0], planned[0] = HEAVY_COMMITMENTS, HEAVY_FOLLOW_UPS
        for offset, number in enumerate(range(start, end)):
            touches: list[Touch] = []
            open_promises = sum(self._promise(sheet, number, rng, touches) for _ in range(promised[offset]))
            open_plans = sum(self._plan(sheet, number, rng, touches) for _ in range(planned[offset]))
            value = f"{values[offset]}\t{self.cast.unit.currency_id}" if values[offset] else f"{NULL}\t"
            sheet.states.append(
                f"{self.book.first_id + number}\t{self.kinds[self.book.kind[number]]}\t{self.book.owner[number]}\t"
                f"{self._contacts(number)}\t"
                f"{self._next_touch(number, touches)}\t{open_promises}\t{open_plans}\t"
                f"{self.book.problems[number]}\t{value}"
            )
        return sheet

    def _contacts(self, number: int) -> str:
        """The three last contacts."""
        seconds = (int(self.book.contact[name][number]) for name in ("any", "in", "out"))
        return "\t".join(
            datetime.fromtimestamp(second, UTC).isoformat(" ") if second else NULL for second in seconds
        )

    def _next_touch(self, number: int, touches: list[Touch]) -> str:
        """The earliest plan; without any, the rhythm. Closed relationships have none."""
        if self.book.closed[number]:
            return f"{NULL}\t{NULL}\t\t{NULL}"
        if touches:
            _rank, due, _order, pk, owner, reason = min(touches)
            return f"{due}\t{owner}\t{reason}\t{pk}"
        since = int(self.book.contact["any"][number]) or int(self.book.opened[number])
        day = datetime.fromtimestamp(since, self.zone).date() + timedelta(days=int(self.book.cadence[number]))
        return f"{day}\t{self.book.owner[number]}\tcadence\t{NULL}"

    def _promise(self, sheet: Sheet, number: int, rng: Generator, touches: list[Touch]) -> bool:
        """A promise with its line of the timeline; whether it is open."""
        state = STATES[int(rng.choice(len(STATES), p=STATE_SHARES))]
        side = SIDES[int(rng.choice(len(SIDES), p=SIDE_SHARES))]
        what = PROMISES[int(rng.integers(len(PROMISES)))]
        is_open = state in OPEN_COMMITMENT_STATES
        made = self.size.until - timedelta(hours=int(rng.integers(48, 24 * (60 if is_open else 700))))
        days = int(rng.integers(-20, 0) if state == "missed" else rng.integers(-3, 45) if is_open else -40)
        due = self.today + timedelta(days=days) if is_open else (made + timedelta(days=14)).date()
        pk, owner = self.commitment, int(self.book.owner[number])
        self.commitment += 1
        settled = made + timedelta(hours=30)
        sheet.commitments.append(
            f"{pk}\t{self.book.first_id + number}\t{side}\t{what}\t{made}\t{due}\t{due}\t{owner}\t{state}\t{made}\t"
            f"{owner}\t{_settlement(state, settled, owner)}"
        )
        sheet.events.append(self._told(number, Verb.COMMITMENT_MADE, "commitment", pk, made))
        if is_open and side != "theirs":
            touches.append((1, due, 2, pk, owner, "commitment"))
        return is_open

    def _plan(self, sheet: Sheet, number: int, rng: Generator, touches: list[Touch]) -> bool:
        """A follow-up with its line of the timeline; whether it is open."""
        is_open = rng.random() < OPEN_FOLLOW_UPS
        made = self.size.until - timedelta(hours=int(rng.integers(24, 24 * (40 if is_open else 500))))
        due = self.today + timedelta(days=int(rng.integers(-2, 40))) if is_open else made.date()
        pk, owner = self.follow_up, int(self.book.owner[number])
        self.follow_up += 1
        done = f"{NULL}\t{NULL}" if is_open else f"{made + timedelta(hours=20)}\t{owner}"
        what = STEPS[pk % len(STEPS)]
        sheet.follow_ups.append(
            f"{pk}\t{self.book.first_id + number}\t{what}\tcall\t{due}\t{owner}\t{done}\t{made}\t{owner}"
        )
        sheet.events.append(self._told(number, Verb.FOLLOW_UP_PLANNED, "followup", pk, made))
        if is_open:
            touches.append((1, due, 1, pk, owner, "follow_up"))
        return is_open

    def _told(self, number: int, verb: Verb, subject: str, pk: int, at: datetime) -> str:
        event, book = self.book.events, self.book
        book.events += 1
        return (
            f"{event}\t{book.first_id + number}\t{book.party[number]}\t{verb}\t{subject}\t{pk}\t{book.owner[number]}\t"
            f"{at}\t{at}\t{{}}"
        )


def _settlement(state: str, at: datetime, owner: int) -> str:
    """The moments and people of a promise that has come to something, column by column."""
    missed = str(at) if state == "missed" else NULL
    delivered = f"{at}\t{owner}" if state in ("delivered", "confirmed") else f"{NULL}\t{NULL}"
    confirmed = f"{at}\t{owner}" if state == "confirmed" else f"{NULL}\t{NULL}"
    withdrawn = f"{at}\t{owner}\tNo longer wanted" if state == "withdrawn" else f"{NULL}\t{NULL}\t"
    return f"{missed}\t{delivered}\t{confirmed}\t{withdrawn}"
