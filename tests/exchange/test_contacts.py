"""Contacts in and out: persons and their organisations, the rest kept beside, and the same bytes again."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import AuditEntry
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, NotAllowed
from core.spreadsheets import inert
from exchange.models import ContactCard, HeldRow
from exchange.operations.contact_export import export_contacts
from exchange.operations.contact_files import contact_cards
from exchange.operations.contacts import ContactReport, ingest_contacts, uid_of
from exchange.operations.source_files import SourceFile
from exchange.operations.vcards import line_of
from relationships.models import Party, PartyLink
from tests.factories import NOW, make_party, make_person, make_user

pytestmark = pytest.mark.django_db

CARDS = """BEGIN:VCARD
VERSION:3.0
UID:ana-1
FN:Ana Ruiz
N:Ruiz;Ana;Maria;;
ORG:Acme Ltd;Buying
TITLE:Head of Buying
item1.EMAIL;TYPE=INTERNET:ana@acme.example
item1.X-ABLabel:Desk
EMAIL;TYPE=HOME;TYPE=pref:ana@home.example
TEL;TYPE=WORK,VOICE:+44 20 7946 0001
TEL;TYPE=HOME:ask for Ana
ADR;TYPE=WORK:;;1 High St\\nFloor 2;Leeds;;LS1 1AA;UK
URL:http\\://acme.example
NOTE:=Knows everybody\\; speaks Welsh
BDAY:1980-02-03
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
END:VCARD
BEGIN:VCARD
VERSION:2.1
N:Jones;Bob
ORG:ACME LIMITED
TEL;CELL:+44 20 7946 0002
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Acme Tools
ORG:Acme Tools;
EMAIL:info@tools.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Ana again
EMAIL:ANA@acme.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
ADR:;;;;;;
END:VCARD
"""


@pytest.fixture
def file(workspace: Workspace, tmp_path: Path) -> SourceFile:
    path = tmp_path / "cards.vcf"
    path.write_text(CARDS, encoding="utf-8")
    return SourceFile(path.name, path)


def bring(workspace: Workspace, *files: SourceFile, **given: Any) -> ContactReport:
    return ingest_contacts(**{"actor": workspace.system_actor, "files": files, "now": NOW, **given})


def exported(workspace: Workspace, form: str = "vcard") -> str:
    target = io.StringIO(newline="")
    export_contacts(actor=workspace.system_actor, target=target, form=form, now=NOW)
    return target.getvalue()


def test_cards_become_persons_with_links_and_ways_to_reach_them(
    workspace: Workspace, file: SourceFile
) -> None:
    report = bring(workspace, file).as_json()
    assert (report["rows"], report["imported"], report["held_by_reason"]) == (
        5, 3, {"equal_value": 1, "missing_value": 1},
    )  # fmt: skip
    assert report["created"] == {"parties": 4, "contact_points": 7, "links": 2, "consents": 0}
    ana = Party.objects.get(name="Ana Ruiz")
    assert (ana.kind, ana.job_title, ana.about) == (
        "person",
        "Head of Buying",
        "=Knows everybody; speaks Welsh",
    )
    points = {(one.kind, one.value): (one.label, one.is_preferred) for one in ana.contact_points.all()}
    assert points == {
        ("email", "ana@acme.example"): ("Desk", False),
        ("email", "ana@home.example"): ("home", True),
        ("phone", "+44 20 7946 0001"): ("work", True),
        ("postal", "1 High St Floor 2, Leeds, LS1 1AA, UK"): ("work", True),
        ("url", "http://acme.example"): ("", True),
    }
    assert Party.objects.get(name="Acme Tools").kind == "organisation"
    assert {(one.source_party.name, one.target_party.name) for one in PartyLink.objects.all()} == {
        ("Acme Ltd", "Ana Ruiz"), ("Acme Ltd", "Bob Jones"),
    }  # fmt: skip


def test_what_has_no_field_is_kept_beside_and_named(workspace: Workspace, file: SourceFile) -> None:
    report = bring(workspace, file)
    assert dict(report.kept_beside) == {"N": 1, "ORG": 1, "TEL": 1, "BDAY": 1, "PHOTO": 1}
    card = ContactCard.objects.get(party__name="Ana Ruiz")
    assert "TEL;TYPE=home:ask for Ana" in card.properties
    assert HeldRow.objects.get(reason="equal_value").cells["card"] == [
        "FN:Ana again",
        "EMAIL:ANA@acme.example",
    ]


@pytest.mark.parametrize("form", ["vcard", "csv"])
def test_out_in_and_out_again_gives_the_same_bytes(
    workspace: Workspace, file: SourceFile, tmp_path: Path, form: str
) -> None:
    bring(workspace, file)
    make_person("Cora Own", works_for=make_party("Own House"))
    first = exported(workspace, form)
    path = tmp_path / "out"
    path.write_text(first, encoding="utf-8", newline="")
    again = bring(workspace, SourceFile("out", path))
    assert (again.cards, dict(again.created), again.held) == (4, {}, [])
    assert exported(workspace, form) == first
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE relationships_party CASCADE")
    bring(workspace, SourceFile("out", path))
    assert exported(workspace, form) == first


def test_a_card_that_comes_again_changes_nothing_and_one_that_says_more_adds(
    workspace: Workspace, file: SourceFile
) -> None:
    bring(workspace, file)
    again = bring(workspace, file)
    assert (again.unchanged, again.updated, dict(again.created)) == (3, 0, {})
    text = CARDS.replace("TITLE:Head of Buying", "TITLE:Director\nEMAIL:ana@new.example\nROLE:Buys")
    file.path.write_text(text, encoding="utf-8")
    more = bring(workspace, file, accept_equal=True)
    assert (more.updated, more.created["contact_points"]) == (1, 2)
    assert Party.objects.get(name="Ana Ruiz").job_title == "Director"
    assert not HeldRow.objects.filter(reason="equal_value", resolved_at=None).exists()


def test_a_dry_run_leaves_nothing(workspace: Workspace, file: SourceFile) -> None:
    assert bring(workspace, file, dry_run=True).created["parties"] == 4
    assert not Party.objects.exists()


def test_an_organisation_that_several_could_be_is_not_guessed_at(
    workspace: Workspace, file: SourceFile
) -> None:
    make_party("Acme Ltd")
    make_party("ACME LTD")
    report = bring(workspace, file)
    assert (report.created["links"], Party.objects.filter(name__iexact="acme ltd").count()) == (1, 2)
    assert "ORG:Acme Ltd;Buying" in ContactCard.objects.get(party__name="Ana Ruiz").properties


def test_tables_of_contacts_are_cards_too(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "gmail.csv"
    path.write_text(
        "First Name,Last Name,Organization 1 - Name,Notes,Group Membership,Birthday,E-mail 1 - Type,E-mail 1 - Value,"
        "Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
        "Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value,Home Street,Birth Year,Shoe Size\n"
        "Ana,Ruiz,Acme,Hi,* My ::: Old,20/01/1991,* Work,a@x.example ::: b@x.example,Home Fax,12,Home,1 St,Leeds,9,"
        "Spouse,Bo,Home Page,x.example,2 St,1991,42\n",
        encoding="utf-8",
    )
    text, header_row, cards = contact_cards(SourceFile(path.name, path))
    assert (text.encoding, header_row) == ("utf-8", 1)
    assert sorted(line_of(one) for one in next(cards).properties) == [
        "ADR;TYPE=home:;;1 St;Leeds;;;", "ADR;TYPE=home:;;2 St;;;;", "BDAY;VALUE=date:1991-01-20",
        "CATEGORIES:My,Old", "EMAIL;TYPE=work:a@x.example", "EMAIL;TYPE=work:b@x.example", "FN:Ana Ruiz",
        "N:Ruiz;Ana;;;", "NOTE:Hi", "ORG:Acme", "TEL;TYPE=homefax:12", "URL;TYPE=homepage:x.example",
        "X-BIRTH-YEAR:1991", "X-PO-BOX;TYPE=home:9", "X-SHOE-SIZE:42", "X-SPOUSE:Bo",
    ]  # fmt: skip


def test_a_table_may_say_less_or_say_it_otherwise(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text(
        "Display Name,Birthday,Anniversary,Birth Year,Birth Month,Birth Day,Address 1 - Formatted,Address 2 - PO Box\n"
        "Ana,12/31/1991,3/4/1992,1991,12,31,1 St Leeds,9\n\n,,,,,,,\nBob\n",
        encoding="utf-8",
    )
    ana, bob = contact_cards(SourceFile(path.name, path))[2]
    assert sorted(line_of(one) for one in ana.properties) == [
        "ADR:;;1 St Leeds;;;;", "BDAY;VALUE=date:1991-12-31", "BDAY;VALUE=date:1991-12-31", "FN:Ana",
        "X-ANNIVERSARY:3/4/1992", "X-PO-BOX:9",
    ]  # fmt: skip
    assert [line_of(one) for one in bob.properties] == ["FN:Bob"]


def test_a_row_of_odd_quotation_marks_is_held_and_a_table_cut_short_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "book.csv"
    text = 'Name,E-mail,Notes\nAna,ana@x.example,Hi\n"Bo" Li,bo@x.example,\nCy,cy@x.example,' + "x" * 200_000
    path.write_text(text, encoding="utf-8")
    report = bring(workspace, SourceFile(path.name, path))
    assert (report.cards, [(line.row, line.reason) for line in report.held]) == (3, [(3, "bad_quoting")])
    assert HeldRow.objects.get().cells == {"card": ['X-LINE:"Bo" Li\\,bo@x.example\\,']}
    path.write_text(text.replace('"Bo" Li', '"Bo Li'), encoding="utf-8")
    with pytest.raises(Invalid, match=r"book\.csv, row 3: A quotation mark is opened here and not closed"):
        bring(workspace, SourceFile(path.name, path))


def test_more_cards_than_fit_in_memory_are_refused(
    workspace: Workspace, file: SourceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.operations.contact_files.LARGEST", 100)
    with pytest.raises(Invalid, match="At most 100 bytes"):
        bring(workspace, file)


def test_cells_that_could_be_formulas_are_not(workspace: Workspace, file: SourceFile) -> None:
    bring(workspace, file)
    assert ",'=Knows everybody" in exported(workspace, "csv")
    assert [inert(cell) for cell in ("+44", "@x", "plain")] == ["'+44", "'@x", "plain"]


def test_only_who_may_export_exports_and_only_what_they_see(workspace: Workspace, file: SourceFile) -> None:
    make_person("Dee Hidden", confidentiality=3)
    target = io.StringIO()
    assert export_contacts(actor=make_user("administrator"), target=target, form="vcard", now=NOW) == 0
    assert AuditEntry.objects.get(verb="contacts_exported").data == {"rows": 0, "format": "vcard"}
    with pytest.raises(NotAllowed):
        export_contacts(actor=make_user("representative"), target=target, form="vcard", now=NOW)
    with pytest.raises(Invalid):
        export_contacts(actor=workspace.system_actor, target=target, form="xml", now=NOW)


def test_only_who_may_import_imports(workspace: Workspace, file: SourceFile, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        bring(workspace, file, actor=make_user("auditor"))
    with pytest.raises(Invalid, match="at least one"):
        bring(workspace)
    empty = tmp_path / "empty.vcf"
    empty.write_text("Name,Email\n")
    with pytest.raises(Invalid, match="no card"):
        bring(workspace, SourceFile(empty.name, empty))


def test_a_card_whose_owner_is_out_of_sight_is_held(workspace: Workspace, file: SourceFile) -> None:
    bring(workspace, file)
    Party.objects.filter(name="Ana Ruiz").update(confidentiality=3)
    report = bring(workspace, file, actor=make_user("administrator"))
    assert report.held[0].reason == "not_available"


def test_a_uid_of_ours_names_its_party_alone(workspace: Workspace, tmp_path: Path) -> None:
    own = make_person("Cora Own")
    for number, uid in enumerate((uid_of(own), f"relman-{own.pk}-1", "relman-x-1")):
        path = tmp_path / f"{number}.vcf"
        path.write_text(f"BEGIN:VCARD\nUID:{uid}\nFN:Cora Own\nEND:VCARD\n")
        bring(workspace, SourceFile(path.name, path))
    assert Party.objects.filter(name="Cora Own").count() == 3


def test_both_commands_say_what_they_did(workspace: Workspace, file: SourceFile, tmp_path: Path) -> None:
    out, target = io.StringIO(), tmp_path / "report.json"
    call_command("ingest", "contacts", str(file.path), "--report", str(target), stdout=out)
    assert out.getvalue().splitlines()[:2] == [
        "5 cards: 3 imported, 2 held.", "New: 4 parties, 7 contact_points, 2 links, 0 consents.",
    ]  # fmt: skip
    assert json.loads(target.read_text())["files"][0]["encoding"] == "utf-8"
    written = tmp_path / "out.vcf"
    call_command("export", "contacts", "--out", str(written))
    assert written.read_bytes().count(b"BEGIN:VCARD\r\n") == 3
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "contacts", "--out", str(tmp_path / "no" / "out.vcf"))
    with pytest.raises(CommandError, match="Nobody"):
        call_command("export", "contacts", "--actor", "nobody@x.example")
