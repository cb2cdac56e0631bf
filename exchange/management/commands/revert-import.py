"""`manage.py revert-import RUN`: takes an import back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace
from core.refusals import Refusal
from exchange.management.asked import actor_called
from exchange.models import ImportRun
from exchange.operations.revert import revert_import


class Command(BaseCommand):
    help = "Takes an import back: what it made goes, what it changed is as it was, what is used since stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", metavar="RUN", type=int, help="its number, as in the address of its page")
        parser.add_argument("--actor", metavar="EMAIL", help="who reverts; the system itself without it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        run = ImportRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no import {options['run']}.")
        actor = actor_called(options["actor"]) or ensure_workspace(now=now).system_actor
        try:
            done = revert_import(actor=actor, run=run, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{sum(done.removed.values()):,} rows removed, {done.put_back:,} as they were.")
        for table, count in done.removed.items():
            self.stdout.write(f"  {table}: {count:,}")
        self.stdout.write(f"{done.kept:,} parties kept, because somebody has used them since.")
        self.stdout.write(
            f"{done.conflicts:,} rows left as they are, because somebody has changed them since."
        )
