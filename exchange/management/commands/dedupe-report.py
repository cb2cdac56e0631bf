"""`manage.py dedupe-report [FOLDER]`: precision and recall on the labelled sets."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from exchange.operations.labelled_sets import measured

HEADER = (
    f"{'set':<16}{'rows':>8}{'true pairs':>12}{'same':>8}"
    f"{'review':>8}{'precision':>11}{'recall':>8}{'seconds':>9}"
)
MEANING = "Precision is of the pairs called the same; recall is of those called the same or for review."


class Command(BaseCommand):
    help = "Measures how well duplicates are found, on published files in which people marked them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            metavar="FOLDER",
            nargs="?",
            help=f"where the sets are; {settings.LABELLED_SETS} unless given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"] or settings.LABELLED_SETS)
        try:
            with tempfile.TemporaryDirectory() as scratch:
                for number, line in enumerate(measured(folder, Path(scratch))):
                    if number == 0:
                        self.stdout.write(HEADER)
                    self.stdout.write(
                        f"{line.name:<16}{line.rows:>8,}{line.true:>12,}{line.same:>8,}{line.review:>8,}"
                        f"{line.precision:>11.4f}{line.recall:>8.4f}{line.seconds:>9.1f}"
                    )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(MEANING)
