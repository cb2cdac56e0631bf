"""Notes in Markdown with front matter (YAML between two lines of `---`), one file or many, as rows of a table.

Each note is a row: its front matter by key, its text as `note`, its place as `file`. YAML is read as texts alone, so
no day, number or yes is taken for another thing than what was written; aliases, tags and repeated keys are refused.
What cannot be read is a row that says why, and is held.
"""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.wording import figure
from exchange.operations.source_files import SourceFile, refuse

NAMES = (".md", ".markdown")
FILE, NAME, NOTE = "file", "name", "note"
PROBLEM = "(front matter)"
"""The column that says what is wrong with a row's front matter; it is there only when something is."""
LONGEST_NOTE = 256 * 1024
LONGEST_FRONT_MATTER = 64 * 1024
"""Bytes of one file, and letters of its front matter."""
MOST_NOTES = 100_000
MOST_COLUMNS = 1_000
DEEPEST = 5
"""So many lists and objects may stand within each other."""
FENCE = re.compile(r"---[ \t]*")
CLOSING = re.compile(r"(---|\.\.\.)[ \t]*")
EMPTY = ("", "~", "null", "Null", "NULL")


class Unreadable(ValueError):
    """Front matter that cannot be read: the line, counted in the file from 1, and why."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True)
class Note:
    """One note as a row; `problem` is the place and the reason when its front matter cannot be read."""

    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def is_markdown(file: SourceFile) -> bool:
    """Whether this is a note, a folder, or an archive in which there are notes."""
    if file.path.is_dir() or file.name.lower().endswith(NAMES):
        return True
    try:
        with zipfile.ZipFile(file.path) as archive:
            return any(_is_note(name) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def write_notes(file: SourceFile, sources: Sequence[SourceFile], target: Path) -> None:
    """Writes all notes of `sources` as one CSV to `target`, in two passes: which keys there are, then a row each.

    `file` is what a refusal names. Raises Invalid when there is no note, or more than can be taken.
    """
    keys: dict[str, None] = {FILE: None, NAME: None}
    has_problem, count = False, 0
    for note in _notes(file, sources):
        keys |= dict.fromkeys(note.cells)
        has_problem = has_problem or bool(note.problem)
        count += 1
        if len(keys) > MOST_COLUMNS or count > MOST_NOTES:
            words = _(
                "There are more than %(notes)s notes, or more than %(keys)s keys in their front matter."
            )
            raise refuse(file.name, words % {"notes": figure(MOST_NOTES), "keys": figure(MOST_COLUMNS)})
    if not count:
        raise refuse(file.name, _("There is no note in it."))
    heads = [*(key for key in keys if key != NOTE), NOTE, *([PROBLEM] if has_problem else [])]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heads)
        for note in _notes(file, sources):
            cells = note.cells | {PROBLEM: note.problem}
            writer.writerow(cells.get(head, "") for head in heads)


def _notes(file: SourceFile, sources: Sequence[SourceFile]) -> Iterator[Note]:
    taken = 0
    for source in sources:
        for place, content in _contents(source):
            taken += len(content)
            if taken > settings.IMPORT_MAX_BYTES:
                raise refuse(file.name, _("The notes hold too much together. Import them in parts."))
            yield read_note(place, content)


def _contents(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """(place, bytes) of every note, no further than a little beyond the longest that is taken."""
    if source.path.is_dir():
        for path in sorted(source.path.rglob("*")):
            place = path.relative_to(source.path).as_posix()
            if path.is_file() and not path.is_symlink() and _is_note(place):
                yield place, _start(source.name, path.open, "rb")
    elif source.name.lower().endswith(NAMES):
        yield PurePosixPath(source.name).name, _start(source.name, source.path.open, "rb")
    else:
        with zipfile.ZipFile(source.path) as archive:
            for entry in archive.infolist():
                if _is_note(entry.filename):
                    yield entry.filename, _start(source.name, archive.open, entry)


def _start(name: str, open_it: Callable[[Any], IO[bytes]], what: object) -> bytes:
    """Its first bytes, whatever the archive says of its size."""
    try:
        with open_it(what) as stream:
            return stream.read(LONGEST_NOTE + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise refuse(name, _("The archive is damaged, or locked with a password.")) from error


def _is_note(place: str) -> bool:
    parts = PurePosixPath(place).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return place.lower().endswith(NAMES) and not hidden


def read_note(place: str, content: bytes) -> Note:
    """One note. `place` is where it lies; its name, without one in the front matter, is that of its file."""
    first = {FILE: place, NAME: PurePosixPath(place).stem}
    try:
        lines = _lines(content)
        said, body = _parted(lines)
        cells = {key: value for key, value in said.items() if value}
        note = "\n\n".join(text for text in (cells.pop(NOTE, ""), body) if text)
        return Note({**first, **cells, **({NOTE: note} if note else {})})
    except Unreadable as wrong:
        words = _("%(file)s, line %(line)s: %(why)s") % {"file": place, "line": wrong.line, "why": wrong}
        return Note(first, words[:400])


def _lines(content: bytes) -> list[str]:
    if len(content) > LONGEST_NOTE:
        raise Unreadable(1, _("it has more than %(most)s bytes") % {"most": figure(LONGEST_NOTE)})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(line, _("this is not UTF-8")) from error
    if "\x00" in text:
        raise Unreadable(text[: text.index("\x00")].count("\n") + 1, _("there is a zero byte"))
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _parted(lines: list[str]) -> tuple[dict[str, str], str]:
    """(front matter by key, the text below it)."""
    if not FENCE.fullmatch(lines[0]):
        return {}, "\n".join(lines).strip()
    end = next((n for n, line in enumerate(lines[1:], 1) if CLOSING.fullmatch(line)), 0)
    if not end:
        raise Unreadable(1, _("the front matter is opened here and not closed"))
    head = "\n".join(lines[1:end])
    if len(head) > LONGEST_FRONT_MATTER:
        words = _("the front matter has more than %(most)s characters")
        raise Unreadable(1, words % {"most": figure(LONGEST_FRONT_MATTER)})
    return _front_matter(head), "\n".join(lines[end + 1 :]).strip()


def _front_matter(text: str) -> dict[str, str]:
    """The keys of the front matter, those of inner objects joined by dots, lists joined by semicolons."""
    import yaml  # noqa: PLC0415  only imports of notes need it

    try:
        found = yaml.load(text, _loader())  # noqa: S506  a loader that makes texts, lists and objects alone
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark is not None else 2
        raise Unreadable(line, str(error.problem or error.context or "")) from error
    except yaml.YAMLError as error:  # a character that no YAML has
        raise Unreadable(2, str(error).splitlines()[0]) from error
    if found in (None, ""):
        return {}
    if not isinstance(found, dict):
        raise Unreadable(2, _("the front matter is no list of keys and values"))
    return dict(_flat("", found))


def _flat(prefix: str, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}".strip(), _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(part for part in map(_text, value) if part)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(inner)}" for key, inner in value.items())
    return "" if value in EMPTY else str(value)


@cache
def _loader() -> type[Any]:
    """Of the loaders the one that resolves nothing, and that refuses what makes much of little."""
    import yaml  # noqa: PLC0415  as above

    class Loader(yaml.BaseLoader):
        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs know no types of it
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise yaml.MarkedYAMLError(
                    problem=_("anchors and aliases are not taken"), problem_mark=event.start_mark
                )
            self.depth += 1
            if self.depth > DEEPEST:
                words = _("lists and objects stand too deep within each other")
                raise yaml.MarkedYAMLError(problem=words, problem_mark=event.start_mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _value in node.value:
                if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                    words = _("a key is no text, or stands there twice")
                    raise yaml.MarkedYAMLError(problem=words, problem_mark=key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep=deep)

    return Loader
