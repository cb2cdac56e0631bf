"""A table as a workbook (Office Open XML) that the database fills by itself, packed while it is sent.

A library puts every cell into objects first: a hundred thousand rows take it longer than a request may, and it wants
a file of its own beside. Here a row is one piece of text from the database, and what is held is one piece.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import QuerySet

from core.copying import copied
from core.sheets import Holds, SheetColumn, with_cells
from core.spreadsheets import inert

MOST_ROWS = 1_048_575
"""Below the heads: so many Excel can open."""
LONGEST_TITLE = 31
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
ALWAYS = (1980, 1, 1, 0, 0, 0)
"""When the parts were made, for packing: the same table gives the same bytes."""

CONTROLS = "".join(rf"\x{code:02x}" for code in range(1, 32) if code not in (9, 10, 13)) + r"\uFFFE\uFFFF"
"""Characters that XML cannot hold, as PostgreSQL reads them in E''."""
ESCAPED = (
    rf"replace(replace(replace(replace(replace(translate({{0}}, E'{CONTROLS}', ''), "
    r"'&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\n', '&#10;'), E'\r', '&#13;')"
)
IN_XML = f"CASE WHEN {{0}} ~ '[&<>[:cntrl:]\uffff\ufffe]' THEN {ESCAPED} ELSE {{0}} END"
EMPTY = "<c/>"
TEXT = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
CELLS = {
    Holds.TEXT: f"COALESCE('{TEXT[0]}' || {IN_XML} || '{TEXT[1]}', '{EMPTY}')",
    Holds.NUMBER: f"COALESCE('<c><v>' || {{0}} || '</v></c>', '{EMPTY}')",
    Holds.DAY: (
        f"COALESCE(CASE WHEN {{0}} >= '1900-03-01' THEN '<c s=\"1\"><v>' || ({{0}} - DATE '1899-12-30') || '</v></c>'"
        f" ELSE '{TEXT[0]}' || {{0}} || '{TEXT[1]}' END, '{EMPTY}')"
    ),
}
"""What a cell is in XML; Excel counts days from a leap year that was none, so that earlier ones are text."""

ONE_CELL_A_LINE = r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
}
SHEET = (
    f'{DECLARED}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


def as_workbook(rows: "QuerySet[Any]", columns: Sequence[SheetColumn], *, title: str) -> Iterator[bytes]:
    """The table as the one sheet of a workbook, its heads in bold above it; of at most MOST_ROWS rows."""
    out = _Sent()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        name = escape(title.translate(NOT_IN_A_TITLE)[:LONGEST_TITLE], {'"': "&quot;"})
        for path, text in PARTS.items():
            packed.writestr(_part(path), DECLARED + text.replace("{title}", name))
        yield out.taken()
        with packed.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f"{SHEET}{_heads(columns)}".encode())
            cells = " || ".join(CELLS[column.holds].format(f"cell_{n}") for n, column in enumerate(columns))
            around = f"SELECT '<row>' || {cells} || '</row>' FROM ({{}}) AS told"  # noqa: S608  names of our own
            for piece in copied(with_cells(rows, columns), options=ONE_CELL_A_LINE, end=b"", around=around):
                sheet.write(piece)
                yield out.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield out.taken()


def _part(path: str) -> ZipInfo:
    part = ZipInfo(path, ALWAYS)
    part.compress_type = ZIP_DEFLATED
    return part


def _heads(columns: Sequence[SheetColumn]) -> str:
    start, end = TEXT[0].replace("<c ", '<c s="2" '), TEXT[1]
    return f"<row>{''.join(f'{start}{escape(inert(column.head))}{end}' for column in columns)}</row>"


class _Sent:
    """What the packer writes to: a file that nobody can go back in."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self.held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing to wait for."""

    def close(self) -> None:
        """There is nothing to give back."""

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        piece = b"".join(self.held)
        self.held.clear()
        return piece
