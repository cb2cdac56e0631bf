"""`manage.py mail-report [FOLDER] [--wrong]`: how well replies are told from quotes and signatures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.operations.labelled_mails import MeasuredMail, measured_mails, summed

LEAST = 0.95
HEADER = f"{'mails':<12}{'files':>7}{'lines':>8}{'right':>8}{'accuracy':>10}{'mean of files':>15}"
MEANING = "Blank lines are not counted. Held out: every third mail, read when the rules stood."


class Command(BaseCommand):
    help = (
        "Measures how well the reply in a mail is found, line by line, on published mails labelled by hand."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            metavar="FOLDER",
            nargs="?",
            help="where labels.csv and its mails are; tests/data/replies unless given",
        )
        parser.add_argument("--wrong", action="store_true", help="print the lines that were told wrongly")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"] or settings.BASE_DIR / "tests" / "data" / "replies")
        try:
            mails = measured_mails(folder)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{folder} holds no labelled mails that can be read: {error}") from error
        if not mails:
            raise CommandError(f"{folder} holds no labelled mails.")
        self._print(mails)
        if options["wrong"]:
            for line in (line for mail in mails for line in mail.wrong):
                should = "kept, to be left out" if line.kept else "left out, to be kept"
                self.stdout.write(f"{line.file}:{line.number}: {should}: {line.text.strip()[:100]}")
        below = [name for name, of_set in _by("set", mails).items() if _least(of_set) < LEAST]
        if below:
            raise CommandError(f"Below {LEAST:.0%}: {', '.join(below)}.")

    def _print(self, mails: list[MeasuredMail]) -> None:
        groups = {**_by("set", mails), **_by("language", mails)}
        groups["held out"] = [mail for mail in mails if mail.held_out]
        groups["the others"] = [mail for mail in mails if not mail.held_out]
        groups["all"] = mails
        self.stdout.write(HEADER)
        for name, group in groups.items():
            if group:
                figures = summed(group)
                self.stdout.write(
                    f"{name:<12}{figures.files:>7,}{figures.lines:>8,}{figures.right:>8,}"
                    f"{figures.accuracy:>10.4f}{figures.mean:>15.4f}"
                )
        self.stdout.write(MEANING)


def _by(name: str, mails: list[MeasuredMail]) -> dict[str, list[MeasuredMail]]:
    groups: dict[str, list[MeasuredMail]] = {}
    for mail in sorted(mails, key=lambda mail: (getattr(mail, name), mail.file)):
        groups.setdefault(getattr(mail, name), []).append(mail)
    return groups


def _least(mails: list[MeasuredMail]) -> float:
    figures = summed(mails)
    return min(figures.accuracy, figures.mean)
