"""What it costs to look: every page beside its reference, by one person and by eight at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

from benchmarks import reference
from benchmarks.client import Answer, Visitor, at_once, reference_path
from benchmarks.everything import EVERYTHING
from benchmarks.facts import SEARCH_ALONE
from benchmarks.report import Finding, Times, found
from benchmarks.subjects import SOUGHT, Subjects

APART = {"empty", "search_everything", "api_empty", *reference.BESIDE_SQL}
"""What is compared otherwise than pages are."""
WARM_UP = 3
BY_THE_SLOW, SLOW_ROUNDS = ("search_everything", "S search_everything"), 200
"""What is compared by its slowest in twenty is asked more often: of a few rounds that is the slowest one."""
OFTENER, MORE_ROUNDS = ("list_first", "list_deep", "list_search", "record_ordinary", "record_heaviest"), 15
"""What takes little beside a target that lies near is asked for twice as often, with all that stands beside it."""
EIGHT = 8


@dataclass
class Case:
    """Something that is done again and again; `before` it something that does not count.

    `frames` are the seconds of an answer without those of its facts.
    """

    do: Callable[[], Answer | float]
    before: Callable[[], object] = lambda: None
    seconds: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    queries: int = 0

    def once(self, *, counts: bool) -> None:
        self.before()
        answer = self.do()
        if isinstance(answer, Answer):
            self.queries = max(self.queries, answer.queries)
            if counts:
                self.frames.append(answer.seconds - answer.facts)
        if counts:
            self.seconds.append(answer if isinstance(answer, float) else answer.seconds)

    @property
    def times(self) -> Times:
        return Times(self.seconds)


def in_turn(cases: Mapping[str, Case], rounds: int) -> None:
    """Each case once in every round: what slows the machine down for a while slows all of them down."""
    for number in range(WARM_UP + rounds):
        for case in cases.values():
            case.once(counts=number >= WARM_UP)


def sql(statement: str, given: Mapping[str, Any]) -> float:
    """Seconds until all rows of a statement are here."""
    started = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        cursor.fetchall()
    return perf_counter() - started


class Pages:
    """All pages of a size."""

    def __init__(self, subjects: Subjects, port: int) -> None:
        self.subjects = subjects
        self.manager = Visitor(subjects.manager, port)
        self.executive = Visitor(subjects.executive, port)
        self.paths = subjects.lists() | {"my_day": "/", "record_heaviest": self._record(subjects.heaviest)}
        if subjects.dashboard:
            self.paths["dashboard"] = subjects.dashboard
        self.cases: dict[str, Case] = {}

    def measure(self, rounds: int) -> list[Finding]:
        """Every page with its S and F, and the empty page; then the ratios."""
        asked = self.look(rounds)
        beside = [f"{part}{name}" for name in OFTENER for part in ("", "F ", "S ", "E ")]
        in_turn({name: self.cases[name] for name in beside}, MORE_ROUNDS)
        in_turn({name: self.cases[name] for name in BY_THE_SLOW}, SLOW_ROUNDS)
        return [*self._ratios(), self._everything(), *self._beside_sql(), *self._references(asked)]

    def look(self, rounds: int) -> dict[str, Mapping[str, Any]]:
        """Asks for everything, as often as growth wants it; returns what the references are asked for."""
        asked = self._asked()
        self.cases["empty"] = Case(partial(self.manager.get, "/benchmarks/empty/"))
        for name, given in asked.items():
            self._beside(name, given)
        self._ordinary(asked["record_ordinary"])
        for name, path in self.paths.items():
            self.cases.setdefault(name, Case(partial(self._visitor(name).get, path)))
        alone = {"viewer": self.subjects.manager.pk, "kind": self.subjects.kind.slug, "q": SOUGHT}
        self.cases["S search alone"] = Case(partial(sql, SEARCH_ALONE, alone))
        typing = f"/search/options/?q={SOUGHT}"
        self.cases["search_everything"] = Case(partial(self.manager.get, typing))
        self.cases["S search_everything"] = Case(partial(sql, EVERYTHING, alone))
        self.cases["api_empty"] = Case(partial(self.manager.get, "/benchmarks/api/"))
        self.cases["api_list"] = Case(partial(self.manager.get, f"/api/v1/{self.subjects.kind.slug}/"))
        for name, statement in reference.BESIDE_SQL.items():
            self.cases[f"S {name}"] = Case(partial(sql, statement, asked["list_search"]))
        in_turn(self.cases, rounds)
        return asked

    def eight(self, each: int) -> list[Finding]:
        """The main pages asked for by eight at the same time, each page by the same person as alone."""
        sessions = {
            person: [Visitor(person, self.manager.port) for _ in range(EIGHT)]
            for person in (self.subjects.manager, self.subjects.executive)
        }
        paths = {name: self.paths[name] for name in reference.PAGES if name in self.paths}
        paths["record_ordinary"] = self._record(self.subjects.ordinary[0])
        findings = []
        for name, path in paths.items():
            visitors = sessions[self._visitor(name).user]
            times, alone = Times(at_once(visitors, path, each)), self.cases[name].times
            detail = f"p50 {1000 * times.p50:.1f} ms, p95 {1000 * times.p95:.1f} ms; alone {1000 * alone.p50:.1f} ms"
            ratio = times.p95 / alone.p50
            findings.append(found(f"eight clients: {name}", ratio, reference.EIGHT_CLIENTS, detail=detail))
        return findings

    def medians(self) -> dict[str, float]:
        """The seconds that each case takes, for comparing sizes."""
        return {name: case.times.p50 for name, case in self.cases.items()}

    def _visitor(self, name: str) -> Visitor:
        return self.executive if name == "dashboard" else self.manager

    def _record(self, pk: int) -> str:
        return f"/{self.subjects.kind.slug}/{pk}/"

    def _beside(self, name: str, given: Mapping[str, Any]) -> None:
        """A page, its F and S and an empty page, in this order.

        S goes before them once more and is not counted: else whoever came first would read for all of them what
        the dashboard's S has driven out of the database's memory.
        """
        which, visitor = reference.REFERENCES[name], self._visitor(name)
        raw = partial(sql, reference.FACTS[which], given)
        self.cases[name] = Case(partial(visitor.get, self.paths.get(name, "")), before=raw)
        self.cases[f"F {name}"] = Case(partial(visitor.get, reference_path(which, given)))
        self.cases[f"S {name}"] = Case(raw)
        self.cases[f"E {name}"] = Case(partial(visitor.get, "/benchmarks/empty/"))

    def _ordinary(self, given: Mapping[str, Any]) -> None:
        """Ordinary records for the page, for F and for S: each its own, so that nobody finds one just read."""
        page, plain, raw = (cycle(self.subjects.ordinary[part::3]) for part in range(3))
        self.cases["record_ordinary"] = Case(lambda: self.manager.get(self._record(next(page))))
        self.cases["F record_ordinary"].do = lambda: self.manager.get(
            reference_path("record", {**given, "id": next(plain)})
        )
        self.cases["S record_ordinary"].do = lambda: sql(
            reference.FACTS["record"], {**given, "id": next(raw)}
        )

    def _asked(self) -> dict[str, Mapping[str, Any]]:
        """What the reference is asked for, by page."""
        subjects, (name, pk, _place) = self.subjects, self.subjects.deep
        asked = subjects.asked(subjects.manager)
        given: dict[str, Mapping[str, Any]] = {
            "list_first": asked,
            "list_deep": {**asked, "name": name, "id": pk},
            "list_search": {**asked, "q": SOUGHT},
            "record_ordinary": {**asked, "id": subjects.ordinary[0]},
            "record_heaviest": {**asked, "id": subjects.heaviest},
            "my_day": asked,
        }
        if subjects.dashboard:
            given["dashboard"] = subjects.asked(subjects.executive)
        return given

    def _ratios(self) -> list[Finding]:
        findings = []
        for name, case in self.cases.items():
            if name in APART or name.startswith(reference.NOT_OURS):
                continue
            target = reference.PAGES.get(name, reference.SORT_OR_FILTER)
            beside = self.cases.get(target.of) or self.cases[f"F {name}"]
            detail = f"{case.times.words()}; {target.of} {1000 * beside.times.p50:.2f} ms"
            if f"S {name}" in self.cases:
                detail += f"; S {1000 * self.cases[f'S {name}'].times.p50:.2f} ms"
            ratio = case.times.p50 / beside.times.p50
            findings.append(found(name, ratio, target, queries=case.queries, detail=detail))
        return findings

    def _everything(self) -> Finding:
        """A search of everything, as somebody types, beside its raw SQL: by the slow ones of each."""
        case, raw = self.cases["search_everything"], self.cases["S search_everything"]
        ratio, target = case.times.p95 / raw.times.p95, reference.SEARCH_EVERYTHING
        detail = f"{case.times.words()}; S {raw.times.words()}"
        return found("search_everything", ratio, target, queries=case.queries, detail=detail)

    def _beside_sql(self) -> list[Finding]:
        """Calls that are no pages, each beside its raw SQL and a call that does nothing."""
        findings, empty = [], self.cases["api_empty"].times.p50
        for name in reference.BESIDE_SQL:
            case, raw = self.cases[name], self.cases[f"S {name}"].times.p50
            detail = f"{case.times.words()}; S {1000 * raw:.2f} ms; empty {1000 * empty:.2f} ms"
            ratio = case.times.p50 / (raw + empty)
            findings.append(found(name, ratio, reference.CALL, queries=case.queries, detail=detail))
        return findings

    def _references(self, asked: Mapping[str, Any]) -> list[Finding]:
        """F may not be lax: above S, one and a half empty pages at most.

        S is what the same statement took inside of F: asked for twice, one of three seconds differs from itself by
        more than an empty page. The empty page comes right after: what a long S leaves of the processor's caches
        is what F is written with as well.
        """
        findings = []
        for name in asked:
            plain, raw = self.cases[f"F {name}"], self.cases[f"S {name}"]
            empty = self.cases[f"E {name}"].times.p50
            above = median(plain.frames)
            target = reference.Target(reference.FRAME, "the empty page above S")
            detail = (
                f"F {1000 * plain.times.p50:.2f} ms; S {1000 * raw.times.p50:.2f} ms;"
                f" F without S {1000 * above:.2f} ms; empty {1000 * empty:.2f} ms"
            )
            findings.append(found(f"F of {name} ≤ S + 1.5 × empty", above / empty, target, detail=detail))
        return findings
