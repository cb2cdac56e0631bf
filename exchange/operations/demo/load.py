"""Loads the sample workspace: one transaction, so it is there whole or not at all; a second call changes nothing."""

import random
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from accounts.operations.workspace import ensure_workspace
from commerce.operations.purchases import refresh_facts
from exchange.operations.demo.around import place_community, place_investors, place_press, place_staff
from exchange.operations.demo.cast import COLLEAGUES, COMPANY, SIGN_INS
from exchange.operations.demo.files import bring_in
from exchange.operations.demo.judgements import live_with_alerts, weigh_and_review
from exchange.operations.demo.ledger import pay_suppliers
from exchange.operations.demo.papers import file_papers
from exchange.operations.demo.stories import (
    CUSTOMER_MIX,
    SUPPLIER_MIX,
    WEEKS,
    Act,
    Teller,
    choose_story,
)
from exchange.operations.demo.talk import CUSTOMER, SUPPLIER, Line
from exchange.operations.demo.talk_people import INVESTOR, STAFF
from exchange.operations.demo.talk_public import COMMUNITY, PRESS
from exchange.operations.demo.world import (
    Placed,
    World,
    hire,
    place_customers,
    place_suppliers,
    read_rows,
)
from exchange.queries.mappings import load_mapping
from health.operations.scorecards import ensure_scorecards
from health.operations.scoring import score, score_history
from health.operations.tiers import refresh_tiers
from relationships import kinds
from relationships.models import Interaction, Party, Relationship
from relationships.operations.commitments import CommitmentDraft, move_commitment
from relationships.operations.due_promises import miss_due
from relationships.operations.follow_ups import FollowUpDraft, finish_follow_up
from relationships.operations.interactions import close_problem, log_interaction

LOCK = 7_305_002


@dataclass(frozen=True)
class Voice:
    """How one speaks with a kind: what is said, how often compared with customers, which stories there are."""

    lines: Mapping[str, tuple[Line, ...]]
    pace: float = 1.0
    mix: Sequence[tuple[str, int]] = CUSTOMER_MIX


VOICES = {
    "customers": Voice(CUSTOMER),
    "suppliers": Voice(SUPPLIER, mix=SUPPLIER_MIX),
    "investors": Voice(INVESTOR, pace=2.4),
    "press": Voice(PRESS, pace=2.0),
    "community": Voice(COMMUNITY, pace=2.2),
    "staff": Voice(STAFF, pace=2.4),
}


@dataclass(frozen=True)
class SignIn:
    """How somebody of the sample company signs in."""

    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Loaded:
    """What a load did; no sign-ins when the sample was there already."""

    created: bool
    relationships: int
    interactions: int
    sign_ins: tuple[SignIn, ...]


@transaction.atomic
def load_demo(*, now: datetime, seed: int = 18) -> Loaded:
    """Makes the sample company with eighteen weeks of history that end at `now`; does nothing if it exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Party.objects.filter(is_sample=True).exists():
        return _loaded(created=False, sign_ins=())
    workspace = ensure_workspace(now=now)
    workspace.business_unit.name = COMPANY
    workspace.business_unit.save(update_fields=["name"])
    world = World(
        rng=random.Random(seed),
        unit=workspace.business_unit,
        system=workspace.system_actor,
        now=now,
        start=now - timedelta(weeks=WEEKS),
    )
    hire(world)
    place_customers(world)
    place_suppliers(world)
    around = random.Random(seed + 1)  # of their own, so that customers and suppliers stay as they are
    place_investors(world, around)
    place_press(world, around)
    place_community(world, around)
    place_staff(world, around)
    _live_through(world)
    _trade(world)
    pay_suppliers(world, random.Random(seed + 2))
    _measure(world)
    live_with_alerts(world)
    weigh_and_review(world)
    file_papers(world)
    return _loaded(created=True, sign_ins=_sign_ins(world))


def _live_through(world: World) -> None:
    zone = zoneinfo.ZoneInfo(world.unit.time_zone)
    diary: list[tuple[datetime, int, Placed, Act]] = []
    for index, placed in enumerate(world.placed):
        voice = VOICES[placed.relationship.kind]
        story = placed.story or choose_story(placed.rng, voice.mix)
        teller = Teller(placed.rng, voice.lines, placed.products, len(placed.people), voice.pace)
        acts = teller.tell(story, world.start.astimezone(zone), world.now.astimezone(zone))
        diary += [(act.at, index, placed, act) for act in acts]
    logged: dict[tuple[int, int], Interaction] = {}
    closed_through = world.start
    for at, index, placed, act in sorted(diary, key=lambda entry: (entry[0], entry[1], entry[3].number)):
        while closed_through + timedelta(days=3) < at:
            closed_through += timedelta(days=3)
            miss_due(now=closed_through)
        if act.verb == "log":
            logged[index, act.number] = _log(placed, act)
        elif (index, act.of) in logged:
            _settle(placed, act, logged[index, act.of])
    miss_due(now=world.now)


def _log(placed: Placed, act: Act) -> Interaction:
    line = act.line
    assert line is not None  # noqa: S101 - a log act always carries its line
    person = placed.people[act.person]
    words = {**act.words, "person": person.name.split()[0]}
    due = act.due.date() if act.due else None
    promises = [
        CommitmentDraft(
            direction=side, what=text.format(**words), due_date=due, owner=placed.rep, person=person
        )
        for side, text in (("ours", line.ours), ("theirs", line.theirs))
        if text and due
    ]
    follow_up = None
    if line.follow_up and due:
        follow_up = FollowUpDraft(
            what=line.follow_up.format(**words), due_date=due, person=person, channel="call"
        )
    return log_interaction(
        actor=placed.rep,
        relationship=placed.relationship,
        channel=line.channel,
        direction=line.who,
        happened_at=act.at,
        now=act.at + timedelta(minutes=6),
        subject=line.subject,
        body=line.body.format(**words),
        people=[person],
        duration_minutes=12 if line.channel == "call" else None,
        problem_severity=line.severity or None,
        commitments=promises,
        follow_up=follow_up,
    )


def _settle(placed: Placed, act: Act, said: Interaction) -> None:
    if act.verb == "close":
        close_problem(actor=placed.rep, interaction=said, now=act.at, reason="Settled with the other side")
    elif act.verb == "deliver":
        for commitment in said.commitments.open().order_by("id"):
            move_commitment(actor=placed.rep, commitment=commitment, transition="deliver", now=act.at)
    elif act.verb == "finish":
        for follow_up in said.follow_ups.open().order_by("id"):
            finish_follow_up(actor=placed.rep, follow_up=follow_up, now=act.at)


def _trade(world: World) -> None:
    """Ingests the published orders through the import's own door, their dates moved so that the last is yesterday."""
    rows = read_rows("order_lines")
    last = max(date.fromisoformat(row["OrderDate"]) for row in rows)
    shift = world.now.date() - timedelta(days=1) - last
    for row in rows:
        row["OrderDate"] = (date.fromisoformat(row["OrderDate"]) + shift).isoformat()
    mapping = load_mapping("northwind-order-lines", "purchases", {"currency": world.unit.currency_id})
    bring_in(world, mapping, rows[0], [list(row.values()) for row in rows])


def _measure(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what was just written is planned for as it is, not as the tables were
    refresh_facts(now=world.now)
    ensure_scorecards(actor=world.system, now=world.start)
    for kind in kinds.registry.slugs:
        score_history(kind=kind, weeks=WEEKS, now=world.now)
        score(kind=kind, now=world.now)
        refresh_tiers(kind=kind, now=world.now)


def _sign_ins(world: World) -> tuple[SignIn, ...]:
    by_key = {colleague.key: colleague for colleague in COLLEAGUES}
    return tuple(SignIn(by_key[key].role, by_key[key].email, world.passwords[key]) for key in SIGN_INS)


def _loaded(*, created: bool, sign_ins: tuple[SignIn, ...]) -> Loaded:
    sample = Relationship.objects.filter(is_sample=True)
    return Loaded(
        created=created,
        relationships=sample.count(),
        interactions=Interaction.objects.filter(relationship__in=sample).count(),
        sign_ins=sign_ins,
    )
