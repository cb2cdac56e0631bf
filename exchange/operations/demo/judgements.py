"""What the sample company's people make of what health tells them: alerts seen, acted on and judged."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from exchange.operations.demo.world import Placed, World
from health.enums import Rule
from health.models import Alert, LookBack, Review
from health.operations.alerts import acknowledge_alert, act_on_alert, judge_alert
from health.operations.look_backs import ask_what_came, note_actuals
from health.operations.proposals import (
    Estimate,
    add_line,
    draft_proposal,
    send_proposal,
    settle_proposal,
)
from health.operations.reviews import open_due_reviews, prepare_review
from health.operations.sightings import raise_sightings
from health.operations.watching import watch_every_kind
from health.queries.benefit import weigh_proposal
from relationships import kinds
from relationships.operations.value_entries import Worth, record_value

ACTIONS = {
    Rule.FALL: "Talk it over with them",
    Rule.SILENCE: "Call instead of writing",
    Rule.CHAMPION_LEFT: "Meet who follows",
    Rule.PROBLEM: "Visit and look at it together",
    Rule.MISSED_PROMISE: "Say sorry and name a new day",
}


def live_with_alerts(world: World) -> None:
    """Raises what there is to raise; of every eight alerts four stay new; the others went on."""
    watch_every_kind(now=world.now)
    raise_sightings(now=world.now)
    alerts = Alert.objects.filter(relationship__is_sample=True).select_related("relationship__owner")
    for index, alert in enumerate(alerts.order_by("rule", "relationship_id", "pk")):
        _live_with(world, alert, step=index % 8)


def _live_with(world: World, alert: Alert, *, step: int) -> None:
    given: dict[str, Any] = {"actor": alert.relationship.owner, "alert": alert, "now": world.now}
    if step == 1:
        acknowledge_alert(**given)
    elif step == 3:
        due = world.now.date() + timedelta(days=2)
        act_on_alert(**given, what=ACTIONS[Rule(alert.rule)], due_date=due)
    elif step == 5:
        act_on_alert(**given, what=ACTIONS[Rule(alert.rule)])
        judge_alert(**given, was_right=True, why="They were about to look elsewhere")
    elif step == 7:
        acknowledge_alert(**given)
        judge_alert(**given, was_right=False, why="They were on holiday")


EVERY = 6
"""Of so many relationships one has its value to both sides noted; of so many of these one is lopsided."""

OFFER = (
    ("to_us", "Margin on the yearly volume", "money", False, (9_000, 12_000, 15_000)),
    ("to_us", "Early deliveries outside hours", "time", True, (1_000, 1_500, 2_500)),
    ("to_them", "Price a twentieth lower", "money", False, (1_500, 2_000, 2_500)),
    ("to_them", "Stock kept for them", "risk", False, (300, 500, 900)),
)


def weigh_and_review(world: World) -> None:
    """Notes what some relationships bring both sides, drafts a lopsided offer, and prepares the first reviews due."""
    closed = [kind.slug for kind, _sight in kinds.registry.closed]  # of those nobody weighs the money
    weighed = [placed for placed in world.placed if placed.relationship.kind not in closed]
    for index, placed in enumerate(weighed[::EVERY]):
        theirs = 30 if index % EVERY == 0 else 80
        _note(world, placed, "to_us", "margin", 100 * (index + 20))
        _note(world, placed, "to_them", "discount", theirs * (index + 20))
    first = world.placed[0]
    offer = draft_proposal(
        actor=first.rep,
        relationship=first.relationship,
        title="Two years at a fixed price",
        currency=world.unit.currency_id,
        now=world.now,
    )
    for side, what, kind, is_cost, amounts in OFFER:
        low, likely, high = (Decimal(amount) for amount in amounts)
        estimate = Estimate(side, what, low, likely, high, kind=kind, is_cost=is_cost)
        add_line(actor=first.rep, proposal=offer, estimate=estimate)
    _look_back(world, weighed[1::EVERY])
    open_due_reviews(now=world.now)
    due = Review.objects.filter(relationship__is_sample=True).exclude(relationship__kind__in=closed)
    for review in due.order_by("relationship_id", "pk")[:: EVERY // 2]:
        prepare_review(actor=world.users["sam"], review=review, now=world.now)


CAME_TO = (Decimal("1.05"), Decimal("0.9"), Decimal("0.6"), Decimal("1.4"), None)
"""What the lines of the proposals came to, as parts of what was likely; a proposal in turn still waits."""


def _look_back(world: World, some: list[Placed]) -> None:
    """Some proposals that were accepted more than half a year ago, and what came of them."""
    then, accepted = world.now - timedelta(days=210), 0
    for placed in some:
        if accepted == len(CAME_TO):
            break
        given: dict[str, Any] = {"actor": placed.rep, "now": then}
        title = f"Framework order {then.year}"
        offer = draft_proposal(
            **given, relationship=placed.relationship, title=title, currency=world.unit.currency_id
        )
        for side, what, middle in (("to_us", "Margin", 4_000), ("to_them", "Price a tenth lower", 3_500)):
            low, likely, high = (Decimal(middle) * part / 10 for part in (8, 10, 12))
            add_line(actor=placed.rep, proposal=offer, estimate=Estimate(side, what, low, likely, high))
        if weigh_proposal(offer, today=then.date()).gate:
            continue  # somebody with an open serious problem is offered nothing
        send_proposal(**given, proposal=offer)
        settle_proposal(**given, proposal=offer, outcome="accept")
        accepted += 1
    ask_what_came(now=world.now)
    backs = LookBack.objects.filter(proposal__relationship__is_sample=True, asked_at=world.now)
    for part, back in zip(CAME_TO, backs.select_related("proposal__created_by").order_by("pk"), strict=False):
        lines = back.proposal.lines.order_by("pk")
        came = {line.pk: (line.likely * part, "books") for line in lines} if part else {}
        if came:
            owner = back.proposal.created_by
            note_actuals(actor=owner, proposal=back.proposal, actuals=came, now=world.now)


def _note(world: World, placed: Placed, side: str, category: str, amount: int) -> None:
    middle = Decimal(amount)
    record_value(
        actor=placed.rep,
        relationship=placed.relationship,
        side=side,
        category=category,
        worth=Worth(middle, world.unit.currency_id, middle * Decimal("0.8"), middle * Decimal("1.2")),
        value_date=world.now.date() - timedelta(days=40),
        now=world.now,
    )
