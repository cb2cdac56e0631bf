"""`manage.py prepare`: everything that a database and a home need before the first request."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from relman import heartbeats
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
        watch = Stopwatch()
        call_command("migrate", interactive=False, verbosity=0)
        self._say("database", f"migrated ({watch})")
        call_command("ensure_workspace", verbosity=0, stdout=StringIO())
        call_command("ensure_scorecards", verbosity=0, stdout=StringIO())
        self._say("workspace", "has its business unit, currency, system actor and scorecards")
        heartbeats.forget()
        if options["empty"] or (options["demo"] and "load_demo" in get_commands()):
            self._decide_demo(wanted=options["demo"])
        if options["static"]:
            watch = Stopwatch()
            call_command("collectstatic", interactive=False, verbosity=0)
            self._say("static files", f"collected ({watch})")

    def _decide_demo(self, *, wanted: bool) -> None:
        """Load the demo once, into an empty workspace only; the decision is kept in the home."""
        note = settings.HOME / "demo-decision"
        decision = note.read_text() if note.exists() else ""
        if decision == LOADED or (decision == EMPTY and not wanted):
            return
        if decision != LOADING and (not wanted or decision == EMPTY or self._holds_data()):
            note.write_text(EMPTY)
            self._say(
                "demo", "not loaded (`make demo-reset` loads it)" if wanted else "none: an empty workspace"
            )
            return
        note.write_text(LOADING)  # a load that is cut off is taken up again: it is idempotent
        watch = Stopwatch()
        call_command("load_demo", verbosity=0, stdout=StringIO())
        note.write_text(LOADED)
        self._say("demo", f"workspace loaded ({watch})")

    def _holds_data(self) -> bool:
        return apps.get_model("relationships", "Relationship")._default_manager.exists()

    def _say(self, name: str, words: str) -> None:
        if not self.quiet:
            step(name, words)
