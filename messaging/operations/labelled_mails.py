"""How well a mail's reply is told from its quotes and signatures, measured on mails that people labelled by hand."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analytics.replies.lines import Part
from analytics.replies.markup import shown_text
from analytics.replies.reply import read_reply

LABELS = "labels.csv"


@dataclass(frozen=True)
class WrongLine:
    """A written line of a mail, counted from 1, that was kept and should not be, or the other way round."""

    file: str
    number: int
    kept: bool
    text: str


@dataclass(frozen=True)
class MeasuredMail:
    """One labelled mail: its written lines (blank ones have no words to keep), and those told wrongly."""

    file: str
    language: str
    held_out: bool
    lines: int
    wrong: tuple[WrongLine, ...]

    @property
    def set(self) -> str:
        """The folder that it stands in, which is one publisher's."""
        return self.file.split("/")[0]


@dataclass(frozen=True)
class Measured:
    """Some mails together."""

    files: int
    lines: int
    right: int
    mean: float
    """Of the mails' own shares of right lines: a long mail counts no more than a short one."""

    @property
    def accuracy(self) -> float:
        """The share of lines told rightly."""
        return self.right / self.lines


def measured_mails(folder: Path) -> list[MeasuredMail]:
    """Every mail that `labels.csv` in `folder` names: `file`, `language`, `author`, `held_out`, `kept` ("1 4-6").

    The lines of a mail in HTML are those that it shows.
    Raises OSError where the folder or a mail is not there, ValueError where the labels do not fit.
    """
    with (folder / LABELS).open(encoding="utf-8", newline="") as labels:
        return [_measured(folder, row) for row in csv.DictReader(labels)]


def summed(mails: Iterable[MeasuredMail]) -> Measured:
    """The figures of one or more mails."""
    mails = list(mails)
    return Measured(
        files=len(mails),
        lines=sum(mail.lines for mail in mails),
        right=sum(mail.lines - len(mail.wrong) for mail in mails),
        mean=sum(1 - len(mail.wrong) / mail.lines for mail in mails) / len(mails),
    )


def _measured(folder: Path, row: dict[str, str]) -> MeasuredMail:
    file = row["file"]
    content = (folder / file).read_bytes().decode()
    reply = read_reply(shown_text(content) if file.endswith(".html") else content, row["author"])
    written = {number: line for number, line in enumerate(reply.lines, start=1) if line.strip()}
    kept = _numbers(row["kept"])
    if not kept or not kept <= set(range(1, len(reply.lines) + 1)) or not written:
        raise ValueError(f"{file}: “{row['kept']}” are not lines of it.")
    wrong = tuple(
        WrongLine(file, number, part is Part.WORDS, written[number])
        for number, part in enumerate(reply.parts, start=1)
        if number in written and (part is Part.WORDS) != (number in kept)
    )
    return MeasuredMail(file, row["language"], row["held_out"] == "yes", len(written), wrong)


def _numbers(ranges: str) -> set[int]:
    """The numbers in "1 4-6"."""
    numbers: set[int] = set()
    for part in ranges.split():
        first, _dash, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers
