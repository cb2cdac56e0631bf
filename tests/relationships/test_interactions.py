"""Logging: what it writes, what it refuses, and that it happens once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, Interaction, Relationship, RelationshipState
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.interactions import close_problem, log_interaction
from relationships.operations.relationships import close_relationship
from tests.factories import NOW, make_interaction, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


def state(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(relationship=relationship)


def refusal(**fields: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        make_interaction(**fields)
    assert Interaction.objects.count() == 0
    return refused.value.errors


def test_what_was_given_is_what_is_kept(workspace: Workspace) -> None:
    relationship = make_relationship()
    ana = make_person(works_for=relationship.party)
    actor = make_user()
    logged = make_interaction(
        relationship,
        actor=actor,
        channel="meeting",
        direction="mutual",
        body=" They agreed. ",
        subject=" Review ",
        outcome="agreed",
        tags=["#Renewal", " renewal", "price", ""],
        people=[ana],
        duration_minutes=45,
        confidentiality=Confidentiality.RESTRICTED,
    )
    kept = Interaction.objects.get(pk=logged.pk)
    assert (kept.body, kept.subject, kept.outcome, kept.duration_minutes) == (
        "They agreed.",
        "Review",
        "agreed",
        45,
    )
    assert kept.tags == ["renewal", "price"]
    assert list(kept.people.all()) == [ana]
    assert (kept.actor, kept.recorded_by, kept.recorded_at) == (actor, actor, NOW)
    event = Event.objects.get(verb="interaction_logged")
    assert (event.subject_id, event.happened_at, event.confidentiality) == (kept.pk, kept.happened_at, 2)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"channel": "pigeon"}, "channel", "“pigeon” is not known here."),
        ({"direction": "up"}, "direction", "“up” is not known here."),
        ({"happened_at": NOW + timedelta(minutes=1)}, "happened_at", "This lies in the future."),
        ({"happened_at": datetime(1899, 1, 1, tzinfo=UTC)}, "happened_at", "1899-01-01 is not between"),
        ({"body": " "}, "body", "Write down what was said"),
        ({"duration_minutes": 1441}, "duration_minutes", "1441 is not between 0 and 1440."),
        ({"subject": "x" * 201}, "subject", "This has 201 characters"),
        ({"tags": ["x" * 41]}, "tags", "This has 41 characters"),
        ({"tags": [str(number) for number in range(21)]}, "tags", "At most 20 tags fit."),
        ({"tone": 1.5}, "tone", "A tone lies between"),
        ({"problem_severity": 3}, "problem_severity", "“3” is not known here. Possible: 1, 2, 4, 8."),
        ({"confidentiality": 9}, "confidentiality", "“9” is not known here."),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, fields: dict[str, Any], field: str, words: str
) -> None:
    errors = refusal(**fields)
    assert list(errors) == [field]
    assert errors[field][0].startswith(words)


def test_a_call_with_somebody_needs_no_words_but_a_note_does(workspace: Workspace) -> None:
    ana = make_person()
    assert make_interaction(people=[ana], body="").body == ""
    with pytest.raises(Invalid):
        make_interaction(channel="note", people=[ana], body="")


def test_people_out_of_sight_are_not_known(workspace: Workspace) -> None:
    relationship = make_relationship("suppliers")
    hidden = make_relationship("customers").party
    with pytest.raises(Invalid) as refused:
        make_interaction(relationship, actor=make_user(kind="suppliers"), people=[hidden])
    assert refused.value.errors == {"people": ["There is no such party."]}


def test_a_wrong_promise_names_its_place_and_nothing_is_written(workspace: Workspace) -> None:
    relationship = make_relationship()
    with pytest.raises(Invalid) as refused:
        make_interaction(
            relationship,
            commitments=[
                CommitmentDraft("ours", "Send it", NOW.date()),
                CommitmentDraft("ours", "", NOW.date()),
            ],
        )
    assert refused.value.errors == {"commitments.1.what": ["This cannot be empty."]}
    assert (Interaction.objects.count(), state(relationship).open_commitments) == (0, 0)


def test_a_wrong_follow_up_names_its_field(workspace: Workspace) -> None:
    with pytest.raises(Invalid) as refused:
        make_interaction(follow_up=FollowUpDraft("", NOW.date()))
    assert refused.value.errors == {"follow_up.what": ["This cannot be empty."]}


def test_a_relationship_out_of_sight_does_not_exist(workspace: Workspace) -> None:
    with pytest.raises(Missing):
        make_interaction(make_relationship("customers"), actor=make_user(kind="suppliers"))


def test_who_may_look_but_not_log_is_told_so(workspace: Workspace) -> None:
    with pytest.raises(NotAllowed):
        make_interaction(make_relationship(), actor=make_user("auditor"))


def test_a_call_logged_late_does_not_rewind_the_last_contact(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, direction="in", happened_at=NOW - timedelta(hours=2))
    make_interaction(relationship, direction="out", happened_at=NOW - timedelta(days=9))
    found = state(relationship)
    assert found.last_interaction_at == found.last_inbound_at == NOW - timedelta(hours=2)
    assert found.last_outbound_at == NOW - timedelta(days=9)


def test_what_both_did_counts_for_both_and_a_note_for_nobody(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, channel="note", direction="out")
    assert state(relationship).last_interaction_at is None
    make_interaction(relationship, channel="meeting", direction="mutual")
    found = state(relationship)
    assert found.last_inbound_at == found.last_outbound_at == NOW - timedelta(hours=1)


def test_the_same_key_of_the_same_actor_writes_once(workspace: Workspace) -> None:
    relationship, actor = make_relationship(), make_user()
    first = make_interaction(relationship, actor=actor, idempotency_key="k", body="first")
    again = make_interaction(relationship, actor=actor, idempotency_key="k", body="second")
    other = make_interaction(relationship, actor=make_user(), idempotency_key="k")
    assert (again.pk, again.body) == (first.pk, "first")
    assert other.pk != first.pk
    assert Event.objects.filter(verb="interaction_logged").count() == 2


def test_a_refused_form_gives_its_key_back(workspace: Workspace) -> None:
    relationship, actor = make_relationship(), make_user()
    with pytest.raises(Invalid):
        make_interaction(relationship, actor=actor, idempotency_key="k", body="")
    assert make_interaction(relationship, actor=actor, idempotency_key="k", body="now with words").body


def test_a_source_names_an_interaction_once(workspace: Workspace) -> None:
    relationship = make_relationship()
    first = make_interaction(relationship, source="mailbox", external_id="<1@example.org>")
    assert make_interaction(relationship, source="mailbox", external_id="<1@example.org>") == first
    assert make_interaction(relationship, source="other", external_id="<1@example.org>") != first
    with pytest.raises(Conflict, match="another relationship"):
        make_interaction(source="mailbox", external_id="<1@example.org>")


def test_a_colleagues_call_can_be_written_down_for_them(workspace: Workspace) -> None:
    relationship, assistant, speaker = make_relationship(), make_user(), make_user()
    logged = make_interaction(relationship, actor=assistant, logged_for=speaker)
    assert (logged.actor, logged.recorded_by) == (speaker, assistant)
    with pytest.raises(Invalid) as refused:
        make_interaction(relationship, actor=assistant, logged_for=make_user(kind="suppliers", name="Bo"))
    assert refused.value.errors == {"logged_for": ["Bo cannot see 1 of these relationships."]}


def test_nobody_who_left_can_have_had_a_call(workspace: Workspace) -> None:
    gone = make_user(name="Bo")
    gone.is_active, gone.deactivated_at = False, NOW
    gone.save()
    with pytest.raises(Invalid) as refused:
        make_interaction(logged_for=gone)
    assert refused.value.errors == {"logged_for": ["Bo no longer works here."]}


def test_what_happened_can_still_be_written_down_after_the_end(workspace: Workspace) -> None:
    relationship = make_relationship()
    close_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="Moved away")
    make_interaction(relationship)
    assert state(relationship).next_touch_date is None


def test_a_judgement_by_a_person_stands(workspace: Workspace) -> None:
    judged = make_interaction(body="Terrible, broken and late again.", tone=0.5)
    assert (judged.sentiment, judged.sentiment_by, judged.sentiment_words) == (0.5, "person", [])


def test_english_words_are_scored_with_the_words_that_drove_it(workspace: Workspace) -> None:
    scored = make_interaction(body="The delivery was late again and the boxes were broken.")
    assert scored.sentiment is not None
    assert scored.sentiment < -0.05
    assert scored.sentiment_by.startswith("vader-")
    assert {"late again", "broken"} == {word["text"] for word in scored.sentiment_words}


def test_a_letter_in_another_language_is_not_scored_nor_is_a_note(workspace: Workspace) -> None:
    german = make_relationship(party=make_party(locale="de-DE"))
    body = "Late."
    assert make_interaction(german, channel="letter", direction="in", body=body).sentiment is None
    assert make_interaction(german, channel="letter", direction="out", body=body).sentiment is not None
    assert make_interaction(german, channel="call", direction="in", body=body).sentiment is not None
    assert make_interaction(german, channel="note", direction="out", body=body).sentiment is None


def test_a_problem_is_open_until_somebody_says_how_it_was_solved(workspace: Workspace) -> None:
    relationship, actor = make_relationship(), make_user()
    talk = make_interaction(relationship, problem_severity=4)
    assert state(relationship).open_problems == 1
    with pytest.raises(Invalid) as refused:
        close_problem(actor=actor, interaction=talk, now=NOW, reason=" ")
    assert refused.value.errors == {"reason": ["This cannot be empty."]}
    solved = close_problem(actor=actor, interaction=talk, now=NOW, reason="Replaced")
    assert (solved.problem_closed_by, solved.problem_closed_reason) == (actor, "Replaced")
    assert state(relationship).open_problems == 0
    with pytest.raises(Conflict, match="closed already"):
        close_problem(actor=actor, interaction=talk, now=NOW, reason="Replaced")


def test_where_no_problem_was_raised_none_can_be_closed(workspace: Workspace) -> None:
    with pytest.raises(Conflict, match="No problem"):
        close_problem(actor=make_user(), interaction=make_interaction(), now=NOW, reason="x")


def test_a_talk_out_of_sight_does_not_exist(workspace: Workspace) -> None:
    talk = make_interaction(problem_severity=1, confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(Missing):
        close_problem(actor=make_user("administrator"), interaction=talk, now=NOW, reason="x")


def test_logging_takes_a_fixed_number_of_queries(
    workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    relationship = make_relationship()
    actor = make_user()
    people = [make_person(works_for=relationship.party) for _ in range(3)]
    with django_assert_max_num_queries(20):
        log_interaction(
            actor=actor,
            relationship=relationship,
            channel="call",
            direction="in",
            happened_at=NOW,
            now=NOW,
            body="Hello",
            people=people,
            commitments=[CommitmentDraft("ours", "Send it", NOW.date())],
            follow_up=FollowUpDraft("Call", NOW.date()),
        )


@pytest.mark.parametrize(
    ("direction", "by", "felt"), [("in", "vader", -0.6), ("out", "vader", None), ("out", "person", -0.6)]
)
def test_our_own_words_do_not_say_how_they_felt(direction: str, by: str, felt: float | None) -> None:
    assert Interaction(direction=direction, sentiment=-0.6, sentiment_by=by).felt == felt
