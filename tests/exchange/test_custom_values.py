"""The workspace's own fields from files: proposed by header, typed, held by row with the reason, and taken back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from exchange.models import HeldRow, ImportRun
from exchange.operations.proposing import propose_mapping
from exchange.operations.revert import revert_import
from exchange.operations.source_files import SourceFile
from exchange.queries.field_labels import offered_fields
from relationships.models import CustomValue, Event, Relationship
from relationships.operations.custom_values import set_custom_values
from relationships.queries.custom_fields import definitions
from relationships.queries.custom_values import Person, values_of
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_field, make_user

pytestmark = pytest.mark.django_db
KEYS = (
    "contract",
    "story",
    "seats",
    "share",
    "budget",
    "renewal",
    "signed",
    "level",
    "topics",
    "sponsor",
    "site",
)
MAPPING: dict[str, Any] = {
    "dataset": "parties",
    "date_format": "%d/%m/%Y",
    "columns": {"ref": "No", "name": "Name", **{f"custom.{key}": key.capitalize() for key in KEYS}},
    "constants": {"kind": "customers"},
}
HEAD = "No,Name," + ",".join(key.capitalize() for key in KEYS) + "\n"
FULL = "1,Acme,A-7,Long,1200,2.5,12.50,31/12/2025,yes,Gold,gold;Silver,{},https://acme.example\n"


@pytest.fixture
def ada(workspace: Workspace) -> User:
    """An administrator, with a field of every type."""
    ada = make_user("administrator", name="Ada", email="ada@example.org")
    types = (
        "text",
        "long_text",
        "whole",
        "decimal",
        "money",
        "date",
        "yes_no",
        "choice",
        "choices",
        "person",
        "link",
    )
    for type_, key in zip(types, KEYS, strict=True):
        make_field(type_, label=key.capitalize(), key=key, actor=ada)
    return ada


def holding(name: str) -> dict[str, Any]:
    relationship = Relationship.objects.get(party_name=name)
    return values_of([relationship.pk], definitions("customers"))[relationship.pk]


def test_every_type_is_read_as_what_it_is_and_said_anew(bring: Bring, ada: User) -> None:
    assert bring(HEAD + FULL.format("ada@example.org"), actor=ada, **MAPPING).held == 0
    assert holding("Acme") == {
        "contract": "A-7", "story": "Long", "seats": 1200, "share": Decimal("2.5"), "budget": Decimal("12.5"),
        "renewal": date(2025, 12, 31), "signed": True, "level": "gold", "topics": ["gold", "silver"],
        "sponsor": Person(ada.pk, "Ada"), "site": "https://acme.example",
    }  # fmt: skip
    before = CustomValue.objects.count()
    bring(HEAD + "1,Acme,B,,7,,,,no,silver,silver,,\n", actor=ada, **MAPPING)
    found = holding("Acme")
    changed = {"contract": "B", "seats": 7, "signed": False, "level": "silver", "topics": ["silver"]}
    assert {key: found[key] for key in changed} == changed
    assert (found["story"], CustomValue.objects.count()) == ("Long", before - 1)
    told = Event.objects.get(verb="custom_values_changed")
    assert (told.relationship, told.actor, told.happened_at) == (Relationship.objects.get(), ada, NOW)
    assert told.data == {
        "changes": [
            {"field": "Contract", "from": "A-7", "to": "B"},
            {"field": "Seats", "from": "1,200", "to": "7"},
            {"field": "Signed", "from": "Yes", "to": "No"},
            {"field": "Level", "from": "Gold", "to": "Silver"},
            {"field": "Topics", "from": "Gold, Silver", "to": "Silver"},
        ]
    }
    word = "x" * 250
    bring(
        HEAD + f"1,Acme,B,{word},,-1234.5,99,01/02/2026,,,,{ada.pk},https://b.example\n", actor=ada, **MAPPING
    )
    assert Event.objects.filter(verb="custom_values_changed").latest("pk").data["changes"] == [
        {"field": "Story", "from": "Long", "to": "x" * 199 + "…"},
        {"field": "Share", "from": "2.5", "to": "-1,234.5"},
        {"field": "Budget"},
        {"field": "Renewal", "from": "31 Dec 2025", "to": "1 Feb 2026"},
        {"field": "Site", "from": "https://acme.example", "to": "https://b.example"},
    ]
    bring(
        HEAD + f"1,Acme,B,{word},,-1234.5,99,01/02/2026,,,,{ada.pk},https://b.example\n", actor=ada, **MAPPING
    )
    assert Event.objects.filter(verb="custom_values_changed").count() == 2


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("x" * 401 + ",,,,,,,,,,", "Contract", "too_long"),
        (",,1.5,,,,,,,,", "Seats", "too_many_decimals"),
        (",,many,,,,,,,,", "Seats", "not_a_number"),
        (",,,,,2025-12-31,,,,,", "Renewal", "not_a_date"),
        (",,,,,,perhaps,,,,", "Signed", "not_yes_or_no"),
        (",,,,,,,bronze,,,", "Level", "not_a_choice"),
        (",,,,,,,,gold;bronze,,", "Topics", "not_a_choice"),
        (",,,,,,,,,nobody@example.org,", "Sponsor", "not_a_choice"),
        (",,,,,,,,,,javascript:x", "Site", "malformed_value"),
    ],
)
def test_a_row_that_does_not_fit_is_held(
    cells: str, column: str, reason: str, bring: Bring, ada: User
) -> None:
    assert bring(HEAD + f"1,Acme,{cells}\n2,Bolt,,,,,,,,,,,\n", actor=ada, **MAPPING).held == 1
    assert list(HeldRow.objects.values_list("column", "reason")) == [(column, reason)]
    assert list(Relationship.objects.values_list("party_name", flat=True)) == ["Bolt"]


def test_a_new_relationship_has_what_its_stage_asks_for(bring: Bring, ada: User) -> None:
    make_field(label="Licence", required_stages=["prospect"], actor=ada)
    mapped = {**MAPPING, "columns": {"ref": "No", "name": "Name", "custom.licence": "Licence"}}
    assert bring("No,Name,Licence\n1,Acme,\n2,Bolt,L-2\n", actor=ada, **mapped).held == 1
    assert list(HeldRow.objects.values_list("column", "reason")) == [("Licence", "missing_value")]
    bare = {**MAPPING, "columns": {"ref": "No", "name": "Name"}}
    assert bring("No,Name\n2,Bolt Ltd\n3,Cog\n", actor=ada, **bare).held == 1
    assert list(Relationship.objects.values_list("party_name", flat=True)) == ["Bolt Ltd"]


def test_what_an_import_wrote_is_taken_back(bring: Bring, ada: User) -> None:
    bring(HEAD + FULL.format(ada.pk), actor=ada, **MAPPING)
    set_custom_values(
        actor=ada,
        relationship=Relationship.objects.get(party_name="Acme"),
        values={"site": "", "story": ""},
        now=NOW,
    )
    before = holding("Acme")
    bring(HEAD + "1,Acme,B,New,7,,,,no,silver,silver,,\n2,Bolt,C,,,,,,,,,,\n", actor=ada, **MAPPING)
    revert_import(actor=ada, run=ImportRun.objects.latest("pk"), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert holding("Acme") == before
    assert not Relationship.objects.filter(party_name="Bolt").exists()
    bring(HEAD + "3,Cog,D,,,,,,,,,,\n", actor=ada, **MAPPING)
    cog = Relationship.objects.get(party_name="Cog")
    set_custom_values(actor=ada, relationship=cog, values={"seats": 3}, now=NOW)
    revert_import(actor=ada, run=ImportRun.objects.latest("pk"), now=NOW)
    assert holding("Cog") == {"contract": "D", "seats": 3}


def test_fields_are_proposed_by_their_labels_and_offered_by_them(tmp_path: Any, ada: User) -> None:
    make_field("whole", label="Number of Beds", actor=ada)
    file = tmp_path / "list.csv"
    file.write_text("Name,Number of beds,SIGNED\nAcme,4,yes\nBolt,5,no\n")
    found = propose_mapping(
        files=[SourceFile(file.name, file)], dataset="parties", given={"kind": "customers"}
    )
    assert found.mapping.columns == {"name": 1, "custom.number_of_beds": 2, "custom.signed": 3}
    assert ("custom.number_of_beds", "Number of Beds") in offered_fields("parties", "customers")
    assert not any(name.startswith("custom.") for name, _label in offered_fields("parties", "suppliers"))


def test_a_field_that_the_kind_lacks_or_that_is_money_to_somebody_without_is_refused(
    bring: Bring, ada: User
) -> None:
    mapped = {**MAPPING, "columns": {"ref": "No", "name": "Name", "custom.other": "Other"}}
    with pytest.raises(Invalid, match="is no field of this kind"):
        bring("No,Name,Other\n1,Acme,x\n", actor=ada, **mapped)
    mapped["columns"] = {"ref": "No", "name": "Name", "custom.budget": "Budget"}
    with pytest.raises(Invalid, match="is no field of this kind"):
        bring("No,Name,Budget\n1,Acme,5\n", actor=make_user("hr"), **mapped)
