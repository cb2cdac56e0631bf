"""The rows behind a brief's figures, as they stood then: the counts reconcile with them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Missing
from dashboards.models import Brief
from dashboards.operations.briefs import make_brief
from dashboards.operations.cells import add_up
from dashboards.queries.brief_rows import BANDS, brief_rows, row_then
from dashboards.queries.briefs import brief_for
from dashboards.ui.briefs import brief_cards
from health.models import ScoreSnapshot
from relationships.models import Relationship
from tests.dashboards.portfolio import sealed, summed, talked
from tests.dashboards.test_briefs import snap
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 16)


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


@pytest.fixture
def book(boss: User) -> dict[str, Relationship]:
    """Customers in every band on the Monday, one of them sealed; one without any score."""
    names = ("Fine", "Watched", "Risky", "Sealed")
    rows = {name: talked("customers", boss, name=name) for name in names}
    rows["Quiet"] = make_relationship(name="Quiet", owner=boss, now=NOW - timedelta(days=60))
    summed("customers", weeks=3)
    ScoreSnapshot.objects.filter(relationship=rows["Quiet"]).delete()
    statuses = {"Fine": (80.0, "healthy"), "Watched": (60.0, "watch"), "Risky": (30.0, "at_risk")}
    for name, (score, status) in (statuses | {"Sealed": (20.0, "at_risk")}).items():
        snap(rows[name], MONDAY - timedelta(days=7), 50.0)
        snap(rows[name], MONDAY, score, status)
    sealed(rows["Sealed"])
    return rows


@pytest.fixture
def brief(book: dict[str, Relationship]) -> Brief:
    add_up(now=NOW, week=MONDAY)
    return make_brief(now=NOW)


def names(viewer: User, brief: Brief, band: str = "") -> list[str]:
    return [
        row.party_name for row in brief_rows(viewer=viewer, brief=brief, kind="customers", band=band).rows
    ]


@pytest.mark.parametrize("role", ["executive", "relationship_manager"])
def test_every_figure_of_a_card_is_the_number_of_its_rows(boss: User, brief: Brief, role: str) -> None:
    viewer = boss if role == "executive" else make_user(role)
    (card,) = brief_cards(brief_for(viewer=viewer, brief=brief, now=NOW))
    assert card.url == f"/briefs/{brief.pk}/rows/?kind=customers&band="
    for part in card.parts:
        band = part["url"].rpartition("=")[2]
        assert band in BANDS
        assert part["count"] == len(names(viewer, brief, band)), band
    assert card.standing.now.relationships == len(names(viewer, brief)) == (5 if viewer == boss else 4)


def test_what_happens_later_does_not_change_the_rows_of_then(
    boss: User, book: dict[str, Relationship], brief: Brief
) -> None:
    later = NOW + timedelta(days=9)
    snap(book["Risky"], MONDAY + timedelta(days=7), 90.0, "healthy")
    Relationship.objects.filter(pk=book["Fine"].pk).update(
        closed_at=later, closed_by=boss, closed_reason="Moved"
    )
    make_relationship(name="New", owner=boss, now=later)
    assert names(boss, brief) == ["Fine", "Quiet", "Risky", "Sealed", "Watched"]
    assert names(boss, brief, "at_risk") == ["Risky", "Sealed"]
    assert names(boss, brief, "none") == ["Quiet"]


def test_one_row_shows_what_it_was_made_of_and_what_moved(
    boss: User, book: dict[str, Relationship], brief: Brief
) -> None:
    row = row_then(viewer=boss, brief=brief, relationship_id=book["Risky"].pk)
    assert (row.status, row.score, row.before) == ("at_risk", Decimal("30.0"), Decimal("50.0"))
    (part,) = row.parts
    assert (part.points, part.share, part.moved) == (30.0, 100.0, Decimal("-20.0"))
    quiet = row_then(viewer=boss, brief=brief, relationship_id=book["Quiet"].pk)
    assert (quiet.score, quiet.parts) == (None, [])


def test_a_week_in_which_nothing_was_kept_shows_what_held(
    boss: User, book: dict[str, Relationship], brief: Brief
) -> None:
    ScoreSnapshot.objects.filter(relationship=book["Risky"], week=MONDAY).delete()
    row = row_then(viewer=boss, brief=brief, relationship_id=book["Risky"].pk)
    assert (row.score, row.before, [part.moved for part in row.parts]) == (Decimal(50), Decimal(50), [None])


def test_what_one_may_not_know_of_is_not_there(book: dict[str, Relationship], brief: Brief) -> None:
    seller = make_user(kind="suppliers")
    assert names(seller, brief) == []
    for pk in (book["Risky"].pk, 999_999):
        with pytest.raises(Missing):
            row_then(viewer=seller, brief=brief, relationship_id=pk)


def test_the_pages_show_the_rows_of_then(
    boss: User, book: dict[str, Relationship], brief: Brief, client: Client
) -> None:
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = f"/briefs/{brief.pk}/"
    with time_machine.travel(NOW, tick=False):
        assert f'href="{here}rows/{book["Risky"].pk}/"' in client.get(here).content.decode()
        listed = client.get(f"{here}rows/?kind=customers&band=at_risk").content.decode()
        assert ("Risky" in listed, "Watched" in listed) == (True, False)
        assert "Watched" in client.get(f"{here}rows/?kind=customers&band=moon").content.decode()
        assert "Nobody" in client.get(f"{here}rows/?kind=suppliers").content.decode()
        assert client.get(f"{here}rows/?kind=moon").status_code == 404
        row = client.get(f"{here}rows/{book['Risky'].pk}/").content.decode()
    assert "50.0 the week before" in row
