"""Mail that lies in files: single ones, folders of them, mbox and Maildir. Each mail comes with where it lay."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from core.refusals import Invalid
from messaging.operations.mail_reading import MESSAGE_LIMIT_BYTES

PIECE = 64 * 1024
BETWEEN = re.compile(rb"From .*\d\d?:\d\d")
"""A line between two mails of an mbox, as told from a sentence that begins so."""
QUOTED = re.compile(rb">+From ")
BEGINNING = b"From "


@dataclass
class StoredMail:
    """A mail as it lay there. Of one that is larger than any mail may be only size and sum are known."""

    origin: str
    size_bytes: int = 0
    is_readable: bool = True
    pieces: list[bytes] = field(default_factory=list)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, piece: bytes) -> None:
        """Some more of it."""
        self.size_bytes += len(piece)
        self.digest.update(piece)
        if self.is_too_large:
            self.pieces.clear()
        else:
            self.pieces.append(piece)

    @property
    def is_too_large(self) -> bool:
        """Whether it is larger than any mail may be."""
        return self.size_bytes > MESSAGE_LIMIT_BYTES

    @property
    def raw(self) -> bytes:
        """Its bytes; none of one that is too large."""
        return b"".join(self.pieces)

    @property
    def sha256(self) -> str:
        """The sum of its bytes."""
        return self.digest.hexdigest()


def mail_in(paths: Iterable[str]) -> Iterator[StoredMail]:
    """Every mail of files, folders, mboxes and Maildirs, in a settled order.

    Raises Invalid at once for a path that leads nowhere. A file that cannot be opened is a mail that cannot be read.
    """
    places = [Path(path) for path in paths]
    missing = [str(place) for place in places if not place.exists()]
    if missing:
        raise Invalid({"files": _("There is no file or folder “%(path)s”.") % {"path": missing[0]}})
    return (mail for place in places for file in _files(place) for mail in _of_file(file))


def _files(place: Path) -> Iterator[Path]:
    """The file itself, or those in a folder and all folders inside it; of a Maildir those that have arrived."""
    if not place.is_dir():
        yield place
        return
    for folder, inside, names in os.walk(place):
        here = Path(folder)
        if {"cur", "new"} <= set(inside):
            names = []  # noqa: PLW2901  indexes and lists of the server that keeps it
            inside[:] = [name for name in inside if name != "tmp"]
        inside.sort()
        yield from (here / name for name in sorted(names) if (here / name).is_file())


def _of_file(file: Path) -> Iterator[StoredMail]:
    try:
        with file.open("rb") as stream:
            is_mbox = stream.read(len(BEGINNING)) == BEGINNING
    except OSError:
        mail = StoredMail(str(file), is_readable=False)
        mail.digest.update(str(file).encode("utf-8", "surrogateescape"))
        yield mail
        return
    yield from _of_mbox(file) if is_mbox else _alone(file)


def _alone(file: Path) -> Iterator[StoredMail]:
    mail = StoredMail(str(file))
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            mail.add(piece)
    yield mail


def _of_mbox(file: Path) -> Iterator[StoredMail]:
    """The mails of an mbox. A line of a mail that begins like the line between two is quoted with `>`, once more
    for each time that it was quoted already; one of them is taken off.
    """
    number, at_start, after_blank = 1, True, False
    mail = StoredMail(f"{file}:{number}")
    with file.open("rb") as stream:
        stream.readline()
        while piece := stream.readline(PIECE):
            if at_start and after_blank and BETWEEN.match(piece):
                yield mail
                number += 1
                mail = StoredMail(f"{file}:{number}")
            else:
                mail.add(piece[1:] if at_start and QUOTED.match(piece) else piece)
            after_blank = at_start and not piece.strip()
            at_start = piece.endswith(b"\n")
    yield mail
