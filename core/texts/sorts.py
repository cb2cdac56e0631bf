"""Which files there is a text to be had of, told by the ending of the name."""

from pathlib import PurePosixPath

MOST_LETTERS = 48_000
"""So much of a text is kept; the index of words reads hardly more of a title and a text."""
AS_IT_STANDS = 24_000
"""So much of its beginning word for word; of the rest only the words that were not there yet."""

SORTS = {
    "pdf": "pdf",
    "docx": "word",
    "docm": "word",
    "xlsx": "sheet",
    "xlsm": "sheet",
    "odt": "open",
    "ods": "open",
    "odp": "open",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "eml": "mail",
    "txt": "plain",
    "text": "plain",
    "md": "plain",
    "markdown": "plain",
    "csv": "plain",
    "tsv": "plain",
    "log": "plain",
    "json": "plain",
    "xml": "plain",
    "yaml": "plain",
    "yml": "plain",
    "ics": "plain",
    "vcf": "plain",
    "rst": "plain",
    "ini": "plain",
}
"""Endings by how their text is read."""

LOCKED, DAMAGED, NO_TEXT, TOO_LARGE = "locked", "damaged", "no_text", "too_large"
"""Why there is no text."""


def sort_of(name: str) -> str:
    """How the text of a file of this name is read; empty when none is taken from such files."""
    return SORTS.get(PurePosixPath(name).suffix.removeprefix(".").lower(), "")
