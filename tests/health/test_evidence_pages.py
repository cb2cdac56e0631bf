"""The page of the rows behind a number: for whoever may see the relationship, and money where it is about money."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.models import RelationshipScore
from health.operations.scoring import score
from relationships.models import Relationship, RelationshipState
from tests.factories import make_relationship, make_user
from tests.health.evidence import NOW, install, only, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    return make_relationship("suppliers", name="Halden", owner=viewer, now=NOW - timedelta(days=400))


def read(client: Client, viewer: User, path: str, status: int = 200) -> str:
    client.force_login(viewer)
    with time_machine.travel(NOW, tick=False):
        response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_why_leads_to_the_rows_of_every_component(theirs: Relationship, viewer: User, client: Client) -> None:
    put(theirs, *range(1, 40, 4), subject="About the pallets")
    score(kind="suppliers", now=NOW)
    why = read(client, viewer, f"/suppliers/{theirs.pk}/why/")
    for component in RelationshipScore.objects.get(pk=theirs.pk).parts:
        address = f"/suppliers/{theirs.pk}/why/{component['key']}/"
        assert f'href="{address}"' in why
        page = read(client, viewer, address)
        has_rows = component["n"] and component["key"] != "problems"
        assert ("About the pallets" in page, "No evidence yet" in page or "Nothing weighs here" in page) == (
            bool(has_rows), not has_rows
        )  # fmt: skip


def test_the_page_shows_totals_the_formula_and_pages_on(
    theirs: Relationship, viewer: User, client: Client
) -> None:
    install(viewer, only("activity", half_life=30))
    put(theirs, *range(30))
    score(kind="suppliers", now=NOW)
    page = read(client, viewer, f"/suppliers/{theirs.pk}/why/activity/")
    assert "1 to 25 of 30, the freshest first" in page
    assert "All rows together" in page
    assert "Not shown to you" not in page
    assert "100 · (1 − e^(−21.89 ÷ 3)): 99.9 points" in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "26 to 30 of 30" in read(client, viewer, f"/suppliers/{theirs.pk}/why/activity/{following}")


def test_hidden_rows_are_named_as_the_rest_only(theirs: Relationship, viewer: User, client: Client) -> None:
    install(viewer, only("problems"))
    put(theirs, 3, problem_severity=4, subject="Late pallets")
    put(theirs, 4, problem_severity=2, subject="Secret matter", confidentiality=3)
    score(kind="suppliers", now=NOW)
    address = f"/suppliers/{theirs.pk}/why/problems/"
    assert "Secret matter" in read(client, viewer, address)
    page = read(client, make_user("relationship_manager"), address)
    assert "Secret matter" not in page
    assert "Not shown to you, or changed since" in page


def test_what_changed_since_the_measurement_is_said(
    theirs: Relationship, viewer: User, client: Client
) -> None:
    put(theirs, 3, 4, 5)
    score(kind="suppliers", now=NOW)
    RelationshipState.objects.filter(pk=theirs.pk).update(stale_at=NOW)
    assert "Something has just changed." in read(client, viewer, f"/suppliers/{theirs.pk}/why/activity/")


def test_without_rows_or_without_the_measure_the_page_says_so(
    theirs: Relationship, viewer: User, client: Client
) -> None:
    score(kind="suppliers", now=NOW)
    assert "No evidence yet" in read(client, viewer, f"/suppliers/{theirs.pk}/why/promises/")
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    stored.basis.measures[0] = "gone"
    stored.basis.save()
    assert "No rows to show" in read(client, viewer, f"/suppliers/{theirs.pk}/why/activity/")


def test_what_was_never_measured_or_may_not_be_known_is_not_there(
    theirs: Relationship, viewer: User, client: Client
) -> None:
    read(client, viewer, f"/suppliers/{theirs.pk}/why/activity/", 404)
    score(kind="suppliers", now=NOW)
    read(client, viewer, f"/suppliers/{theirs.pk}/why/luck/", 404)
    read(client, make_user("representative", "customers"), f"/suppliers/{theirs.pk}/why/activity/", 404)


def test_rows_about_money_want_the_right_to_see_it(viewer: User, client: Client) -> None:
    install(viewer, only("value"), kind="customers")
    customer = make_relationship("customers", owner=viewer, now=NOW - timedelta(days=400))
    score(kind="customers", now=NOW)
    address = f"/customers/{customer.pk}/why/value/"
    assert "No evidence yet" in read(client, viewer, address)
    assert "does not show money" in read(client, make_user("hr"), address, 403)
