"""Parties: written down, corrected, renamed everywhere."""

from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, Party, Relationship
from relationships.operations.parties import create_party, edit_party
from tests.factories import NOW, make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db


def edit(party: Party, **fields: Any) -> Party:
    given = {"actor": make_user(), "version": party.version, "now": NOW}
    return edit_party(party=party, **given | fields)


def test_a_party_is_kept_as_it_was_given(workspace: Workspace) -> None:
    actor = make_user()
    party = create_party(
        actor=actor,
        kind="public_body",
        name=" Leeds City Council ",
        now=NOW,
        sector="Local government",
        place="Leeds",
        country=" gb ",
        time_zone="Europe/London",
        locale="en-GB",
        about="Runs the city.",
        is_sample=True,
    )
    kept = Party.objects.get(pk=party.pk)
    assert (kept.kind, kept.name, kept.country, kept.is_sample) == (
        "public_body",
        "Leeds City Council",
        "GB",
        True,
    )
    assert (kept.created_by, kept.created_at, kept.version) == (actor, NOW, 1)
    assert Event.objects.get().data == {"name": "Leeds City Council"}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": " "}, "name", "This cannot be empty."),
        ({"name": "x" * 201}, "name", "This has 201 characters"),
        ({"kind": "robot"}, "kind", "“robot” is not known here."),
        ({"country": "GBR"}, "country", "Write the two letters"),
        ({"time_zone": "Mars/North"}, "time_zone", "“Mars/North” is not a time zone."),
        ({"about": "x" * 20_001}, "about", "This has 20001 characters"),
        ({"confidentiality": 7}, "confidentiality", "“7” is not known here."),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_party(**{"actor": make_user(), "kind": "organisation", "name": "A", "now": NOW, **fields})
    assert list(refused.value.errors) == [field]
    assert refused.value.errors[field][0].startswith(words)
    assert Party.objects.count() == 0


def test_a_field_that_parties_do_not_have_is_a_mistake_of_the_program(workspace: Workspace) -> None:
    with pytest.raises(TypeError, match="colour, version"):
        make_party(version=3, colour="red")


def test_parties_are_for_who_may_edit_them(workspace: Workspace) -> None:
    with pytest.raises(NotAllowed):
        make_party(actor=make_user("auditor"))
    party = make_relationship("customers").party
    with pytest.raises(NotAllowed):
        edit(party, actor=make_user("auditor"), name="B")
    with pytest.raises(Missing):
        edit(party, actor=make_user(kind="suppliers"), name="B")


def test_the_same_key_makes_one_party(workspace: Workspace) -> None:
    assert make_party("A", idempotency_key="k") == make_party("A", idempotency_key="k")
    assert Party.objects.filter(name="A").count() == 1


def test_a_key_used_for_something_else_is_refused(workspace: Workspace) -> None:
    party = make_party("A", idempotency_key="k")
    with pytest.raises(Conflict, match="already used for something else"):
        make_relationship(party=party, idempotency_key="k")


def test_a_new_name_reaches_every_relationship(workspace: Workspace) -> None:
    party = make_party("Old")
    for kind in ("customers", "suppliers"):
        make_relationship(kind, party=party)
    renamed = edit(party, name="New", place="Leeds")
    assert (renamed.name, renamed.version) == ("New", 2)
    assert list(Relationship.objects.values_list("party_name", flat=True)) == ["New", "New"]
    events = {
        event.verb: event.data
        for event in Event.objects.filter(relationship=None).exclude(verb="party_created")
    }
    assert events == {"party_renamed": {"from": "Old", "to": "New"}, "party_edited": {"fields": ["place"]}}


def test_a_stale_form_is_refused(workspace: Workspace) -> None:
    party = make_party("A")
    edit(party, place="Leeds")
    with pytest.raises(Conflict, match="Somebody else has changed “A”"):
        edit(party, version=1, place="York")


def test_an_edit_that_changes_nothing_is_no_version(workspace: Workspace) -> None:
    party = make_party("A", place="Leeds")
    assert edit(party, name="A", place="Leeds").version == 1
    assert Event.objects.count() == 1


def test_a_wrong_edit_changes_nothing(workspace: Workspace) -> None:
    party = make_party("A")
    with pytest.raises(Invalid):
        edit(party, name="", place="Leeds")
    party.refresh_from_db()
    assert (party.name, party.place) == ("A", "")


def test_a_party_for_named_people_makes_its_relationships_so(workspace: Workspace) -> None:
    relationship = make_relationship()
    edit(relationship.party, confidentiality=Confidentiality.CONFIDENTIAL)
    relationship.refresh_from_db()
    assert relationship.confidentiality == Confidentiality.CONFIDENTIAL


def test_a_new_name_alone_tells_of_nothing_else(workspace: Workspace) -> None:
    edit(make_party("Old"), name="New")
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "party_created",
        "party_renamed",
    ]
