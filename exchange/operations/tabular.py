"""Files that hold a table and are no text of rows (spreadsheets, JSON, notes): as the CSV that the reader takes."""

import csv
import itertools
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.refusals import Invalid
from core.wording import figure
from exchange.operations.json_reading import json_records
from exchange.operations.layouts import MOST_COLUMNS
from exchange.operations.markdown_reading import is_markdown, write_notes
from exchange.operations.source_files import Lines, SourceFile, TextFile, inspect, open_text, refuse
from exchange.operations.spreadsheet_reading import NO_RESULT, TOO_MUCH

WORKBOOK = "xl/workbook.xml"
JSON_NAMES = (".json", ".jsonl", ".ndjson")
LONGEST = 120
"""Seconds that a spreadsheet may take to be read."""


def as_table(file: SourceFile, target: Path) -> bool:
    """Writes a spreadsheet, JSON or notes in Markdown as CSV to `target`; False for what is text of rows already.

    Raises Invalid for one that cannot be read or holds more than `IMPORT_MAX_BYTES`.
    """
    if _is_workbook(file.path):
        _convert_workbook(file, target)
    elif file.name.lower().endswith(JSON_NAMES):
        _convert_json(file, target)
    elif is_markdown(file):
        write_notes(file, [file], target)
    else:
        return False
    return True


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _convert_workbook(file: SourceFile, target: Path) -> None:
    line = [sys.executable, "-m", "exchange.operations.spreadsheet_reading", str(file.path), str(target)]
    try:
        done = subprocess.run(  # noqa: S603  our own program; the paths are our own
            [*line, str(settings.IMPORT_MAX_BYTES)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise refuse(file.name, _("The spreadsheet takes too long to read. Save it as CSV.")) from late
    if done.returncode == TOO_MUCH:
        raise refuse(file.name, _("The spreadsheet holds too much. Save it as CSV, in parts."))
    if done.returncode == NO_RESULT:
        raise _without_result(file, done.stdout.decode().strip())
    if done.returncode:
        raise refuse(file.name, _("This spreadsheet cannot be read. Save it as CSV."))


def _without_result(file: SourceFile, cell: str) -> Invalid:
    words = _(
        "Cell %(cell)s holds a formula whose result the file does not hold. Open it in a spreadsheet program, save "
        "it there, and send it again."
    )
    return refuse(file.name, words % {"cell": cell})


def _convert_json(file: SourceFile, target: Path) -> None:
    """In two passes: which keys there are, then a row each."""
    text = inspect(file, "")
    path = _list_within(text)
    keys: dict[str, None] = {}
    for record in _records(text, path):
        keys |= dict.fromkeys(record)
        if len(keys) > MOST_COLUMNS:
            limit = {"limit": figure(MOST_COLUMNS)}
            raise refuse(file.name, _("The objects have more than %(limit)s keys together.") % limit)
    if not keys:
        raise Invalid({"files": _("%(files)s: there is no row.") % {"files": file.name}})
    with target.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(keys)
        for record in _records(text, path):
            writer.writerow(record.get(key, "").replace("\x00", "") for key in keys)


def _list_within(text: TextFile) -> str:
    """The key under which the records are, where the file is one object with a list of them."""
    first = list(itertools.islice(_records(text, ""), 2))
    if len(first) != 1:
        return ""
    return next((key for key, value in first[0].items() if value.startswith("[{")), "")


def _records(text: TextFile, path: str) -> Iterator[dict[str, str]]:
    with open_text(text) as stream:
        yield from json_records(Lines(text.name, stream), path)
