"""`manage.py ingest`: what a person at a console reads, and what is written for others."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from exchange.models import HeldRow, ImportRun
from relationships.models import Relationship
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TEXT = "customer_ref,ordered_at,amount,colour\nA,2020-01-05,10.00,red\nA,2020-01-05,10.00,red\n,2020-01-06,5,blue\n"


@pytest.fixture
def file(workspace: object, tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(TEXT)
    return path


def said(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("ingest", *arguments, "--constant", "kind=customers", stdout=out)
    return out.getvalue().splitlines()


def test_it_says_what_was_done_and_what_was_held(file: Path) -> None:
    assert said("purchases", str(file)) == [
        "3 rows: 2 imported, 1 held.",
        "25.00 net: 20.00 imported, 5.00 held.",
        "New: 1 customers, 1 parties, 0 products, 2 orders, 2 lines.",
        "Changed: 0 products, 0 orders, 0 lines.",
        "1 rows repeat an earlier one; each is kept as an occurrence of its own.",
        "Columns that no field takes: colour.",
        "  held: orders.csv, row 4, column “customer_ref”, “”: It names no customer.",
    ]
    entry = AuditEntry.objects.get(verb="import_run")
    assert (entry.subject_id, entry.data) == (ImportRun.objects.get().pk, {"rows": 3, "held": 1})


def test_a_long_list_of_held_rows_is_cut_and_a_file_has_them_all(file: Path, tmp_path: Path) -> None:
    file.write_text("customer_ref,ordered_at,amount\n" + ",2020-01-06,5\n" * 25 + "B,2020-01-06\n")
    target = tmp_path / "held.csv"
    lines = said("purchases", str(file), "--held", str(target), "--dry-run")
    assert lines[-2:] == ["  … and 6 more held.", "This was a dry run: nothing was changed."]
    with target.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (len(rows), rows[0]["reason"], rows[25]["reason"]) == (26, "no_customer", "ragged_row")
    assert json.loads(rows[25]["cells"]) == {"customer_ref": "B", "ordered_at": "2020-01-06", "amount": ""}
    assert HeldRow.objects.count() == 0


def test_data_sets_without_money_say_nothing_of_it(file: Path) -> None:
    file.write_text("ref,name\n1,Acme\n")
    assert said("parties", str(file)) == [
        "1 rows: 1 imported, 0 held.",
        "New: 1 customers, 1 parties, 0 contact_points, 0 links.",
        "Changed: 0 parties.",
    ]


def test_the_report_goes_to_the_console_when_asked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads("\n".join(said("purchases", str(file), "--report", "-")))
    assert (report["rows"], report["held_by_reason"]) == (3, {"no_customer": 1})
    assert report["totals"] == {"amount": "25.00", "held_amount": "5.00"}
    assert report["held_rows"] == [
        {"file": "orders.csv", "row": 4, "column": "customer_ref", "value": "", "reason": "no_customer"}
    ]
    assert "3 rows: 2 imported, 1 held." in capsys.readouterr().err


def test_files_of_one_name_are_told_apart_by_their_paths(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "more" / "orders.csv"
    other.parent.mkdir()
    other.write_text(TEXT.replace("2020", "2021"))
    said("purchases", str(file), str(other))
    assert set(HeldRow.objects.values_list("file", flat=True)) == {str(file), str(other)}


def test_a_colleague_imports_in_their_own_name(file: Path) -> None:
    make_user("relationship_manager", email="ann@example.org")
    said("purchases", str(file), "--actor", "Ann@example.org")
    assert Relationship.objects.get().owner == User.objects.get(email="ann@example.org")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["weather", "F"],
            "dataset: “weather” is not known; it can be parties, purchases, interactions, payments, cases.",
        ),
        (["purchases", "gone.csv"], "files: gone.csv: The file cannot be read: No such file or directory."),
        (
            ["purchases", "F", "--mapping", "none"],
            "There is no mapping “none”: it is neither a file nor one of",
        ),
        (["purchases", "F", "--actor", "x@example.org"], "Nobody with the address x@example.org works here."),
        (["purchases", "F", "--constant", "kind"], "--constant takes NAME=VALUE, not “kind”."),
        (
            ["purchases", "F", "--report", "/nowhere/r.json"],
            "/nowhere/r.json cannot be written: No such file",
        ),
        (["purchases", "F", "--held", "/nowhere/h.csv"], "/nowhere/h.csv cannot be written: No such file"),
    ],
)
def test_what_is_wrong_is_said_in_words(file: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as raised:
        said(*[str(file) if argument == "F" else argument for argument in arguments])
    assert str(raised.value).startswith(words)
    assert not ImportRun.objects.exists()
