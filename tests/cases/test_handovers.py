"""Cases go along when a book changes hands, and come back after an absence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.people import deactivate_user
from accounts.operations.workspace import Workspace
from cases.models import Case
from core.refusals import Invalid
from messaging.models import Notification
from relationships.models import Event
from relationships.operations.absences import end_absence
from relationships.operations.handovers import hand_over
from relationships.registry import registry
from tests.factories import NOW, make_case, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(workspace: Workspace) -> tuple[User, User, User, User]:
    """A boss, who leaves, who takes over, and somebody else."""
    leaver, heir, other = (make_user(name=name) for name in ("Leaver", "Heir", "Other"))
    return make_user("administrator", name="Boss"), leaver, heir, other


def held_by(user: User) -> set[Case]:
    return set(Case.objects.open().filter(owner=user))


def test_open_cases_go_with_their_relationship_and_nothing_is_left(people: tuple[User, ...]) -> None:
    boss, leaver, heir, other = people
    own = make_case(make_relationship(owner=leaver), actor=leaver)
    few = make_case(own.relationship, actor=leaver, owner=other, confidentiality=3)
    elsewhere = make_case(make_relationship(owner=other), owner=leaver, actor=other)
    client = Client()
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "2 open cases" in client.get(f"/handovers/new/?person={leaver.pk}").content.decode()
    given: dict[str, Any] = {"actor": boss, "leaver": leaver, "receiver": heir, "reason": "Leaves"}
    handed = hand_over(**given, now=NOW)
    assert (handed.left, held_by(heir), held_by(other)) == ([], {own}, {few, elsewhere})
    assert deactivate_user(actor=boss, user=leaver, now=NOW).is_active is False
    told = Event.objects.filter(verb="cases.assigned").order_by("id").values_list("subject_id", "reason")
    assert list(told) == [(own.pk, "Leaves"), (elsewhere.pk, "Leaves")]
    assert AuditEntry.objects.get(verb="book_handed_over").data["cases"] == 2
    heard = Notification.objects.filter(user=heir, topic="case_assigned").values_list("subject_id", flat=True)
    assert list(heard) == [own.pk]


def test_who_has_cases_alone_hands_these_over_and_they_come_back(people: tuple[User, ...]) -> None:
    boss, leaver, deputy, other = people
    theirs = make_case(make_relationship(owner=other), owner=leaver, actor=other)
    mine = make_case(make_relationship(owner=leaver), actor=leaver)
    given: dict[str, Any] = {"actor": boss, "leaver": leaver, "receiver": deputy, "reason": "Leave"}
    back = NOW.date() + timedelta(days=14)
    handover = hand_over(**given, now=NOW, returns_date=back).handover
    later = make_case(mine.relationship, actor=deputy, now=NOW + timedelta(days=2))
    assert (held_by(other), held_by(deputy)) == ({theirs}, {mine, later})
    end_absence(actor=boss, handover=handover, now=NOW + timedelta(days=3))
    assert (held_by(leaver), held_by(other), held_by(deputy)) == ({theirs, mine, later}, set(), set())
    assert AuditEntry.objects.get(verb="book_given_back").data["cases"] == 3


def test_cases_that_are_forgotten_are_noticed(
    people: tuple[User, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, leaver, heir, other = people
    case = make_case(make_relationship(owner=other), owner=leaver, actor=other)
    works = registry.passed_on
    forgetful = replace(works["cases"], give=lambda *_rows, **_given: None)
    monkeypatch.setitem(works, "cases", forgetful)
    with pytest.raises(Invalid, match="Nothing was handed over"):
        hand_over(actor=boss, leaver=leaver, receiver=heir, reason="Leaves", now=NOW)
    assert held_by(leaver) == {case}
