"""No page asks the database more with more rows, and each as often as is written down: tests/query_counts.json."""

import json
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, make_team, make_user
from tests.pages import PAGES

BUDGETS: dict[str, int] = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text())
MOST = 12

pytestmark = pytest.mark.no_cover
"""Every list page twice, all of them tested elsewhere: what of the code they reach is not the question here."""


def queries_of(name: str, rows: int) -> list[str]:
    viewer = make_user("administrator", member_of=make_team())
    address = PAGES[name](viewer, rows)
    client = Client()
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 200  # fills what a process keeps from its first request on
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"][:90] for query in captured.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_runs_exactly_the_queries_of_its_budget(name: str, rows: int) -> None:
    with time_machine.travel(NOW, tick=False):
        ran = queries_of(name, rows)
    assert len(ran) == BUDGETS[name], "\n".join(ran)


def test_no_budget_is_above_twelve_and_each_has_its_page() -> None:
    assert {name: most for name, most in BUDGETS.items() if most > MOST} == {}
    assert sorted(BUDGETS) == sorted(PAGES)
