"""JSON records one at a time: an array, one object a line, or a list inside an object."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Invalid
from exchange.operations.encodings import PIECE
from exchange.operations.source_files import LONGEST_LINE, Lines, refuse

WHOLE_LIMIT = 64 * PIECE
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def json_records(lines: Lines, path: str) -> Iterator[dict[str, str]]:
    """Every record as a flat object of texts; an inner object's keys are joined by dots.

    Arrays and lines are read in pieces. A list inside an object, named by `path`, is read whole, up to 64 MiB.
    """
    try:
        yield from _inside(lines, path) if path else _Stream(lines).records()
    except RecursionError as error:
        raise refuse(lines.file, _("This is nested too deeply.")) from error


def _inside(lines: Lines, path: str) -> Iterator[dict[str, str]]:
    text = lines.stream.read(WHOLE_LIMIT + 1)
    if len(text) > WHOLE_LIMIT:
        raise refuse(lines.file, _("More than 64 MiB inside one object: write one record a line instead."))
    try:
        found: Any = _DECODER.decode(text)
    except ValueError as error:
        raise refuse(lines.file, _("The JSON is damaged or cut short: %(why)s.") % {"why": error}) from error
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise refuse(lines.file, _("There is no list called “%(path)s”.") % {"path": path})
    for number, record in enumerate(found, 1):
        yield _record(lines.file, number, record)


class _Stream:
    """A buffer over the text that gives out one JSON value after another."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.buffer = ""
        self.place = 0
        self.number = 0
        self.ended = False

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            rest = self.buffer[self.place :].lstrip()
            if rest or self.ended:
                self.buffer, self.place = rest, 0
                return rest[:1]
            self._fill()

    def records(self) -> Iterator[dict[str, str]]:
        """Those of one array, or one after another."""
        return self.array() if self.peek() == "[" else self.sequence()

    def array(self) -> Iterator[dict[str, str]]:
        self.place += 1
        if self.peek() == "]":
            self.place += 1
        else:
            while True:
                yield self._value()
                mark = self.peek()
                self.place += 1
                if mark == "]":
                    break
                if mark != ",":
                    raise self._damaged()
        if self.peek():
            raise self._damaged()

    def sequence(self) -> Iterator[dict[str, str]]:
        while self.peek():
            yield self._value()

    def _value(self) -> dict[str, str]:
        self.number += 1
        self.peek()
        while True:
            try:
                value, self.place = _DECODER.raw_decode(self.buffer, self.place)
            except ValueError as error:
                if self.ended or len(self.buffer) - self.place > LONGEST_LINE:
                    raise self._damaged() from error
                self._fill()
            else:
                return _record(self.lines.file, self.number, value)

    def _fill(self) -> None:
        piece = self.lines.stream.read(PIECE)
        self.ended = not piece
        self.buffer, self.place = self.buffer[self.place :] + piece, 0

    def _damaged(self) -> Invalid:
        return refuse(self.lines.file, _("The JSON is damaged or cut short here."), row=self.number)


def _record(file: str, number: int, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise refuse(file, _("This is not an object."), row=number, value=json.dumps(value))
    return dict(_flat("", value))


def _flat(prefix: str, value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(f"{prefix}{key}.", inner)
        else:
            yield f"{prefix}{key}", _text(inner)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
