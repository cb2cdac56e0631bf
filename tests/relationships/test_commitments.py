"""Promises: dated once, moved by their table, re-dated only with the other side."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Commitment, Event, Relationship, RelationshipState, Renegotiation
from relationships.operations.commitments import edit_commitment, move_commitment, renegotiate
from relationships.operations.due_promises import miss_due
from relationships.operations.relationships import close_relationship
from relationships.operations.transfers import transfer_commitments
from tests.factories import (
    NOW,
    make_business_unit,
    make_commitment,
    make_interaction,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 25)
LATER = date(2026, 4, 1)
AFTER_DUE = datetime(2026, 3, 26, 9, 0, tzinfo=UTC)


def state(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(relationship=relationship)


def move(promise: Commitment, transition: str, **options: Any) -> Commitment:
    return move_commitment(
        commitment=promise, transition=transition, **{"actor": promise.owner, "now": NOW, **options}
    )


def missed(**fields: Any) -> Commitment:
    promise = make_commitment(due_date=DUE, **fields)
    miss_due(now=AFTER_DUE)
    promise.refresh_from_db()
    return promise


def test_a_promise_is_kept_as_it_was_given(workspace: Workspace) -> None:
    relationship, actor, owner = make_relationship(), make_user(), make_user()
    ana = make_person(works_for=relationship.party)
    talk = make_interaction(relationship)
    promise = make_commitment(
        relationship,
        actor=actor,
        owner=owner,
        direction="theirs",
        what=" Pay ",
        due_date=DUE,
        person=ana,
        made_in=talk,
        made_at=talk.happened_at,
        materiality="high",
    )
    kept = Commitment.objects.get(pk=promise.pk)
    assert (kept.what, kept.direction, kept.owner, kept.person) == ("Pay", "theirs", owner, ana)
    assert (kept.original_due_date, kept.current_due_date, kept.state) == (DUE, DUE, "agreed")
    assert (kept.made_in, kept.made_at, kept.created_by) == (talk, talk.happened_at, actor)
    event = Event.objects.get(verb="commitment_made")
    assert (event.happened_at, event.data["due_date"]) == (talk.happened_at, "2026-03-25")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"what": ""}, "what", "This cannot be empty."),
        ({"direction": "up"}, "direction", "“up” is not known here."),
        ({"materiality": "huge"}, "materiality", "“huge” is not known here."),
        ({"state": "missed"}, "state", "“missed” is not known here."),
        ({"due_date": date(2101, 1, 1)}, "due_date", "2101-01-01 is not between"),
        ({"due_date": date(2026, 3, 17)}, "due_date", "2026-03-17 is before the start, 2026-03-18."),
        ({"made_at": NOW + timedelta(days=1)}, "made_at", "This lies in the future."),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_commitment(**fields)
    assert list(refused.value.errors) == [field]
    assert refused.value.errors[field][0].startswith(words)


def test_owner_and_person_must_belong(workspace: Workspace) -> None:
    hidden = make_relationship("customers", name="hidden").party
    with pytest.raises(Invalid) as refused:
        make_commitment(
            make_relationship("suppliers"),
            actor=make_user(kind="suppliers"),
            owner=make_user(kind="customers", name="Bo"),
            person=hidden,
        )
    assert refused.value.errors == {
        "owner": ["Bo cannot see 1 of these relationships."],
        "person": ["There is no such party."],
    }


def test_no_promise_is_made_in_a_closed_relationship(workspace: Workspace) -> None:
    relationship = make_relationship()
    close_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="x")
    with pytest.raises(Conflict, match="closed"):
        make_commitment(relationship)


def test_the_same_key_makes_one_promise(workspace: Workspace) -> None:
    relationship = make_relationship()
    first = make_commitment(relationship, idempotency_key="k")
    assert make_commitment(relationship, idempotency_key="k", what="Other") == first
    assert state(relationship).open_commitments == 1


def test_a_promise_goes_its_way_to_confirmed(workspace: Workspace) -> None:
    relationship = make_relationship()
    promise = make_commitment(relationship, state="proposed")
    for transition in ("agree", "start", "deliver", "confirm"):
        promise = move(promise, transition)
    assert (promise.state, promise.delivered_at, promise.confirmed_by) == ("confirmed", NOW, promise.owner)
    assert state(relationship).open_commitments == 0
    moves = Event.objects.filter(verb="commitment_moved").order_by("id")
    assert [event.data["move"] for event in moves] == ["agree", "start", "deliver", "confirm"]


def test_much_hanging_on_it_a_promise_wants_evidence(workspace: Workspace) -> None:
    promise = make_commitment(materiality="high")
    with pytest.raises(Conflict) as refused:
        move(promise, "deliver")
    assert refused.value.missing == ["evidence"]
    assert move(promise, "deliver", evidence="Signed note").evidence == "Signed note"


def test_withdrawing_wants_a_reason(workspace: Workspace) -> None:
    promise = make_commitment()
    with pytest.raises(Invalid) as refused:
        move(promise, "withdraw")
    assert list(refused.value.errors) == ["reason"]
    gone = move(promise, "withdraw", reason="No longer needed")
    assert (gone.state, gone.withdrawn_by, gone.withdrawn_reason) == (
        "withdrawn",
        promise.owner,
        "No longer needed",
    )


def test_a_name_that_is_no_move_is_a_mistake_of_the_program(workspace: Workspace) -> None:
    with pytest.raises(KeyError, match="fly"):
        move(make_commitment(), "fly")


def test_a_date_moves_only_with_somebody_of_the_other_side(workspace: Workspace) -> None:
    promise = make_commitment(due_date=DUE)
    moved = renegotiate(
        actor=promise.owner, commitment=promise, to_date=LATER, agreed_with="Ana", reason="Parts", now=NOW
    )
    assert (moved.original_due_date, moved.current_due_date) == (DUE, LATER)
    agreement = Renegotiation.objects.get()
    assert (agreement.from_date, agreement.to_date, agreement.agreed_with) == (DUE, LATER, "Ana")
    event = Event.objects.get(verb="commitment_renegotiated")
    assert (event.data["from_date"], event.data["to_date"], event.reason) == (
        "2026-03-25",
        "2026-04-01",
        "Parts",
    )
    assert state(promise.relationship).next_touch_date == LATER


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"to_date": DUE}, "to_date"),
        ({"to_date": date(2026, 3, 17)}, "to_date"),
        ({"to_date": date(2101, 1, 1)}, "to_date"),
        ({"agreed_with": " "}, "agreed_with"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_wrong_agreement_is_refused(workspace: Workspace, fields: dict[str, Any], field: str) -> None:
    promise = make_commitment(due_date=DUE)
    given = {"to_date": LATER, "agreed_with": "Ana", "reason": "Parts", "now": NOW}
    with pytest.raises(Invalid) as refused:
        renegotiate(actor=promise.owner, commitment=promise, **given | fields)
    assert list(refused.value.errors) == [field]
    assert Renegotiation.objects.count() == 0


def test_who_agreed_must_be_known_to_the_actor(workspace: Workspace) -> None:
    hidden = make_relationship("customers").party
    promise = make_commitment(make_relationship("suppliers"))
    with pytest.raises(Invalid) as refused:
        renegotiate(
            actor=make_user(kind="suppliers"),
            commitment=promise,
            to_date=LATER,
            agreed_with="Ana",
            agreed_with_party=hidden,
            reason="x",
            now=NOW,
        )
    assert list(refused.value.errors) == ["agreed_with_party"]


@pytest.mark.parametrize("ending", ["deliver", "withdraw"])
def test_a_promise_that_is_over_keeps_its_date_and_words(workspace: Workspace, ending: str) -> None:
    promise = move(make_commitment(), ending, reason="x")
    with pytest.raises(Conflict, match="its date cannot move"):
        renegotiate(
            actor=promise.owner, commitment=promise, to_date=LATER, agreed_with="A", reason="x", now=NOW
        )
    with pytest.raises(Conflict, match="cannot be changed"):
        edit_commitment(actor=promise.owner, commitment=promise, now=NOW, what="Other", owner=promise.owner)


def test_what_is_not_done_when_its_day_is_over_is_missed(workspace: Workspace) -> None:
    relationship = make_relationship()
    promise = make_commitment(relationship, due_date=DUE)
    open_still = make_commitment(relationship, due_date=DUE, state="proposed")
    assert miss_due(now=datetime(2026, 3, 25, 23, 59, tzinfo=UTC)) == 0
    assert miss_due(now=AFTER_DUE) == 1
    promise.refresh_from_db()
    open_still.refresh_from_db()
    assert (promise.state, promise.missed_at, open_still.state) == ("missed", AFTER_DUE, "proposed")
    assert state(relationship).stale_at == AFTER_DUE
    event = Event.objects.get(verb="commitment_moved")
    assert (event.data["move"], event.actor) == ("miss", workspace.system_actor)
    assert miss_due(now=AFTER_DUE) == 0


def test_a_day_is_over_where_the_business_unit_is(workspace: Workspace) -> None:
    tokyo = make_business_unit(time_zone="Asia/Tokyo", country="JP")
    make_commitment(make_relationship(business_unit=tokyo), due_date=DUE)
    make_commitment(make_relationship(), due_date=DUE)
    assert miss_due(now=datetime(2026, 3, 25, 16, 0, tzinfo=UTC)) == 1


def test_at_most_so_many_are_missed_at_once(workspace: Workspace) -> None:
    relationship = make_relationship()
    for _ in range(3):
        make_commitment(relationship, due_date=DUE)
    assert [miss_due(now=AFTER_DUE, limit=2) for _ in range(3)] == [2, 1, 0]


def test_promising_again_wants_a_date_and_who_agreed_and_the_miss_stays_counted(workspace: Workspace) -> None:
    promise = missed()
    with pytest.raises(Invalid) as refused:
        move(promise, "re_promise", reason="Parts", agreed_with="Ana")
    assert list(refused.value.errors) == ["new_due_date"]
    with pytest.raises(Invalid) as refused:
        move(promise, "re_promise", reason="Parts", new_due_date=LATER)
    assert list(refused.value.errors) == ["agreed_with"]
    again = move(promise, "re_promise", reason="Parts", new_due_date=LATER, agreed_with="Ana", now=AFTER_DUE)
    assert (again.state, again.current_due_date, again.original_due_date) == ("in_progress", LATER, DUE)
    assert again.missed_at == AFTER_DUE
    miss_due(now=AFTER_DUE + timedelta(days=30))
    again.refresh_from_db()
    assert (again.state, again.missed_at) == ("missed", AFTER_DUE)


def test_a_new_date_for_a_missed_promise_is_promising_it_again(workspace: Workspace) -> None:
    promise = missed()
    again = renegotiate(
        actor=promise.owner,
        commitment=promise,
        to_date=LATER,
        agreed_with="Ana",
        reason="Parts",
        now=AFTER_DUE,
    )
    assert (again.state, again.current_due_date) == ("in_progress", LATER)


def test_words_owner_person_and_weight_can_change(workspace: Workspace) -> None:
    promise, owner = make_commitment(), make_user(name="Bo")
    ana = make_person(works_for=promise.relationship.party)
    changed = edit_commitment(
        actor=promise.owner,
        commitment=promise,
        now=NOW,
        what="Send both",
        owner=owner,
        person=ana,
        materiality="high",
    )
    assert (changed.what, changed.owner, changed.person, changed.materiality) == (
        "Send both",
        owner,
        ana,
        "high",
    )
    assert state(promise.relationship).next_touch_owner == owner
    event = Event.objects.get(verb="commitment_edited")
    assert event.data["before"] == {"what": "Send the quote", "owner": promise.owner.name}


@pytest.mark.parametrize(("fields", "field"), [({"what": ""}, "what"), ({"materiality": "x"}, "materiality")])
def test_a_wrong_edit_is_refused(workspace: Workspace, fields: dict[str, Any], field: str) -> None:
    promise = make_commitment()
    with pytest.raises(Invalid) as refused:
        edit_commitment(
            actor=promise.owner,
            commitment=promise,
            now=NOW,
            **{"what": "x", "owner": promise.owner, **fields},
        )
    assert list(refused.value.errors) == [field]


def test_an_edit_cannot_bring_in_strangers(workspace: Workspace) -> None:
    hidden = make_relationship("customers").party
    promise = make_commitment(make_relationship("suppliers"))
    with pytest.raises(Invalid) as refused:
        edit_commitment(
            actor=make_user(kind="suppliers"),
            commitment=promise,
            now=NOW,
            what="x",
            owner=make_user(kind="customers"),
            person=hidden,
        )
    assert sorted(refused.value.errors) == ["owner", "person"]


def test_promises_are_for_who_may_see_and_manage_them(workspace: Workspace) -> None:
    promise = make_commitment(make_relationship("customers"))
    with pytest.raises(Missing):
        move(promise, "start", actor=make_user(kind="suppliers"))
    with pytest.raises(NotAllowed):
        move(promise, "start", actor=make_user("auditor"))


def test_open_promises_move_to_another_relationship_and_stay_the_same(workspace: Workspace) -> None:
    held = make_relationship("customers")
    heir = make_relationship("suppliers", party=held.party)
    promise = make_commitment(held, due_date=DUE)
    done = move(make_commitment(held), "deliver")
    moved = transfer_commitments(
        actor=held.owner, relationship=held, to=heir, now=NOW, reason="They supply us now"
    )
    promise.refresh_from_db()
    done.refresh_from_db()
    assert (moved, promise.relationship, done.relationship) == (1, heir, held)
    assert (state(held).open_commitments, state(heir).open_commitments) == (0, 1)
    assert state(heir).next_touch_date == DUE
    told = Event.objects.filter(verb="commitment_transferred")
    assert sorted(event.relationship_id or 0 for event in told) == sorted([held.pk, heir.pk])


def test_promises_move_only_to_another_open_relationship(workspace: Workspace) -> None:
    held, heir = make_relationship(), make_relationship()
    close_relationship(actor=heir.owner, relationship=heir, now=NOW, reason="x")
    with pytest.raises(Invalid):
        transfer_commitments(actor=held.owner, relationship=held, to=held, now=NOW, reason="x")
    with pytest.raises(Conflict, match="cannot take promises over"):
        transfer_commitments(actor=held.owner, relationship=held, to=heir, now=NOW, reason="x")


@pytest.mark.parametrize(
    "column", ["original_due_date = '2027-01-01'", "direction = 'theirs'", "made_at = now()"]
)
def test_the_database_itself_keeps_what_was_promised(workspace: Workspace, column: str) -> None:
    make_commitment()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE relationships_commitment SET {column}")
