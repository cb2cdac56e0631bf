"""What a query finds, written by the database itself: COPY into a file beside memory, handed on in pieces."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

PIECE = 1 << 16
LINES_AT_ONCE = 1_000


def copied(rows: "QuerySet[Any]", *, options: str, end: bytes, around: str = "{}") -> Iterator[bytes]:
    """The rows as COPY writes them with these options, each with `end` after it instead of a line feed.

    `around` is what is asked of them instead, with `{}` where their own SQL goes; it keeps their order.
    The database is done with it before the first piece is handed on: whoever takes the file slowly keeps no
    transaction open, and the file lies on the disk, not in memory.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with TemporaryFile(dir=_folder()) as file:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
            lines = _Lines(file, end)
            asked = around.replace("{}", cursor.mogrify(sql, params).decode())
            cursor.copy_expert(f"COPY ({asked}) TO STDOUT ({options})", lines)
            lines.flush()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _folder() -> Path:
    """Where the files of the workspace are: a place for temporary ones may itself be in memory."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class _Lines:
    """What COPY writes to, a row at a time."""

    def __init__(self, file: IO[bytes], end: bytes) -> None:
        self.file, self.end = file, end
        self.held: list[bytes] = []

    def write(self, line: bytes) -> None:
        self.held.append(line[:-1])
        if len(self.held) >= LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Has everything in the file."""
        if self.held:
            self.file.write(self.end.join([*self.held, b""]))
            self.held.clear()
