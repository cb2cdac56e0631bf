"""`manage.py load_demo`: the sample workspace, once."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace
from exchange.operations.demo.load import SignIn, load_demo
from exchange.operations.demo.remove import remove_sample


class Command(BaseCommand):
    """Loads the sample company and writes its sign-ins into the home, readable by its owner only."""

    help = "Load the sample workspace; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seed of the generator, for whoever wants another history."""
        parser.add_argument("--seed", type=int, default=18)
        parser.add_argument("--reset", action="store_true", help="remove the sample first, then load it anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads, then says what is there."""
        now = timezone.now()
        if options["reset"]:
            remove_sample(actor=ensure_workspace(now=now).system_actor, now=now)
        loaded = load_demo(now=now, seed=options["seed"])
        if loaded.created:
            _write_sign_ins(loaded.sign_ins)
        self.stdout.write(
            f"Sample workspace: {loaded.relationships} relationships, {loaded.interactions} interactions."
        )


def _write_sign_ins(sign_ins: tuple[SignIn, ...]) -> None:
    path = settings.HOME / "demo-sign-ins"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{entry.role}\t{entry.email}\t{entry.password}\n" for entry in sign_ins)
