"""Roles: what each may do, where it holds, and that somebody always administers."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.enums import Permission as P
from accounts.models import AuditEntry, RoleGrant, User
from accounts.operations.roles import end_grant, grant_role
from accounts.permissions import ROLES, holds, holds_everywhere, require
from core.refusals import Conflict, Invalid, NotAllowed
from tests.factories.people import make_business_unit, make_team, make_user

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
DAILY = {
    P.VIEW_RELATIONSHIPS,
    P.LOG_INTERACTIONS,
    P.EDIT_PARTIES,
    P.MANAGE_COMMITMENTS,
    P.MANAGE_FOLLOW_UPS,
    P.MANAGE_CASES,
}
MAY = {
    "administrator": set(P),
    "executive": DAILY
    | {P.MANAGE_RELATIONSHIPS, P.ASSIGN, P.VIEW_MONEY, P.EXPORT_DATA, P.SHARE_VIEWS, P.CONFIGURE_HEALTH},
    "relationship_manager": DAILY
    | {P.MANAGE_RELATIONSHIPS, P.ASSIGN, P.VIEW_MONEY, P.IMPORT_DATA, P.EXPORT_DATA, P.SHARE_VIEWS},
    "representative": DAILY | {P.VIEW_MONEY},
    "finance": {
        P.VIEW_RELATIONSHIPS,
        P.VIEW_MONEY,
        P.MANAGE_COMMITMENTS,
        P.MANAGE_FOLLOW_UPS,
        P.EXPORT_DATA,
    },
    "hr": DAILY | {P.MANAGE_RELATIONSHIPS, P.ASSIGN, P.IMPORT_DATA, P.EXPORT_DATA, P.SHARE_VIEWS},
    "auditor": {P.VIEW_RELATIONSHIPS, P.VIEW_MONEY, P.VIEW_AUDIT, P.EXPORT_DATA},
    "api_client": DAILY | {P.MANAGE_RELATIONSHIPS, P.IMPORT_DATA},
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", MAY)
def test_each_role_may_exactly_this(role: str) -> None:
    user = make_user(role)
    assert {permission for permission in P if holds(user, permission)} == MAY[role]
    assert {permission for permission in P if user.may(permission)} == MAY[role]


def test_there_are_no_other_roles() -> None:
    assert sorted(ROLES) == sorted(MAY)


@pytest.mark.django_db
def test_nobody_may_anything_without_a_role_or_once_they_have_left() -> None:
    nobody = make_user("")
    gone = make_user("administrator", is_active=False, deactivated_at=NOW)
    assert [holds(user, permission) for user in (nobody, gone) for permission in P] == [False] * 2 * len(P)


@pytest.mark.django_db
def test_a_role_within_a_scope_does_not_administer_the_workspace() -> None:
    scoped = [
        make_user("administrator", "customers"),
        make_user("administrator", team=make_team()),
        make_user("administrator", business_unit=make_business_unit()),
    ]
    assert [holds(user, P.MANAGE_PEOPLE) for user in scoped] == [True] * 3
    assert [holds_everywhere(user, P.MANAGE_PEOPLE) for user in scoped] == [False] * 3
    with pytest.raises(NotAllowed, match=r"Only an administrator may manage people, roles and teams\."):
        require(scoped[0], P.MANAGE_PEOPLE)
    with pytest.raises(NotAllowed, match=r"Your role does not allow this\."):
        require(make_user("auditor"), P.IMPORT_DATA)


@pytest.mark.django_db
def test_a_role_is_given_within_a_scope() -> None:
    actor, user = make_user("administrator"), make_user("")
    team = make_team()
    grant = grant_role(
        actor=actor,
        user=user,
        role="representative",
        kind="customers",
        team=team,
        business_unit=team.business_unit,
        now=NOW,
    )
    assert (grant.user, grant.role, grant.kind, grant.team) == (user, "representative", "customers", team)
    assert (grant.granted_at, grant.granted_by, grant.ended_at) == (NOW, actor, None)
    assert User.objects.get(pk=user.pk).may(P.LOG_INTERACTIONS)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_id) == ("role_granted", actor.pk, user.pk)
    assert entry.data == {
        "grant": grant.pk,
        "role": "representative",
        "kind": "customers",
        "team": team.pk,
        "business_unit": team.business_unit_id,
    }


@pytest.mark.django_db
def test_the_same_role_in_the_same_scope_is_held_once() -> None:
    actor, user = make_user("administrator"), make_user("finance", name="Tom")
    with pytest.raises(Conflict, match=r"Tom holds this role in this scope already\."):
        grant_role(actor=actor, user=user, role="finance", now=NOW)
    grant_role(actor=actor, user=user, role="finance", kind="customers", now=NOW)
    assert user.grants.count() == 2


@pytest.mark.django_db
def test_a_scope_that_makes_no_sense_is_refused_field_by_field() -> None:
    actor, user = make_user("administrator"), make_user("")
    closed_team, closed_unit = make_team("Old"), make_business_unit("Shut", closed_at=NOW)
    closed_team.closed_at = NOW
    closed_team.save()

    def errors(**scope: object) -> dict[str, list[str]]:
        with pytest.raises(Invalid) as refusal:
            grant_role(actor=actor, user=user, now=NOW, **scope)
        return refusal.value.errors

    assert errors(role="king", kind="aliens") == {
        "role": ["There is no role called “king”."],
        "kind": ["There is no kind of relationship called “aliens”."],
    }
    assert errors(role="hr", team=closed_team, business_unit=closed_team.business_unit) == {
        "team": ["The team Old is closed."]
    }
    assert errors(role="hr", business_unit=closed_unit) == {
        "business_unit": ["The business unit Shut is closed."]
    }
    north = make_team("North")
    south = make_business_unit("South")
    assert errors(role="hr", team=north, business_unit=south) == {
        "team": ["North belongs to another business unit than South."]
    }
    words = "An administrator runs the whole workspace; leave kind, team and unit empty."
    for scope in ({"kind": "customers"}, {"team": north}, {"business_unit": south}):
        assert errors(role="administrator", **scope) == {"role": [words]}
    assert RoleGrant.objects.filter(user=user).count() == 0


@pytest.mark.django_db
def test_nobody_gets_a_role_once_they_have_left() -> None:
    actor = make_user("administrator")
    gone = make_user("", name="Tom", is_active=False, deactivated_at=NOW)
    with pytest.raises(Conflict, match=r"Tom is not active; nobody can be given a role then\."):
        grant_role(actor=actor, user=gone, role="hr", now=NOW)


@pytest.mark.django_db
def test_only_an_administrator_gives_and_ends_roles() -> None:
    user = make_user("finance")
    for role in sorted(set(ROLES) - {"administrator"}):
        actor = make_user(role)
        with pytest.raises(NotAllowed):
            grant_role(actor=actor, user=user, role="hr", now=NOW)
        with pytest.raises(NotAllowed):
            end_grant(actor=actor, grant=user.grants.get(), now=NOW)
    assert user.grants.filter(ended_at=None).count() == 1


@pytest.mark.django_db
def test_an_ended_role_counts_no_more_and_cannot_be_ended_twice() -> None:
    actor, user = make_user("administrator"), make_user("finance")
    grant = end_grant(actor=actor, grant=user.grants.get(), now=NOW)
    assert (grant.ended_at, grant.ended_by) == (NOW, actor)
    assert not User.objects.get(pk=user.pk).may(P.VIEW_MONEY)
    assert AuditEntry.objects.get().verb == "role_ended"
    with pytest.raises(Conflict, match=r"This role has been ended already\."):
        end_grant(actor=actor, grant=grant, now=NOW)
    grant_role(actor=actor, user=user, role="finance", now=NOW)


@pytest.mark.django_db
def test_the_last_administrator_stays() -> None:
    actor = make_user("administrator", name="Ann")
    make_user("administrator", is_active=False, deactivated_at=NOW)
    with pytest.raises(Conflict, match=r"Ann is the only administrator\. Make somebody else one first\."):
        end_grant(actor=actor, grant=actor.grants.get(), now=NOW)
    make_user("administrator")
    end_grant(actor=actor, grant=actor.grants.get(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other() -> None:
    first, second = make_user("administrator"), make_user("administrator")
    start = threading.Barrier(2)
    results: list[str] = []

    def remove(actor: User, other: User) -> None:
        start.wait()
        try:
            end_grant(actor=actor, grant=other.grants.get(), now=NOW)
            results.append("ended")
        except (Conflict, NotAllowed):
            results.append("kept")
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["ended", "kept"]
    assert RoleGrant.objects.filter(role="administrator", ended_at=None).count() == 1
