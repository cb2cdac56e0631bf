"""`manage.py score`: measures now, or sees what a past moment's evidence would have given."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core.refusals import Refusal
from health.operations.scoring import score
from relationships import kinds


def moment(text: str, now: datetime) -> datetime:
    """A day (its end, or `now` on the day itself) or a moment, not in the future; raises CommandError."""
    try:
        given = parse_datetime(text) if "T" in text or " " in text else None
        day = parse_date(text) if given is None else None
    except ValueError as error:
        raise CommandError(f"--as-of {text!r}: {error}.") from None
    if given is None and day is None:
        raise CommandError(f"--as-of {text!r} is neither a day (2026-03-18) nor a moment (2026-03-18T10:00).")
    if day is not None:
        given = min(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC), now)
        if day > now.date():
            raise CommandError(f"--as-of {text} lies in the future.")
    assert given is not None  # noqa: S101 - one of the two was found above
    given = given if given.tzinfo else given.replace(tzinfo=UTC)
    if given > now:
        raise CommandError(f"--as-of {text} lies in the future.")
    return given


class Command(BaseCommand):
    help = "Scores relationships: every kind, or one; as of now, or of a past day or moment (UTC)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=kinds.registry.slugs)
        parser.add_argument("--as-of", default="", help="2026-03-18 or 2026-03-18T10:00")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        as_of = moment(options["as_of"], now) if options["as_of"] else now
        chosen = [options["kind"]] if options["kind"] else [k.slug for k in kinds.registry if k.components]
        for slug in chosen:
            try:
                result = score(kind=slug, now=as_of)
            except Refusal as refusal:
                raise CommandError(refusal.message) from None
            self.stdout.write(f"{slug}: {result.scored} looked at, {result.changed} changed.")
