"""A list as a workbook and as contacts: the same rows, rights and words as in the other files."""

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from core.refusals import Invalid, NotAllowed
from exchange.operations import contact_export
from exchange.operations.contacts import ingest_contacts
from exchange.operations.source_files import SourceFile
from relationships.enums import ContactPointKind
from relationships.models import Relationship, RelationshipState
from relationships.operations import exports
from relationships.operations.contact_points import add_contact_point
from relationships.operations.custom_values import set_custom_values
from relationships.operations.exports import export_list
from relationships.operations.saved_views import save_view
from relationships.queries.relationship_list import ListQuery
from tests.api import ApiClient
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_field,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def viewer() -> User:
    return make_user("relationship_manager", name="Vera")


def taken(viewer: User, address: str) -> bytes:
    with time_machine.travel(NOW, tick=False):
        answer: Any = signed_in(viewer).post(address)
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)


def cells(viewer: User, address: str) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(taken(viewer, address)))
    assert len(book.worksheets) == 1
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_a_workbook_has_numbers_days_and_words(viewer: User) -> None:
    row = make_relationship(party=make_party(name="=1+1 & <b>\nso"), owner=viewer, cadence_days=30)
    make_interaction(row, actor=viewer, happened_at=NOW - timedelta(days=3))
    RelationshipState.objects.update(
        value_amount=Decimal("1200.50"), value_currency="GBP", health=Decimal("71.5")
    )
    head, told = cells(viewer, "/customers/export.xlsx")
    found = dict(zip(head, told, strict=True))
    assert found["Customer"] == "'=1+1 & <b>\nso"
    assert found["Last contact"].date() == (NOW - timedelta(days=3)).date()
    assert (found["Health"], found["Value a year"], found["Currency"]) == (71.5, 1200.5, "GBP")
    assert (found["Owner"], found["Days between touches"], found["Reference"]) == ("Vera", 30, None)
    (entry,) = AuditEntry.objects.filter(verb="list_exported")
    assert entry.data == {"kind": "customers", "format": "xlsx"}


def test_a_workbook_has_what_xml_and_excel_cannot_hold_some_other_way(viewer: User) -> None:
    make_field("date", label="=When", actor=make_user("administrator"))
    row = make_relationship(party=make_party(name="Bell"), owner=viewer)
    Relationship.objects.update(party_name="Be\x07ll\uffff \u200bé\r|")
    set_custom_values(actor=viewer, relationship=row, values={"when": "1950-05-01"}, now=NOW)
    Relationship.objects.update(opened_at=NOW.replace(year=1890))
    head, told = cells(viewer, "/customers/export.xlsx?col=opened&col=f_when")
    assert head == ["Customer", "Since", "'=When"]
    assert told == ["Bell \u200bé\r|", NOW.replace(year=1890).date().isoformat(), "1 May 1950"]


def test_the_same_list_gives_the_same_bytes(viewer: User) -> None:
    for name in ("Ash", "Birch"):
        make_relationship(name=name, owner=viewer)
    first = taken(viewer, "/customers/export.xlsx?sort=-name")
    assert taken(viewer, "/customers/export.xlsx?sort=-name") == first
    assert [row[0] for row in cells(viewer, "/customers/export.xlsx?sort=-name")] == [
        "Customer", "Birch", "Ash",
    ]  # fmt: skip


def test_a_list_that_excel_cannot_open_is_refused(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    make_relationship(name="Ash", owner=viewer)
    assert list(export_list(actor=viewer, query=ListQuery("customers"), now=NOW, form="xlsx")) != []
    make_relationship(name="Birch", owner=viewer)
    with pytest.raises(Invalid, match="Excel opens at most 2 rows"):
        export_list(actor=viewer, query=ListQuery("customers"), now=NOW, form="xlsx")
    assert AuditEntry.objects.filter(verb="list_exported").count() == 1


def test_contacts_are_the_parties_of_the_list_and_their_people(viewer: User) -> None:
    firm, other = make_party(name="Ash Ltd"), make_party(name="Birch Ltd")
    ana, bob = make_person("Ana Ruiz", works_for=firm), make_person("Bob Fox", works_for=other)
    add_contact_point(actor=viewer, party=ana, kind=ContactPointKind.EMAIL, value="ana@ash.example", now=NOW)
    make_relationship(party=firm, owner=viewer)
    make_relationship(party=other, owner=viewer)
    make_link(make_party(name="Parent Ltd"), firm, type="owns")
    told = taken(viewer, "/customers/export.vcf?q=ash").decode()
    assert [line for line in told.splitlines() if line.startswith(("FN:", "ORG:", "EMAIL"))] == [
        "FN:Ash Ltd", "FN:Ana Ruiz", "ORG:Ash Ltd", "EMAIL:ana@ash.example",
    ]  # fmt: skip
    assert bob.name not in told
    assert told.count("BEGIN:VCARD\r\n") == 2


def test_contacts_are_read_a_batch_at_a_time(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def firms(number: int) -> int:
        """So many more, each with somebody who works for a second firm too; gives the queries of the file."""
        for _ in range(number):
            firm, second = make_party(), make_party()
            make_link(second, make_person("Ana Ruiz", works_for=firm), type="employs")
            make_relationship(party=firm, owner=viewer)
        with CaptureQueriesContext(connection) as asked:
            taken(viewer, "/customers/export.vcf")
        return len(asked)

    firms(1)  # fills what a process keeps from its first file on
    assert firms(1) == firms(3)
    monkeypatch.setattr(contact_export, "BATCH", 3)
    told = taken(viewer, "/customers/export.vcf").decode()
    assert (told.count("BEGIN:VCARD"), told.count("\r\nORG:")) == (10, 5)


def test_contacts_that_one_may_not_know_of_stay_out(viewer: User) -> None:
    firm = make_party(name="Ash Ltd")
    make_person("Ana Ruiz", works_for=firm)
    secret = make_person("Sam Secret", works_for=firm)
    type(secret).objects.filter(pk=secret.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    make_relationship(party=firm, owner=make_user())
    told = taken(viewer, "/customers/export.vcf").decode()
    assert "Ana Ruiz" in told
    assert "Secret" not in told


def test_more_contacts_than_an_address_book_wants_are_refused(
    viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_export, "MOST_PARTIES", 1)
    for name in ("Ash", "Birch"):
        make_relationship(name=name, owner=viewer)
    assert taken(viewer, "/customers/export.vcf?q=ash").count(b"BEGIN:VCARD") == 1
    with pytest.raises(Invalid, match="at most 1"):
        export_list(actor=viewer, query=ListQuery("customers"), now=NOW, form="vcf")


def test_an_unknown_sort_of_file_is_refused_and_so_is_who_may_not(viewer: User) -> None:
    with pytest.raises(Invalid, match="“xml” is not known; it can be csv, xlsx, vcf"):
        export_list(actor=viewer, query=ListQuery("customers"), now=NOW, form="xml")
    assert signed_in(viewer).post("/customers/export.xml").status_code == 404
    with pytest.raises(NotAllowed):
        export_list(actor=make_user("representative"), query=ListQuery("customers"), now=NOW, form="vcf")
    assert not AuditEntry.objects.filter(verb="list_exported").exists()


def test_the_list_offers_every_sort_of_file_to_who_may_export(viewer: User) -> None:
    make_relationship(name="Ash", owner=viewer)
    page = signed_in(viewer).get("/customers/?sort=-name").content.decode()
    for ending, words in (("csv", "CSV"), ("xlsx", "Excel"), ("vcf", "vCard")):
        assert f'formaction="/customers/export.{ending}?sort=-name">{words}</button>' in page
    assert "export." not in signed_in(make_user("representative")).get("/customers/").content.decode()


def test_page_command_and_api_give_the_same_file(viewer: User, tmp_path: Path) -> None:
    team = make_team()
    make_relationship(name="Theirs", team=team)
    for name in ("Ash", "Birch"):
        make_relationship(name=name, owner=viewer)
    make_field("text", label="Contract", actor=make_user("administrator"))
    asked = "owner=me&sort=-name&col=contact&col=f_contract"
    out = tmp_path / "list"
    for form in ("csv", "xlsx", "vcf"):
        page = taken(viewer, f"/customers/export.{form}?{asked}")
        with time_machine.travel(NOW, tick=False):
            given = {"actor": viewer.email, "view": asked, "format": form, "out": str(out)}
            call_command("export_list", "customers", **given)
            answer = ApiClient(viewer).call("get", f"customers/export/?{asked}&file={form}")
        assert out.read_bytes() == page
        assert b"".join(answer.streaming_content) == page
        assert answer["Content-Disposition"] == f'attachment; filename="customers-{NOW:%Y-%m-%d}.{form}"'
    assert AuditEntry.objects.filter(verb="list_exported", actor_id=viewer.pk).count() == 9


def test_the_command_writes_a_saved_view_and_refuses_in_words(
    viewer: User, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    make_relationship(name="Ash", owner=viewer)
    make_relationship(name="Birch", owner=make_user())
    view = save_view(actor=viewer, kind="customers", name="Mine", address="owner=me&col=cadence", now=NOW)
    call_command("export_list", "customers", actor=viewer.email, view=str(view.pk))
    lines = capfdbinary.readouterr().out.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["Customer", "Ash"]
    for words, given in (
        ("no view 999999", {"view": "999999"}),
        ("knows no “purple”", {"view": "?health=purple"}),
        ("cannot be written", {"out": str(tmp_path / "no" / "file")}),
        ("Nobody with the address", {"actor": "nobody@x.example"}),
        ("does not allow exporting", {"actor": make_user("representative").email}),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("export_list", "customers", **{"actor": viewer.email, **given})


def test_the_api_refuses_what_the_list_refuses(viewer: User) -> None:
    client, hr = ApiClient(viewer), ApiClient(make_user("hr", kind="customers"))
    for asked in ("file=xml", "col=nothing", "sort=purple"):
        assert client.call("get", f"customers/export/?{asked}").status_code == 422
    for asked, name, value in (
        ("if2=health:least:lots&if2=stage:is:active", "if2", "health:least:lots"),
        ("sort=-f_nothing&q=a", "sort", "-f_nothing"),
        ("col=nothing", "col", "nothing"),
    ):
        (entry,) = client.call("get", f"customers/export/?{asked}").json()["errors"]
        assert (entry["field"], "left out" in entry["reason"]) == (name, False)
        assert value in entry["reason"]
    for name, value in (("health", "purple"), ("colour", "red"), ("as", "heap")):
        said = {"kind": "customers", "name": "X", "address": f"stage=active&{name}={value}"}
        (entry,) = client.call("post", "saved-views/", said).json()["errors"]
        assert (entry["field"], entry["reason"]) == ("address", f"The filter “{name}” knows no “{value}”.")
    assert ApiClient(make_user("representative")).call("get", "customers/export/").status_code == 403
    assert hr.call("get", "customers/export/?sort=-value").status_code == 422
    assert hr.call("get", "suppliers/export/").status_code == 404


def test_contacts_of_a_list_come_in_again_and_change_nothing(viewer: User, tmp_path: Path) -> None:
    firm = make_party(name="Ash Ltd", about="Buys; sells, too")
    ana = make_person("Ana Ruiz", works_for=firm)
    for party, value in ((ana, "ana@ash.example"), (firm, "office@ash.example")):
        add_contact_point(actor=viewer, party=party, kind="email", value=value, label="Desk", now=NOW)
    make_relationship(party=firm, owner=viewer)
    first = taken(viewer, "/customers/export.vcf")
    path = tmp_path / "cards.vcf"
    path.write_bytes(first)
    report = ingest_contacts(actor=viewer, files=[SourceFile(path.name, path)], now=NOW)
    assert (report.cards, dict(report.created), report.held) == (2, {}, [])
    assert taken(viewer, "/customers/export.vcf") == first
