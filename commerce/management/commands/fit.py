"""`manage.py fit MODEL --until DATE [--kind KIND] [--json] [--keep]`: a purchase model's parameters."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.btyd import MODELS
from commerce.operations.fits import compute_fit, history_for, keep_fit
from core.refusals import Refusal


class Command(BaseCommand):
    help = "Fits a purchase model to the purchases up to a day and prints its parameters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", metavar="MODEL", help=", ".join(MODELS))
        parser.add_argument("--until", metavar="DATE", help="the last day that counts; today without it")
        parser.add_argument("--kind", default="customers", help="of relationship")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument("--keep", action="store_true", help="put the fit into daily use")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        until = _day(options["until"]) or now.date()
        try:
            history = history_for(model=options["model"], kind=options["kind"], until=until)
            found = compute_fit(model=options["model"], history=history)
            if options["keep"]:
                keep_fit(found=found, kind=options["kind"], history=history, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        facts = {
            "model": found.name,
            "customers": found.customers,
            "until": history.until.isoformat(),
            "parameters": found.parameters,
            "log_likelihood": found.log_likelihood,
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts))
            return
        self.stdout.write(f"{found.name} of {found.customers:,} {options['kind']} until {facts['until']}")
        for name, value in found.parameters.items():
            self.stdout.write(f"  {name:8} {value:.4f}")
        self.stdout.write(f"  log-likelihood {found.log_likelihood:.3f}")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--until {text}: this is not a day; write it as 1997-09-30.") from error
    if not 1900 <= day.year <= 2100:
        raise CommandError(f"--until {text}: days lie between 1900 and 2100.")
    return day
