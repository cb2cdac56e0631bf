"""`python -m benchmarks`: fills workspaces of several sizes, measures, compares with the targets.

`BENCH_FULL=1` measures 1,000,000 relationships with 10,000,000 interactions; without it 200,000 and 1,000,000.
`BENCH_SIZES=2000/10000,4000/20000` (relationships/interactions, the last one measured whole) serves tests of the
bench itself, `BENCH_HOME` the place of its servers, `BENCH_OUT` that of what it writes, `BENCH_KEEP=1` keeps the
databases for the next run. Exits with 1 when a target is missed.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import reference
from benchmarks.home import Ground, manage
from benchmarks.memory import pss_megabytes
from benchmarks.report import Finding, found, line, unpack, write
from relman.launcher.folders import CHECKOUT

USUAL = ((10_000, 50_000), (200_000, 1_000_000))
FULL = ((10_000, 100_000), (100_000, 1_000_000), (1_000_000, 10_000_000))
SEED = 1
SEARCH_FROM = 100_000
"""The growth of the search is held from this size on, as its target says: `BENCH_FULL=1` measures it."""
OWN = {"empty", "list_total", "list_total_silent"}
"""What is held to no growth: it is no page of ours, or a number that its page does not wait for."""


@dataclass
class Run:
    """What a bench was asked for, and what it has found so far."""

    sizes: list[tuple[int, int]]
    ground: Ground
    out: Path
    keep: bool
    rounds: int
    ingests: list[int]
    findings: list[Finding] = field(default_factory=list)
    medians: dict[int, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "Run":
        """As the docstring of this module says."""
        full, given = os.environ.get("BENCH_FULL") == "1", os.environ.get("BENCH_SIZES", "")
        sizes = [_size(words) for words in given.split(",")] if given else list(FULL if full else USUAL)
        return cls(
            sizes=sizes,
            ground=Ground(Path(os.environ.get("BENCH_HOME") or CHECKOUT / ".cache" / "bench").absolute()),
            out=Path(os.environ.get("BENCH_OUT") or CHECKOUT / "benchmarks"),
            keep=os.environ.get("BENCH_KEEP") == "1",
            rounds=int(os.environ.get("BENCH_ROUNDS") or 15),
            ingests=[] if given else [100_000, 1_000_000] if full else [100_000],
        )

    def carry_out(self) -> int:
        """Every size in turn, the largest last; returns the exit code."""
        started = time.monotonic()
        with self.ground.running():
            for number, size in enumerate(self.sizes):
                self._measure(size, whole=number == len(self.sizes) - 1)
        self._compare()
        took = time.monotonic() - started
        words = " → ".join(f"{r:,} relationships / {i:,} interactions" for r, i in self.sizes)
        heading = f"{words}, {os.cpu_count()} cores, {took / 60:.0f} minutes."
        measured = f"{self.sizes[-1][0]:,} relationships"
        write(self.out, self.findings, size=measured, heading=heading, notes=self._growth_notes())
        missed = [finding for finding in self.findings if not finding.met]
        say(
            f"\n{len(self.findings) - len(missed)} of {len(self.findings)} targets met in {took / 60:.1f} minutes."
        )
        for finding in missed:
            say(line(finding))
        return 1 if missed else 0

    def _measure(self, size: tuple[int, int], *, whole: bool) -> None:
        relationships, interactions = size
        name = f"bench_{relationships}_{interactions}"
        if not self.keep:
            self.ground.drop_database(name)
        if self.ground.make_database(name):
            say(f"\n== {relationships:,} relationships, {interactions:,} interactions")
            manage("prepare", "--empty", "--static", "--quiet")
            manage(
                "scale",
                f"--relationships={relationships}",
                f"--interactions={interactions}",
                f"--seed={SEED}",
            )
        else:
            self.ground.tidy_database()
        with self.ground.web() as (port, session):
            told = self._ask(port, whole=whole)
            if whole:
                self._tell(found("web_memory", pss_megabytes(session), reference.WEB_MEMORY))
        if whole:
            self._tell(found("worker_memory", self.ground.worker_megabytes(), reference.WORKER_MEMORY))
        self.medians[relationships] = told
        if not self.keep:
            self.ground.drop_database(name)

    def _ask(self, port: int, *, whole: bool) -> dict[str, float]:
        answer = self.ground.home.run / "bench.json"
        command = [
            sys.executable,
            "-m",
            "benchmarks.measure",
            str(port),
            str(answer),
            f"--rounds={self.rounds}",
        ]
        command += ["--ingest", *map(str, self.ingests)] if whole else ["--pages-only"]
        subprocess.run(command, cwd=CHECKOUT, check=True)
        told = json.loads(answer.read_text())
        self.findings += unpack(told["findings"])
        medians: dict[str, float] = told["medians"]
        return medians

    def _tell(self, finding: Finding) -> None:
        self.findings.append(finding)
        say(line(finding))

    def _compare(self) -> None:
        """What the pages cost at the largest size against the smallest; the search against the size before."""
        sizes = sorted(self.medians)
        if len(sizes) < 2:
            return
        small, before, large = (self.medians[size] for size in (sizes[0], sizes[-2], sizes[-1]))
        for name in sorted(large.keys() & small.keys() - OWN):
            if not name.startswith(reference.NOT_OURS):
                detail = f"{1000 * small[name]:.1f} → {1000 * large[name]:.1f} ms"
                self._tell(
                    found(f"growth: {name}", large[name] / small[name], reference.GROWTH, detail=detail)
                )
        if sizes[-2] < SEARCH_FROM:
            return  # among few a search ends for want of names; among many at its twenty-sixth row
        name = "S search alone"
        detail = f"{1000 * before[name]:.2f} → {1000 * large[name]:.2f} ms"
        ratio = large[name] / before[name]
        self._tell(found("growth: search in SQL", ratio, reference.SEARCH_GROWTH, detail=detail))

    def _growth_notes(self) -> list[str]:
        sizes = sorted(self.medians)
        head = [
            "| medians in ms | " + " | ".join(f"{size:,}" for size in sizes) + " |",
            "|---|" + "--:|" * len(sizes),
        ]
        names = sorted(self.medians[sizes[-1]])
        rows = [
            f"| {name} | " + " | ".join(_milliseconds(self.medians[size].get(name)) for size in sizes) + " |"
            for name in names
        ]
        middle = median(self.medians[sizes[-1]].values()) * 1000
        return [
            "### Growth",
            "",
            f"The median page takes {middle:.1f} ms at the largest size.",
            "",
            *head,
            *rows,
        ]


def say(words: str) -> None:
    """One line for whoever waits."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _size(words: str) -> tuple[int, int]:
    relationships, _sign, interactions = words.partition("/")
    return int(relationships), int(interactions)


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.2f}"


if __name__ == "__main__":
    sys.exit(Run.from_environment().carry_out())
