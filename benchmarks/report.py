"""What was found: every ratio beside its target, for people and for programs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.reference import MOST_QUERIES, Target

HEAD = """# What things cost

Values are ratios of medians within one run, measured in turn; S, F and the targets are fixed in
`benchmarks/reference.py`. `make bench` writes the section of its size.
"""
SECTION = "\n## "


@dataclass(frozen=True)
class Finding:
    """One measured value beside the most that it may be. `queries` is 0 where none are counted."""

    name: str
    value: float
    target: float
    of: str
    unit: str
    queries: int
    detail: str

    @property
    def met(self) -> bool:
        """Whether it keeps its target, and every page its number of statements."""
        return self.value <= self.target and self.queries <= MOST_QUERIES


@dataclass(frozen=True)
class Times:
    """Seconds of the same thing, done again and again."""

    seconds: Sequence[float]

    @property
    def p50(self) -> float:
        """The middle one."""
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """All but one in twenty are quicker."""
        return quantiles(self.seconds, n=20, method="inclusive")[-1] if len(self.seconds) > 1 else self.p50

    def words(self) -> str:
        """Median and p95 in milliseconds."""
        return f"{1000 * self.p50:.2f} ms (p95 {1000 * self.p95:.2f})"


def found(name: str, value: float, target: Target, *, queries: int = 0, detail: str = "") -> Finding:
    """A value beside its target."""
    return Finding(name, round(value, 3), target.most, target.of, target.unit, queries, detail)


def line(finding: Finding) -> str:
    """One line for the console."""
    of = f" of {finding.of}" if finding.of else ""
    queries = f", {finding.queries} queries" if finding.queries else ""
    sign = "ok  " if finding.met else "MISS"
    return (
        f"{sign} {finding.name:<44} {finding.value:9.2f} {finding.unit} (at most {finding.target:g}{of}{queries})"
        f"  {finding.detail}"
    )


def write(
    folder: Path, findings: Sequence[Finding], *, size: str, heading: str, notes: Iterable[str]
) -> None:
    """`latest.json` for programs; for people a section of `RESULTS.md`, in which every measured size keeps its own."""
    plain = [
        {"name": f.name, "value": f.value, "target": f.target, "met": f.met, "queries": f.queries}
        for f in findings
    ]
    (folder / "latest.json").write_text(json.dumps(plain, indent=1) + "\n")
    missed = sum(not finding.met for finding in findings)
    rows = [
        f"| {f.name} | {f.value:.2f} {f.unit} | {f.target:g} {f.of and f'of {f.of}'} | {'yes' if f.met else '**no**'} "
        f"| {f.queries or ''} | {f.detail} |"
        for f in findings
    ]
    words = [
        f"{heading} {len(findings) - missed} of {len(findings)} targets met.",
        "",
        "| what | value | at most | met | queries | medians |",
        "|---|--:|--:|---|--:|---|",
        *rows,
        "",
        *notes,
        "",
    ]
    results = folder / "RESULTS.md"
    _head, *kept = results.read_text().split(SECTION) if results.exists() else [""]
    sections = dict(section.split("\n\n", 1) for section in kept) | {size: "\n".join(words)}
    results.write_text(SECTION.join([HEAD, *("\n\n".join(section) for section in sections.items())]))


def pack(findings: Sequence[Finding]) -> str:
    """Findings for another process of ours."""
    return json.dumps([asdict(finding) for finding in findings])


def unpack(words: str) -> list[Finding]:
    """What `pack` packed."""
    return [Finding(**entry) for entry in json.loads(words)]
