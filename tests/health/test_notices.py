"""Who hears of alerts, of reviews that are due, and of what waits for a second person."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from health.models import Alert, Review
from health.operations.notices import tell_raised
from health.operations.proposals import approve_proposal, ask_approval, draft_proposal
from health.operations.reviews import (
    approve_exit,
    begin_review,
    decide_review,
    discuss_review,
    open_due_reviews,
    prepare_review,
)
from health.operations.sightings import raise_sightings
from messaging.queries.notifications import centre
from relationships.models import Commitment, Relationship, RelationshipState
from tests.factories import NOW, make_commitment, make_interaction, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db


def told(reader: User) -> list[tuple[str, str, str]]:
    """What somebody finds in the centre: topic, words, place; the newest first."""
    reader = User.objects.get(pk=reader.pk)
    lines = centre(reader, unread_only=False, topic="", cursor="")[1]
    return [(each.topic.key, each.line.title, each.line.place) for each in lines]


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Olga")


@pytest.fixture
def acme(olga: User) -> Relationship:
    return make_relationship(owner=olga, actor=olga, name="Acme", now=NOW - timedelta(days=300))


def test_the_owner_hears_of_an_alert_once(olga: User, acme: Relationship) -> None:
    make_interaction(acme, problem_severity=4, happened_at=NOW)
    assert [raise_sightings(now=NOW), raise_sightings(now=NOW), tell_raised(now=NOW)] == [1, 0, 1]
    assert told(olga) == [("alert", "Serious problem", f"/alerts/?whose=all&relationship={acme.pk}")]


def test_whose_own_promise_was_missed_hears_of_it_from_the_promise_alone(
    olga: User, acme: Relationship
) -> None:
    tom = make_user("relationship_manager", name="Tom")
    for owner in (olga, tom):
        promise = make_commitment(acme, actor=owner, due_date=NOW.date())
        Commitment.objects.filter(pk=promise.pk).update(state="missed", missed_at=NOW)
    assert raise_sightings(now=NOW) == 2
    assert [topic for topic, *_rest in told(olga)] == ["alert"]


def test_the_owner_hears_of_a_review_that_is_due(olga: User, acme: Relationship) -> None:
    RelationshipState.objects.filter(relationship=acme).update(value_tier="A")
    assert [open_due_reviews(now=NOW), open_due_reviews(now=NOW)] == [1, 0]
    assert told(olga) == [("review", "Review of Acme", f"/reviews/{Review.objects.get().pk}/")]


def test_the_lead_of_the_team_is_asked_to_approve_and_who_asked_hears_of_it(olga: User) -> None:
    lead, other = make_user("relationship_manager"), make_user("relationship_manager")
    acme = make_relationship(owner=olga, actor=olga, team=make_team(lead=lead))
    offer = draft_proposal(actor=olga, relationship=acme, title="Bulk price", currency="GBP", now=NOW)
    ask_approval(actor=olga, proposal=offer, reason="Worth it", now=NOW)
    here = f"/proposals/{offer.pk}/"
    assert (told(lead), told(other)) == ([("approval", "Bulk price", here)], [])
    approve_proposal(actor=lead, proposal=offer, reason="Yes", now=NOW)
    assert told(olga) == [("approved", "Bulk price", here)]


def test_without_a_lead_everybody_else_who_may_is_asked(olga: User, acme: Relationship) -> None:
    may, representative = make_user("relationship_manager"), make_user("representative")
    offer = draft_proposal(actor=olga, relationship=acme, title="Bulk price", currency="GBP", now=NOW)
    ask_approval(actor=olga, proposal=offer, reason="Worth it", now=NOW)
    assert ([len(told(each)) for each in (may, representative, olga)]) == [1, 0, 0]
    may.grants.update(role="representative")
    assert told(may) == []


def test_an_exit_waits_for_a_second_person(olga: User, acme: Relationship) -> None:
    second = make_user("relationship_manager")
    review = begin_review(actor=olga, relationship=acme, now=NOW)
    prepare_review(actor=olga, review=review, now=NOW)
    discuss_review(actor=olga, review=review, discussion="Enough", now=NOW)
    facts = {"weeks_below": 26, "net_to_us": -5, "repairs_without_effect": 1, "needed": []}
    Review.objects.filter(pk=review.pk).update(facts=facts)
    decide_review(
        actor=olga,
        review=review,
        verdict="exit",
        reason="Costs more than it brings",
        plan="Say goodbye",
        next_review_date=NOW.date() + timedelta(days=90),
        notice_date=NOW.date() + timedelta(days=9),
        data_note="Invoices, ten years",
        now=NOW,
    )
    assert [topic for topic, *_rest in told(second)] == ["approval"]
    approve_exit(actor=second, review=review, now=NOW)
    assert [topic for topic, *_rest in told(olga)] == ["approved"]
    assert not Alert.objects.exists()
