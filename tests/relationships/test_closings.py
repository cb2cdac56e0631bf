"""A relationship is closed with everything open in it decided on at once: handed on or called off, all or nothing."""

import re
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Conflict, Invalid, NotAllowed
from relationships.models import Commitment, Event, FollowUp, Party, Relationship, RelationshipState
from relationships.operations.closings import Decision, close_with_decisions
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.transfers import transfer_commitments, transfer_follow_up
from relationships.queries.closing import closing
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_party,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


@pytest.fixture
def party() -> Party:
    return make_party("Acme")


@pytest.fixture
def held(viewer: User, party: Party) -> Relationship:
    return make_relationship(party=party, owner=viewer)


@pytest.fixture
def heir(viewer: User, party: Party) -> Relationship:
    return make_relationship("suppliers", party=party, owner=viewer)


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def opened(relationship: Relationship) -> tuple[int, int]:
    state = RelationshipState.objects.get(relationship=relationship)
    return state.open_commitments, state.open_follow_ups


def test_everything_is_decided_and_closed_in_one_go(
    viewer: User, held: Relationship, heir: Relationship
) -> None:
    colleague = make_user(name="Carl")
    kept, dropped = make_commitment(held, actor=viewer), make_commitment(held, actor=viewer)
    going, gone, forgotten = (make_follow_up(held, actor=viewer) for _ in range(3))
    closed = close_with_decisions(
        actor=viewer,
        relationship=held,
        now=NOW,
        reason="They only supply us now",
        decisions=[
            Decision(kept, to=heir, owner=colleague, reason="Carl knows it"),
            Decision(dropped),
            Decision(going, to=heir),
            Decision(gone, reason="No need"),
        ],
    )
    for row in (kept, dropped, going, gone, forgotten):
        row.refresh_from_db()
    assert (closed.closed_at, kept.relationship, kept.owner, kept.state) == (NOW, heir, colleague, "agreed")
    assert (dropped.state, dropped.withdrawn_reason) == ("withdrawn", "They only supply us now")
    assert (going.relationship, going.assignee, going.state) == (heir, viewer, "open")
    assert (gone.state, forgotten.state, gone.relationship) == ("cancelled", "cancelled", held)
    assert (opened(held), opened(heir)) == ((0, 0), (1, 1))
    told = Event.objects.filter(verb__in=["commitment_transferred", "follow_up_transferred"])
    assert sorted((event.verb, event.relationship_id, event.reason) for event in told) == sorted(
        (verb, side.pk, reason)
        for verb, reason in (
            ("commitment_transferred", "Carl knows it"),
            ("follow_up_transferred", "They only supply us now"),
        )
        for side in (held, heir)
    )
    assert Event.objects.get(verb="follow_up_cancelled").reason == "No need"


def test_one_thing_that_cannot_be_undoes_all(viewer: User, held: Relationship, heir: Relationship) -> None:
    promise, plan = make_commitment(held, actor=viewer), make_follow_up(held, actor=viewer)
    blind = make_user("representative", name="Blind")
    with pytest.raises(Invalid) as refusal:
        close_with_decisions(
            actor=viewer,
            relationship=held,
            now=NOW,
            reason="Over",
            decisions=[Decision(plan), Decision(promise, to=heir, owner=blind, field="promise_1_")],
        )
    assert refusal.value.errors == {"promise_1_owner": ["Blind cannot see 1 of these relationships."]}
    plan.refresh_from_db()
    held.refresh_from_db()
    assert (plan.state, held.closed_at) == ("open", None)


def test_a_promise_without_a_decision_still_forbids_closing(viewer: User, held: Relationship) -> None:
    make_commitment(held, actor=viewer)
    with pytest.raises(Conflict, match="still has open promises"):
        close_with_decisions(actor=viewer, relationship=held, now=NOW, reason="Over")


def test_promises_of_a_confidential_talk_are_counted_and_not_named(viewer: User, held: Relationship) -> None:
    make_interaction(
        held,
        actor=viewer,
        confidentiality=Confidentiality.RESTRICTED,
        commitments=[CommitmentDraft("ours", "Dismiss the agent", NOW.date())],
    )
    manager = make_user()
    with pytest.raises(Conflict) as refusal:
        close_with_decisions(actor=manager, relationship=held, now=NOW, reason="Over")
    assert refusal.value.missing == ["1 that you may not see"]
    assert closing(viewer=manager, relationship=held).promises == []
    assert len(closing(viewer=viewer, relationship=held).promises) == 1


def test_what_few_may_know_of_does_not_go_where_more_people_look(viewer: User, party: Party) -> None:
    heir = make_relationship("suppliers", party=party, owner=viewer)
    held = make_relationship(party=party, owner=viewer, confidentiality=Confidentiality.CONFIDENTIAL)
    promise = make_commitment(held, actor=viewer)
    assert closing(viewer=viewer, relationship=held).heirs == []
    with pytest.raises(Invalid) as refusal:
        transfer_commitments(
            actor=viewer, relationship=held, to=heir, now=NOW, reason="x", only=[promise], field="p_"
        )
    assert refusal.value.errors == {"p_to": ["More people may know of that relationship than of this one."]}


def test_a_follow_up_wants_a_reason_and_somebody_who_sees_it_there(
    viewer: User, held: Relationship, heir: Relationship
) -> None:
    plan = make_follow_up(held, actor=viewer)
    with pytest.raises(Invalid) as refusal:
        transfer_follow_up(
            actor=viewer, follow_up=plan, to=heir, now=NOW, reason=" ", assignee=make_user("representative")
        )
    assert sorted(refusal.value.errors) == ["owner", "reason"]
    with pytest.raises(NotAllowed):
        transfer_follow_up(actor=make_user("auditor"), follow_up=plan, to=heir, now=NOW, reason="x")


def test_only_relationships_that_the_viewer_may_work_in_can_take_over(
    viewer: User, held: Relationship, heir: Relationship
) -> None:
    make_relationship("suppliers", owner=viewer)
    assert closing(viewer=viewer, relationship=held).heirs == [heir]
    assert closing(viewer=make_user(kind="customers"), relationship=held).heirs == []
    assert closing(viewer=make_user("auditor"), relationship=held).heirs == []


def test_the_dialog_asks_for_each_thing_and_one_form_settles_all(
    viewer: User, held: Relationship, heir: Relationship
) -> None:
    colleague = make_user(name="Carl")
    promise = make_commitment(held, actor=viewer, what="Replace the trays")
    plan = make_follow_up(held, actor=viewer, what="Call Ana")
    client, here = signed_in(viewer), f"/customers/{held.pk}/closing/"
    words = words_of(client.get(here, headers={"HX-Request": "true"}))
    assert "Replace the trays" in words
    assert "Hand on: Supplier, Main" in words
    assert "Call Ana" in words
    form = {
        "reason": "Over",
        f"promise_{promise.pk}_act": str(heir.pk),
        f"promise_{promise.pk}_owner": colleague.pk,
        f"follow_up_{plan.pk}_act": "off",
        f"follow_up_{plan.pk}_reason": "Done by mail",
    }
    assert client.post(here, form).status_code == 302
    moved = Commitment.objects.get(pk=promise.pk)
    assert (moved.relationship, moved.owner) == (heir, colleague)
    assert FollowUp.objects.get(pk=plan.pk).state == "cancelled"
    assert Relationship.objects.get(pk=held.pk).closed_reason == "Over"


def test_what_is_wrong_stands_beside_the_field_and_nothing_was_done(
    viewer: User, held: Relationship, heir: Relationship
) -> None:
    promise = make_commitment(held, actor=viewer)
    blind = make_user("representative", name="Blind")
    form = {
        "reason": "Over",
        f"promise_{promise.pk}_act": str(heir.pk),
        f"promise_{promise.pk}_owner": blind.pk,
    }
    response = signed_in(viewer).post(f"/customers/{held.pk}/closing/", form)
    assert response.status_code == 422
    assert "In whose hands : Blind cannot see 1 of these relationships." in words_of(response)
    assert Relationship.objects.get(pk=held.pk).closed_at is None


def test_a_foreign_relationship_cannot_be_named(viewer: User, held: Relationship) -> None:
    promise = make_commitment(held, actor=viewer)
    stranger = make_relationship("suppliers", owner=viewer)
    form = {"reason": "Over", f"promise_{promise.pk}_act": str(stranger.pk)}
    assert signed_in(viewer).post(f"/customers/{held.pk}/closing/", form).status_code == 422
