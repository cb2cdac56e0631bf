"""`manage.py ensure_workspace`: the default business unit, its currency and the system actor."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace


class Command(BaseCommand):
    help = "Makes the default business unit, its currency and the system actor where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = ensure_workspace(now=timezone.now())
        self.stdout.write(f"Workspace: {workspace.business_unit.name}, {workspace.currency.code}.")
