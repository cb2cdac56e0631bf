"""Files that cannot be read as a whole: refused with words, and nothing in the database is changed."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from core.refusals import Invalid, NotAllowed
from exchange.models import ImportRun
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import load_mapping
from relationships.models import Party
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

HEADER = "Order,Customer,Date,Amount\n"
GOOD = HEADER + "1,A,2026-01-05,10.00\n"


def refusal(bring: Bring, *contents: str | bytes, **keys: object) -> str:
    with pytest.raises(Invalid) as raised:
        bring(*contents, **keys)
    assert (Party.objects.count(), ImportRun.objects.count()) == (0, 0)
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "file1.csv: The file is empty."),
        (" \n\n", "file1.csv: The file is empty."),
        (HEADER, "file1.csv: there is no row."),
        (b"PK\x03\x04rest", "file1.csv: This is a spreadsheet or zip archive, not a text file. Save it as CSV."),
        (b"a,b\n\x00\x00\n", "file1.csv: The file holds zero bytes: it is binary, or UTF-16"),
        (bytes(range(1, 9)) * 20, "file1.csv: The file is binary, not text."),
        (GOOD.encode() + b"2,B,2026-01-06,\xa310\n", "file1.csv, row 3, “0xa3”: This is not utf-8"),
        (GOOD.encode() + b"2,\xe2\x82", "file1.csv, row 3, “0xe2”: This is not utf-8"),
        (GOOD + '2,"B,2026-01-06,10\n3,C,2026-01-06,10\n', "file1.csv, row 3: A quotation mark is opened here"),
        (GOOD + '2,"B', "file1.csv, row 3: A quotation mark is opened here and not closed"),
        (GOOD + '2,"B\n3,C",2026-01-06\n', "file1.csv, row 3: A quotation mark is opened here"),
        ("Order,Customer,When,Amount\n1,A,2026-01-05,10\n", "file1.csv, row 1, column “Date”: The mapping's column"),
        ("Order,Customer,Date,Date,Amount\n", "file1.csv, row 1, column “Date”: The header stands in columns 3, 4"),
        (GOOD + "2,B,03/04/2026,10\n", "file1.csv, row 3, column “Date”, “03/04/2026”: This can be read day first"),
        ("x" * 1_000_001, "file1.csv, row 1: The line is longer than 1,000,000 characters."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused(bring: Bring, content: str | bytes, words: str) -> None:
    assert refusal(bring, content).startswith(words)


def test_a_header_row_beyond_the_end_is_refused(bring: Bring) -> None:
    assert refusal(bring, GOOD, header_row=5) == "file1.csv: The file ends before its header."


def test_a_number_beyond_the_columns_is_refused(bring: Bring) -> None:
    columns = {"customer_ref": 2, "ordered_at": 3, "amount": 9}
    assert "column “9”: The mapping's column for amount is not in the file" in refusal(
        bring, GOOD, columns=columns
    )


def test_a_damaged_file_refuses_the_good_ones_beside_it(bring: Bring) -> None:
    assert refusal(bring, GOOD, GOOD + '2,"B').startswith("file2.csv, row 3")


def test_a_file_that_is_not_there_is_named(workspace: object, tmp_path: Path) -> None:
    actor = make_user("administrator")
    with pytest.raises(Invalid, match=r"gone\.csv: The file cannot be read: No such file or directory"):
        ingest(
            actor=actor,
            dataset="purchases",
            files=[SourceFile("gone.csv", tmp_path / "gone.csv")],
            mapping=load_mapping("cdnow", "purchases"),
            now=NOW,
        )


def test_no_file_at_all_is_refused(bring: Bring) -> None:
    assert refusal(bring) == "Name at least one file."


def test_a_file_beyond_the_limit_is_refused_by_its_size(bring: Bring, settings: LazySettings) -> None:
    settings.INGEST_MAX_BYTES = 40
    assert refusal(bring, GOOD) == "file1.csv: The file has 48 bytes; at most 40 are taken."


def test_an_encoding_that_contradicts_the_files_mark_is_refused(bring: Bring) -> None:
    words = refusal(bring, GOOD.encode("utf-16"), encoding="cp1252")
    assert words == "file1.csv: The file's mark says UTF-16, the mapping says cp1252: which is right?"


def test_utf_8_that_is_declared_as_an_older_encoding_is_refused(bring: Bring) -> None:
    words = refusal(bring, GOOD + "2,Café,2026-01-06,10\n", encoding="cp1252")
    assert words == "file1.csv: The mapping says cp1252, but this is UTF-8."


def test_utf_16_cut_in_the_middle_of_a_character_is_refused(bring: Bring) -> None:
    assert "This is not utf-16" in refusal(bring, GOOD.encode("utf-16")[:-1])


def test_zero_characters_in_utf_16_are_binary(bring: Bring) -> None:
    assert "it is binary" in refusal(bring, (GOOD + "\x00").encode("utf-16"))


def test_a_mapping_of_another_data_set_is_refused(workspace: object, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="This mapping is for “purchases”"):
        ingest(
            actor=make_user("administrator"),
            dataset="parties",
            files=[],
            mapping=load_mapping("cdnow", "purchases"),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("constants", "words"),
    [
        ({"kind": "dragons"}, "“dragons” is not known here; it can be customers, suppliers, "),
        ({}, "Say which kind of relationship this is: customers, suppliers, "),
        ({"kind": "customers", "currency": "XXX"}, "“XXX” is not known here; it can be EUR, GBP, USD."),
        ({"kind": "customers", "business_unit": "Moon"}, "“Moon” is not known here; it can be Main."),
        ({"kind": "customers", "owner": "x@y.example"}, "Nobody with the address x@y.example works here."),
        ({"kind": "customers", "side": "left"}, "“left” is not known here; it can be they_buy, we_buy."),
        ({"kind": "suppliers", "stage": "active"}, "“active” is not known here; it can be candidate"),
        (
            {"kind": "customers", "party_kind": "household"},
            "“household” is not known here; it can be organisation",
        ),
    ],
)
def test_constants_that_are_unknown_here_are_refused(
    bring: Bring, constants: dict[str, str], words: str
) -> None:
    assert refusal(bring, GOOD, constants=constants).startswith(words)


@pytest.mark.parametrize(
    ("role", "kind"), [("representative", ""), ("relationship_manager", "suppliers"), ("auditor", "")]
)
def test_importing_wants_the_right_for_the_kind(bring: Bring, role: str, kind: str) -> None:
    with pytest.raises(NotAllowed):
        bring(GOOD, actor=make_user(role, kind))
    assert bring(GOOD, actor=make_user("relationship_manager", "customers")).created["lines"] == 1
