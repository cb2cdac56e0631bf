"""Writes the OpenAPI file of the API; `--check` says whether it is as the code has it."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.drainage import GENERATOR_STATS

from core.rest.reference import PLACE
from core.rest.schema import openapi


class Command(BaseCommand):
    """`manage.py openapi`"""

    help = "Write the OpenAPI file of the API."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check"""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes, or compares."""
        drawn = json.dumps(openapi(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"
        if GENERATOR_STATS:
            raise CommandError(
                "The OpenAPI file cannot say what the code does; the warnings above say where."
            )
        if options["check"]:
            if not PLACE.exists() or PLACE.read_text() != drawn:
                raise CommandError("The OpenAPI file is stale. Run: python manage.py openapi")
            return
        PLACE.parent.mkdir(exist_ok=True)
        PLACE.write_text(drawn)
        self.stdout.write(
            f"{len(json.loads(drawn)['paths'])} addresses in {PLACE.relative_to(settings.BASE_DIR)}"
        )
