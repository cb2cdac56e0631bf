"""`manage.py backup FILE`: the whole workspace in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from relman.backups.taking import take
from relman.launcher.refusals import Refusal


class Command(BaseCommand):
    help = "Write database, documents and the secret key to one file, while work goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that does not exist yet; it holds secrets")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = take(options["file"].absolute(), now=timezone.now(), say=self.stdout.write)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['file']}: {manifest.rows:,} rows, {len(manifest.files) - 1:,} files")
