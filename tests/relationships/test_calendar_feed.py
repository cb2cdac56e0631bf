"""A calendar by subscription: what is in it, for whom, and how it ends."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from accounts.enums import Confidentiality, Scope
from accounts.models import AccessToken, User
from accounts.operations.tokens import create_token
from accounts.operations.workspace import Workspace
from relationships.models import Relationship
from tests.factories import NOW, make_commitment, make_follow_up, make_relationship, make_user

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("relationship_manager", time_zone="Europe/Berlin")


def address_of(client: Client, user: User) -> str:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post("/settings/calendar/").content.decode()
    found = re.search(r"/calendar/feeds/[^<]+", page)
    assert found
    return found[0]


def events(address: str) -> dict[str, Any]:
    """What a program without a session gets, by the first word of its summary."""
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


@time_machine.travel(NOW, tick=False)
def test_a_calendar_has_the_days_and_times_of_what_its_owner_has_to_do(client: Client, viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    name = relationship.party_name
    make_follow_up(relationship, actor=viewer, what="Call; ask, listen", due_date=DAY, due_time=time(15, 30))
    late = make_follow_up(relationship, actor=viewer, what="Send the list", due_date=DAY - timedelta(days=3))
    make_commitment(relationship, actor=viewer, what="Deliver", due_date=DAY + timedelta(days=5))
    make_commitment(relationship, actor=viewer, what="Pay", direction="theirs", due_date=DAY)
    found = events(address_of(client, viewer))
    assert set(found) == {
        f"Follow up: Call; ask, listen ({name})", f"Follow up: Send the list ({name})",
        f"Promised: Deliver ({name})", f"They promised: Pay ({name})",
    }  # fmt: skip
    call, listed = (found[f"Follow up: {what} ({name})"] for what in ("Call; ask, listen", "Send the list"))
    assert call["dtstart"].dt.isoformat() == f"{DAY}T14:30:00+00:00"
    assert (listed["dtstart"].dt, listed["uid"]) == (DAY - timedelta(days=3), f"follow-up-{late.pk}@relman")
    assert str(listed["url"]).endswith(f"/follow-ups/{late.pk}/")


def test_what_one_may_no_longer_know_of_leaves_the_calendar(client: Client, viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    make_follow_up(relationship, actor=viewer, what="Secret", due_date=DAY)
    make_commitment(relationship, actor=viewer, what="Secret", due_date=DAY)
    make_follow_up(make_relationship(), what="Somebody else's", due_date=DAY)
    with time_machine.travel(NOW, tick=False):
        address = address_of(client, viewer)
        assert len(events(address)) == 2
        Relationship.objects.filter(pk=relationship.pk).update(
            owner=make_user(), confidentiality=Confidentiality.CONFIDENTIAL
        )
        assert events(address) == {}


def test_an_address_ends_with_its_token_its_owner_or_its_scope(client: Client, viewer: User) -> None:
    address = address_of(client, viewer)
    token = AccessToken.objects.get()
    assert client.get("/settings/calendar/").content.decode().count(token.hint) == 1
    assert Client().get(address).status_code == 200
    User.objects.filter(pk=viewer.pk).update(is_active=False, deactivated_at=NOW)
    assert Client().get(address).status_code == 404
    User.objects.filter(pk=viewer.pk).update(is_active=True, deactivated_at=None)
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/settings/calendar/{token.pk}/ending/").status_code in (302, 303)
    assert [Client().get(a).status_code for a in (address, "/calendar/feeds/none/relman.ics")] == [404, 404]
    _token, words = create_token(
        actor=viewer, user=viewer, name="Script", scopes=[Scope.HEALTH_READ.value], days=9, now=NOW
    )
    with time_machine.travel(NOW, tick=False):
        assert Client().get(f"/calendar/feeds/{words}/relman.ics").status_code == 404
