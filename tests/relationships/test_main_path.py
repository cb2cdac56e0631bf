"""The sentence the product is built on, from end to end in the domain."""

from datetime import date, timedelta

import pytest

from accounts.operations.workspace import Workspace
from relationships.models import Event, RelationshipState
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.follow_ups import FollowUpDraft
from tests.factories import NOW, make_interaction, make_relationship

pytestmark = pytest.mark.django_db


def test_a_call_with_a_promise_and_a_follow_up_moves_everything_at_once(workspace: Workspace) -> None:
    relationship = make_relationship("customers", name="Acme")
    call = make_interaction(
        relationship,
        commitments=[CommitmentDraft("ours", "Send the quote", date(2026, 3, 20))],
        follow_up=FollowUpDraft("Call about the quote", date(2026, 3, 24)),
    )
    state = RelationshipState.objects.get(relationship=relationship)
    assert state.last_interaction_at == NOW - timedelta(hours=1)
    assert (state.open_commitments, state.open_follow_ups, state.open_problems) == (1, 1, 0)
    assert (state.next_touch_date, state.next_touch_reason) == (date(2026, 3, 20), "commitment")
    assert state.next_touch_id == call.commitments.get().pk
    assert state.stale_at == NOW
    assert list(
        Event.objects.filter(relationship=relationship).order_by("id").values_list("verb", flat=True)
    ) == [
        "relationship_opened",
        "interaction_logged",
        "commitment_made",
        "follow_up_planned",
    ]


def test_without_plans_the_rhythm_gives_the_next_touch(workspace: Workspace) -> None:
    relationship = make_relationship("customers", cadence_days=10)
    state = RelationshipState.objects.get(relationship=relationship)
    assert (state.next_touch_date, state.next_touch_reason) == (date(2026, 3, 28), "cadence")
    assert state.next_touch_owner_id == relationship.owner_id
