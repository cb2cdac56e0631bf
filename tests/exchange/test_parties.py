"""Parties from files: new ones whole, known ones changed only by what the source says anew."""

from typing import Any

import pytest

from core.refusals import Invalid
from exchange.models import HeldRow
from relationships.models import ContactPoint, Event, Party, PartyLink, Relationship, RelationshipState
from tests.exchange.conftest import ROOT, Bring
from tests.factories import make_user

pytestmark = pytest.mark.django_db

COLUMNS = {
    "ref": "No", "name": "Name", "place": "Town", "country": "Country", "email": "Mail", "phone": "Phone",
    "website": "Web", "address": "Street", "profile.segment": "Segment", "identifier.vat": "VAT",
}  # fmt: skip
CUSTOMERS: dict[str, Any] = {
    "dataset": "parties",
    "columns": COLUMNS,
    "constants": {"kind": "customers", "stage": "onboarding"},
}
HEADER = "No,Name,Town,Country,Mail,Phone,Web,Street,Segment,VAT\n"
ACME = "1,Acme,Leeds,gb,Sales@Acme.example,0113 496 0000,acme.example/,1 High St,Gold,GB1\n"


def test_a_new_party_comes_with_all_that_belongs_to_it(bring: Bring) -> None:
    report = bring(HEADER + ACME, **CUSTOMERS)
    assert report.created == {"customers": 1, "parties": 1, "contact_points": 4, "links": 0}
    relationship = Relationship.objects.get()
    party = relationship.party
    assert (party.name, party.place, party.country, relationship.stage) == (
        "Acme",
        "Leeds",
        "GB",
        "onboarding",
    )
    assert relationship.customer.segment == "Gold"
    assert list(party.identifiers.order_by("scheme").values_list("scheme", "value")) == [
        ("shop", "1"),
        ("vat", "GB1"),
    ]
    points = ContactPoint.objects.order_by("kind").values_list("kind", "normalised", "is_preferred")
    assert list(points) == [
        ("email", "sales@acme.example", True),
        ("phone", "+441134960000", True),
        ("postal", "1 high st", True),
        ("url", "https://acme.example", True),
    ]
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["party_created", "relationship_opened", *["contact_point_added"] * 4]


def test_a_file_that_comes_again_leaves_peoples_edits_alone(bring: Bring) -> None:
    bring(HEADER + ACME, **CUSTOMERS)
    Party.objects.update(name="Acme Ltd", version=2)
    again = bring(HEADER + ACME, **CUSTOMERS)
    assert (set(again.created.values()), again.updated, again.unchanged) == (
        {0}, {"parties": 0}, {"parties": 1},
    )  # fmt: skip
    assert Party.objects.get().name == "Acme Ltd"


def test_what_the_source_says_anew_is_written_and_told(bring: Bring) -> None:
    bring(HEADER + ACME, **CUSTOMERS)
    assert RelationshipState.objects.get().owner == Relationship.objects.get().owner
    RelationshipState.objects.update(stale_at=None)
    changed = "1,Acme & Sons,York,,other@acme.example,,,,Silver,\n"
    report = bring(HEADER + changed, **CUSTOMERS)
    assert (report.updated, report.created["contact_points"]) == ({"parties": 1}, 1)
    relationship = Relationship.objects.get()
    party = relationship.party
    assert (relationship.party_name, party.name, party.place, party.country, party.version) == (
        "Acme & Sons", "Acme & Sons", "York", "GB", 2,
    )  # fmt: skip
    assert relationship.customer.segment == "Silver"
    assert RelationshipState.objects.get().stale_at is not None
    told = Event.objects.filter(verb__in=["party_renamed", "party_edited"]).order_by("id")
    assert [(event.verb, event.data) for event in told] == [
        ("party_renamed", {"from": "Acme", "to": "Acme & Sons"}),
        ("party_edited", {"fields": ["place"]}),
    ]
    assert list(
        ContactPoint.objects.filter(kind="email", is_preferred=True).values_list("value", flat=True)
    ) == ["Sales@Acme.example"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("2,,Leeds,GB,,,,,,\n", "Name", "missing_value"),
        ("2,B,Leeds,England,,,,,,\n", "Country", "malformed_value"),
        (f"2,{'B' * 201},Leeds,GB,,,,,,\n", "Name", "too_long"),
        ("2,B,Leeds,G1,,,,,,\n", "Country", "malformed_value"),
        ("2,B,Leeds,GB,nobody,,,,,\n", "Mail", "malformed_value"),
        ("2,B,Leeds,GB,,12,,,,\n", "Phone", "malformed_value"),
        ("2,B,Leeds,GB,,,no web,,,\n", "Web", "malformed_value"),
        ("2,B,Leeds,GB,,,,,,GB1\n", "VAT", "conflicting_row"),
        ("1,Acme,Hull,,,,,,,\n", "No", "conflicting_row"),
    ],
)
def test_a_bad_party_is_held(bring: Bring, row: str, column: str, reason: str) -> None:
    report = bring(HEADER + ACME + row, **CUSTOMERS)
    assert (report.created["parties"], report.held_by_reason) == (1, {reason: 1})
    held = HeldRow.objects.get()
    assert (held.row, held.column) == (3, column)


def test_an_identifier_that_is_known_of_another_party_is_held(bring: Bring) -> None:
    bring(HEADER + ACME, **CUSTOMERS)
    assert bring(HEADER + "9,B,,,,,,,,GB1\n", **CUSTOMERS).held_by_reason == {"conflicting_row": 1}


def test_repeats_share_the_fate_of_their_first(bring: Bring) -> None:
    bad = "2,B,,,nobody,,,,,\n"
    report = bring(HEADER + ACME + ACME + bad + bad, **CUSTOMERS)
    assert (report.repeated, report.held_by_reason) == (2, {"malformed_value": 2})
    assert (report.created["parties"], report.unchanged["parties"]) == (1, 1)


PEOPLE: dict[str, Any] = {
    "dataset": "parties",
    "columns": {
        "ref": "No",
        "name": "Name",
        "job_title": "Job",
        "organisation_ref": "Firm",
        "party_kind": "Is",
    },
    "values": {"party_kind": {"p": "person", "o": "organisation"}},
}


def test_people_belong_to_their_organisations(bring: Bring) -> None:
    bring(HEADER + ACME, **CUSTOMERS)
    text = "No,Name,Job,Firm,Is\np1,Ann,Buyer,1,p\nd1,Acme Deutschland,,1,o\np2,Bo,,d1,p\np3,Cy,,99,p\n"
    report = bring(text, **PEOPLE)
    assert report.created == {"parties": 3, "contact_points": 0, "links": 3}
    assert report.held_by_reason == {"not_found": 1}
    links = PartyLink.objects.order_by("source_party__name", "target_party__name")
    assert list(links.values_list("source_party__name", "type__slug", "target_party__name", "origin")) == [
        ("Acme", "employs", "Ann", "shop"),
        ("Acme Deutschland", "subsidiary_of", "Acme", "shop"),
        ("Acme Deutschland", "employs", "Bo", "shop"),
    ]
    assert Event.objects.filter(verb="link_added").count() == 6
    assert bring(text, **PEOPLE).created == {"parties": 0, "contact_points": 0, "links": 0}
    assert not Relationship.objects.filter(party__name="Ann").exists()


def test_without_a_reference_the_name_is_one(bring: Bring) -> None:
    mapping = {"dataset": "parties", "columns": {"name": "Name"}, "constants": {"kind": "suppliers"}}
    bring("Name\nAcme\n", **mapping)
    report = bring("Name\nAcme\nBeta\n", **mapping)
    assert (report.created["suppliers"], report.unchanged["parties"]) == (1, 1)
    assert Relationship.objects.filter(external_ref="Acme", kind="suppliers", stage="candidate").exists()


@pytest.mark.parametrize(
    ("constants", "column", "value", "reason"),
    [
        ({"kind": "customers"}, "party_kind", "household", "not_a_choice"),
        ({}, "party_kind", "planet", "not_a_choice"),
        ({"kind": "customers"}, "stage", "wild", "not_a_choice"),
        ({"kind": "suppliers"}, "profile.category", "wild", "not_a_choice"),
        ({"kind": "customers"}, "opened_at", "2027-01-01", "in_the_future"),
    ],
)
def test_fields_take_what_the_kind_takes(
    bring: Bring, constants: dict[str, str], column: str, value: str, reason: str
) -> None:
    report = bring(
        f"Name,X\nAcme,{value}\n",
        dataset="parties",
        columns={"name": "Name", column: "X"},
        constants=constants,
    )
    assert report.held_by_reason == {reason: 1}


def test_a_profile_field_that_the_kind_lacks_is_refused(bring: Bring) -> None:
    mapping = {"dataset": "parties", "columns": {"name": "Name", "profile.shoe": "X"}}
    with pytest.raises(Invalid, match=r"“profile\.shoe” is not in the profile; it can be profile\.segment"):
        bring("Name,X\nA,1\n", **mapping, constants={"kind": "customers"})
    with pytest.raises(Invalid, match="Say which kind of relationship this is"):
        bring("Name,X\nA,1\n", **mapping)


def test_an_importer_changes_only_what_they_may_know_of(bring: Bring) -> None:
    bring(HEADER + ACME, **CUSTOMERS)
    Relationship.objects.update(confidentiality=3)
    actor = make_user("relationship_manager")
    report = bring(HEADER + ACME.replace("Acme", "Mine") + "2,Beta,,,,,,,,\n", actor=actor, **CUSTOMERS)
    assert (report.created["parties"], report.held_by_reason) == (1, {"not_available": 1})
    people = bring("No,Name,Job,Firm,Is\np1,Ann,Buyer,1,p\np2,Bo,,2,p\n", actor=actor, **PEOPLE)
    assert (people.created["links"], people.held_by_reason) == (1, {"not_available": 1})


def test_northwind_comes_whole(bring_shipped: Bring) -> None:
    folder = ROOT / "demo" / "northwind"
    customers = bring_shipped("northwind-customers", "parties", [folder / "customers.csv"])
    suppliers = bring_shipped("northwind-suppliers", "parties", [folder / "suppliers.csv"])
    lines = bring_shipped("northwind-order-lines", "purchases", [folder / "order_lines.csv"])
    assert (customers.created["customers"], suppliers.created["suppliers"]) == (91, 29)
    assert (customers.held, suppliers.held, lines.held) == (0, 0, 0)
    assert lines.created == {"customers": 0, "parties": 0, "products": 77, "orders": 830, "lines": 2155}
    assert str(lines.amount) == "1265793.29"
    assert Party.objects.get(name="Folk och fä HB").country == "SE"
