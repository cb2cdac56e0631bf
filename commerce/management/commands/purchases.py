"""`manage.py purchases [--refit]`: the night's work on purchases, or the week's, in a process that ends."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from commerce.operations.fits import refit_all
from commerce.operations.nightly import refit_missing, refresh_purchases


class Command(BaseCommand):
    help = (
        "Brings facts, predictions and values of all purchases up to date, and fits models that are missing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--refit", action="store_true", help="fit every model anew, and no more")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["refit"]:
            refit_all(now=now)
            return
        refit_missing(now=now)
        refresh_purchases(now=now)
