"""`manage.py dedupe FILE [FILE2] --mapping auto|NAME|FILE --json OUT`."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.refusals import Invalid, Refusal
from exchange.management.asked import writable
from exchange.operations.duplicates import AUTO, find_duplicates, pairs_as_text
from exchange.operations.source_files import SourceFile


class Command(BaseCommand):
    help = (
        "Finds the rows of a file that are one thing twice, or that are in another file too. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", metavar="FILE", nargs="+", help="one file, or two that are held side by side"
        )
        parser.add_argument(
            "--mapping", default=AUTO, help="auto (by headers and values), a mapping's name, or a file"
        )
        parser.add_argument("--json", metavar="OUT", help="write the pairs as JSON (- for the console)")

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["files"]) > 2:
            raise CommandError("Give one file, or two: more are not compared at once.")
        files = [SourceFile(Path(path).name, Path(path)) for path in options["files"]]
        try:
            found = find_duplicates(files=files, mapping=options["mapping"])
        except Refusal as refusal:
            raise CommandError(_words(refusal)) from refusal
        if options["json"] == "-":
            self.stdout.write(pairs_as_text(found), ending="")
            return
        if options["json"]:
            with writable(options["json"]) as target:
                target.write(pairs_as_text(found))
        compared = ", ".join(f"{' '.join(headers)} ({role})" for role, headers in found.fields)
        counts = Counter(match.decision.value for match in found.matches)
        self.stdout.write(f"{' and '.join(f'{rows:,}' for rows in found.rows)} rows, compared by {compared}.")
        self.stdout.write(f"{counts['same']:,} pairs are the same, {counts['review']:,} are for review.")


def _words(refusal: Refusal) -> str:
    if not isinstance(refusal, Invalid):
        return refusal.message
    return "\n".join(f"{name}: {' '.join(words)}" for name, words in refusal.errors.items())
