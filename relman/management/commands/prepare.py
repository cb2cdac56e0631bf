"""`manage.py prepare`: everything that a database and a home need before the first request."""

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from dashboards.operations.sample import tell_sample
from relationships.models import Relationship
from relman import catalogues, heartbeats
from relman.launcher.console import Stopwatch, step

LOADING, LOADED, EMPTY = "loading", "loaded", "empty"


class Command(BaseCommand):
    help = "Migrate, make what every workspace has, and on request load the demo and collect static files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        demo = parser.add_mutually_exclusive_group()
        demo.add_argument("--demo", action="store_true", help="load the demo the first time, if it is empty")
        demo.add_argument("--empty", action="store_true", help="remember that this workspace has no demo")
        parser.add_argument("--static", action="store_true", help="collect static files as well")
        parser.add_argument("--quiet", action="store_true", help="say nothing but errors")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["quiet"]
        catalogues.compile_stale()
        watch = Stopwatch()
        call_command("migrate", interactive=False, verbosity=0)
        self._say("database", f"migrated ({watch})")
        call_command("ensure_workspace", verbosity=0, stdout=StringIO())
        call_command("ensure_scorecards", verbosity=0, stdout=StringIO())
        self._say("workspace", "has its business unit, currency, system actor and scorecards")
        heartbeats.forget()
        if options["demo"] or options["empty"]:
            self._decide_demo(wanted=options["demo"])
        if options["static"]:
            watch = Stopwatch()
            call_command("collectstatic", interactive=False, verbosity=0)
            self._say("static files", f"collected ({watch})")

    def _decide_demo(self, *, wanted: bool) -> None:
        """Load the demo once, into an empty workspace only; the decision is kept in the home."""
        note, sign_ins = settings.HOME / "demo-decision", settings.HOME / "demo-sign-ins"
        decision = note.read_text() if note.exists() else ""
        if decision != LOADING and sign_ins.exists():
            note.write_text(LOADED)
            self._forget_dead_sign_ins(sign_ins)
        elif decision == LOADED:
            return
        elif not wanted:
            note.write_text(EMPTY)
            self._say("demo", "none: an empty workspace")
        elif decision == EMPTY or (decision != LOADING and Relationship.objects.exists()):
            note.write_text(EMPTY)
            self._say("demo", "not loaded: the workspace was begun without it (`make demo-reset` loads it)")
        else:
            note.write_text(LOADING)  # a load that is cut off is taken up again: it is idempotent
            self._say("demo", "loading a company at work, this once …")
            watch = Stopwatch()
            call_command("load_demo", verbosity=0, stdout=StringIO())
            tell_sample(now=timezone.now())
            note.write_text(LOADED)
            self._say("demo", f"loaded ({watch})")

    def _forget_dead_sign_ins(self, sign_ins: Path) -> None:
        """A sample that was removed took its people along; their passwords would only mislead."""
        addresses = [line.split("\t")[1] for line in sign_ins.read_text().splitlines()]
        if not User.objects.filter(email__in=addresses, is_active=True).exists():
            sign_ins.unlink()

    def _say(self, name: str, words: str) -> None:
        if not self.quiet:
            step(name, words)
