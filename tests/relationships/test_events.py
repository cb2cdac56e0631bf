"""The timeline's writer and its words: what cannot be told is not written, and everything written can be told."""

from datetime import time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.checks import Error
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships import checks, kinds
from relationships.enums import Channel, Direction, TimelineGroup, Verb
from relationships.kinds import Kind, KindRegistry, Playbook, PlaybookStep, Stage
from relationships.models import Event, Purpose, Relationship
from relationships.operations import (
    commitments,
    confidential_access,
    consents,
    contact_points,
    custom_values,
    document_versions,
    documents,
    follow_ups,
    handover_mails,
    handovers,
    interactions,
    invitations,
    links,
    merging,
    parties,
    playbooks,
    replanning,
    tags,
    transfers,
    trash,
)
from relationships.operations import relationships as relationship_operations
from relationships.operations.events import record_event
from relationships.operations.meetings import InvitationDraft
from relationships.operations.value_entries import Worth, record_value, reverse_value
from relationships.queries.timeline import Entry, entries_of, timeline_page
from relationships.registry import EventWords, Panel, Registry, registry
from relationships.ui.talk_lines import PHRASES
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_field,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)


@pytest.mark.django_db
def test_an_event_without_words_is_not_written(workspace: Workspace) -> None:
    relationship = make_relationship()
    with pytest.raises(LookupError, match="'danced' has no words"), transaction.atomic():
        record_event(
            relationship=relationship, party=relationship.party, verb="danced", actor=make_user(), now=NOW
        )
    assert not Event.objects.filter(verb="danced").exists()


def everything_happens(relationship: Relationship, actor: User) -> None:
    """Every verb that the kernel writes, at least once, with this relationship or its party."""
    party, day = relationship.party, NOW.date() + timedelta(days=20)
    common = {"actor": actor, "now": NOW}
    talk = make_interaction(relationship, problem_severity=2, actor=actor)
    talk = interactions.correct_interaction(interaction=talk, body="Other", reason="Misheard", **common)
    interactions.close_problem(interaction=talk, reason="Replaced", **common)
    gain = {
        "side": "to_us",
        "category": "margin",
        "value_date": NOW.date(),
        "worth": Worth(Decimal(5), "GBP"),
    }
    entry = record_value(relationship=relationship, **gain, **common)
    reverse_value(entry=entry, reason="Counted twice", **common)
    for ending in ("deliver", "withdraw"):
        promise = make_commitment(relationship, actor=actor, state="proposed", direction="theirs")
        for move in ("agree", "start", "miss"):
            commitments.move_commitment(commitment=promise, transition=move, **common)
        commitments.renegotiate(commitment=promise, to_date=day, agreed_with="Ana", reason="Snow", **common)
        commitments.edit_commitment(commitment=promise, what="Send both", owner=make_user(), **common)
        commitments.move_commitment(commitment=promise, transition=ending, reason="Done", **common)
    same = make_party(name="Acme Limited")
    record = merging.merge_parties(keep=party, drop=same, choices={}, reason="One firm", **common)
    merging.unmerge(record=record, reason="Two after all", **common)
    heir = make_relationship("suppliers", party=party)
    make_commitment(relationship, actor=actor, direction="mutual")
    make_commitment(relationship, actor=actor)
    transfers.transfer_commitments(relationship=relationship, to=heir, reason="Theirs now", **common)
    other = make_follow_up(relationship, actor=actor)
    transfers.transfer_follow_up(follow_up=other, to=heir, reason="Theirs now", **common)
    plan = make_follow_up(relationship, actor=actor)
    follow_ups.snooze_follow_up(follow_up=plan, due_date=day, **common)
    follow_ups.edit_follow_up(follow_up=plan, what="Visit", due_date=day, assignee=actor, **common)
    follow_ups.finish_follow_up(follow_up=plan, **common)
    follow_ups.reopen_follow_up(follow_up=plan, **common)
    follow_ups.cancel_follow_up(follow_up=plan, reason="No need", **common)
    met = make_follow_up(relationship, actor=actor, channel="meeting", due_time=time(9))
    asked = InvitationDraft(colleagues=[make_user()], title="Visit")
    invitations.change_invitation(follow_up=met, draft=asked, **common)
    follow_ups.cancel_follow_up(follow_up=met, reason="Ill", **common)
    parties.edit_party(party=party, version=1, name="Acme Ltd", place="Leeds", **common)
    for kind, value in (("email", "a@example.org"), ("phone", "0113 496 0000"), ("url", "example.org")):
        point = contact_points.add_contact_point(party=party, kind=kind, value=value, **common)
        contact_points.edit_contact_point(contact_point=point, value=value, label="work", **common)
        contact_points.remove_contact_point(contact_point=point, **common)
    ben, service = make_person("Ben"), Purpose.objects.get(slug="service")
    consents.record_consent(party=ben, purpose=service, state="refused", door="phone", **common)
    link = make_link(party, make_person("Ana Ruiz"), "employs")
    links.edit_link(link=link, strength=5, **common)
    links.end_link(link=link, until_date=NOW.date(), **common)
    relationship_operations.edit_relationship(
        relationship=relationship, version=1, stage="active", objective="Renew", **common
    )
    relationship_operations.assign_relationships(
        relationship_ids=[relationship.pk], owner=make_user(), reason="Region", **common
    )
    make_field(label="Contract")
    custom_values.set_custom_values(relationship=relationship, values={"contract": "A"}, **common)
    for names in (("Key",), ()):
        tags.set_tags(relationship=relationship, names=names, **common)
    access = confidential_access.name_access(
        relationship=relationship, user=make_user(), reason="Audit", **common
    )
    confidential_access.end_access(access=access, **common)
    added = make_document(relationship, actor=actor)
    with BytesIO(b"changed") as file:
        changed = {"document": added, "name": "a.pdf", "content": file, "reason": "Signed"}
        document_versions.add_version(**changed, **common)
    documents.remove_document(document=added, reason="Out of date", **common)
    trash.restore_document(document=added, **common)
    run = playbooks.start_playbook(relationship=relationship, playbook="win_back", aim="Hear why", **common)
    playbooks.skip_step(step=run.steps.order_by("position")[0], reason="Done before", **common)
    playbooks.close_playbook(run=run, effect="worked", note="They stay", **common)
    make_follow_up(relationship, actor=actor, assignee=actor)
    held = Relationship.objects.get(pk=relationship.pk)
    given = handovers.hand_over(leaver=held.owner, receiver=make_user(), reason="She leaves", **common)
    pack = given.handover.packs.get(relationship=relationship)
    handovers.accept_packs(actor=pack.receiver, packs=[pack], now=NOW)
    contact_points.add_contact_point(party=party, kind="email", value="b@example.org", **common)
    handover_mails.send_letters(handover=given.handover, pack_ids=[pack.pk], **common)
    plan = make_follow_up(relationship, actor=actor, assignee=actor)
    replanning.give_follow_up(follow_up=plan, to=make_user(), reason="Holiday", **common)
    relationship_operations.close_relationship(relationship=relationship, reason="Moved", **common)
    relationship_operations.reopen_relationship(relationship=relationship, reason="Back", **common)


@pytest.mark.django_db
def test_every_verb_of_the_kernel_is_written_and_told_in_words(workspace: Workspace) -> None:
    actor = make_user(name="Tom Baptiste")
    relationship = make_relationship(name="Acme")
    everything_happens(relationship, actor)
    page = timeline_page(viewer=actor, relationship=relationship, limit=200)
    of_people = entries_of(actor, Event.objects.filter(relationship=None, party__kind="person"))
    entries = [*page.entries, *of_people]
    seen = {entry.event.verb for entry in entries} | {
        inner.event.verb for entry in entries for inner in entry.within
    }
    superseded = {Verb.INTERACTION_LOGGED}
    assert {verb.value for verb in Verb} - seen == superseded
    for entry in entries:
        words = " ".join(strip_tags(render_to_string(entry.words.template, {"entry": entry})).split())
        assert len(words) > 15, (entry.event.verb, words)
        assert "None" not in words, (entry.event.verb, words)


@pytest.mark.django_db
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("channel", Channel)
def test_every_way_of_talking_is_a_sentence(
    workspace: Workspace, channel: Channel, direction: Direction
) -> None:
    relationship = make_relationship(name="Acme")
    actor = make_user(name="Tom Baptiste")
    make_interaction(relationship, actor=actor, channel=channel, direction=direction)
    page = timeline_page(viewer=actor, relationship=relationship)
    entry = next(entry for entry in page.entries if entry.event.verb == "interaction_logged")
    words = strip_tags(render_to_string(entry.words.template, {"entry": entry}))
    assert "Tom Baptiste" in words
    assert ("Acme" in words) is (channel != Channel.NOTE)


def test_every_pair_of_channel_and_direction_has_a_phrase() -> None:
    assert set(PHRASES) == {(c, d) for c in Channel for d in Direction if c != Channel.NOTE}


@pytest.mark.django_db
def test_a_talk_that_one_may_not_read_says_so_instead(workspace: Workspace) -> None:
    """The event's class and the talk's are equal; should they ever differ, the stricter one holds."""
    relationship = make_relationship()
    talk = make_interaction(relationship, confidentiality=Confidentiality.CONFIDENTIAL)
    viewer = make_user()
    event = record_event(
        relationship=relationship,
        party=relationship.party,
        verb=Verb.INTERACTION_LOGGED,
        actor=make_user(),
        now=NOW,
        subject=talk,
    )
    page = timeline_page(viewer=viewer, relationship=relationship)
    entry = next(entry for entry in page.entries if entry.event == event)
    assert (entry.subject, entry.icon) == (None, "message-square")
    assert "that you may not read" in render_to_string(entry.words.template, {"entry": entry})


def test_the_product_passes_its_own_checks() -> None:
    assert checks.check_events_have_words() == []
    assert checks.check_kinds() == []


def ids(found: list[Error]) -> list[str]:
    return sorted(str(error.id) for error in found)


def test_words_that_are_wanting_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    incomplete = Registry()
    incomplete.event_words = {
        verb: words for verb, words in registry.event_words.items() if verb != "link_added"
    }
    incomplete.add_event_words(EventWords("odd", "relationships/events/_nowhere.html", "x", "nowhere"))
    monkeypatch.setattr(checks, "registry", incomplete)
    assert ids(checks.check_events_have_words()) == [
        "relationships.E001",
        "relationships.E002",
        "relationships.E003",
    ]


def kind(slug: str, **fields: object) -> Kind:
    given = {"stages": (Stage("one", "One"),), "profile": "customers.Customer", "key": slug}
    return Kind(
        slug=slug,
        label=slug,
        label_plural=slug,
        icon="x",
        colour="x",
        cadence_days=1,
        components=(),
        groups={},
        **given | fields,
    )


def test_kinds_that_cannot_work_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = KindRegistry()
    odd.register(kind("a", stages=()))
    odd.register(kind("b", profile="customers.Nobody"))
    odd.register(kind("c", profile="relationships.Party"))
    odd.register(kind("d", key="c"))
    step = PlaybookStep("Call", 1, "pigeon")
    odd.register(kind("e", playbooks=(Playbook("odd", "Odd", "Never", (step,)),)))
    monkeypatch.setattr(kinds, "registry", odd)
    assert ids(checks.check_kinds()) == [
        "relationships.E004",
        "relationships.E005",
        "relationships.E005",
        "relationships.E006",
        "relationships.E007",
    ]


def test_a_name_is_registered_once() -> None:
    fresh, names = Registry(), KindRegistry()
    panel = Panel("why", "strip", "why.html", dict)
    fresh.add_panel(panel)
    fresh.add_panel(panel)
    with pytest.raises(ValueError, match="two panels"):
        fresh.add_panel(Panel("why", "aside", "why.html", dict))
    fresh.add_event_words(EventWords("a", "a.html", "x", TimelineGroup.NOTES))
    with pytest.raises(ValueError, match="two wordings"):
        fresh.add_event_words(EventWords("a", "b.html", "x", TimelineGroup.NOTES))
    names.register(kind("a"))
    with pytest.raises(ValueError, match="two kinds"):
        names.register(kind("a", key="b"))
    with pytest.raises(KeyError):
        names.get("z")
    assert names.get("a").stage_label("gone") == "gone"


def test_panels_stand_in_order_and_only_for_their_kinds() -> None:
    fresh = Registry()
    for key, position, only in (
        ("late", 9, ()),
        ("early", 1, ()),
        ("other", 5, ("suppliers",)),
        ("aside", 0, ()),
    ):
        fresh.add_panel(Panel(key, "aside" if key == "aside" else "main", "x.html", dict, position, only))
    assert [panel.key for panel in fresh.panels_for("customers", "main")] == ["early", "late"]
    assert [panel.key for panel in fresh.panels_for("suppliers", "main")] == ["early", "other", "late"]


@pytest.mark.django_db
def test_a_party_reads_as_its_name(workspace: Workspace) -> None:
    relationship = make_relationship(name="Acme")
    person = make_person("Ana")
    entry = Entry(
        Event(verb="party_created", data={"name": "x"}), registry.event_words["party_created"], None
    )
    assert (str(relationship), str(relationship.party), str(make_party("B"))) == ("Acme", "Acme", "B")
    assert (person.is_person, relationship.party.is_person, entry.facts) == (True, False, {"name": "x"})
    assert (str(make_follow_up(what="Call")), str(make_commitment(what="Pay"))) == ("Call", "Pay")
    assert str(make_link(relationship.party, person, "employs").type) == "employs"
