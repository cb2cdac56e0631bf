"""`manage.py retention`: carries out the rules of retention whose time has come; `--dry-run` only counts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from oversight.operations.retention import carry_out_due
from oversight.queries.retention import due_rows, rules_in_force


class Command(BaseCommand):
    help = "Carry out the rules of retention that are due, or count what each would take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say how many rows each rule would take now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not options["dry_run"]:
            self.stdout.write(f"{carry_out_due(now=now)} rows taken.")
            return
        for rule in rules_in_force():
            count = due_rows(rule, now).count()
            self.stdout.write(f"{rule.data} {rule.kind or 'every kind'}, {rule.days} days: {count} rows")
