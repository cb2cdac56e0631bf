"""What trade tells health: the same now and for a moment that has passed."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from accounts.operations.workspace import Workspace
from analytics.btyd import MbgNbd
from commerce.measures import ALIVE, VALUE
from commerce.operations.nightly import refresh_purchases
from health.models import RelationshipScore
from health.operations.scoring import score
from health.queries.evidence import evidence_page
from health.queries.explanation import scores_of
from health.registry import Reading
from relationships.models import Relationship
from tests.commerce.conftest import MBG, accept_fit
from tests.factories import NOW, make_order, make_relationship, make_user

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def parts(relationship: Relationship, as_of: datetime) -> dict[str, tuple[float | None, float]]:
    score(kind="customers", now=as_of)
    stored = RelationshipScore.objects.get(relationship=relationship).parts
    return {part["key"]: (part["value"], part["n"]) for part in stored if part["key"] in ("alive", "value")}


@pytest.fixture
def buyers(workspace: Workspace) -> list[Relationship]:
    accept_fit("mbg-nbd", MBG)
    made = [make_relationship(now=NOW - timedelta(days=500)) for _ in range(3)]
    for place, relationship in enumerate(made, start=1):
        for ago in (280, 210, 70):
            make_order(relationship, TODAY - timedelta(days=ago), 10 * place)
    make_order(made[0], TODAY - timedelta(days=7), 100)
    refresh_purchases(now=NOW)
    return made


def test_alive_and_value_are_measured(buyers: list[Relationship]) -> None:
    said = MbgNbd(**MBG).alive(np.array([3.0]), np.array([39.0]), np.array([40.0]))
    assert parts(buyers[0], NOW) == {"alive": (pytest.approx(said[0]), 4), "value": (1.0, 4)}


def test_the_rows_behind_them_are_the_days_with_orders(buyers: list[Relationship]) -> None:
    make_order(buyers[0], TODAY - timedelta(days=6), -30)
    refresh_purchases(now=NOW)
    score(kind="customers", now=NOW)
    (stored,) = scores_of([buyers[0].pk]).values()
    found = {}
    for part in stored.parts:
        if part["key"] in ("alive", "value"):
            page = evidence_page(
                viewer=make_user(), relationship=buyers[0], stored=stored, part=part, cursor=""
            )
            assert page is not None
            found[part["key"]] = page
    assert [(row.age, row.figures) for row in found["alive"].rows] == [
        (7, [1]), (70, [1]), (210, [1]), (280, [1])
    ]  # fmt: skip
    assert (found["alive"].totals[0].counted, found["alive"].has_rest) == (4, False)
    assert [row.figures for row in found["value"].rows] == [[-30], [100], [10], [10], [10]]
    day = (TODAY - timedelta(days=70)).isoformat()
    assert found["alive"].rows[1].shown.href == f"/customers/{buyers[0].pk}/orders/?month={day[:7]}"
    assert found["alive"].formula.startswith("4 days with a purchase")
    assert "more than with 100.0 %" in found["value"].formula


def test_the_past_knows_nothing_of_what_came_later(buyers: list[Relationship]) -> None:
    said = MbgNbd(**MBG).alive(np.array([2.0]), np.array([30.0]), np.array([36.0]))
    assert parts(buyers[0], NOW - timedelta(days=28)) == {
        "alive": (pytest.approx(said[0]), 3),
        "value": (0.0, 3),
    }


def test_before_the_first_order_there_is_no_evidence(buyers: list[Relationship]) -> None:
    assert parts(buyers[0], NOW - timedelta(days=300)) == {"alive": (None, 0), "value": (None, 0)}


def test_contracts_and_kinds_without_a_fit_have_no_evidence_of_being_alive(workspace: Workspace) -> None:
    contract = make_relationship(revenue_type="contractual")
    make_order(contract, TODAY - timedelta(days=7))
    refresh_purchases(now=NOW)
    assert parts(contract, NOW)["alive"] == (None, 0)
    accept_fit("mbg-nbd", MBG)
    assert parts(contract, NOW)["alive"] == (None, 0)


def test_the_measures_speak() -> None:
    reading = Reading(0.634, 12, {"last_age": 41.0, "after": 0.9})
    assert ALIVE.describe(reading) == "Bought on 12 days, the last 41 days ago: 63 % likely to buy again"
    assert ALIVE.describe(Reading(0.5, 1, {"last_age": 1.0})) == (
        "Bought on 1 day, the last 1 day ago: 50 % likely to buy again"
    )
    assert VALUE.describe(Reading(0.75, 3)) == "Worth more than 75 % of the others"
    assert ALIVE.step is not None
    step = ALIVE.step(reading)
    assert step is not None
    assert (step.value, str(step.words)) == (0.9, "Win an order")
    assert ALIVE.step(Reading(0.95, 12, {"after": 0.9})) is None
