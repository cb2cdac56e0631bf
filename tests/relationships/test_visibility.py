"""Who may know of what: by role, scope and class, for every model that a page lists."""

import pytest

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import (
    Commitment,
    ConfidentialAccess,
    Event,
    FollowUp,
    Interaction,
    Party,
    PartyLink,
    Relationship,
)
from relationships.permissions import may_in
from tests.factories import (
    NOW,
    make_business_unit,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def sees(user: User) -> list[str]:
    return sorted(Relationship.objects.visible_to(user).values_list("party_name", flat=True))


def again(user: User) -> User:
    """The same user as the next request would load them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", ["administrator", "executive", "relationship_manager", "finance", "auditor"])
def test_a_role_that_reaches_everything_sees_every_open_and_internal_row(
    workspace: Workspace, role: str
) -> None:
    make_relationship("customers", name="A")
    make_relationship("suppliers", name="B", confidentiality=Confidentiality.PUBLIC)
    assert sees(make_user(role)) == ["A", "B"]


def test_without_a_role_nothing_is_seen(workspace: Workspace) -> None:
    relationship = make_relationship(name="A")
    nobody = make_user("")
    assert sees(nobody) == []
    assert list(Party.objects.visible_to(nobody)) == []
    assert not may_in(nobody, Permission.VIEW_RELATIONSHIPS, relationship)


def test_somebody_deactivated_sees_nothing(workspace: Workspace) -> None:
    make_relationship(name="A")
    user = make_user("administrator")
    user.is_active, user.deactivated_at = False, NOW
    user.save()
    assert sees(again(user)) == []


def test_a_grant_reaches_only_its_kind_unit_and_team(workspace: Workspace) -> None:
    other_unit, team = make_business_unit(), make_team()
    make_relationship("customers", name="customer")
    make_relationship("suppliers", name="supplier")
    make_relationship("customers", name="elsewhere", business_unit=other_unit)
    make_relationship("customers", name="of the team", team=team)
    assert sees(make_user(kind="suppliers")) == ["supplier"]
    assert sees(make_user(business_unit=other_unit)) == ["elsewhere"]
    assert sees(make_user(team=team)) == ["of the team"]
    assert sees(make_user(kind="suppliers", team=team)) == []


def test_two_grants_add_up(workspace: Workspace) -> None:
    unit = make_business_unit()
    make_relationship("customers", name="customer")
    make_relationship("suppliers", name="supplier")
    make_relationship("suppliers", name="elsewhere", business_unit=unit)
    user = make_user("relationship_manager", kind="customers")
    user.grants.create(
        role="auditor",
        kind="suppliers",
        business_unit=unit,
        granted_at=NOW,
        granted_by=workspace.system_actor,
    )
    assert sees(again(user)) == ["customer", "elsewhere"]


def test_a_representative_sees_what_is_theirs_and_their_teams(workspace: Workspace) -> None:
    team, other = make_team(), make_team()
    user = make_user("representative", member_of=team)
    make_relationship(name="mine", owner=user)
    make_relationship(name="our team's", team=team)
    make_relationship(name="another team's", team=other)
    make_relationship(name="nobody's team")
    assert sees(user) == ["mine", "our team's"]
    lead = make_user("representative")
    other.lead = lead
    other.save()
    assert sees(lead) == ["another team's"]


def test_restricted_rows_are_for_the_kinds_own_people_the_team_and_the_owner(workspace: Workspace) -> None:
    team = make_team()
    make_relationship("customers", name="R", confidentiality=Confidentiality.RESTRICTED, team=team)
    assert sees(make_user("administrator")) == []
    assert sees(make_user(kind="customers")) == ["R"]
    assert sees(make_user(member_of=team)) == ["R"]


@pytest.mark.parametrize("level", [Confidentiality.CONFIDENTIAL, Confidentiality.SEALED])
def test_confidential_rows_are_for_named_people_whatever_their_role(
    workspace: Workspace, level: Confidentiality
) -> None:
    owner = make_user()
    secret = make_relationship("customers", name="secret", actor=owner, confidentiality=level)
    named, supplier_only = make_user("auditor"), make_user(kind="suppliers")
    for user in (named, supplier_only):
        ConfidentialAccess.objects.create(
            relationship=secret, user=user, granted_at=NOW, granted_by=owner, reason="due diligence"
        )
    assert sees(owner) == ["secret"]
    assert sees(named) == ["secret"]
    assert sees(supplier_only) == []
    assert sees(make_user("administrator")) == []


def test_what_hangs_on_a_relationship_is_seen_exactly_where_it_is(workspace: Workspace) -> None:
    for kind in ("customers", "suppliers"):
        relationship = make_relationship(kind)
        make_interaction(relationship)
        make_commitment(relationship)
        make_follow_up(relationship)
    viewer = make_user(kind="suppliers")
    for model in (Interaction, Commitment, FollowUp):
        rows = model.objects.visible_to(viewer)
        assert [row.relationship.kind for row in rows] == ["suppliers"]
    assert set(
        Event.objects.visible_to(viewer).exclude(relationship=None).values_list("relationship__kind")
    ) == {("suppliers",)}


def test_what_came_of_a_confidential_talk_is_for_those_who_took_part(workspace: Workspace) -> None:
    owner, speaker, assignee = make_user(), make_user(), make_user()
    relationship = make_relationship(actor=owner)
    talk = make_interaction(relationship, actor=speaker, confidentiality=Confidentiality.CONFIDENTIAL)
    make_commitment(relationship, actor=speaker, made_in=talk, made_at=talk.happened_at)
    make_follow_up(relationship, actor=speaker, planned_in=talk, assignee=assignee)
    colleague = make_user("administrator")
    counts = {
        "owner": owner,
        "speaker": speaker,
        "assignee": assignee,
        "colleague": colleague,
    }
    seen = {
        who: [model.objects.visible_to(user).count() for model in (Interaction, Commitment, FollowUp)]
        for who, user in counts.items()
    }
    assert seen == {
        "owner": [1, 1, 1],
        "speaker": [1, 1, 1],
        "assignee": [0, 0, 1],
        "colleague": [0, 0, 0],
    }


def test_parties_are_known_through_what_they_are_to_us(workspace: Workspace) -> None:
    customer = make_relationship("customers", name="customer").party
    supplier = make_relationship("suppliers", name="supplier").party
    make_person("of the customer", works_for=customer)
    make_person("of the supplier", works_for=supplier)
    owned = make_party("owned by the supplier")
    make_link(supplier, owned, "owns")
    make_link(make_party("nobody's"), make_party("nobody's either"), "owns")
    make_link(supplier, customer, "partner_of")
    viewer = make_user(kind="suppliers")
    assert sorted(party.name for party in Party.objects.visible_to(viewer)) == [
        "nobody's",
        "nobody's either",
        "of the supplier",
        "owned by the supplier",
        "supplier",
    ]
    assert sorted(link.type.slug for link in PartyLink.objects.visible_to(viewer)) == [
        "employs",
        "owns",
        "owns",
    ]


def test_a_person_of_a_visible_party_is_known_though_they_are_a_hidden_customer(workspace: Workspace) -> None:
    supplier = make_relationship("suppliers", name="supplier").party
    person = make_person("Ana", works_for=supplier)
    make_relationship("customers", party=person)
    viewer = make_user(kind="suppliers")
    assert Party.objects.visible_to(viewer).filter(pk=person.pk).exists()
    assert sees(viewer) == ["supplier"]


def test_a_confidential_party_is_for_its_writer_and_those_named(workspace: Workspace) -> None:
    writer, owner = make_user(), make_user()
    party = make_party("secret", actor=writer, confidentiality=Confidentiality.CONFIDENTIAL)

    def known_to(*users: User) -> list[bool]:
        return [Party.objects.visible_to(user).filter(pk=party.pk).exists() for user in users]

    assert known_to(writer, owner, make_user("administrator")) == [True, False, False]
    make_relationship(party=party, actor=writer, owner=owner)
    assert known_to(writer, owner, make_user("administrator")) == [False, True, False]


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ({}, True),
        ({"kind": "customers"}, True),
        ({"kind": "suppliers"}, False),
        ({"role": "auditor"}, False),
        ({"role": "representative"}, False),
    ],
)
def test_a_right_and_its_scope_come_from_the_same_grant(
    workspace: Workspace, scope: dict[str, str], allowed: bool
) -> None:
    relationship = make_relationship("customers")
    assert may_in(make_user(**scope), Permission.LOG_INTERACTIONS, relationship) is allowed


def test_rights_follow_unit_team_and_ownership(workspace: Workspace) -> None:
    unit, team = make_business_unit(), make_team()
    plain, ours = make_relationship(), make_relationship(team=team)
    elsewhere = make_relationship(business_unit=unit)

    def may(user: User) -> list[bool]:
        return [may_in(user, Permission.LOG_INTERACTIONS, each) for each in (plain, ours, elsewhere)]

    assert may(make_user(business_unit=unit)) == [False, False, True]
    assert may(make_user(team=team)) == [False, True, False]
    assert may(make_user("representative", member_of=team)) == [False, True, False]
    representative = make_user("representative")
    plain.owner = representative
    plain.save()
    assert may(representative) == [True, False, False]


def test_a_right_of_one_grant_is_not_joined_with_the_scope_of_another(workspace: Workspace) -> None:
    relationship = make_relationship("customers")
    user = make_user("relationship_manager", kind="suppliers")
    user.grants.create(role="auditor", kind="customers", granted_at=NOW, granted_by=workspace.system_actor)
    user = again(user)
    assert sees(user) == [relationship.party_name]
    assert not may_in(user, Permission.LOG_INTERACTIONS, relationship)
