"""The ledger's own questions: what is at risk, whose promises, and what became of one."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import Commitment
from relationships.operations.commitments import move_commitment, renegotiate
from relationships.operations.due_promises import miss_due
from relationships.queries.commitment_ledger import (
    LedgerQuery,
    at_risk,
    commitment_detail,
    history,
    is_at_risk,
    ledger,
)
from tests.factories import NOW, make_commitment, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)


def move(commitment: Commitment, actor: User, *transitions: str, **given: Any) -> None:
    for number, transition in enumerate(transitions, 1):
        at = NOW + number * DAY
        move_commitment(actor=actor, commitment=commitment, transition=transition, now=at, **given)


def test_a_row_at_hand_is_at_risk_exactly_when_the_database_finds_it(workspace: Workspace) -> None:
    owner = make_user()
    relationship = make_relationship(owner=owner)
    for direction in ("ours", "theirs", "mutual"):
        for days in (-1, 0, 1, 3, 4):
            given: dict[str, Any] = {"direction": direction, "due_date": TODAY + days * DAY}
            for state in ("proposed", "agreed"):
                make_commitment(relationship, actor=owner, made_at=NOW - 9 * DAY, state=state, **given)
            done = make_commitment(relationship, actor=owner, made_at=NOW - 9 * DAY, **given)
            move(done, owner, "deliver")
    rows = Commitment.objects.all()
    found = set(rows.filter(at_risk(TODAY)).values_list("pk", flat=True))
    assert {row.pk for row in rows if is_at_risk(row, TODAY)} == found
    assert len(found) == 2 * (4 + 1 + 4)


def test_the_teams_promises_are_ones_own_and_those_of_its_relationships(workspace: Workspace) -> None:
    team = make_team()
    viewer, mate, other = make_user(member_of=team), make_user(), make_user()
    make_commitment(make_relationship(owner=mate, team=team), actor=mate, what="the team's")
    make_commitment(make_relationship(owner=other), actor=viewer, owner=viewer, what="mine")
    make_commitment(make_relationship(owner=other), actor=other, what="somebody's")

    def whose(owner: str) -> list[str]:
        rows = ledger(viewer=viewer, query=LedgerQuery(owner=owner), now=NOW)
        return sorted(rows.values_list("what", flat=True))

    assert whose("me") == ["mine"]
    assert whose("team") == ["mine", "the team's"]
    assert whose(str(other.pk)) == ["somebody's"]
    assert whose("") == ["mine", "somebody's", "the team's"]


def steps(commitment: Commitment, viewer: User) -> list[tuple[str, str, str]]:
    found = commitment_detail(viewer=viewer, commitment_id=commitment.pk)
    assert found is not None
    return [(step.what, step.who, step.reason) for step in history(found)]


def test_a_promise_that_was_moved_missed_and_kept_tells_all_of_it_in_order(workspace: Workspace) -> None:
    owner = make_user(name="Amara")
    promise = make_commitment(make_relationship(owner=owner), actor=owner, due_date=TODAY)
    given: dict[str, Any] = {"actor": owner, "commitment": promise, "agreed_with": "Ana"}
    renegotiate(to_date=TODAY + DAY, reason="Snow", now=NOW + timedelta(hours=1), **given)
    assert miss_due(now=NOW + 2 * DAY) == 1
    deliver: dict[str, Any] = {"actor": owner, "commitment": promise, "evidence": "Delivery note 12"}
    move_commitment(transition="deliver", now=NOW + 3 * DAY, **deliver)
    move_commitment(actor=owner, commitment=promise, transition="confirm", now=NOW + 4 * DAY)
    assert steps(promise, owner) == [
        ("made", "Amara", ""),
        ("moved", "Amara", "Snow"),
        ("missed", "", ""),
        ("delivered", "Amara", "Delivery note 12"),
        ("confirmed", "Amara", ""),
    ]


def test_a_promise_that_was_taken_back_tells_why(workspace: Workspace) -> None:
    owner = make_user(name="Amara")
    promise = make_commitment(make_relationship(owner=owner), actor=owner)
    move(promise, owner, "withdraw", reason="Not wanted any more")
    assert steps(promise, owner) == [("made", "Amara", ""), ("withdrawn", "Amara", "Not wanted any more")]
    assert commitment_detail(viewer=make_user(kind="suppliers"), commitment_id=promise.pk) is None
