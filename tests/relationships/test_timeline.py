"""The timeline: newest first, told in words, nothing that the viewer may not know of."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from accounts.enums import Confidentiality
from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from health.registry import measures
from relationships.enums import TimelineGroup
from relationships.models import Event, Relationship
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.interactions import close_problem
from relationships.panels import timeline_filters
from relationships.queries.timeline import LINES_COUNTED, Entry, timeline_page
from tests.factories import NOW, make_commitment, make_interaction, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


def words(entries: list[Entry]) -> list[str]:
    """Each line as a reader sees it: without markup, blanks collapsed."""
    return [" ".join(strip_tags(render_to_string(e.words.template, {"entry": e})).split()) for e in entries]


def verbs(relationship: Relationship, **options: object) -> list[str]:
    page = timeline_page(viewer=relationship.owner, relationship=relationship, **options)
    return [entry.event.verb for entry in page.entries]


def test_talk_is_told_in_a_sentence_with_what_came_of_it(workspace: Workspace) -> None:
    relationship = make_relationship(name="Acme")
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    make_interaction(
        relationship,
        actor=relationship.owner,
        people=[ana],
        body="The price rose.",
        duration_minutes=6,
        commitments=[CommitmentDraft("ours", "Send the quote", NOW.date() + timedelta(days=2))],
        follow_up=FollowUpDraft("Call back", NOW.date() + timedelta(days=6)),
    )
    page = timeline_page(viewer=relationship.owner, relationship=relationship, filter_group="calls")
    (line,) = words(page.entries)
    assert line.startswith("Ana Ruiz called Factory, 6 min")
    assert "The price rose." in line
    everything = timeline_page(viewer=relationship.owner, relationship=relationship)
    talk = next(entry for entry in everything.entries if entry.event.verb == "interaction_logged")
    assert [inner.event.verb for inner in talk.within] == ["commitment_made", "follow_up_planned"]
    (told,) = words([talk])
    assert "We promised: Send the quote" in told
    assert "Next: Call back" in told


def test_lines_stand_by_when_it_happened_not_when_it_was_written_down(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, body="later", happened_at=NOW - timedelta(hours=1))
    make_interaction(relationship, body="earlier", happened_at=NOW - timedelta(days=3))
    page = timeline_page(viewer=relationship.owner, relationship=relationship, filter_group="calls")
    assert [entry.subject.body for entry in page.entries] == ["later", "earlier"]


def test_pages_follow_each_other_without_gap_or_repeat(workspace: Workspace) -> None:
    relationship = make_relationship()
    for hour in range(5):
        make_interaction(relationship, body=f"call {hour}", happened_at=NOW - timedelta(hours=hour // 2))
    first = timeline_page(viewer=relationship.owner, relationship=relationship, filter_group="calls", limit=2)
    second = timeline_page(
        viewer=relationship.owner,
        relationship=relationship,
        filter_group="calls",
        limit=2,
        before=first.next_cursor,
    )
    third = timeline_page(
        viewer=relationship.owner,
        relationship=relationship,
        filter_group="calls",
        limit=2,
        before=second.next_cursor,
    )
    bodies = [entry.subject.body for page in (first, second, third) for entry in page.entries]
    assert bodies == ["call 1", "call 0", "call 3", "call 2", "call 4"]
    assert third.next_cursor == ""


def test_groups_are_counted_before_any_filter(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, channel="call")
    make_interaction(relationship, channel="letter")
    make_interaction(relationship, channel="note", direction="out")
    page = timeline_page(viewer=relationship.owner, relationship=relationship, filter_group="notes")
    assert [entry.subject.channel for entry in page.entries] == ["note"]
    assert page.counts_by_group == {"": 5, "calls": 1, "messages": 1, "notes": 1, "changes": 2}


def test_a_long_history_is_not_told_apart_by_group(workspace: Workspace) -> None:
    relationship = make_relationship()
    owner, party, now = relationship.owner, relationship.party, NOW - timedelta(days=1)
    Event.objects.bulk_create(
        Event(
            relationship=relationship, party=party, verb="follow_up_done", actor=owner, happened_at=now, recorded_at=now
        )
        for _ in range(LINES_COUNTED)
    )  # fmt: skip
    page = timeline_page(viewer=owner, relationship=relationship)
    assert page.counts_by_group == {"": LINES_COUNTED + 1}
    chips = timeline_filters(page.counts_by_group, "calls", "/customers/1/")
    assert [chip["count"] for chip in chips] == [
        f"{LINES_COUNTED}+",
        *("" for _group in TimelineGroup.values),
    ]
    assert [chip["url"] for chip in chips if chip["current"]] == ["/customers/1/timeline/?group=calls"]


def test_the_timeline_narrows_to_what_a_measure_reads(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, channel="note", direction="out")
    make_interaction(relationship, channel="call")
    talk = make_interaction(relationship, channel="email", problem_severity=4)
    close_problem(actor=relationship.owner, interaction=talk, now=NOW, reason="Replaced")
    make_commitment(relationship)
    assert verbs(relationship, filter_group="talk") == ["interaction_logged"] * 2
    assert verbs(relationship, filter_group="problems") == ["problem_closed", "interaction_logged"]
    assert verbs(relationship, filter_group="promises") == ["commitment_made"]


def test_every_measure_leads_to_a_part_of_the_timeline(workspace: Workspace) -> None:
    relationship = make_relationship()
    for measure in measures:
        timeline_page(viewer=relationship.owner, relationship=relationship, filter_group=measure.evidence)


def test_words_are_sought_in_what_was_said_whatever_accents(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(relationship, body="Café closed")
    make_interaction(relationship, body="Delivery late")
    page = timeline_page(viewer=relationship.owner, relationship=relationship, q=" ca\x00fe")
    assert [entry.subject.body for entry in page.entries] == ["Café closed"]


def test_a_confidential_talk_is_not_there_for_others(workspace: Workspace) -> None:
    relationship = make_relationship()
    make_interaction(
        relationship,
        confidentiality=Confidentiality.CONFIDENTIAL,
        commitments=[CommitmentDraft("ours", "Hush", NOW.date() + timedelta(days=2))],
    )
    colleague = make_user("executive")
    page = timeline_page(viewer=colleague, relationship=relationship)
    assert [entry.event.verb for entry in page.entries] == ["relationship_opened", "party_created"]
    assert page.counts_by_group == {"": 2, "changes": 2}


@pytest.mark.parametrize(
    "options", [{"filter_group": "nonsense"}, {"before": "yesterday"}, {"before": "2026-01-01T00:00:00~x"}]
)
def test_a_broken_link_is_refused_in_words(workspace: Workspace, options: dict[str, str]) -> None:
    relationship = make_relationship()
    with pytest.raises(Invalid):
        timeline_page(viewer=relationship.owner, relationship=relationship, **options)


def test_a_page_takes_the_same_queries_for_one_line_and_for_many(
    workspace: Workspace, django_assert_num_queries: object
) -> None:
    relationship = make_relationship()
    ana = make_person("Ana", works_for=relationship.party)
    viewer = relationship.owner
    viewer.current_grants()
    viewer.current_team_ids()
    make_interaction(relationship, people=[ana])
    with django_assert_num_queries(4):
        words(timeline_page(viewer=viewer, relationship=relationship).entries)
    for _ in range(3):
        make_interaction(relationship, people=[ana])
    with django_assert_num_queries(4):
        words(timeline_page(viewer=viewer, relationship=relationship).entries)
