"""Rows of new parties with the address or number of another: held by column, value and reason, never merged."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from exchange.models import HeldRow
from exchange.operations import staging
from relationships.models import ContactPoint, Party, PartyIdentifier
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db

COLUMNS = {
    "ref": "No", "name": "Name", "country": "Land", "email": "Mail", "phone": "Phone", "organisation_ref": "Firm",
    "party_kind": "Is", "identifier.registration": "Reg",
}  # fmt: skip
PARTIES: dict[str, Any] = {"dataset": "parties", "columns": COLUMNS}
HEADER = "No,Name,Land,Mail,Phone,Firm,Is,Reg\n"


def known(**relationship: Any) -> Party:
    party = make_relationship("customers", name="Lark", **relationship).party
    Party.objects.filter(pk=party.pk).update(country="GB")
    for kind, value in (("email", "office@lark.example"), ("phone", "+442079460000")):
        ContactPoint.objects.create(party=party, kind=kind, value=value, normalised=value, created_at=NOW)
    PartyIdentifier.objects.create(party=party, scheme="registration", value="SC 123-456")
    return party


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("1,A,GB,OFFICE@lark.example,,,,\n", "Mail", "OFFICE@lark.example"),
        ("1,A,GB,,020 7946 0000,,,\n", "Phone", "020 7946 0000"),
        ("1,A,GB,,,,,sc123456\n", "Reg", "sc123456"),
        ("1,A,,,,,,sc123456\n", "Reg", "sc123456"),
        ("1,A,GB,office@lark.example,020 7946 0000,,,\n", "Mail", "office@lark.example"),
    ],
)
def test_a_row_with_what_a_known_party_has_is_held(bring: Bring, row: str, column: str, value: str) -> None:
    known()
    report = bring(HEADER + row, **PARTIES)
    assert (report.created["parties"], report.held_by_reason) == (0, {"equal_value": 1})
    held = HeldRow.objects.get()
    assert (held.row, held.column, held.value, held.reason) == (2, column, value, "equal_value")
    assert Party.objects.count() == 1


def test_of_two_rows_with_one_value_the_second_is_held(bring: Bring) -> None:
    rows = "1,A,GB,a@a.example,,,,R 1\n2,B,GB,A@a.example,,,,\n3,C,GB,c@c.example,,,,r-1\n4,D,DE,,,,,R1\n"
    report = bring(HEADER + rows, **PARTIES)
    assert report.held_by_reason == {"equal_value": 2}
    lines = [(line.row, line.column, line.value) for line in report.held_rows]
    assert lines == [(3, "Mail", "A@a.example"), (4, "Reg", "r-1")]
    assert list(Party.objects.order_by("name").values_list("name", flat=True)) == ["A", "D"]


def test_an_earlier_row_that_is_held_itself_does_not_count(bring: Bring) -> None:
    known()
    rows = (
        "1,A,GB,office@lark.example,020 7946 0001,,,\n"  # held for the known one's address
        "2,B,GB,b@b.example,020 7946 0001,,,\n"
        "3,C,GB,B@b.example,020 7946 0002,,,\n"  # held for B's
        "4,D,GB,d@d.example,020 7946 0002,,,\n"
    )
    report = bring(HEADER + rows, **PARTIES)
    assert [(line.row, line.column) for line in report.held_rows] == [(2, "Mail"), (4, "Mail")]
    assert list(Party.objects.order_by("name").values_list("name", flat=True)) == ["B", "D", "Lark"]


def test_a_number_of_another_country_is_not_equal(bring: Bring) -> None:
    known()
    assert bring(HEADER + "1,A,DE,,,,,SC123456\n", **PARTIES).held == 0


def test_a_switchboard_is_shared_by_those_who_belong_to_it(bring: Bring) -> None:
    firm = "1,Firm,GB,,020 7946 0001,,organisation,\n"
    people = "2,Ann,GB,,020 7946 0001,1,person,\n5,Di,GB,,020 7946 0001,1,person,\n"
    first = bring(HEADER + firm + people, **PARTIES)
    assert (first.held, first.created["parties"]) == (0, 3)
    again = bring(HEADER + "3,Bob,GB,,020 7946 0001,1,person,\n4,Cy,GB,,020 7946 0001,,person,\n", **PARTIES)
    assert [(line.row, line.value) for line in again.held_rows] == [(3, "020 7946 0001")]


def test_a_file_that_comes_again_is_not_equal_to_itself(bring: Bring) -> None:
    row = "1,A,GB,a@a.example,020 7946 0001,,,R1\n"
    bring(HEADER + row, **PARTIES)
    again = bring(HEADER + row, **PARTIES)
    assert (again.held, again.unchanged) == (0, {"parties": 1})


def test_a_party_out_of_the_importing_person_s_sight_is_not_told_of(bring: Bring) -> None:
    owner, importer = make_user("administrator"), make_user("administrator")
    known(owner=owner, confidentiality=3)
    row = "1,A,GB,office@lark.example,020 7946 0000,,,SC123456\n"
    assert bring(HEADER + row, actor=importer, dry_run=True, **PARTIES).held == 0
    assert bring(HEADER + row, actor=owner, dry_run=True, **PARTIES).held_by_reason == {"equal_value": 1}


def test_equal_rows_are_taken_in_when_one_insists_and_the_security_record_says_so(bring: Bring) -> None:
    known()
    report = bring(HEADER + "1,A,GB,office@lark.example,,,,SC123456\n", accept_equal=True, **PARTIES)
    assert (report.held, report.created["parties"]) == (0, 1)
    numbers = PartyIdentifier.objects.filter(scheme="registration").order_by("pk")
    assert list(numbers.values_list("value", flat=True)) == ["SC 123-456", "SC123456"]
    assert AuditEntry.objects.get(verb="import_run").data == {"rows": 1, "held": 0, "equal_accepted": True}


def test_it_tells_how_far_it_is(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "TOLD_EVERY", 2)
    told: list[str] = []
    bring(HEADER + "1,A,GB,a@a.example,,,,\n2,B,GB,b@b.example,,,,\n", tell=told.append, **PARTIES)
    assert told == [
        "2 rows read", "values checked", "2 rows: addresses and numbers read",
        "who is new and who is known is settled; writing",
    ]  # fmt: skip


def test_the_command_takes_equal_rows_and_says_on_the_error_stream_how_far_it_is(
    workspace: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known()
    path = tmp_path / "parties.csv"
    path.write_text("ref,name,email\n1,A,office@lark.example\n")
    out = io.StringIO()
    call_command("ingest", "parties", str(path), stdout=out)
    assert out.getvalue().splitlines()[0] == "1 rows: 0 imported, 1 held."
    call_command("ingest", "parties", str(path), "--accept-equal", stdout=out)
    assert "1 rows: 1 imported, 0 held." in out.getvalue()
    said = capsys.readouterr().err.splitlines()
    assert [line.split(" s  ")[1] for line in said[:2]] == [
        "values checked",
        "1 rows: addresses and numbers read",
    ]
