"""A correction is a new version: nothing that was written is lost, and everything counts the newest."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Confidentiality
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Interaction, Relationship, RelationshipState
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.interactions import close_problem, correct_interaction
from relationships.queries.interactions import versions
from relationships.queries.timeline import timeline_page
from tests.factories import NOW, make_interaction, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


def state(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(relationship=relationship)


def correct(talk: Interaction, **changed: Any) -> Interaction:
    given = {"actor": talk.actor, "now": NOW + timedelta(hours=1), "reason": "Misheard"}
    return correct_interaction(interaction=talk, **given | changed)


def test_the_old_version_stays_and_the_new_one_keeps_what_was_not_changed(workspace: Workspace) -> None:
    relationship = make_relationship()
    ana = make_person(works_for=relationship.party)
    old = make_interaction(
        relationship,
        body="Ten boxes",
        people=[ana],
        tags=["order"],
        duration_minutes=5,
        source="m",
        external_id="1",
    )
    new = correct(old, body="Twelve boxes")
    old.refresh_from_db()
    assert (old.body, old.superseded_at) == ("Ten boxes", NOW + timedelta(hours=1))
    assert (new.body, new.corrects, new.superseded_at) == ("Twelve boxes", old, None)
    assert (new.tags, new.duration_minutes, new.happened_at, new.actor) == (
        ["order"],
        5,
        old.happened_at,
        old.actor,
    )
    assert list(new.people.all()) == [ana]
    assert (new.source, new.external_id) == ("m", "1")
    assert make_interaction(relationship, source="m", external_id="1") == old


def test_the_timeline_shows_the_newest_where_it_now_belongs_and_leads_to_the_older(
    workspace: Workspace,
) -> None:
    relationship = make_relationship()
    make_interaction(relationship, body="between", happened_at=NOW - timedelta(days=2))
    old = make_interaction(
        relationship, body="one", commitments=[CommitmentDraft("ours", "Send it", NOW.date())]
    )
    middle = correct(old, body="two", happened_at=NOW - timedelta(days=3))
    new = correct(middle, body="three")
    page = timeline_page(viewer=relationship.owner, relationship=relationship, filter_group="calls")
    assert [entry.subject.body for entry in page.entries] == ["between", "three"]
    assert page.counts_by_group["calls"] == 2
    everything = timeline_page(viewer=relationship.owner, relationship=relationship)
    talk = next(entry for entry in everything.entries if entry.subject == new)
    assert [inner.event.verb for inner in talk.within] == ["commitment_made"]
    for version in (old, middle, new):
        assert [v.body for v in versions(relationship.owner, version)] == ["three", "two", "one"]
    assert [v.body for v in versions(relationship.owner, page.entries[0].subject)] == ["between"]


def test_last_contacts_follow_a_corrected_time_back_and_forth(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, direction="out", happened_at=NOW - timedelta(days=5))
    wrong = make_interaction(relationship, direction="in", happened_at=NOW)
    right = correct(wrong, happened_at=NOW - timedelta(days=9))
    found = state(relationship)
    assert found.last_interaction_at == found.last_outbound_at == NOW - timedelta(days=5)
    assert found.last_inbound_at == NOW - timedelta(days=9)
    correct(right, channel="note")
    assert state(relationship).last_inbound_at is None


def test_only_who_had_or_wrote_it_or_manages_the_relationship_may_correct(workspace: Workspace) -> None:
    owner = make_user("relationship_manager")
    relationship = make_relationship(actor=owner)
    speaker, assistant = make_user("api_client"), make_user("hr")
    talk = make_interaction(relationship, actor=assistant, logged_for=speaker)
    stranger = make_user("representative")
    relationship.owner = stranger
    relationship.save()
    with pytest.raises(NotAllowed):
        correct(talk, actor=stranger, body="Not so")
    assert correct(talk, actor=owner, body="So").body == "So"


def test_a_version_is_corrected_once_and_the_newest_further(workspace: Workspace) -> None:
    talk = make_interaction(body="one")
    correct(talk, body="two")
    with pytest.raises(Conflict, match="corrected since"):
        correct(talk, body="three")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": " ", "body": "x"}, "reason"),
        ({}, ""),
        ({"body": ""}, "body"),
        ({"happened_at": NOW + timedelta(days=1)}, "happened_at"),
    ],
)
def test_a_wrong_correction_changes_nothing(
    workspace: Workspace, changed: dict[str, Any], field: str
) -> None:
    talk = make_interaction()
    with pytest.raises(Invalid) as refused:
        correct(talk, **changed)
    assert list(refused.value.errors) == [field]
    talk.refresh_from_db()
    assert (talk.superseded_at, Interaction.objects.count()) == (None, 1)


def test_what_is_out_of_sight_cannot_be_corrected(workspace: Workspace) -> None:
    talk = make_interaction(confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(Missing):
        correct(talk, actor=make_user("administrator"), body="x")


def test_a_persons_judgement_stays_and_the_models_is_made_anew(workspace: Workspace) -> None:
    judged = correct(make_interaction(body="Fine", tone=-1.0), body="Everything is wonderful, thank you")
    assert (judged.sentiment, judged.sentiment_by) == (-1.0, "person")
    scored = correct(
        make_interaction(body="It is terrible and broken"), body="Everything is wonderful, thank you"
    )
    assert scored.sentiment is not None
    assert scored.sentiment > 0.05
    overruled = correct(scored, tone=0.0)
    assert (overruled.sentiment, overruled.sentiment_by) == (0.0, "person")


def test_a_problem_stays_as_open_or_solved_as_it_was(workspace: Workspace) -> None:
    relationship = make_relationship()
    talk = make_interaction(relationship, problem_severity=4)
    worse = correct(talk, problem_severity=8)
    assert state(relationship).open_problems == 1
    close_problem(actor=worse.actor, interaction=worse, now=NOW, reason="Replaced")
    again = correct(worse, body="They asked about the delivery of May.")
    assert (again.problem_closed_reason, state(relationship).open_problems) == ("Replaced", 0)
    assert correct(again, problem_severity=None).problem_closed_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE relationships_interaction SET body = 'other'",
        "DELETE FROM relationships_interaction_people",
        "DELETE FROM relationships_interaction",
        "UPDATE relationships_event SET reason = 'other'",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(workspace: Workspace, statement: str) -> None:
    relationship = make_relationship()
    make_interaction(relationship, people=[make_person(works_for=relationship.party)])
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
