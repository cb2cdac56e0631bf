"""The bytes of documents: kept once by what they are, in files that no address leads to.

A content lies below MEDIA_ROOT at `documents/<first two digits>/<SHA-256>`. Whoever keeps one or takes one away
holds its lock until the transaction ends, so no row can come to name a content that is about to go.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from relationships.models import ContentScan, Document, DocumentVersion

FOLDER = "documents"
PIECE = 1 << 16
LEFT_OVER = timedelta(days=1)

SET_ASIDE = """
SELECT DISTINCT kept.row ->> 'sha256' FROM relationships_mergestep step, jsonb_array_elements(step.rows) kept(row)
WHERE step.model = 'relationships.documentversion' AND kept.row ->> 'sha256' = ANY(%s)
"""
"""Contents of documents that a merge took out: when it is undone, they are wanted again."""


@dataclass(frozen=True)
class Content:
    """What is known of some bytes after reading them once: their digest, how many, and the first of them."""

    sha256: str
    size_bytes: int
    start: bytes


def examine(source: "IO[Any]", *, most: int) -> Content:
    """Reads `source` from its start, no further than the piece that goes beyond `most` bytes."""
    digest, size, start = hashlib.sha256(), 0, b""
    source.seek(0)
    while size <= most and (piece := source.read(PIECE)):
        start = start or piece
        digest.update(piece)
        size += len(piece)
    return Content(digest.hexdigest(), size, start)


def place_of(sha256: str) -> str:
    """Where a content lies, below MEDIA_ROOT."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


@contextmanager
def kept(source: "IO[Any]", sha256: str) -> Iterator[str]:
    """Keeps the bytes of `source` for the rows that the block writes; gives their place.

    Content that is there already is not written again. When the block fails, what was written goes again.
    """
    _lock(sha256)
    place = place_of(sha256)
    path = Path(settings.MEDIA_ROOT) / place
    if path.exists():
        yield place
        return
    _write(source, path)
    try:
        yield place
    except BaseException:
        path.unlink()
        raise


def sweep_contents(*, now: datetime) -> int:
    """Deletes what no document names a day after it was written; returns how many files.

    Such files are left when a whole transaction is refused after its document was taken, when a process is
    killed while writing, and when the sample's rows are removed.
    """
    swept = 0
    for folder in sorted((Path(settings.MEDIA_ROOT) / FOLDER).glob("*/")):
        old = {path.name: path for path in folder.iterdir() if _written_at(path) < now - LEFT_OVER}
        for name in sorted(set(old) - _named(set(old))):
            swept += _sweep(old[name])
    named = Exists(DocumentVersion.objects.filter(sha256=OuterRef("sha256")))
    ContentScan.objects.exclude(named).exclude(state=ContentScan.State.INFECTED).delete()
    return swept


@transaction.atomic
def _sweep(path: Path) -> int:
    _lock(path.name)
    if _named({path.name}):
        return 0
    path.unlink(missing_ok=True)
    return 1


def let_go(places: Iterable[str]) -> None:
    """Deletes contents once the transaction is kept, but for those that a row still names then."""
    for place in sorted(set(places)):
        transaction.on_commit(lambda place=place: _let_go(place))  # type: ignore[misc]  # bound now


@transaction.atomic
def _let_go(place: str) -> None:
    digest = place.rpartition("/")[2]
    _lock(digest)
    named = any(model.objects.filter(file=place).exists() for model in (Document, DocumentVersion))
    if not named and not _set_aside({digest}):
        (Path(settings.MEDIA_ROOT) / place).unlink(missing_ok=True)


def _named(digests: set[str]) -> set[str]:
    """Those of the digests that a document, a version of one, or a merge that may be undone still has."""
    found: set[str] = set()
    for model in (Document, DocumentVersion):
        found |= set(model.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    return found | _set_aside(digests)


def _set_aside(digests: set[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(SET_ASIDE, [sorted(digests)])
        return {row[0] for row in cursor.fetchall()}


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _lock(sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{FOLDER}/{sha256}"])


def _write(source: "IO[Any]", path: Path) -> None:
    """Writes all of `source` under a passing name first, so that a content is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source.seek(0)
    number, passing = tempfile.mkstemp(dir=path.parent, prefix="arriving-")
    try:
        with os.fdopen(number, "wb") as file:
            shutil.copyfileobj(source, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        Path(passing).replace(path)
    except BaseException:
        Path(passing).unlink()
        raise
