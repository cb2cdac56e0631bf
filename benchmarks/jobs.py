"""What it costs to work through many rows: scores and imports, each beside the barest SQL that does the same."""

import csv
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace
from benchmarks import raw, reference
from benchmarks.reference import Target
from benchmarks.report import Finding, Times, found
from benchmarks.scale.fill import SCORED, tidy
from benchmarks.scale.parties import organisations
from benchmarks.scale.plan import Size
from benchmarks.wizard import by_page
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import Mapping
from health.enums import RunTrigger
from health.models import ScoringRun
from health.operations.scoring import score
from relationships import kinds
from relationships.models import Relationship, RelationshipState

SOURCE = "benchmark"
MOST_BY_PAGE = 500_000
SCORED_ONCE = 100_000
WRITTEN = (RelationshipState._meta.db_table, *SCORED)
"""The tables of scores: what one scoring wrote there and undid, the next one would have to read over."""
COLUMNS = ("ref", "name", "sector", "place", "country", "email", "phone")


def undone(do: Callable[[], None]) -> float:
    """Seconds that something takes until it could be committed; it is not."""
    with transaction.atomic():
        started = perf_counter()
        do()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def beside(
    name: str, ours: Callable[[], None], theirs: Callable[[], None], target: Target, rounds: int
) -> Finding:
    """Ours and the raw SQL, in turn."""
    return _compared(name, [(undone(theirs), undone(ours)) for _ in range(rounds)], target)


def _compared(name: str, pairs: Sequence[tuple[float, float]], target: Target) -> Finding:
    raw_times, own_times = (Times([pair[side] for pair in pairs]) for side in (0, 1))
    detail = f"{own_times.words()}; S {raw_times.words()}"
    return found(name, own_times.p50 / raw_times.p50, target, detail=detail)


def scoring() -> list[Finding]:
    """Everybody (once where that takes a minute), a thousand, and one."""
    rounds = 2 if Relationship.objects.count() < SCORED_ONCE else 1
    now = _next_night()
    with _scores_table(now) as run:
        pairs = [(_scores_of_theirs(run), undone(lambda: _score_kinds(now))) for _ in range(rounds)]
        everybody = _compared("score_all", pairs, reference.SCORE_ALL)
        tidy(WRITTEN)
        with connection.cursor() as cursor:
            cursor.execute(raw.SCORE_ALL, {"now": now})
            cursor.execute("ALTER TABLE benchmark_scores ADD PRIMARY KEY (relationship_id)")
        kind = next(iter(kinds.registry)).slug
        ids = Relationship.objects.filter(kind=kind, closed_at=None, interactions__isnull=False)
        scored = list(ids.order_by("pk").values_list("pk", flat=True).distinct()[:50_000])
        chosen = Random(3).sample(scored, min(reference.WRITES_AT_ONCE, len(scored)))
        some = [
            beside(
                name,
                partial(_score_some, kind, now, these),
                partial(run, raw.SCORE_SOME, raw.SCORE_SOME_STATES, ids=these),
                target,
                7,
            )
            for name, these, target in (
                ("score_1000", chosen, reference.SCORE_THOUSAND),
                ("score_one", chosen[:1], reference.SCORE_ONE),
            )
        ]
    return [everybody, *some]


def _scores_of_theirs(run: Callable[..., None]) -> float:
    """Seconds that S takes for everybody. What anybody wrote and undid is cleared away before and after."""
    tidy(WRITTEN)
    seconds = undone(lambda: run(raw.SCORE_ALL, raw.SCORE_ALL_STATES))
    tidy(WRITTEN)
    return seconds


def _next_night() -> datetime:
    """Now, but at most a day after everybody was scored: of a kept database nobody scores several days at once."""
    last = ScoringRun.objects.filter(trigger=RunTrigger.NIGHTLY).latest("as_of")
    return min(timezone.now(), last.as_of + timedelta(days=1))


def _score_kinds(now: datetime) -> None:
    for kind in kinds.registry:
        if kind.components:
            score(kind=kind.slug, now=now)


def _score_some(kind: str, now: datetime, ids: Sequence[int]) -> None:
    score(kind=kind, now=now, relationship_ids=ids)


@contextmanager
def _scores_table(now: datetime) -> Iterator[Callable[..., None]]:
    """Runs statements of the reference; its table is gone afterwards."""

    def run(*statements: str, ids: Sequence[int] = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 2")
            for statement in statements:
                cursor.execute(statement, {"now": now, "ids": list(ids)})

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_scores")
    try:
        yield run
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS benchmark_scores")


def ingesting(rows: int) -> list[Finding]:
    """A file of parties with addresses, checked and taken in; and how much memory that takes. Then by the page."""
    words = f"ingest_{rows // 1000}k"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parties.csv"
        _write_file(path, rows)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        theirs, ours = undone(lambda: _take_in(path)), undone(lambda: _ingest(path))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        if rows > MOST_BY_PAGE:
            _write_file(path, MOST_BY_PAGE)
        brought = by_page(path, min(rows, MOST_BY_PAGE), each=ours / rows)
    memory = found(f"{words}_memory", grown, reference.INGEST_MEMORY, detail="growth of the process")
    return [_compared(words, [(theirs, ours)], reference.INGEST), memory, *brought]


def _write_file(path: Path, rows: int) -> None:
    rng = Size(rows, 0, 5, timezone.now()).draws("import")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, name in enumerate(organisations(rng, rows)):
            address, phone = f"office@import{number}.example", f"+4420{30_000_000 + number}"
            writer.writerow([f"I{number}", name, "Trade", "Leeds", "GB", address, phone])


def _ingest(path: Path) -> None:
    now = timezone.now()
    mapping = Mapping(
        name=SOURCE,
        dataset="parties",
        source=SOURCE,
        columns={name: name for name in COLUMNS},
        constants={"kind": next(iter(kinds.registry)).slug},
    )
    actor = ensure_workspace(now=now).system_actor
    report = ingest(
        actor=actor, dataset="parties", files=[SourceFile(path.name, path)], mapping=mapping, now=now
    )
    if report.held:
        raise RuntimeError(f"{report.held} rows of the bench's own file were held: {report.held_rows[0]}")


def _take_in(path: Path) -> None:
    now = timezone.now()
    workspace, kind = ensure_workspace(now=now), next(iter(kinds.registry))
    given: dict[str, Any] = {
        "now": now, "actor": workspace.system_actor.pk, "unit": workspace.business_unit.pk, "kind": kind.slug,
        "stage": kind.first_stage, "source": SOURCE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(raw.STAGE)
        with path.open(encoding="utf-8") as file:
            cursor.copy_expert(raw.STAGED, file)
        for statement in raw.TAKE_IN:
            cursor.execute(statement, given)
