"""A merge never crosses classes of confidentiality, and what it refuses tells nothing of what is hidden."""

from typing import Any

import pytest

from accounts.models import User
from accounts.operations.roles import grant_role
from core.refusals import Conflict, Missing, NotAllowed
from relationships.models import ConfidentialAccess, Document, Interaction, Party, Relationship
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.merging import across_classes, comparison, two_parties
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
INTERNAL, RESTRICTED, CONFIDENTIAL = 1, 2, 3


@pytest.fixture
def boss(workspace: object) -> User:
    return make_user("administrator", name="Boss")


def two(actor: User, first: int = INTERNAL, second: int = INTERNAL) -> tuple[Relationship, Relationship]:
    """Two customers of these classes that the actor owns."""
    pair = (make_relationship(actor=actor), make_relationship(actor=actor))
    for held, confidentiality in zip(pair, (first, second), strict=True):
        Relationship.objects.filter(pk=held.pk).update(confidentiality=confidentiality)
    return pair


def refusal(viewer: User, keep: Party, drop: Party) -> str:
    with pytest.raises(Conflict) as refused:
        two_parties(viewer=viewer, keep_id=keep.pk, drop_id=drop.pk, every=True)
    return str(refused.value)


@pytest.mark.parametrize(
    ("first", "second"), [(INTERNAL, RESTRICTED), (RESTRICTED, CONFIDENTIAL), (INTERNAL, CONFIDENTIAL)]
)
def test_two_classes_are_never_made_one(boss: User, first: int, second: int) -> None:
    keep, drop = two(boss, first, second)
    assert refusal(boss, keep.party, drop.party) == refusal(boss, drop.party, keep.party)


def test_public_and_internal_are_one_class(boss: User) -> None:
    keep, drop = two(boss, 0, INTERNAL)
    assert two_parties(viewer=boss, keep_id=keep.party_id, drop_id=drop.party_id).drop == drop.party


def test_what_is_hidden_and_another_class_are_refused_in_the_same_words(boss: User) -> None:
    viewer = make_user("relationship_manager")
    keep, drop = two(viewer)
    hidden = make_relationship("suppliers", party=drop.party, actor=boss)
    Relationship.objects.filter(pk=hidden.pk).update(confidentiality=CONFIDENTIAL)
    assert not Relationship.objects.visible_to(viewer).filter(pk=hidden.pk).exists()
    told = refusal(viewer, keep.party, drop.party)
    assert told == refusal(boss, *(each.party for each in two(boss, INTERNAL, RESTRICTED)))
    Relationship.objects.filter(pk=hidden.pk).update(confidentiality=INTERNAL)
    assert two_parties(viewer=viewer, keep_id=keep.party_id, drop_id=drop.party_id).moving == [hidden]


def test_a_party_out_of_sight_is_as_if_not_there(boss: User) -> None:
    viewer = make_user("relationship_manager")
    keep, drop = two(boss, INTERNAL, CONFIDENTIAL)
    with pytest.raises(Missing):
        merge_parties(actor=viewer, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    Relationship.objects.update(confidentiality=CONFIDENTIAL)
    record = merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    with pytest.raises(Missing):
        unmerge(actor=viewer, record=record, now=NOW)


def test_restricted_ones_are_joined_within_a_team_alone(boss: User) -> None:
    keep, drop = two(boss, RESTRICTED, RESTRICTED)
    assert two_parties(viewer=boss, keep_id=keep.party_id, drop_id=drop.party_id).joined[0].kept == keep
    Relationship.objects.filter(pk=drop.pk).update(team=make_team())
    assert refusal(boss, keep.party, drop.party)


def test_confidential_ones_are_joined_when_the_same_people_are_named(boss: User) -> None:
    keep, drop = two(boss, CONFIDENTIAL, CONFIDENTIAL)
    named = {"user": make_user(), "granted_at": NOW, "granted_by": boss, "reason": "Works on it"}
    ConfidentialAccess.objects.create(relationship=keep, **named)
    assert refusal(boss, keep.party, drop.party)
    ConfidentialAccess.objects.create(relationship=drop, **named)
    merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    assert ConfidentialAccess.objects.filter(relationship=keep).count() == 1


@pytest.mark.parametrize("model", [Interaction, Document])
def test_what_one_owner_holds_for_few_does_not_come_to_another(boss: User, model: Any) -> None:
    keep, drop = two(boss)
    make_interaction(drop, actor=boss)
    make_document(drop, actor=boss)
    Relationship.objects.filter(pk=keep.pk).update(owner=make_user("administrator"))
    owner = f"relationship:{keep.pk}:owner"
    copy = model.objects.defer(None).get(relationship=drop)
    copy.pk, copy.confidentiality, copy.sha256 = None, RESTRICTED, "0" * 64
    copy.save(force_insert=True)
    with pytest.raises(Conflict) as refused:
        merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    assert str(refused.value) == str(across_classes())
    merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={owner: "drop"}, now=NOW)
    assert model.objects.filter(relationship=keep, confidentiality=RESTRICTED).count() == 1


def test_somebody_near_what_is_restricted_is_not_made_one_with_somebody_near_what_is_not(boss: User) -> None:
    openly, closed = two(boss, INTERNAL, RESTRICTED)
    first, second = (make_person(works_for=held.party, actor=boss) for held in (openly, closed))
    alone = make_person(actor=boss)
    assert refusal(boss, first, second)
    assert two_parties(viewer=boss, keep_id=first.pk, drop_id=alone.pk).relationships == []


def test_without_the_right_in_every_relationship_nothing_is_merged(boss: User) -> None:
    viewer = make_user("auditor")
    keep, drop = two(boss)
    with pytest.raises(NotAllowed):
        two_parties(viewer=viewer, keep_id=keep.party_id, drop_id=drop.party_id)
    viewer = make_user("relationship_manager", "customers")
    grant_role(actor=boss, user=viewer, role="finance", kind="suppliers", now=NOW)
    make_relationship("suppliers", party=drop.party, actor=boss)
    with pytest.raises(NotAllowed):
        two_parties(viewer=viewer, keep_id=keep.party_id, drop_id=drop.party_id)


def test_the_counts_are_those_of_what_the_viewer_may_see(boss: User) -> None:
    viewer = make_user("relationship_manager")
    keep, drop = two(viewer)
    Relationship.objects.filter(pk__in=[keep.pk, drop.pk]).update(owner=boss)
    make_link(make_party(actor=boss), drop.party, "owns", actor=boss)
    make_commitment(drop, actor=viewer)
    make_interaction(drop, actor=boss)
    hidden = make_interaction(drop, actor=boss)
    hidden.pk, hidden.confidentiality = None, RESTRICTED
    hidden.save(force_insert=True)
    found = comparison(viewer=viewer, keep_id=keep.party_id, drop_id=drop.party_id)
    assert found.counts == [("Talks", 2), ("Promises", 1), ("Ties to others", 1)]
    assert [group.title for group in found.groups] == ["", f"Customer, {keep.business_unit.name}"]


def test_what_differs_is_shown_and_what_is_the_same_is_counted(boss: User) -> None:
    keep, drop = two(boss)
    Party.objects.filter(pk=drop.party_id).update(place="York")
    errors = {"party:place": ["No such place."]}
    found = comparison(
        viewer=boss,
        keep_id=keep.party_id,
        drop_id=drop.party_id,
        choices={"party:name": "drop"},
        errors=errors,
    )
    lines = [(line.choice.key, line.side, list(line.errors)) for line in found.groups[0].lines]
    assert lines == [("party:name", "drop", []), ("party:place", "drop", ["No such place."])]
    assert (found.groups[0].equal, found.errors) == (1, ["No such place."])
