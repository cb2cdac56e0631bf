"""A list as a file: the rows that may be taken out, in the list's order, and nothing a spreadsheet would run."""

import csv
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Permission
from accounts.models import AuditEntry, RoleGrant, User
from accounts.operations.workspace import Workspace
from core import copying
from core.spreadsheets import inert
from relationships.filters.relationship_list import parse_list
from relationships.models import CustomChoice, CustomField, Relationship, RelationshipState
from relationships.operations.custom_values import set_custom_values
from relationships.operations.exports import export_list
from relationships.operations.tags import set_tags
from relationships.permissions import may_in
from relationships.queries.custom_fields import definitions, forget
from relationships.queries.custom_values import values_of, words
from relationships.queries.relationship_list import relationship_page
from relationships.querysets import allowed_in
from relationships.registry import registry
from suppliers.models import Supplier
from tests.factories import (
    NOW,
    make_business_unit,
    make_field,
    make_interaction,
    make_party,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def taken(viewer: User, address: str) -> list[list[str]]:
    client = Client()
    client.force_login(viewer)
    with time_machine.travel(NOW, tick=False):
        answer = client.post(address)
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(text.splitlines(keepends=True)))


def test_the_file_is_the_same_in_every_language(workspace: Workspace) -> None:
    """So that it can be read again by whoever gets it, and by the import."""
    viewer = make_user()
    make_relationship(party=make_party(name="Cedar"), owner=viewer)
    address = "/customers/export.csv?owner=me"
    files = []
    for language in ("", "de"):
        User.objects.filter(pk=viewer.pk).update(language=language)
        files.append(taken(viewer, address))
    translation.activate(settings.LANGUAGE_CODE)
    assert files[0] == files[1]
    assert files[0][0][1] == "Stage"


def test_the_file_has_the_list_as_it_is_narrowed_and_ordered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "LINES_AT_ONCE", 2)
    viewer = make_user()
    for name in ("Cedar", "Aspen", "Birch", "Ash"):
        make_relationship(party=make_party(name=name), owner=viewer)
    make_relationship(party=make_party(name="Apple"), owner=make_user())
    head, *rows = taken(viewer, "/customers/export.csv?owner=me&sort=-name")
    assert [row[0] for row in rows] == ["Cedar", "Birch", "Aspen", "Ash"]
    assert {len(row) for row in rows} == {len(head)}
    (entry,) = AuditEntry.objects.filter(verb="list_exported")
    assert (entry.actor_id, entry.data) == (viewer.pk, {"kind": "customers", "format": "csv"})


def test_a_row_says_what_the_list_says_in_values_that_compute(workspace: Workspace) -> None:
    relationship = make_relationship(party=make_party(name="=HYPERLINK(1)"), stage="active", cadence_days=30)
    make_interaction(relationship, happened_at=NOW - timedelta(days=3))
    RelationshipState.objects.update(
        value_amount=Decimal("1200.50"), value_currency="GBP", health=Decimal("71.5")
    )
    head, row = taken(relationship.owner, "/customers/export.csv")
    told = dict(zip(head, row, strict=True))
    assert told["Customer"] == "'=HYPERLINK(1)"
    assert told["Last contact"] == (NOW - timedelta(days=3)).date().isoformat()
    assert (told["Health"], told["Value a year"], told["Currency"]) == ("71.5", "1200.50", "GBP")
    assert (told["Owner"], told["Days between touches"]) == (relationship.owner.name, "30")


def test_only_rows_come_out_that_the_role_may_export(workspace: Workspace) -> None:
    ours, theirs = make_team(), make_team()
    make_relationship(party=make_party(name="Ours"), team=ours)
    make_relationship(party=make_party(name="Theirs"), team=theirs)
    viewer = make_user("representative", member_of=theirs)
    client = Client()
    client.force_login(viewer)
    assert client.post("/customers/export.csv").status_code == 403
    assert "export.csv" not in client.get("/customers/").content.decode()
    assert not AuditEntry.objects.filter(verb="list_exported").exists()
    RoleGrant.objects.create(
        user=viewer, role="relationship_manager", team=ours, granted_at=NOW, granted_by=viewer
    )
    scoped = User.objects.get(pk=viewer.pk)
    assert "Theirs" in client.get("/customers/").content.decode()
    assert [row[0] for row in taken(scoped, "/customers/export.csv")[1:]] == ["Ours"]


def test_the_heads_come_before_the_database_is_asked(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = make_user("administrator")
    query, _complaints = parse_list("customers", QueryDict("owner=me"))
    pieces = export_list(actor=viewer, query=query, now=NOW)
    with django_assert_num_queries(0):
        assert next(pieces).startswith("\ufeffCustomer,Stage,".encode())
    assert list(pieces) == []


def test_a_file_narrowed_by_what_one_may_not_know_is_its_heads(workspace: Workspace) -> None:
    admin = make_user("administrator")
    make_field("money", label="Budget", actor=admin)
    row = make_relationship(name="Ash")
    set_custom_values(actor=admin, relationship=row, values={"budget": "50"}, now=NOW)
    asked = "/customers/export.csv?col=cadence&if=f_budget:filled"
    assert [told[0] for told in taken(admin, asked)] == ["Customer", "Ash"]
    assert taken(make_user("hr", kind="customers"), asked) == [["Customer", "Rhythm, in days"]]


@pytest.mark.parametrize(
    "sort", ["name", "-name", "contact", "-contact", "value", "-value", "f_seats", "-f_seats"]
)
def test_the_file_is_in_the_order_of_the_pages(workspace: Workspace, sort: str) -> None:
    viewer = make_user("administrator")
    make_field("whole", label="Seats", actor=viewer)
    for number, name in enumerate(["Beech", "Ash", "Dogwood", "Cedar", "Elm"]):
        row = make_relationship(party=make_party(name=name), owner=viewer)
        if number % 2:
            make_interaction(row, actor=viewer, happened_at=NOW - timedelta(days=number))
            set_custom_values(actor=viewer, relationship=row, values={"seats": 7 - number}, now=NOW)
            RelationshipState.objects.filter(pk=row.pk).update(value_amount=number, value_currency="GBP")
    query, _complaints = parse_list("customers", QueryDict(f"sort={sort}"))
    shown = relationship_page(viewer=viewer, query=query, now=NOW).rows
    told = taken(viewer, f"/customers/export.csv?sort={sort}")[1:]
    assert [row[0] for row in told] == [row.relationship.party_name for row in shown]
    assert len(told) == 5


VALUES: dict[str, list[Any]] = {
    "text": ["=1+1", "plain, with a comma", 'a "word"'],
    "long_text": ["-one\ntwo", "three"],
    "whole": ["1234567", "-3", "0"],
    "decimal": ["1234.5", "-0.25", "7"],
    "money": ["1234567.5", "-0.04", "-12"],
    "date": ["2026-03-08", "1999-12-31"],
    "yes_no": [True, False],
    "choice": ["gold", "silver"],
    "choices": [["gold", "silver"], ["silver"]],
    "link": ["https://one.example/"],
}


@pytest.mark.parametrize("unit", ["SEK", "JPY"])
def test_what_the_database_writes_are_the_words_of_the_pages(workspace: Workspace, unit: str) -> None:
    viewer = make_user("administrator", name="+Ada")
    for type_ in VALUES:
        make_field(type_, label=type_, actor=viewer, **({"unit": "kg"} if type_ == "decimal" else {}))
    CustomField.objects.filter(type="money").update(unit=unit)
    make_field("person", label="person", actor=viewer)
    CustomChoice.objects.filter(key="gold").update(label="=Gold")
    forget("customers")
    rows = [make_relationship(name=f"Row {number}", owner=viewer) for number in range(4)]
    for number, row in enumerate(rows[:3]):
        values = {key: held[number] for key, held in VALUES.items() if number < len(held)}
        set_custom_values(actor=viewer, relationship=row, values=values | {"person": viewer.pk}, now=NOW)
        set_tags(actor=viewer, relationship=row, names=["zinc", "=Copper", "brass"][: number + 1], now=NOW)
    known = definitions("customers")
    held = values_of([row.pk for row in rows], known)
    columns = "".join(f"&col=f_{each.key}" for each in known)
    _head, *told = taken(viewer, f"/customers/export.csv?col=tag{columns}")
    assert [row[0] for row in told] == [row.party_name for row in rows]
    assert [row[1] for row in told] == ["zinc", "'=Copper, zinc", "'=Copper, brass, zinc", ""]
    said = [[inert(words(each, held[row.pk].get(each.key))) for each in known] for row in rows]
    assert [row[2:] for row in told] == said
    assert CustomField.objects.count() == len(said[0])


def test_hidden_cells_are_empty_row_by_row(workspace: Workspace) -> None:
    team = make_team()
    admin = make_user("administrator")
    make_field("money", label="Budget", actor=admin)
    viewer = make_user("hr", kind="customers")
    RoleGrant.objects.create(
        user=viewer, role="relationship_manager", team=team, granted_at=NOW, granted_by=viewer
    )
    for name, of in (("Ours", team), ("Theirs", None)):
        row = make_relationship(name=name, team=of)
        set_custom_values(actor=admin, relationship=row, values={"budget": "50"}, now=NOW)
    RelationshipState.objects.update(value_amount=Decimal(1200), value_currency="GBP")
    seen = User.objects.get(pk=viewer.pk)
    assert taken(seen, "/customers/export.csv?col=value&col=f_budget")[1:] == [
        ["Ours", "1200.00", "£50"],
        ["Theirs", "", ""],
    ]
    head, *rows = taken(seen, "/customers/export.csv")
    at = head.index("Value a year")
    assert [row[at : at + 2] for row in rows] == [["1200.00", "GBP"], ["", ""]]


GRANTS: list[tuple[str, dict[str, Any]]] = [
    ("relationship_manager", {"team": True}),
    ("relationship_manager", {"kind": "customers"}),
    ("finance", {"business_unit": True}),
    ("representative", {}),
    ("hr", {}),
    ("auditor", {"kind": "staff"}),
    ("administrator", {}),
]


@pytest.mark.parametrize(("role", "within"), GRANTS)
def test_the_database_and_the_product_allow_the_same(
    workspace: Workspace, role: str, within: dict[str, Any]
) -> None:
    team, unit = make_team(), make_business_unit()
    viewer = make_user("", member_of=team)
    scope = {name: {"team": team, "business_unit": unit}.get(name, value) for name, value in within.items()}
    RoleGrant.objects.create(user=viewer, role=role, granted_at=NOW, granted_by=viewer, **scope)
    hr = make_user("hr", kind="staff")
    for kind in ("customers", "suppliers"):
        make_relationship(kind)
        make_relationship(kind, team=team)
        make_relationship(kind, business_unit=unit)
        make_relationship(kind, owner=viewer)
    make_relationship("staff", actor=hr, owner=hr)
    make_relationship("staff", actor=hr, owner=hr, team=team)
    asked = User.objects.get(pk=viewer.pk)
    every = list(Relationship.objects.all())
    for permission in Permission:
        by_database = set(Relationship.objects.filter(allowed_in(asked, permission)))
        assert by_database == {row for row in every if may_in(asked, permission, row)}
    assert len(every) == 10


def test_yes_and_no_and_counts_read_as_the_list_says_them(workspace: Workspace) -> None:
    viewer = make_user("administrator")
    for name, is_sole in (("Ash", True), ("Birch", False)):
        row = make_relationship("suppliers", name=name, owner=viewer)
        Supplier.objects.filter(relationship=row).update(is_sole_source=is_sole, criticality=4)
    RelationshipState.objects.update(open_problems=1234)
    chosen = taken(viewer, "/suppliers/export.csv?col=c_sole&col=c_criticality&col=problems")
    assert chosen[1:] == [["Ash", "Yes", "4", "1,234"], ["Birch", "", "4", "1,234"]]
    head, *rows = taken(viewer, "/suppliers/export.csv")
    at = [head.index(words) for words in ("Open problems", "Critical, 1 to 5", "Sole source")]
    assert [[row[place] for place in at] for row in rows] == [["1234", "4", "True"], ["1234", "4", "False"]]


def test_two_sorts_of_files_cannot_end_alike() -> None:
    known = registry.list_formats["csv"]
    registry.add_list_format(known)
    with pytest.raises(ValueError, match="two sorts of files end in 'csv'"):
        registry.add_list_format(replace(known, label="Other"))
    assert registry.list_formats["csv"] is known
