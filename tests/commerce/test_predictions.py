"""Alive, expected purchases, worth and value: by the fits in use, and nothing without one."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import call_command

from accounts.operations.workspace import Workspace
from analytics.btyd import BgNbd, GammaGamma, MbgNbd, lifetime_value
from commerce.models import PurchaseFact
from commerce.operations import predictions
from commerce.operations.nightly import refresh_purchases
from relationships.models import Relationship, RelationshipState
from tests.commerce.conftest import MBG, accept_fit
from tests.factories import NOW, make_order, make_relationship

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
BG = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
SPEND = {"p": 6.25, "q": 3.74, "gamma": 15.44}


def buy(relationship: Relationship, *days_ago: int, amount: int = 10, currency: str = "GBP") -> Relationship:
    for ago in days_ago:
        make_order(relationship, TODAY - timedelta(days=ago), amount, currency=currency)
    return relationship


def fact(relationship: Relationship) -> PurchaseFact:
    return PurchaseFact.objects.get(relationship=relationship)


def test_without_a_fit_nothing_is_predicted_and_value_is_the_years_sales(workspace: Workspace) -> None:
    relationship = buy(make_relationship(), 400, 20, 10)
    assert refresh_purchases(now=NOW) == 1
    found = fact(relationship)
    assert (found.alive_probability, found.expected_purchases_year, found.lifetime_value) == (
        None,
        None,
        None,
    )
    state = RelationshipState.objects.get(relationship=relationship)
    assert (state.value_amount, state.value_currency) == (Decimal("20.00"), "GBP")


def test_alive_is_that_of_the_model(workspace: Workspace) -> None:
    accept_fit("mbg-nbd", MBG)
    often, once = buy(make_relationship(), 280, 200, 70), buy(make_relationship(), 140)
    refresh_purchases(now=NOW)
    said = MbgNbd(**MBG).alive(np.array([2.0, 0.0]), np.array([30.0, 0.0]), np.array([40.0, 20.0]))
    assert [fact(often).alive_probability, fact(once).alive_probability] == pytest.approx(said.tolist())


def test_worth_is_expected_purchases_times_expected_spend(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "BATCH", 1)
    accept_fit("mbg-nbd", MBG)
    accept_fit("bg-nbd", BG)
    accept_fit("gamma-gamma", SPEND, currency="GBP")
    pounds = buy(make_relationship(), 280, 210, 70, amount=35)
    dollars = buy(make_relationship(), 280, 210, 70, amount=35, currency="USD")
    refresh_purchases(now=NOW)
    x, t_x, age = np.array([2.0]), np.array([30.0]), np.array([40.0])
    model = BgNbd(**BG)
    spend = GammaGamma(**SPEND).expected_spend(x, np.array([35.0]))
    worth = lifetime_value(model, x, t_x, age, spend, annual_discount=0.10)
    assert fact(pounds).expected_purchases_year == pytest.approx(model.conditional(52.0, x, t_x, age)[0])
    assert float(fact(pounds).lifetime_value or 0) == pytest.approx(float(worth[0]), abs=0.01)
    unmodelled = lifetime_value(model, x, t_x, age, np.array([35.0]), annual_discount=0.10)
    assert float(fact(dollars).lifetime_value or 0) == pytest.approx(float(unmodelled[0]), abs=0.01)
    state = RelationshipState.objects.get(relationship=dollars)
    assert (state.value_amount, state.value_currency) == (fact(dollars).lifetime_value, "USD")


def test_without_bg_nbd_worth_is_by_the_model_of_alive(workspace: Workspace) -> None:
    accept_fit("mbg-nbd", MBG)
    relationship = buy(make_relationship(), 280, 210, 70)
    refresh_purchases(now=NOW)
    said = MbgNbd(**MBG).conditional(52.0, np.array([2.0]), np.array([30.0]), np.array([40.0]))
    assert fact(relationship).expected_purchases_year == pytest.approx(said[0])


def test_contracts_are_never_predicted(workspace: Workspace) -> None:
    accept_fit("mbg-nbd", MBG)
    relationship = buy(make_relationship(revenue_type="contractual"), 280, 210, 70)
    refresh_purchases(now=NOW)
    found = fact(relationship)
    assert (found.alive_probability, found.lifetime_value) == (None, None)
    assert RelationshipState.objects.get(relationship=relationship).value_amount == Decimal("30.00")


def test_value_is_placed_among_the_kind_and_currency(workspace: Workspace) -> None:
    made = [buy(make_relationship(), 20, amount=amount) for amount in (10, 20, 20, 40, 50)]
    alone = buy(make_relationship(), 20, currency="USD")
    refresh_purchases(now=NOW)
    assert [fact(relationship).value_percentile for relationship in [*made, alone]] == [
        0,
        0.25,
        0.25,
        0.75,
        1,
        0,
    ]


def test_only_those_named_are_brought_up_to_date(workspace: Workspace) -> None:
    accept_fit("mbg-nbd", MBG)
    first, second = buy(make_relationship(), 20), buy(make_relationship(), 20)
    refresh_purchases(now=NOW)
    PurchaseFact.objects.update(alive_probability=None, lifetime_value=None)
    refresh_purchases(now=NOW, relationship_ids=[first.pk])
    assert (fact(first).alive_probability is None, fact(second).alive_probability is None) == (False, True)
    assert (fact(first).lifetime_value is None, fact(second).lifetime_value is None) == (False, True)


def test_the_command_does_the_nights_and_the_weeks_work(workspace: Workspace) -> None:
    relationship = buy(make_relationship(), 20)
    call_command("purchases")
    assert fact(relationship).purchase_days == 1
    call_command("purchases", "--refit")
    refusals = (
        relationship.purchases.currency,
        [fit.reason for fit in predictions.ModelFit.objects.order_by("id")],
    )
    assert refusals == (
        "GBP",
        ["Not enough evidence: 1 with purchases, at least 500 are needed."] * 6,
    )
