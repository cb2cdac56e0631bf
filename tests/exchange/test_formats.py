"""The shapes that files come in: encodings, line ends, headers, delimiters, JSON."""

import json
from decimal import Decimal

import pytest

from core.refusals import Invalid
from exchange.models import HeldRow
from exchange.operations import json_reading
from relationships.models import Relationship
from tests.exchange.conftest import PURCHASES, Bring

pytestmark = pytest.mark.django_db

TEXT = "Order,Customer,Date,Amount\n1,Café,2026-01-05,10\n2,Łódź,2026-01-06,20\n"
NAMED = {**PURCHASES, "columns": {**PURCHASES["columns"], "customer_name": "Customer"}}


def names() -> list[str]:
    return list(Relationship.objects.order_by("id").values_list("party_name", flat=True))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-32"), ""),
        (TEXT.encode("cp1250"), "cp1250"),
        (TEXT.replace("\n", "\r").encode(), ""),
        (TEXT.replace("\n", "\r\n").encode(), ""),
        (TEXT.replace("\n", "\n\n").encode(), ""),
    ],
)
def test_encodings_and_line_ends(bring: Bring, content: bytes, encoding: str) -> None:
    report = bring(content, encoding=encoding, columns=NAMED["columns"])
    assert (report.rows, report.held, names()) == (2, 0, ["Café", "Łódź"])


def test_cp1252_that_is_named_is_read(bring: Bring) -> None:
    text = "Order,Customer,Date,Amount\n1,Café £,2026-01-05,10\n"
    bring(text.encode("cp1252"), encoding="cp1252", columns=NAMED["columns"])
    assert names() == ["Café £"]


def test_a_header_below_a_preamble(bring: Bring) -> None:
    text = 'Spending report\n"oops"x,,\n\nOrder,Customer,Date,Amount\n1,A,2026-01-05,10\n2,,2026-01-05,1\n'
    report = bring(text, header_row=4)
    assert (report.rows, report.held_rows[0].row) == (2, 6)


def test_columns_by_number_without_a_header(bring: Bring) -> None:
    columns = {"customer_ref": 2, "ordered_at": 3, "amount": 4}
    report = bring("1|A|2026-01-05|10\n2|B|bad|20\n", columns=columns, header_row=0, delimiter="pipe")
    assert (report.created["customers"], report.held_rows[0].column) == (1, "column 3")
    assert report.columns_ignored == ["column 1"]


def test_columns_by_number_with_a_header_are_shown_by_their_title(bring: Bring) -> None:
    columns = {"customer_ref": 2, "ordered_at": 3, "amount": 5}
    report = bring("No,Who,When,Amount,Amount\n1,A,2026-01-05,10,x\n", columns=columns)
    assert (report.held_rows[0].column, report.held_rows[0].value) == ("Amount", "x")
    assert report.columns_ignored == ["No", "Amount (column 4)"]


def test_cells_with_line_ends_and_quotes(bring: Bring) -> None:
    text = 'Order,Customer,Date,Amount\n1,"A ""the\nfirst""",2026-01-05,10\n2,,2026-01-05,10\n'
    report = bring(text, columns=NAMED["columns"])
    assert (report.rows, report.held_rows[0].row, names()) == (2, 3, ['A "the\nfirst"'])


def test_a_cell_may_be_as_long_as_its_line(bring: Bring) -> None:
    text = f"Order,Customer,Date,Amount,Note\n1,A,2026-01-05,10,{'x' * 200_000}\n{'2' * 200_000},A,2026-01-05,1,\n"
    report = bring(text)
    assert (report.rows, report.held_by_reason) == (2, {"too_long": 1})


def test_headers_are_fields_when_there_is_no_mapping(bring: Bring) -> None:
    text = "customer_ref,ordered_at,amount,colour\nA,2026-01-05,10,red\n"
    report = bring(text, columns={})
    assert (report.created["customers"], report.columns_ignored) == (1, ["colour"])
    with pytest.raises(Invalid, match="column “ordered_at”: The mapping's column for ordered_at is not in"):
        bring("customer_ref,amount\nA,10\n", columns={})


def test_files_of_one_run_may_order_their_columns_differently(bring: Bring) -> None:
    report = bring(
        "Order,Customer,Date,Amount\n1,,2026-01-05,10\n", "Amount,Date,Customer,Order\n11,2026-01-05,,2\n"
    )
    assert [(line.file, line.row, line.column) for line in report.held_rows] == [
        ("file1.csv", 2, "Customer"),
        ("file2.csv", 2, "Customer"),
    ]
    assert report.held_amount == Decimal("21.00")
    assert HeldRow.objects.get(file="file2.csv").cells["Amount"] == "11"


def test_words_of_theirs_become_ours(bring: Bring) -> None:
    bring(TEXT, columns=NAMED["columns"], values={"customer_name": {"Café": "The Café"}})
    assert names() == ["The Café", "Łódź"]


@pytest.mark.parametrize("shape", ["array", "lines", "inside"])
def test_json_records(bring: Bring, shape: str) -> None:
    records = [
        {"order": {"no": 1}, "who": "A", "day": "2026-01-05", "sum": 10.10, "tags": ["x"], "ok": True},
        {"order": {"no": 2}, "who": None, "day": "2026-01-05", "sum": 5},
    ]
    text = {
        "array": json.dumps(records, indent=1),
        "lines": "\n".join(json.dumps(record) for record in records),
        "inside": json.dumps({"meta": {"rows": records}}),
    }[shape]
    report = bring(
        text,
        format="json",
        records="meta.rows" if shape == "inside" else "",
        columns={"order_ref": "order.no", "customer_ref": "who", "ordered_at": "day", "amount": "sum"},
    )
    assert (report.rows, report.amount, report.held_amount) == (2, Decimal("15.10"), Decimal("5.00"))
    assert report.held_rows[0].row == 2
    assert report.columns_ignored == ["tags", "ok"]


JSON = {"format": "json", "columns": {"customer_ref": "who", "ordered_at": "day", "amount": "sum"}}
ROW = '{"who": "A", "day": "2026-01-05", "sum": 1}'


@pytest.mark.parametrize(
    ("text", "records", "words"),
    [
        (f"[{ROW}, {ROW}", "", "file1.csv, row 2: The JSON is damaged or cut short here."),
        (f"[{ROW}, {ROW[:20]}", "", "file1.csv, row 2: The JSON is damaged or cut short here."),
        (f"[{ROW}; {ROW}]", "", "file1.csv, row 1: The JSON is damaged"),
        (f"[{ROW}] and more", "", "file1.csv, row 1: The JSON is damaged"),
        ("[1]", "", "file1.csv, row 1, “\"1\"”: This is not an object."),
        ("[]", "", "file1.csv, column “who”: The mapping's column for customer_ref is not in the file"),
        (f'{{"rows": [{ROW}', "rows", "file1.csv: The JSON is damaged or cut short"),
        (f'{{"rows": [{ROW}]}}', "lines", "file1.csv: There is no list called “lines”."),
        ('[{"who": "A", "day": "2026-01-05"}]', "", "file1.csv, column “sum”: The mapping's column for amount"),
    ],
)  # fmt: skip
def test_json_that_is_damaged_is_refused(bring: Bring, text: str, records: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        bring(text, records=records, **JSON)
    assert str(raised.value).startswith(words)


def test_json_texts_that_no_database_holds_are_held(bring: Bring) -> None:
    report = bring(
        '[{"who": "A\\u0000", "day": "2026-01-05", "sum": 1}, {"who": "\\ud800", "day": "2026-01-05", "sum": 1}]',
        **JSON,
    )
    assert report.held_by_reason == {"malformed_value": 2}


def test_json_larger_than_a_piece_is_read_in_pieces(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "PIECE", 7)
    assert bring(f" [ {ROW} , {ROW} ] ", **JSON).created["lines"] == 2


def test_json_inside_an_object_has_a_limit(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "WHOLE_LIMIT", 20)
    with pytest.raises(Invalid, match="More than 64 MiB inside one object"):
        bring(f'{{"rows": [{ROW}]}}', records="rows", **JSON)
