"""What it costs to take a list out as a file, beside a bare COPY of the same facts."""

import http.client
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import raw, reference
from benchmarks.client import Visitor, Wrong
from benchmarks.report import Finding, Times, found
from benchmarks.subjects import Subjects
from relationships import kinds
from relationships.models import Relationship
from relationships.operations.exports import export_list
from relationships.queries.relationship_list import ListQuery

ROWS = 160_000
"""The list that is taken out is the one whose length is nearest to this."""
ROUNDS = 3


@dataclass(frozen=True)
class Taken:
    """A file that came: seconds until its first byte and its last one, and how many lines it has."""

    first: float
    whole: float
    lines: int


def exporting(subjects: Subjects, port: int) -> list[Finding]:
    """The file by the page and the bare COPY, in turn; then, in this process, how much memory it takes."""
    kind, visitor = _kind(), Visitor(subjects.manager, port)
    copies, files = [], []
    for _ in range(ROUNDS):
        copies.append(_copy(kind, subjects))
        files.append(_take(visitor, kind.slug))
    s, whole, first = (
        Times(copies),
        Times([file.whole for file in files]),
        Times([file.first for file in files]),
    )
    rows = f"{files[0].lines - 1:,} {kind.slug}"
    return [
        found("export", whole.p50 / s.p50, reference.EXPORT, detail=f"{rows}: {whole.words()}; COPY {s.words()}"),
        found("export_first_byte", first.p50, reference.FIRST_BYTE, detail=f"{1000 * first.p50:.0f} ms"),
        found(
            "export_memory", _grown(lambda: _read(subjects, kind)), reference.EXPORT_MEMORY,
            detail="growth of the process",
        ),
    ]  # fmt: skip


def _kind() -> kinds.Kind:
    """Of the kinds that are open to all."""
    every = [kind for kind in kinds.registry if kind.sight is None]
    counted = {kind.slug: Relationship.objects.of_kind(kind.slug).open().count() for kind in every}
    return min(every, key=lambda kind: abs(counted[kind.slug] - ROWS))


def _copy(kind: kinds.Kind, subjects: Subjects) -> float:
    """Seconds of the bare COPY, until its last byte is here."""
    profile = apps.get_model(kind.profile)._meta
    own = "".join(
        f", own.{profile.get_field(column.path.rpartition('__')[2]).column}" for column in kind.columns
    )
    statement = raw.EXPORT.format(own=own, profile=profile.db_table)
    given = {"kind": kind.slug, "viewer": subjects.manager.pk}
    started = perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY ({cursor.mogrify(statement, given).decode()}) TO STDOUT (FORMAT csv)", _Nowhere()
        )
    return perf_counter() - started


class _Nowhere:
    """Takes everything and keeps nothing."""

    def write(self, line: bytes) -> None:
        """Nothing."""


def _take(visitor: Visitor, kind: str) -> Taken:
    """The file as a browser gets it."""
    started = perf_counter()
    link = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=600)
    link.request("POST", f"/{kind}/export.csv", headers=visitor.headers | {"Content-Length": "0"})
    answer = link.getresponse()
    lines, first = answer.read(1).count(b"\n"), perf_counter() - started
    while piece := answer.read(1 << 16):
        lines += piece.count(b"\n")
    link.close()
    if answer.status != 200:
        raise Wrong(f"/{kind}/export.csv answered {answer.status}")
    return Taken(first, perf_counter() - started, lines)


def _read(subjects: Subjects, kind: kinds.Kind) -> None:
    with transaction.atomic():
        for _piece in export_list(actor=subjects.manager, query=ListQuery(kind.slug), now=timezone.now()):
            pass
        transaction.set_rollback(True)


def _grown(do: Callable[[], Any]) -> float:
    """By how many megabytes this process has ever been larger after something than before."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    do()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
