"""`manage.py setup_link`: the one-time address at which the first administrator is made.

Standard output holds the address alone, and nothing once there is an administrator.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.setup import VALID_FOR, new_setup_link
from core.refusals import Conflict


class Command(BaseCommand):
    help = "Prints the address at which the first administrator is made; it works once, within a day."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link = new_setup_link(now=timezone.now())
        except Conflict as refusal:
            self.stderr.write(refusal.message)
            return
        self.stdout.write(link)
        hours = int(VALID_FOR.total_seconds() // 3600)
        self.stderr.write(f"Open it in a browser within {hours} hours; it works once.")
