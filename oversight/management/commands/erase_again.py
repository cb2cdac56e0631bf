"""`manage.py erase_again`: after a restore, whoever was erased since the backup was made is erased again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from oversight.operations.erasures import erase_again


class Command(BaseCommand):
    help = "Erase again whom the list beside the database names; `restore` does so by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{erase_again(now=timezone.now())} people erased again.")
