"""The approach guide: what to do first, what not to raise, and the last touches that the viewer may know of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import HandoverPack, Interaction, Relationship
from relationships.operations.handovers import hand_over, note_for_receiver
from relationships.queries.approach import Approach, approach
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> User:
    return make_user("administrator", name="Viewer")


@pytest.fixture
def relationship(viewer: User) -> Relationship:
    made = {"objective": "Renew in spring", "sensitivity_note": "The merger"}
    return make_relationship(owner=viewer, cadence_days=30, now=NOW - timedelta(days=90), **made)


def guide(viewer: User, relationship: Relationship) -> Approach:
    fresh = Relationship.objects.select_related("state").get(pk=relationship.pk)
    return approach(viewer=viewer, relationship=fresh, now=NOW)


def test_with_nobody_talked_the_first_contact_is_first(viewer: User, relationship: Relationship) -> None:
    found = guide(viewer, relationship)
    assert (found.objective, found.sensitivity) == ("Renew in spring", "The merger")
    assert found.first == "Make the first contact: nobody has talked with them yet."
    assert (found.avoid, found.touches, found.problems, found.promises, found.handed_note) == (
        [],
        [],
        [],
        [],
        "",
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (31, "Ask how they are: the last talk was 31 days ago, the rhythm is 30."),
        (30, "Nothing presses: the last talk was 30 days ago, the rhythm is 30."),
    ],
)
def test_without_a_plan_the_rhythm_says(
    viewer: User, relationship: Relationship, days: int, words: str
) -> None:
    make_interaction(relationship, happened_at=NOW - timedelta(days=days))
    assert guide(viewer, relationship).first == words


def test_a_plan_comes_before_the_rhythm_our_late_word_before_it_and_a_serious_problem_before_all(
    viewer: User, relationship: Relationship
) -> None:
    make_follow_up(relationship, what="Ring about the quote")
    assert guide(viewer, relationship).first == "As planned: Ring about the quote"
    late = {"due_date": NOW.date() - timedelta(days=1), "made_at": NOW - timedelta(days=5)}
    make_commitment(relationship, direction="theirs", what="Their answer", **late)
    assert guide(viewer, relationship).first == "As planned: Ring about the quote"
    make_commitment(relationship, what="The quote", **late)
    found = guide(viewer, relationship)
    assert found.first == "Keep “The quote”, or agree another day for it."
    assert found.avoid == ["Ask them for nothing before “The quote” is kept."]
    make_interaction(relationship, subject="A scratch", problem_severity=2)
    assert guide(viewer, relationship).first == found.first
    make_interaction(relationship, subject="Late again", problem_severity=4)
    found = guide(viewer, relationship)
    assert found.first == "Say what is being done about “Late again” before anything else."
    assert found.avoid[0] == "No offer while “Late again” is open."
    assert [problem.words for problem in found.problems] == ["Late again", "A scratch"]
    assert [(promise.what, promise.is_ours, promise.is_late) for promise in found.promises] == [
        ("Their answer", False, True),
        ("The quote", True, True),
    ]


def test_three_unanswered_contacts_in_a_week_are_enough(viewer: User, relationship: Relationship) -> None:
    for days in (7, 3):
        make_interaction(relationship, direction="out", happened_at=NOW - timedelta(days=days))
    assert guide(viewer, relationship).avoid == []
    make_interaction(relationship, direction="out", happened_at=NOW - timedelta(days=1))
    assert "three contacts within a week" in guide(viewer, relationship).avoid[0]
    make_interaction(relationship, direction="in", happened_at=NOW)
    assert guide(viewer, relationship).avoid == []


def test_the_last_three_touches_are_told_by_whoever_had_them_without_notes(
    viewer: User, relationship: Relationship
) -> None:
    for days in (9, 8, 7, 6):
        make_interaction(
            relationship,
            actor=make_user(name=f"C{days}"),
            happened_at=NOW - timedelta(days=days),
            body="x" * 300,
        )
    make_interaction(relationship, channel="note", direction="out")
    found = guide(viewer, relationship).touches
    assert [touch.who for touch in found] == ["C6", "C7", "C8"]
    assert (len(found[0].words), found[0].words[-1], found[0].icon) == (160, "…", "phone")


def test_a_talk_that_the_viewer_may_not_read_is_not_among_them(relationship: Relationship) -> None:
    talk = make_interaction(relationship, problem_severity=8, subject="Zebra")
    Interaction.objects.filter(pk=talk.pk).update(
        superseded_at=NOW
    )  # the public one gives way to a closed one
    Interaction.objects.create(
        relationship=relationship, channel="call", direction="in", happened_at=NOW, recorded_at=NOW,
        actor=make_user(), recorded_by=make_user(), subject="Zebra", problem_severity=8,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip
    found = guide(make_user("executive"), relationship)
    assert (found.touches, found.problems, found.avoid) == ([], [], [])


def test_what_the_one_before_wrote_goes_along(viewer: User, relationship: Relationship) -> None:
    hand_over(actor=viewer, leaver=viewer, receiver=make_user(), reason="Leaves", now=NOW)
    note_for_receiver(actor=viewer, pack=HandoverPack.objects.get(), note="Not on Fridays", now=NOW)
    assert guide(viewer, relationship).handed_note == "Not on Fridays"


def test_it_is_one_query(viewer: User, relationship: Relationship) -> None:
    make_interaction(relationship, problem_severity=4)
    fresh = Relationship.objects.select_related("state").get(pk=relationship.pk)
    viewer.current_grants(), viewer.current_team_ids()
    with CaptureQueriesContext(connection) as captured:
        approach(viewer=viewer, relationship=fresh, now=NOW)
    assert len(captured) == 1
