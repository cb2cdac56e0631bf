"""Files of unknown origin: encoding, delimiter, header and styles found out from what is in them."""

from pathlib import Path

import pytest

from core.refusals import Invalid
from exchange.operations.encodings import find_encoding
from exchange.operations.layouts import find_layout
from exchange.operations.proposing import Proposal, propose_mapping
from exchange.operations.source_files import SourceFile
from exchange.queries.headers import headers_of

HEADER = "Entity,Date,Supplier,Amount\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spend.csv"


def propose(file: Path, content: str | bytes, dataset: str = "payments", **known: str) -> Proposal:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return propose_mapping(files=[SourceFile(file.name, file)], dataset=dataset, **known)


@pytest.mark.parametrize(
    ("content", "encoding", "why"),
    [
        (b"plain", "utf-8", "valid"),
        ("Café £5".encode(), "utf-8", "valid"),
        ("Café".encode("utf-8-sig"), "utf-8-sig", "mark"),
        ("Café".encode("utf-16"), "utf-16", "mark"),
        ("Name;Amount;Cafe".encode("utf-16-le"), "utf-16-le", "zeros"),
        ("Name;Amount;Cafe".encode("utf-16-be"), "utf-16-be", "zeros"),
        (" \xa3500.00, it\x92s 2013 \x96 March".encode("latin-1"), "cp1252", "bytes"),
        (b"Amount (\x9c),Under \xb6\x9c3000", "cp850", "bytes"),
        ("Café Zürich, it’s naïve".encode("mac_roman"), "mac_roman", "bytes"),
        ("CAFÉ MÜLLER, ÉCOLE".encode("cp1252"), "cp1252", "bytes"),
        (b"\x8e\r1,\xa3\r", "mac_roman", "bytes"),
        (b"a\x81\x90 \x93x\x94 a\xa0b c\xa7d \xc4\xc4\xc4 A\xe9B" + b"\xe9" * 20_001, "cp1252", "bytes"),
    ],
)
def test_an_encoding_is_told_by_what_the_bytes_are_beside(
    file: Path, content: bytes, encoding: str, why: str
) -> None:
    file.write_bytes(content)
    found = find_encoding(file)
    assert (found.name, found.why) == (encoding, why)


@pytest.mark.parametrize(
    ("content", "delimiter", "header_row"),
    [
        (HEADER + "A,01/02/2020,Acme,5\n", ",", 1),
        ("Entity;Date;Supplier;Amount\nA;31/01/2020;Acme, Ltd;5,00\n", ";", 1),
        ("Entity\tDate\tSupplier\tAmount\nA\t31/01/2020\tAcme\t5\n", "\t", 1),
        ("sep=|\nEntity|Date|Supplier|Amount\nA|31/01/2020|Acme|5\n", "|", 2),
        ("Report,,,\nMonth: May 2020,,,\n\n,,,\n" + HEADER + "A,31/05/2020,Acme,5\n", ",", 5),
        (HEADER.replace("\n", "\r") + "A,31/05/2020,Acme,5\r", ",", 1),
        (HEADER.strip() + "," * 125 + "\n" + "A,31/05/2020,Acme,5" + "," * 125 + "\n", ",", 1),
    ],
)
def test_delimiter_and_header_are_found(file: Path, content: str, delimiter: str, header_row: int) -> None:
    file.write_text(content, newline="")
    layout = find_layout(SourceFile(file.name, file), dict(headers_of("payments")))
    assert (layout.delimiter, layout.header_row) == (delimiter, header_row)
    assert [column.title for column in layout.columns[:4]] == ["Entity", "Date", "Supplier", "Amount"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("31/01/2020", "%d/%m/%Y"),
        ("01/31/2020", "%m/%d/%Y"),
        ("2020-01-31", ""),
        ("2020/01/31", "%Y/%m/%d"),
        ("05-Sep-11", "%d-%b-%y"),
        ("11/September/2013", "%d/%B/%Y"),
        ("Sep 5, 2011", "%b %d, %Y"),
        ("20110905", "%Y%m%d"),
        ("31.01.20 14:05:06", "%d.%m.%y %H:%M:%S"),
        ("31/01/2020 2:05 PM", "%d/%m/%Y %I:%M %p"),
        ("40800", "serial"),
    ],
)
def test_dates_are_read_as_their_values_say(file: Path, date: str, expected: str) -> None:
    content = f'{HEADER}A,"03/04/2020",Acme,5\n' if "/2020" in date and len(date) == 10 else HEADER
    assert propose(file, f'{content}A,"{date}",Acme,5\n').mapping.date_format == expected


def test_an_order_that_the_values_leave_open_is_told_by_the_rest_of_the_file_or_asked(file: Path) -> None:
    open_row = "A,07/12/2010,Acme,5\n"
    assert (
        propose(file, f"Month: December 2010,,,\n{HEADER}{open_row}").reasons["date_format"] == "month_named"
    )
    assert propose(file, f"July 2010,,,\n{HEADER}{open_row}").mapping.date_format == "%m/%d/%Y"
    assert propose(file, HEADER + open_row.replace("5", "£5")).reasons["date_format"] == "pounds"
    asked = propose(file, HEADER + open_row)
    assert (asked.mapping.date_format, "date_format" in asked.reasons) == ("", False)
    given = propose(file, HEADER + open_row, date_format="%m/%d/%Y")
    assert (given.mapping.date_format, given.reasons["date_format"]) == ("%m/%d/%Y", "given")


def test_an_open_order_is_followed_past_the_sample(file: Path) -> None:
    rows = "A,01/02/2020,Acme,5\n" * 5_001
    assert (
        propose(file, f"{HEADER}{rows}A,31/02/2020,Acme,5\nA,01/02/2020,Acme,5\n").mapping.date_format
        == "%d/%m/%Y"
    )


@pytest.mark.parametrize(
    ("amounts", "style"),
    [
        (["1,234.50", "7"], (".", ",")),
        (["1.234,50", "7"], (",", ".")),
        (["7,5"], (",", ".")),
        (["1,234"], (".", ",")),
        (["1.234"], (",", ".")),
        (["1'234.50"], (".", "'")),
        (["0.1234", "3"], (".", ",")),
        (["(£1,234.50)", "£-", "5-"], (".", ",")),
    ],
)
def test_decimal_signs_are_told_by_the_values(file: Path, amounts: list[str], style: tuple[str, str]) -> None:
    rows = "".join(f'A,31/01/2020,Acme,"{amount}"\n' for amount in amounts)
    mapping = propose(file, HEADER + rows).mapping
    assert (mapping.decimal, mapping.thousands) == style


def test_the_currency_is_taken_from_a_sign_or_a_header_that_names_one(file: Path) -> None:
    row = "A,31/01/2020,Acme,{}\n"
    assert propose(file, HEADER + row.format("€5")).mapping.constants == {"currency": "EUR"}
    pounds = propose(file, HEADER.replace("Amount", "Amount in Sterling") + row.format("5"))
    assert pounds.mapping.constants == {"currency": "GBP"}
    assert propose(file, HEADER + row.format("$5")).mapping.constants == {}


def test_a_column_whose_values_speak_against_its_name_is_not_taken(file: Path) -> None:
    content = "Entity;Pay date;Supplier;Supplier(T);Gross;Amount\nDefra;31/01/2020;200408;EMU LTD;;5\n"
    found = {choice.field: (choice.column, choice.number) for choice in propose(file, content).choices}
    assert found == {
        "supplier": ("Supplier(T)", 4),
        "paid_date": ("Pay date", 2),
        "amount": ("Amount", 6),
        "body": ("Entity", 1),
    }


def test_misspelt_headers_are_understood_and_repeated_ones_told_apart(file: Path) -> None:
    content = "Enity,Date,Expense Area,Expense Area,Suplier,Amount\nDefra,31/01/2020,X,Y,Acme,5\n"
    found = {choice.field: choice.number for choice in propose(file, content).choices}
    assert found == {"supplier": 5, "paid_date": 2, "amount": 6, "expense_area": 3, "body": 1}


def test_without_names_the_values_alone_decide_where_only_one_column_fits(file: Path) -> None:
    proposal = propose(file, "1,31/01/2020,Acme,5.50\nx,30/01/2020,Bolt,7.25\n")
    assert (proposal.mapping.header_row, proposal.mapping.columns["paid_date"]) == (0, 2)


def test_a_field_without_a_column_is_named_with_the_columns_there_are(file: Path) -> None:
    with pytest.raises(Invalid) as refused:
        propose(file, "Colour,Shape\nred,round\n")
    assert sorted(refused.value.errors) == [
        "mapping.columns.amount",
        "mapping.columns.paid_date",
        "mapping.columns.supplier",
    ]
    assert "Colour, Shape" in str(refused.value.errors["mapping.columns.amount"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        (b"", "empty"),
        (b"a,b\n1,\x00\n", "zero bytes"),
        (b"a," * 1_000 + b"a\n", "more than 1,000 columns"),
    ],
)
def test_what_is_no_text_or_no_table_is_refused(file: Path, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        propose(file, content)


def test_what_is_wrong_with_the_rows_is_left_to_their_import(file: Path) -> None:
    for rows in ("", '"Acme,31/01/2020,5\nBolt,31/01/2020,5\n', "A,00:00:00,Acme,5\n"):
        columns = propose(file, HEADER + rows).mapping.columns
        assert {"supplier": 3, "paid_date": 2, "amount": 4}.items() <= columns.items()


def test_a_cell_too_large_for_csv_does_not_end_the_search(file: Path) -> None:
    long = f"{'x' * 100_000}\n" * 11
    rows = f'A,31/01/2020,"{long}",5\nA,31/01/2020,Acme,5\n'
    assert propose(file, HEADER + rows).mapping.columns["supplier"] == 3
    rows = "A,01/02/2020,Acme,5\n" * 5_001 + "A\n" + "A,31/02/2020,Acme,5\n"
    assert propose(file, HEADER + rows).mapping.date_format == "%d/%m/%Y"


def test_a_choice_is_told_by_its_words_and_a_source_by_its_headers(file: Path) -> None:
    content = "Customer,Channel,Direction,Date\nC1,call,in,2020-01-31\nC2,email,out,2020-01-30\n"
    proposal = propose(file, content, "interactions")
    assert {"channel": 2, "direction": 3}.items() <= proposal.mapping.columns.items()
    assert (
        proposal.mapping.source == propose(file, content.replace("C1", "C7"), "interactions").mapping.source
    )


def test_files_of_one_layout_are_imported_as_one(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    for path in (file, other):
        path.write_text(HEADER + "A,31/01/2020,Acme,5\n")
    files = [SourceFile(path.name, path) for path in (file, other)]
    assert propose_mapping(files=files, dataset="payments").layout.text.name == file.name


def test_files_of_two_layouts_are_not_imported_as_one(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    file.write_text(HEADER + "A,31/01/2020,Acme,5\n")
    other.write_text("Date,Supplier,Amount\n31/01/2020,Acme,5\n")
    files = [SourceFile(path.name, path) for path in (file, other)]
    with pytest.raises(Invalid, match="other"):
        propose_mapping(files=files, dataset="payments")
    with pytest.raises(Invalid, match="at least one"):
        propose_mapping(files=[], dataset="payments")
    with pytest.raises(Invalid, match="not known"):
        propose_mapping(files=files, dataset="colours")
    with pytest.raises(Invalid, match="cannot be read"):
        propose_mapping(files=[SourceFile("none.csv", tmp_path / "none.csv")], dataset="payments")


def test_parties_are_recognised_by_the_same_engine(file: Path) -> None:
    header = "Customer ID,Company Name,E-mail,Telephone,City,Country Code\n"
    row = "1,Acme Ltd,a@acme.test,+44 20 7946 0000,Leeds,GB\n"
    proposal = propose(file, header + row, "parties", source="crm")
    assert {choice.field: choice.column for choice in proposal.choices} == {
        "ref": "Customer ID",
        "name": "Company Name",
        "place": "City",
        "country": "Country Code",
        "email": "E-mail",
        "phone": "Telephone",
    }
    assert (proposal.mapping.source, proposal.as_json()["columns"]["ref"]["score"]) == ("crm", 0.982)
