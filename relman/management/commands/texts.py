"""`manage.py texts`: the catalogues of every language, brought up to date with the code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from relman import catalogues


class Command(BaseCommand):
    help = "Take the texts of the code into every catalogue under locale/, and say what is to be translated."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile the catalogues that changed")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["compile"]:
            for language in catalogues.languages():
                missing = catalogues.refresh(language)
                self.stdout.write(f"{language}: {len(missing)} to translate")
                for text in missing:
                    self.stdout.write(f"  {text}")
        catalogues.compile_stale()
