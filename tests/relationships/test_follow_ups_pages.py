"""Follow-ups by hand: planned, done, taken back, put off, changed, cancelled."""

from datetime import date

import pytest

from accounts.models import User
from relationships.models import FollowUp
from tests.doors import signed_in
from tests.factories import NOW, make_follow_up, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def of(viewer: User) -> FollowUp:
    return make_follow_up(make_relationship(owner=viewer), actor=viewer)


def test_done_and_undone_tell_the_page_that_something_changed() -> None:
    viewer = make_user()
    follow_up = of(viewer)
    response = signed_in(viewer).post(f"/follow-ups/{follow_up.pk}/completion/", **HTMX)
    assert "follow-up:changed" in response.headers["HX-Trigger"]
    assert f"/follow-ups/{follow_up.pk}/reopening/" in response.content.decode()
    follow_up.refresh_from_db()
    assert (follow_up.done_at, follow_up.done_by_id) == (NOW, viewer.pk)
    signed_in(viewer).post(f"/follow-ups/{follow_up.pk}/reopening/", **HTMX)
    follow_up.refresh_from_db()
    assert follow_up.done_at is None


def test_without_scripts_the_visitor_goes_back_to_where_they_were_and_nowhere_else() -> None:
    viewer = make_user()
    first, second = of(viewer), of(viewer)
    response = signed_in(viewer).post(f"/follow-ups/{first.pk}/completion/", {"back": "/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    response = signed_in(viewer).post(f"/follow-ups/{second.pk}/completion/", {"back": "//evil.example/"})
    assert response.headers["Location"] == f"/customers/{second.relationship_id}/"


def test_a_second_completion_is_a_conflict_with_the_moves_that_are_possible() -> None:
    viewer = make_user()
    follow_up = of(viewer)
    client = signed_in(viewer)
    client.post(f"/follow-ups/{follow_up.pk}/completion/")
    response = client.post(f"/follow-ups/{follow_up.pk}/completion/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["allowed"]) == (409, ["reopen"])


def test_it_is_put_off_to_a_day() -> None:
    viewer = make_user()
    follow_up = of(viewer)
    client = signed_in(viewer)
    client.post(f"/follow-ups/{follow_up.pk}/snoozes/", {"due_date": "2026-03-27"}, **HTMX)
    follow_up.refresh_from_db()
    assert (follow_up.due_date, follow_up.snoozes) == (date(2026, 3, 27), 1)
    response = client.post(f"/follow-ups/{follow_up.pk}/snoozes/", {"due_date": "someday"}, **HTMX)
    assert response.status_code == 422
    assert "Enter a valid date" in response.content.decode()
    response = client.post(f"/follow-ups/{follow_up.pk}/snoozes/", {"due_date": "2026-03-27"}, **HTMX)
    assert "It is due then already." in response.content.decode()


def test_it_is_planned_and_changed() -> None:
    viewer, colleague = make_user(), make_user()
    relationship = make_relationship(owner=viewer)
    client = signed_in(viewer)
    address = f"/customers/{relationship.pk}/follow-ups/"
    assert 'value="Plan a call"' in client.get(f"{address}?what=Plan a call", **HTMX).content.decode()
    form = {
        "what": "Plan a call",
        "due_date": "2026-03-20",
        "due_time": "",
        "channel": "call",
        "assignee": viewer.pk,
    }
    client.post(address, form, **HTMX)
    follow_up = FollowUp.objects.get()
    assert (follow_up.what, follow_up.due_date, follow_up.channel) == (
        "Plan a call",
        date(2026, 3, 20),
        "call",
    )
    changed = form | {"what": "Visit instead", "channel": "visit", "assignee": colleague.pk}
    client.post(f"/follow-ups/{follow_up.pk}/", changed, **HTMX)
    follow_up.refresh_from_db()
    assert (follow_up.what, follow_up.assignee_id) == ("Visit instead", colleague.pk)


def test_who_would_not_see_it_cannot_be_given_it() -> None:
    viewer = make_user()
    blind = make_user("relationship_manager", kind="suppliers", name="Blind")
    relationship = make_relationship(owner=viewer)
    form = {"what": "Look", "due_date": "2026-03-20", "assignee": blind.pk}
    response = signed_in(viewer).post(f"/customers/{relationship.pk}/follow-ups/", form, **HTMX)
    assert response.status_code == 422
    assert "Blind cannot see" in response.content.decode()


def test_it_is_cancelled_with_a_reason() -> None:
    viewer = make_user()
    follow_up = of(viewer)
    client = signed_in(viewer)
    assert (
        "leaves the day of its owner"
        in client.get(f"/follow-ups/{follow_up.pk}/cancellation/").content.decode()
    )
    client.post(f"/follow-ups/{follow_up.pk}/cancellation/", {"reason": "They wrote first"}, **HTMX)
    follow_up.refresh_from_db()
    assert follow_up.cancelled_at == NOW


@pytest.mark.parametrize("part", ["", "completion/", "reopening/", "snoozes/", "cancellation/"])
def test_a_follow_up_out_of_sight_does_not_exist(part: str) -> None:
    follow_up = of(make_user())
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    assert client.post(f"/follow-ups/{follow_up.pk}/{part}", {"due_date": "2026-03-27"}).status_code == 404
