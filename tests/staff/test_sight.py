"""Who may know of the relationship of employer and employee: the person, their manager, HR, and nobody else."""

import pytest
from django.test import Client

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from accounts.operations.open_items import refuse_while_in_hand
from accounts.operations.workspace import Workspace
from accounts.permissions import ROLES
from accounts.queries.audit import audit_page
from accounts.queries.open_items import in_hand
from core.refusals import Conflict, Missing, NotAllowed
from relationships.models import Party, Relationship
from relationships.operations.handovers import hand_over
from relationships.permissions import may_in, may_somewhere
from relationships.queries.reach import closed_documents, closed_interactions, kinds_reached
from tests.factories import (
    NOW,
    make_document,
    make_follow_up,
    make_interaction,
    make_party,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("", name="Manager")


@pytest.fixture
def person(workspace: Workspace) -> User:
    return make_user("", name="Person")


@pytest.fixture
def theirs(manager: User, person: User) -> Relationship:
    party = make_party("Person", kind="person")
    return make_relationship("staff", party=party, owner=manager, profile={"user": person})


def sees(user: User) -> bool:
    fresh = User.objects.get(pk=user.pk)
    one = Relationship.objects.visible_to(fresh).exists()
    assert one is Party.objects.visible_to(fresh).filter(name="Person").exists()
    return one


def test_the_person_the_manager_and_hr_see_it(theirs: Relationship, manager: User, person: User) -> None:
    assert [sees(user) for user in (person, manager, make_user("hr"), make_user("hr", "staff"))] == [True] * 4


@pytest.mark.parametrize("role", [role for role in ROLES if role != "hr"])
def test_no_other_role_sees_it_in_whatever_team_or_scope(theirs: Relationship, role: str) -> None:
    team = make_team()
    Relationship.objects.update(team=team)
    assert [sees(make_user(role, kind, member_of=team)) for kind in ("", "staff")] == [False, False]
    assert not sees(make_user("hr", "suppliers"))


def test_who_was_the_manager_or_has_left_sees_it_no_more(
    theirs: Relationship, manager: User, person: User
) -> None:
    Relationship.objects.update(owner=make_user(""))
    person.is_active = False
    assert not sees(manager)
    assert not Relationship.objects.visible_to(person).exists()
    assert not may_in(person, Permission.VIEW_RELATIONSHIPS, theirs)


def test_restricted_stays_within_the_same_circle_and_confidential_is_for_the_named(
    theirs: Relationship, manager: User, person: User
) -> None:
    everybody = (person, manager, make_user("hr"), make_user("administrator"))
    Relationship.objects.update(confidentiality=Confidentiality.RESTRICTED)
    assert [sees(user) for user in everybody] == [True, True, True, False]
    Relationship.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    assert [sees(user) for user in everybody] == [False, True, False, False]


def test_the_person_logs_the_manager_promises_and_hr_does_all(
    theirs: Relationship, manager: User, person: User
) -> None:
    asked = (Permission.LOG_INTERACTIONS, Permission.MANAGE_FOLLOW_UPS, Permission.MANAGE_RELATIONSHIPS)
    rights = {
        user.name: [may_in(user, permission, theirs) for permission in asked]
        for user in (person, manager, make_user("hr", name="HR"), make_user("administrator", name="Admin"))
    }
    assert rights == {
        "Person": [True, False, False],
        "Manager": [True, True, False],
        "HR": [True, True, True],
        "Admin": [False, False, False],
    }
    assert not may_somewhere(make_user("administrator"), Permission.MANAGE_RELATIONSHIPS, "staff")
    with pytest.raises(NotAllowed):
        make_follow_up(theirs, actor=person)
    with pytest.raises(Missing):
        make_interaction(theirs, actor=make_user("administrator"))


def test_it_stands_in_the_navigation_of_those_alone(theirs: Relationship, manager: User) -> None:
    assert [kind.slug for kind in kinds_reached(manager)] == ["staff"]
    assert "staff" not in [kind.slug for kind in kinds_reached(make_user("administrator"))]
    client = Client()
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/staff/").status_code == client.get(f"/staff/{theirs.pk}/").status_code == 200
    assert client.get("/customers/").status_code == 404


def test_what_a_manager_has_in_hand_there_forbids_without_being_counted(
    theirs: Relationship, manager: User
) -> None:
    administrator, hr = make_user("administrator"), make_user("hr")
    assert in_hand(of="user", owner_id=manager.pk, viewer=administrator) == []
    assert [item.count for item in in_hand(of="user", owner_id=manager.pk, viewer=hr)] == [1]
    with pytest.raises(Conflict) as refused:
        refuse_while_in_hand(actor=administrator, of="user", owner_id=manager.pk, name="Manager")
    assert (refused.value.missing, "1" in str(refused.value)) == ([], False)


def test_the_audit_log_is_silent_about_it_to_all_others(theirs: Relationship, manager: User) -> None:
    hr, administrator = make_user("hr"), make_user("administrator")
    hand_over(actor=hr, leaver=manager, receiver=make_user(""), reason="Leaves", now=NOW)
    told = {
        user: [line.verb for line in audit_page(viewer=user).lines].count("book_handed_over")
        for user in (hr, administrator)
    }
    assert told == {hr: 1, administrator: 0}


def test_papers_and_talk_are_closed_with_it(theirs: Relationship) -> None:
    hr, administrator = make_user("hr"), make_user("administrator")
    paper, talk = make_document(theirs, actor=hr), make_interaction(theirs, actor=hr)
    assert list(closed_documents(administrator)) == [paper.pk]
    assert list(closed_interactions(administrator)) == [talk.pk]
    assert list(closed_documents(hr)) == list(closed_interactions(hr)) == []
