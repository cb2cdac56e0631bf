"""`manage.py ensure_scorecards`: every kind can be measured."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace
from health.operations.scorecards import ensure_scorecards


class Command(BaseCommand):
    help = "Puts each kind's own scorecard into force where none is. Changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        installed = ensure_scorecards(actor=ensure_workspace(now=now).system_actor, now=now)
        for scorecard in installed:
            self.stdout.write(f"Scorecard {scorecard.version} of {scorecard.kind} is in force.")
        if not installed:
            self.stdout.write("Every kind has a scorecard in force.")
