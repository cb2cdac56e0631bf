"""A list as a file: the rows that may be taken out, in the list's order, and nothing a spreadsheet would run."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry, RoleGrant, User
from accounts.operations.workspace import Workspace
from relationships.models import RelationshipState
from relationships.queries import relationship_list as lists
from tests.factories import NOW, make_interaction, make_party, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db


def taken(viewer: User, address: str) -> list[list[str]]:
    client = Client()
    client.force_login(viewer)
    with time_machine.travel(NOW, tick=False):
        answer = client.post(address)
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(text.splitlines(keepends=True)))


def test_the_file_has_the_list_as_it_is_narrowed_and_ordered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "READ_AT_ONCE", 2)
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
