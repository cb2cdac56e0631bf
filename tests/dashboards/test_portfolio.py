"""The portfolio and its movers, in the viewer's sight."""

from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.operations.workspace import Workspace
from dashboards.queries.portfolio import Narrowed, movers, portfolio
from dashboards.queries.standing import to_decide
from dashboards.ui.portfolio import treemap
from relationships.models import Relationship, RelationshipState
from tests.api import ApiClient
from tests.dashboards.portfolio import summed, talked
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


def worth(owner: User, kind: str, value: int | None, health: int) -> Relationship:
    row = make_relationship(kind, owner=owner, name=f"{kind} {health}")
    RelationshipState.objects.filter(relationship=row).update(
        value_amount=value, value_currency="GBP", health=Decimal(health), health_status="watch"
    )
    return row


def test_the_most_valuable_stand_first_and_filters_narrow(boss: User) -> None:
    seller = make_user(kind="suppliers")
    low, high = worth(boss, "customers", 10, 60), worth(boss, "customers", 90, 55)
    bare = worth(seller, "suppliers", None, 51)
    assert portfolio(viewer=boss, narrowed=Narrowed()) == [high, low, bare]
    assert portfolio(viewer=boss, narrowed=Narrowed(kind="customers")) == [high, low]
    assert portfolio(viewer=boss, narrowed=Narrowed(owner_id=seller.pk)) == [bare]
    assert portfolio(viewer=boss, narrowed=Narrowed(health="at_risk")) == []
    assert portfolio(viewer=seller, narrowed=Narrowed()) == [bare]


def test_who_fell_stands_with_by_how_much(boss: User) -> None:
    row = talked("customers", boss, falling=True)
    talked("suppliers", boss)
    summed("customers", "suppliers", weeks=8)
    fallen, risen = movers(viewer=boss, narrowed=Narrowed(kind="customers"), weeks=4, now=NOW)
    assert [found.pk for found in fallen] == [row.pk]
    assert risen == []
    assert fallen[0].moved < 0
    assert (
        movers(viewer=make_user(kind="suppliers"), narrowed=Narrowed(kind="customers"), weeks=4, now=NOW)[0]
        == []
    )


def test_every_rectangle_is_a_link_and_the_page_has_the_same_in_a_table(boss: User, client: Client) -> None:
    rows = [worth(boss, "customers", value, 60 + value) for value in (1, 5, 9)]
    drawn = treemap(portfolio(viewer=boss, narrowed=Narrowed()), with_money={row.pk for row in rows})
    assert [drawn.count(f'href="/customers/{row.pk}/"') for row in rows] == [1, 1, 1]
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/portfolio/?owner=x&kind=nothing&health=odd").content.decode()
    assert [page.count(f'href="/customers/{row.pk}/"') for row in rows] == [2, 2, 2]
    assert client.get("/portfolio/movers/").status_code == 200


def test_worth_is_shown_where_one_may_see_money_and_nowhere_else(boss: User, client: Client) -> None:
    seen, unseen = worth(boss, "customers", 250, 60), worth(boss, "suppliers", 750, 55)
    both = make_user("relationship_manager", "customers")
    RoleGrant.objects.create(user=both, role="hr", kind="suppliers", granted_at=NOW, granted_by=boss)
    client.force_login(both, backend="allauth.account.auth_backends.AuthenticationBackend")
    summed("customers", "suppliers", weeks=2)
    RelationshipState.objects.update(health_status="at_risk")
    for rows in (portfolio(viewer=both, narrowed=Narrowed()), to_decide(viewer=both)):
        assert rows == [seen, unseen]  # an order by what is worth more would tell it
    assert portfolio(viewer=boss, narrowed=Narrowed()) == to_decide(viewer=boss) == [unseen, seen]
    with time_machine.travel(NOW, tick=False):
        deciding = client.get("/dashboards/").content.decode()
    assert ("£250" in deciding, "£750" in deciding, unseen.party_name in deciding) == (True, False, True)
    page = client.get("/portfolio/").content.decode()
    assert [f'href="/{row.kind}/{row.pk}/"' in page for row in (seen, unseen)] == [True, True]
    assert ("£250" in page, "£750" in page) == (True, False)
    rows = ApiClient(both).call("get", "portfolio/").json()["rows"]
    assert {row["relationship"]["id"]: row["value_a_year"] is not None for row in rows} == {
        seen.pk: True,
        unseen.pk: False,
    }
