"""An absence: a book goes to a deputy for a time and comes back by itself, with nothing left over."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry, RoleGrant, User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Commitment, Event, FollowUp, Handover, Relationship
from relationships.operations import absences
from relationships.operations.absences import end_absence, return_books
from relationships.operations.handovers import HandedOver, hand_over
from relationships.operations.relationships import close_relationship
from relationships.tasks import return_books as return_task
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
BACK = NOW.date() + timedelta(days=14)
THEN = NOW + timedelta(days=14)


@pytest.fixture
def away() -> User:
    return make_user(name="Ana Away")


@pytest.fixture
def deputy() -> User:
    return make_user(name="Deputy")


def go(boss: User, away: User, deputy: User, **fields: object) -> HandedOver:
    given = {
        "actor": boss,
        "leaver": away,
        "receiver": deputy,
        "reason": "Leave",
        "now": NOW,
        "returns_date": BACK,
    }
    return hand_over(**given | fields)


def book(owner: User, size: int = 2) -> list[Relationship]:
    made = [make_relationship(owner=owner) for _ in range(size)]
    for relationship in made:
        make_commitment(relationship, owner=owner)
        make_follow_up(relationship, assignee=owner)
    return made


def in_hand(user: User) -> tuple[int, int, int]:
    return (
        Relationship.objects.open().filter(owner=user).count(),
        Commitment.objects.open().filter(owner=user).count(),
        FollowUp.objects.open().filter(assignee=user).count(),
    )


def test_it_goes_and_comes_back_whole_on_its_day(boss: User, away: User, deputy: User) -> None:
    book(away)
    other = make_relationship(owner=make_user(name="Other"))
    make_commitment(other, owner=away)
    make_follow_up(other, assignee=away)
    go(boss, away, deputy)
    assert (in_hand(away), in_hand(deputy)) == ((0, 0, 0), (2, 2, 2))
    assert return_books(now=THEN - timedelta(days=1)) == 0
    assert [return_books(now=THEN), return_books(now=THEN)] == [1, 0]
    assert (in_hand(away), in_hand(deputy), in_hand(other.owner)) == ((2, 3, 3), (0, 0, 0), (1, 0, 0))
    assert (
        Event.objects.filter(verb="handed_over", data__to="Ana Away", reason="Back from absence").count() == 2
    )
    counts = {"relationships": 2, "promises": 3, "follow_ups": 3}
    assert AuditEntry.objects.get(verb="book_given_back").data == counts


def test_what_the_deputy_took_on_there_comes_too_and_what_was_theirs_stays(
    boss: User, away: User, deputy: User
) -> None:
    (relationship,) = book(away, 1)
    own = make_commitment(relationship, owner=deputy, now=NOW - timedelta(days=3))
    go(boss, away, deputy)
    make_commitment(relationship, actor=deputy, owner=deputy, now=NOW + timedelta(days=2))
    return_books(now=THEN)
    assert in_hand(away) == (1, 2, 1)
    assert list(Commitment.objects.open().filter(owner=deputy)) == [own]


def test_what_was_given_on_or_closed_meanwhile_stays_where_it_is(
    boss: User, away: User, deputy: User
) -> None:
    given_on, closed = make_relationship(owner=away), make_relationship(owner=away)
    go(boss, away, deputy)
    third = make_user()
    Relationship.objects.filter(pk=given_on.pk).update(owner=third)
    close_relationship(actor=boss, relationship=closed, now=NOW, reason="Moved")
    assert return_books(now=THEN) == 1
    assert sorted(Relationship.objects.values_list("owner", flat=True)) == sorted([third.pk, deputy.pk])


def test_what_they_may_no_longer_know_of_stays_with_the_deputy(boss: User, away: User, deputy: User) -> None:
    kept, lost = book(away)
    go(boss, away, deputy)
    Relationship.objects.filter(pk=lost.pk).update(kind="suppliers")
    RoleGrant.objects.filter(user=away).update(kind="customers")
    return_books(now=THEN)
    assert set(Relationship.objects.filter(owner=away)) == {kept}
    assert (in_hand(away), in_hand(deputy)) == ((1, 1, 1), (1, 1, 1))


def test_who_left_meanwhile_gets_nothing_back(boss: User, away: User, deputy: User) -> None:
    book(away)
    go(boss, away, deputy)
    User.objects.filter(pk=away.pk).update(is_active=False, deactivated_at=NOW, deactivated_by=boss)
    assert [return_books(now=THEN), return_books(now=THEN)] == [1, 0]
    assert in_hand(deputy) == (2, 2, 2)


def test_it_is_over_when_the_day_begins_where_they_live(boss: User, away: User, deputy: User) -> None:
    User.objects.filter(pk=away.pk).update(time_zone="Pacific/Auckland")
    book(away, 1)
    go(boss, User.objects.get(pk=away.pk), deputy)
    evening = THEN.replace(hour=12) - timedelta(days=1)
    assert [return_books(now=evening.replace(hour=10)), return_books(now=evening)] == [0, 1]


def test_teams_keep_their_lead_in_an_absence(boss: User, away: User, deputy: User) -> None:
    team = make_team(lead=away)
    book(away, 1)
    go(boss, away, deputy)
    team.refresh_from_db()
    assert team.lead == away


def test_the_day_lies_ahead(boss: User, away: User, deputy: User) -> None:
    book(away, 1)
    with pytest.raises(Invalid) as refused:
        go(boss, away, deputy, returns_date=NOW.date())
    assert list(refused.value.errors) == ["returns_date"]
    assert Relationship.objects.get().owner == away


def test_it_ends_early_by_whose_it_is_or_who_handed_it_over(boss: User, away: User, deputy: User) -> None:
    book(away)
    handover = go(boss, away, deputy).handover
    with pytest.raises(NotAllowed):
        end_absence(actor=deputy, handover=handover, now=NOW)
    with pytest.raises(Missing):
        end_absence(actor=make_user(""), handover=handover, now=NOW)
    assert end_absence(actor=away, handover=handover, now=NOW) == 2
    with pytest.raises(Conflict):
        end_absence(actor=boss, handover=handover, now=NOW)
    assert return_books(now=THEN) == 0
    for_good = go(boss, away, deputy, returns_date=None).handover
    with pytest.raises(Conflict):
        end_absence(actor=boss, handover=for_good, now=NOW)


def test_something_left_with_the_deputy_is_noticed(
    boss: User, away: User, deputy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The assertion is not blind: were promises forgotten, nothing would come back."""
    book(away)
    handover = go(boss, away, deputy).handover
    monkeypatch.setattr(absences, "pass_on_promises", lambda *_args, **_given: None)
    with pytest.raises(Invalid, match="Something would be left"):
        end_absence(actor=boss, handover=handover, now=NOW)
    assert in_hand(away) == (0, 0, 0)


def test_the_pages_hand_over_for_a_time_and_take_back(boss: User, away: User, deputy: User) -> None:
    book(away)
    client = Client()
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        given = {
            "person": away.pk,
            "receiver": deputy.pk,
            "reason": "Leave",
            "returns_date": BACK.isoformat(),
        }
        here = client.post("/handovers/new/", given).headers["Location"]
        assert "For the absence of Ana Away" in client.get(here).content.decode()
        assert "comes back" in client.get("/handovers/").content.decode()
        assert client.post(f"{here}return/").headers["Location"] == here
        assert "It came back" in client.get(here).content.decode()
        assert client.post(f"{here}return/").status_code == 409
    assert Handover.objects.get().returned_at == NOW


def test_the_timer_runs_it(boss: User, away: User, deputy: User) -> None:
    book(away, 1)
    go(boss, away, deputy)
    with time_machine.travel(THEN, tick=False):
        assert return_task() == 1
