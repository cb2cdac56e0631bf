"""`manage.py duplicates`: the nightly look for parties that may be one, in a process that ends."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exchange.operations.candidates import look_for_duplicates


class Command(BaseCommand):
    help = "Looks for parties that may be one, for the page of duplicates, and says how many pairs are new."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"new pairs: {look_for_duplicates(now=timezone.now()):,}")
