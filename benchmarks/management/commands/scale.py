"""`manage.py scale --relationships N --interactions M --seed S`."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from benchmarks.scale.copying import without_indexes
from benchmarks.scale.fill import FILLED, fill, refuse_what_is_real, score_twice, tidy
from benchmarks.scale.plan import Size
from core.refusals import Refusal
from relationships.models import RelationshipState

STATES = RelationshipState._meta.db_table
TOLD_EVERY = 2.0
"""Seconds between two lines of progress about the same thing."""


class Command(BaseCommand):
    help = "Fill an empty workspace with made-up relationships of every kind, the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--relationships", type=int, default=10_000, metavar="N")
        parser.add_argument("--interactions", type=int, default=100_000, metavar="M")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--until",
            type=datetime.fromisoformat,
            help="the day at which the story ends, as 2026-01-31; today without it",
        )
        parser.add_argument("--unscored", action="store_true", help="leave health to the next nightly run")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("relationships", "interactions"):
            if options[name] < (name == "relationships"):
                raise CommandError(f"--{name} is {options[name]}; it takes a positive number.")
        until = options["until"] or datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        size = Size(
            options["relationships"],
            options["interactions"],
            options["seed"],
            until if until.tzinfo else until.replace(tzinfo=UTC),
        )
        self.started, self.told = monotonic(), monotonic()
        try:
            refuse_what_is_real()
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        with without_indexes([STATES]):
            with without_indexes([table for table in FILLED if table != STATES]):
                filled = fill(size, progress=self._progress, step=self._say)
                self._say("building the other indexes")
            tidy()
            if not options["unscored"]:
                score_twice(size, step=self._say)
            self._say("building the indexes of states")
        tidy()
        self._say(f"{filled.relationships:,} relationships, {filled.interactions:,} interactions")

    def _progress(self, what: str, done: int, total: int) -> None:
        if done == total or monotonic() - self.told >= TOLD_EVERY:
            self.told = monotonic()
            self._say(f"{what}: {done:,} of {total:,}")

    def _say(self, words: str) -> None:
        self.stdout.write(f"{monotonic() - self.started:7.1f} s  {words}")
        self.stdout.flush()
