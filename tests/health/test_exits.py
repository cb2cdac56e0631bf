"""What an exit would mean: who is touched, what the relationship costs to serve, and what came of a verdict."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import BusinessUnit, User
from accounts.operations.currencies import add_currency
from health.models import Review
from health.queries.cost_to_serve import cost_to_serve
from health.queries.exit_impact import exit_impact
from health.queries.review_facts import gather_facts
from health.queries.reviews import outcome_of, told
from relationships.models import Relationship
from tests.factories import (
    NOW,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)
from tests.health.evidence import note

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def theirs(owner: User) -> Relationship:
    return make_relationship("suppliers", name="Halden", owner=owner, now=NOW - timedelta(days=800))


def cost(relationship: Relationship) -> Any:
    fresh = Relationship.objects.select_related("state", "business_unit").get(pk=relationship.pk)
    return cost_to_serve(fresh, now=NOW)


def test_cost_to_serve_is_hours_at_the_rate_and_what_was_given_up(theirs: Relationship) -> None:
    for ago, minutes in ((1, 90), (2, 30), (3, None), (400, 600)):
        make_interaction(
            theirs, actor=theirs.owner, duration_minutes=minutes, happened_at=NOW - timedelta(days=ago)
        )
    note(theirs, "to_them", category="discount", amount=100)
    note(theirs, "to_them", category="support", amount=20)
    note(theirs, "to_them", category="volume", amount=999)
    note(theirs, "to_us", category="write_off", amount=-50)
    note(theirs, "to_us", category="margin", amount=700)
    note(theirs, "to_them", category="discount", amount=9_000, value_date=TODAY - timedelta(days=366))
    found = cost(theirs)
    assert (found.hours, found.timed, found.talks) == (2.0, 2, 3)
    assert (found.concessions, found.write_offs, found.total) == (Decimal(120), Decimal(50), None)
    BusinessUnit.objects.update(hour_rate=Decimal(40))
    assert cost(theirs).total == Decimal(250)


@pytest.mark.parametrize(("side", "category"), [("to_them", "price"), ("to_us", "write_off")])
def test_another_currency_is_not_added(theirs: Relationship, side: str, category: str) -> None:
    BusinessUnit.objects.update(hour_rate=Decimal(40))
    assert cost(theirs).total == 0
    add_currency(actor=make_user("administrator"), code="CHF", now=NOW)
    note(theirs, side, category=category, amount=-5 if side == "to_us" else 5, currency="CHF")
    assert cost(theirs).total is None


def test_a_review_freezes_the_cost_to_serve_and_tells_it_to_who_sees_money(theirs: Relationship) -> None:
    BusinessUnit.objects.update(hour_rate=Decimal(40))
    make_interaction(theirs, actor=theirs.owner, duration_minutes=45)
    fresh = Relationship.objects.select_related("state", "business_unit").get(pk=theirs.pk)
    review = Review(facts=gather_facts(fresh, now=NOW), relationship=theirs)
    rich, poor = (
        {fact.label: fact.then for fact in told(review, may_see_money=sees).facts} for sees in (True, False)
    )
    label = "Cost to serve in four quarters"
    assert (rich[label], rich["Hours logged in four quarters"], label in poor) == ("£32", "0.8", False)


def test_who_is_touched_stands_in_the_order_to_tell_them(theirs: Relationship, owner: User) -> None:
    halden = theirs.party
    ana = make_person("Ana Ruiz", works_for=halden)
    mill = make_party("Mill")
    holding = make_relationship(name="Holding", owner=owner).party
    make_link(halden, mill, "subsidiary_of")
    make_link(halden, holding, "subsidiary_of")
    make_link(mill, make_party("Quarry"), "subsidiary_of")
    also = make_relationship("customers", party=halden, owner=owner)
    found = exit_impact(viewer=owner, relationship=theirs, as_of=TODAY)
    assert [(each.neighbour.name, each.neighbour.hops) for each in found.affected] == [
        ("Ana Ruiz", 1), ("Holding", 1), ("Mill", 1), ("Quarry", 2),
    ]  # fmt: skip
    assert found.affected[0].neighbour.party_id == ana.pk
    assert found.affected[3].words.startswith("Mill ")
    assert found.with_us == 1
    assert [(kind.slug, url) for kind, url in found.roles] == [("customers", f"/customers/{also.pk}/")]


def test_whom_one_may_not_know_of_is_neither_named_nor_counted(theirs: Relationship, owner: User) -> None:
    viewer = make_user(kind="suppliers")
    hidden = make_relationship("customers", name="Zebra", owner=owner).party
    make_link(theirs.party, hidden, "subsidiary_of")
    make_relationship("customers", party=theirs.party, owner=owner)
    found = exit_impact(viewer=viewer, relationship=theirs, as_of=TODAY)
    assert (found.roles, found.affected, found.with_us) == ([], [], 0)
    assert [
        each.neighbour.name for each in exit_impact(viewer=owner, relationship=theirs, as_of=TODAY).affected
    ] == ["Zebra"]


@pytest.mark.parametrize(
    ("verdict", "then", "later", "words", "as_meant"),
    [
        ("exit", 40, {"is_closed": True}, "It has ended.", True),
        ("exit", 40, {"is_closed": False}, "It goes on all the same.", False),
        ("repair", 40, {"health": 52.0}, "Health went from 40 to 52.", True),
        ("repair", 20, {"health": 28.0}, "Health went from 20 to 28.", True),
        ("repair", 40, {"health": 47.0}, "Health went from 40 to 47.", False),
        ("keep", 70, {"health": 63.0}, "Health went from 70 to 63.", True),
        ("grow", 70, {"health": 62.0}, "Health went from 70 to 62.", False),
        ("keep", None, {"health": 62.0}, "Health is not known on both days, so nothing can be said.", None),
    ],
)
def test_a_verdict_is_compared_with_what_came_of_it(
    verdict: str, then: float | None, later: dict[str, Any], words: str, as_meant: bool | None
) -> None:
    found = outcome_of(Review(verdict=verdict, facts={"health": then}, later=later))
    assert found is not None
    assert (found.words, found.is_as_meant) == (words, as_meant)


def test_before_the_two_quarters_are_over_nothing_is_compared() -> None:
    assert outcome_of(Review(verdict="keep", facts={"health": 1})) is None
