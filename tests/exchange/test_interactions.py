"""Interactions from files: as if they had been logged one by one, and once."""

from datetime import timedelta
from typing import Any

import pytest

from core.refusals import Invalid, NotAllowed
from exchange.models import HeldRow
from relationships.models import Event, Interaction, Relationship, RelationshipState
from relationships.operations import bulk_interactions
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db

COLUMNS = {
    "external_id": "Id", "party_ref": "Who", "person_ref": "Person", "channel": "How", "direction": "Way",
    "happened_at": "When", "subject": "Subject", "body": "Text", "tags": "Tags", "duration_minutes": "Minutes",
    "tone": "Tone", "problem_severity": "Problem", "speaker": "Speaker",
}  # fmt: skip
TALK: dict[str, Any] = {
    "dataset": "interactions",
    "columns": COLUMNS,
    "values": {"channel": {"Phone": "call"}},
    "constants": {"kind": "customers"},
}
HEADER = "Id,Who,Person,How,Way,When,Subject,Text,Tags,Minutes,Tone,Problem,Speaker\n"
CALL = "a,1,p1,Phone,in,2026-03-10 09:00,,They are happy,#Late; fee ;,12,,,\n"
MAIL = "b,1,,email,in,2026-03-11 09:00,Invoice,The invoice is wrong and late again,,,,4,\n"
REPLY = "c,1,,email,out,2026-03-11 10:30,,We will look,,,0.5,,ann@example.org\n"
NOTE = "d,1,,note,out,2026-03-17 09:00,,Ask them on Monday,,,,,\n"


@pytest.fixture
def known(bring: Bring) -> Relationship:
    """One customer with a contact person, both known to the source."""
    make_user(email="ann@example.org", name="Ann")
    columns = {"ref": "No", "name": "Name"}
    bring("No,Name\n1,Acme\n", dataset="parties", columns=columns, constants={"kind": "customers"})
    person = {"columns": {**columns, "organisation_ref": "Firm"}, "constants": {"party_kind": "person"}}
    bring("No,Name,Firm\np1,Pat,1\n", dataset="parties", **person)
    return Relationship.objects.get()


def test_talk_is_logged_with_all_that_follows(bring: Bring, known: Relationship) -> None:
    report = bring(HEADER + CALL + MAIL + REPLY + NOTE, **TALK)
    assert (report.created, report.held) == ({"interactions": 4}, 0)
    call, mail, reply, note = Interaction.objects.order_by("happened_at")
    assert (call.channel, call.direction, call.duration_minutes, call.tags) == (
        "call",
        "in",
        12,
        ["fee", "late"],
    )
    assert [person.name for person in call.people.all()] == ["Pat"]
    assert (call.sentiment or 0) > 0 > (mail.sentiment or 0)
    assert (reply.sentiment, reply.sentiment_by, reply.actor.name) == (0.5, "person", "Ann")
    assert (reply.replies_to, reply.reply_minutes, note.sentiment) == (mail, 90, None)
    state = RelationshipState.objects.get()
    assert (state.last_interaction_at, state.last_inbound_at, state.last_outbound_at) == (
        reply.happened_at, mail.happened_at, reply.happened_at,
    )  # fmt: skip
    assert (state.open_problems, state.next_touch_reason, state.stale_at) == (1, "cadence", NOW)
    events = Event.objects.filter(verb="interaction_logged").order_by("id")
    assert [event.subject_id for event in events] == [call.pk, mail.pk, reply.pk, note.pk]


def test_a_second_run_logs_nothing(bring: Bring, known: Relationship) -> None:
    bring(HEADER + CALL, **TALK)
    again = bring(HEADER + CALL + CALL, **TALK)
    assert (again.created, again.unchanged, again.repeated) == ({"interactions": 0}, {"interactions": 2}, 1)


def test_rows_without_an_id_are_known_by_their_values(bring: Bring, known: Relationship) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "external_id"}
    mapping = {**TALK, "columns": columns}
    assert bring(HEADER + CALL + CALL, **mapping).created == {"interactions": 2}
    assert bring(HEADER + CALL + CALL, **mapping).created == {"interactions": 0}


def test_bulk_and_single_logging_leave_the_same(bring: Bring, known: Relationship) -> None:
    bring(HEADER + MAIL, **TALK)
    imported = Interaction.objects.get()
    other = make_relationship(name="Other")
    single = make_interaction(
        other,
        channel="email",
        direction="in",
        happened_at=imported.happened_at,
        subject="Invoice",
        body="The invoice is wrong and late again",
        problem_severity=4,
    )
    same = (
        "sentiment",
        "sentiment_by",
        "sentiment_words",
        "tags",
        "outcome",
        "confidentiality",
        "reply_minutes",
    )
    assert [getattr(imported, field) for field in same] == [getattr(single, field) for field in same]
    facts = ("last_interaction_at", "last_inbound_at", "last_outbound_at", "open_problems", "next_touch_date")
    here, there = (RelationshipState.objects.get(relationship=found) for found in (known, other))
    assert [getattr(here, fact) for fact in facts] == [getattr(there, fact) for fact in facts]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("a,,,call,in,2026-03-10,,x,,,,,\n", "Who", "no_customer"),
        ("a,9,,call,in,2026-03-10,,x,,,,,\n", "Who", "not_found"),
        ("a,1,p9,call,in,2026-03-10,,x,,,,,\n", "Person", "not_found"),
        ("a,1,,telepathy,in,2026-03-10,,x,,,,,\n", "How", "not_a_choice"),
        ("a,1,,call,up,2026-03-10,,x,,,,,\n", "Way", "not_a_choice"),
        ("a,1,,call,in,2026-03-19,,x,,,,,\n", "When", "in_the_future"),
        ("a,1,,call,in,2026-03-10,,,,,,,\n", "Text", "nothing_said"),
        ("a,1,p1,note,in,2026-03-10,,,,,,,\n", "Text", "nothing_said"),
        ("a,1,,call,in,2026-03-10,,x,,1441,,,\n", "Minutes", "outside_bounds"),
        ("a,1,,call,in,2026-03-10,,x,,1.5,,,\n", "Minutes", "too_many_decimals"),
        ("a,1,,call,in,2026-03-10,,x,,,1.5,,\n", "Tone", "outside_bounds"),
        ("a,1,,call,in,2026-03-10,,x,,,,3,\n", "Problem", "not_a_choice"),
        ("a,1,,call,in,2026-03-10,,x,,,,,who@example.org\n", "Speaker", "not_found"),
        (f"a,1,,call,in,2026-03-10,,x,{'t' * 41},,,,\n", "Tags", "too_long"),
        (f"a,1,,call,in,2026-03-10,,x,{'t;' * 21},,,,\n", "Tags", "too_long"),
    ],
)
def test_bad_talk_is_held(bring: Bring, known: Relationship, row: str, column: str, reason: str) -> None:
    report = bring(HEADER + row, **TALK)
    assert (report.created, report.held_by_reason) == ({"interactions": 0}, {reason: 1})
    assert HeldRow.objects.get().column == column


def test_what_contradicts_the_same_id_is_held(bring: Bring, known: Relationship) -> None:
    other = CALL.replace("happy", "angry")
    assert bring(HEADER + CALL + other, **TALK).held_by_reason == {"conflicting_row": 1}
    assert bring(HEADER + other, **TALK).held_by_reason == {"conflicting_row": 1}
    assert "happy" in Interaction.objects.get().body


def test_a_kind_must_be_named(bring: Bring, known: Relationship) -> None:
    with pytest.raises(Invalid, match="Say which kind of relationship this is"):
        bring(HEADER + CALL, **{**TALK, "constants": {}})


def test_talk_of_relationships_out_of_sight_is_held(bring: Bring, known: Relationship) -> None:
    Relationship.objects.update(confidentiality=3)
    actor = make_user("relationship_manager")
    assert bring(HEADER + CALL, actor=actor, **TALK).held_by_reason == {"not_available": 1}


def test_whoever_imports_may_log(bring: Bring, known: Relationship, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_interactions, "BATCH", 1)
    actor = make_user("relationship_manager")
    assert bring(HEADER + CALL + MAIL, actor=actor, **TALK).created == {"interactions": 2}
    viewer = make_user("auditor")
    bulk_interactions.prepare_interaction_drafts()
    with pytest.raises(NotAllowed):
        _log_one(viewer, known)


def _log_one(actor: Any, relationship: Relationship) -> None:
    from django.db import connection  # noqa: PLC0415  only here is a draft written by hand

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interaction_drafts (n, relationship_id, channel, direction, happened_at, subject, body,"
            " outcome, tags, external_id) VALUES (1, %s, 'call', 'in', %s, '', 'x', '', '{}', 'z')",
            [relationship.pk, NOW - timedelta(days=1)],
        )
    bulk_interactions.log_drafted_interactions(actor=actor, source="shop", now=NOW)
