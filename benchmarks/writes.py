"""What it costs to write: a conversation, a party."""

from datetime import timedelta
from itertools import count, cycle
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import raw, reference
from benchmarks.client import Answer, Visitor
from benchmarks.pages import Case, in_turn
from benchmarks.report import Finding, found
from benchmarks.subjects import Subjects

SAID = "called them, they like the new range"
PROMISE = "Send the revised offer"


class Writes:
    """Logging and creating, through the forms that a person fills in."""

    def __init__(self, subjects: Subjects, port: int) -> None:
        self.subjects = subjects
        self.visitor = Visitor(subjects.manager, port)
        self.whom, self.numbers = cycle(subjects.ordinary), count(int(perf_counter() * 1_000))

    def measure(self, rounds: int) -> list[Finding]:
        """Both with their references, in turn."""
        cases = {
            "log": Case(self._log),
            "S log": Case(self._raw_log),
            "empty POST": Case(lambda: self.visitor.post("/benchmarks/empty/", {})),
            "create": Case(self._create),
            "F create": Case(
                lambda: self.visitor.post("/benchmarks/create/", {"name": f"Bare {next(self.numbers)}"})
            ),
        }
        in_turn(cases, 3 * rounds)
        logged, raw_log, empty = (cases[name].times.p50 for name in ("log", "S log", "empty POST"))
        allowed = reference.Target(4.0 + empty / raw_log, "S (4 S + 1 empty signed-in POST)")
        return [
            found(
                "log_interaction", logged / raw_log, allowed, queries=0,
                detail=f"{cases['log'].times.words()}, {cases['log'].queries} statements; S {1000 * raw_log:.2f} ms; "
                f"empty POST {1000 * empty:.2f} ms",
            ),
            found(
                "create_party", cases["create"].times.p50 / cases["F create"].times.p50, reference.CREATE, queries=0,
                detail=f"{cases['create'].times.words()}, {cases['create'].queries} statements; "
                f"F {cases['F create'].times.words()}",
            ),
        ]  # fmt: skip

    def _log(self) -> Answer:
        due = (timezone.now() + timedelta(days=5)).date()
        return self.visitor.post(
            f"/{self.subjects.kind.slug}/{next(self.whom)}/interactions/",
            {
                "channel": "call", "direction": "out", "body": SAID, "promise_direction": "ours",
                "promise_what": PROMISE, "promise_due": str(due), "idempotency_key": f"bench-{next(self.numbers)}",
            },
        )  # fmt: skip

    def _raw_log(self) -> float:
        now = timezone.now()
        given: dict[str, Any] = {
            "id": next(self.whom), "now": now, "viewer": self.subjects.manager.pk, "body": SAID,
            "promise": PROMISE, "due": (now + timedelta(days=5)).date(),
        }  # fmt: skip
        started = perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in raw.LOG:
                cursor.execute(statement, given)
        return perf_counter() - started

    def _create(self) -> Answer:
        kind, user, number = self.subjects.kind, self.subjects.manager, next(self.numbers)
        return self.visitor.post(
            f"/{kind.slug}/new/",
            {
                "name": f"Unheard of {number}", "party_kind": kind.party_kinds[0], "country": "GB",
                "email": f"office@new{number}.example", "phone": f"+4420{30_000_000 + number % 10_000_000}",
                "registration": f"SC {number}",
                "stage": kind.stages[0].slug, "owner": str(user.pk), "cadence_days": "30",
                "revenue_type": "transactional", "confidentiality": "1",
                "idempotency_key": f"bench-{next(self.numbers)}",
            },
        )  # fmt: skip
