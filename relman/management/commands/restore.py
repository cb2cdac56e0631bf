"""`manage.py restore FILE`: a workspace from its backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from relman.backups.putting_back import put_back
from relman.launcher.refusals import Refusal


class Command(BaseCommand):
    help = "Put a backup back: the database in one transaction, checked table by table, then the files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where there is a workspace; its files are moved aside",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            put_back(
                options["file"].absolute(),
                replace=options["replace"],
                now=timezone.now(),
                say=self.stdout.write,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The workspace is as it was, and of this version.")
