"""Spreadsheets and JSON as the CSV that they amount to."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from core.refusals import Invalid
from exchange.operations import spreadsheet_reading, tabular
from exchange.operations.source_files import SourceFile
from exchange.operations.tabular import as_table


def book(*rows: list[Any], empty_first: bool = True) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    if empty_first:
        sheet = made.create_sheet("Rows")
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def table(tmp_path: Path, name: str, content: bytes) -> str:
    source, target = tmp_path / "sent", tmp_path / "table.csv"
    source.write_bytes(content)
    assert as_table(SourceFile(name, source), target)
    return target.read_bytes().decode()


CELLS = [1.0, 2.5, True, False, None, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), time(9)]  # noqa: DTZ001  a spreadsheet knows no zones


def test_a_spreadsheet_is_its_first_filled_sheet_with_cells_as_people_write_them(tmp_path: Path) -> None:
    text = table(tmp_path, "list.xlsx", book(["Name", "Größe"], CELLS))
    lines = text.splitlines()
    assert lines[0].rstrip(",") == "Name,Größe"
    assert lines[1].startswith("1,2.5,true,false,,2026-03-01,2026-03-01 09:30:00,09:00:00")


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """The spreadsheet with other words in its sheets."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(target, "w") as archive:
        for name in made.namelist():
            text = made.read(name)
            is_sheet = name.startswith("xl/worksheets/")
            archive.writestr(name, re.sub(old.encode(), new.encode(), text) if is_sheet else text)
    return target.getvalue()


def test_a_spreadsheet_is_as_large_as_its_rows_whatever_it_says_of_its_size(tmp_path: Path) -> None:
    rows = [["Name", "Place"], ["Acme"], [], ["Bo", "Leeds", "more"]]
    content = rewritten(book(*rows), '<dimension ref="[^"]*"', '<dimension ref="A1"')
    assert table(tmp_path, "list.xlsx", content) == "Name,Place,\r\nAcme,,\r\n,,\r\nBo,Leeds,more\r\n"


def test_a_formula_is_its_result_and_refused_by_its_cell_where_it_has_none(tmp_path: Path) -> None:
    content = book(["Name", "Amount"], ["Acme", "=1+1"], ["Bo", '=""'])
    with pytest.raises(
        Invalid, match=r"list\.xlsx: Cell B2 holds a formula whose result the file does not hold"
    ):
        table(tmp_path, "list.xlsx", content)
    worked_out = rewritten(content, r"<f>1\+1</f><v ?/?>(</v>)?", "<f>1+1</f><v>2</v>")
    with pytest.raises(Invalid, match="Cell B3 holds a formula"):
        table(tmp_path, "list.xlsx", worked_out)
    empty_text = rewritten(worked_out, 'r="B3"', 'r="B3" t="str"')
    assert table(tmp_path, "list.xlsx", empty_text) == "Name,Amount\r\nAcme,2\r\nBo,\r\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps([{"name": "Acme", "of": {"place": "Leeds"}}, {"name": "Bo", "more": 2}])),
        ("a.jsonl", '{"name": "Acme", "of": {"place": "Leeds"}}\n{"name": "Bo", "more": 2}\n'),
        (
            "a.json",
            json.dumps({"rows": [{"name": "Acme", "of": {"place": "Leeds"}}, {"name": "Bo", "more": 2}]}),
        ),
    ],
)
def test_json_is_a_row_an_object_under_all_their_keys(tmp_path: Path, name: str, content: str) -> None:
    assert table(tmp_path, name, content.encode()) == "name,of.place,more\r\nAcme,Leeds,\r\nBo,,2\r\n"


def test_text_of_rows_is_left_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    for content in (b"name\nAcme\n", b"PK\x03\x04 no archive"):
        source.write_bytes(content)
        assert not as_table(SourceFile("a.csv", source), tmp_path / "t")
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("a.txt", "name")
    assert not as_table(SourceFile("a.csv", source), tmp_path / "t")


def workbook_of(content: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", workbook_of("<no"), "This spreadsheet cannot be read."),
        ("a.xlsx", book(empty_first=False), "This spreadsheet cannot be read."),
        ("a.json", b"[]", "there is no row"),
        ("a.json", b'[{"a": 1', "damaged or cut short"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'[{"a": ' + b'{"b": ' * 5_000 + b"1" + b"}" * 5_000 + b"}]", "nested too deeply"),
        ("a.json", json.dumps([{f"k{n}": n for n in range(1_001)}]).encode(), "more than 1,000 keys"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        table(tmp_path, name, content)


def test_a_spreadsheet_that_holds_too_much_or_takes_too_long_is_refused(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_MAX_BYTES = 10
    with pytest.raises(Invalid, match="holds too much"):
        table(tmp_path, "a.xlsx", book(["Name", "Place"], ["Acme", "Leeds"]))
    monkeypatch.setattr(tabular, "LONGEST", 0.001)
    with pytest.raises(Invalid, match="takes too long"):
        table(tmp_path, "a.xlsx", book(["Name"]))


def test_the_process_apart_tells_by_how_it_ends(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(partial(csv.field_size_limit, csv.field_size_limit()))  # here it is not apart
    source, target = tmp_path / "a.xlsx", tmp_path / "a.csv"
    source.write_bytes(book(["Name"], ["Acme"]))
    assert spreadsheet_reading.convert(source, target, 1_000) == 0
    assert target.read_text() == "Name\nAcme\n"
    assert spreadsheet_reading.convert(source, target, 3) == spreadsheet_reading.TOO_MUCH
    source.write_bytes(book(["a", "b", "c"], *([["x"]] * 10)))
    assert spreadsheet_reading.convert(source, target, 40) == spreadsheet_reading.TOO_MUCH
    source.write_bytes(book(["Name"], ["=1"]))
    assert spreadsheet_reading.convert(source, target, 1_000) == spreadsheet_reading.NO_RESULT
    source.write_bytes(b"no")
    assert spreadsheet_reading.convert(source, target, 3) == spreadsheet_reading.UNREADABLE
