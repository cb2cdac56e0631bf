"""`manage.py brief`: makes the brief of a week, or checks that the facts of one still come out the same."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.refusals import Invalid
from dashboards.operations.briefs import is_reproducible, make_brief


class Command(BaseCommand):
    help = "Make the brief of the week that ended on a Monday (the last one by default), and check its hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", type=date.fromisoformat, help="the Monday, as YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_brief(now=timezone.now(), week=options["week"])
        except Invalid as refusal:
            raise CommandError(
                "; ".join(words for each in refusal.errors.values() for words in each)
            ) from refusal
        if not is_reproducible(made):
            raise CommandError(f"{made.week.isoformat()}: the facts of that week come out differently today")
        self.stdout.write(f"{made.week.isoformat()}  sha256 {made.sha256}  reproduced")
