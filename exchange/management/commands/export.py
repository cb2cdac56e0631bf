"""`manage.py export contacts [--format vcard|csv] [--out FILE] [--actor EMAIL]`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.operations.workspace import ensure_workspace
from core.refusals import Refusal
from exchange.management.asked import actor_called, writable
from exchange.operations.contact_export import FORMATS, export_contacts


class Command(BaseCommand):
    help = "Writes what somebody may see to a file. The security record says that it was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["contacts"])
        parser.add_argument("--format", choices=FORMATS, default="vcard")
        parser.add_argument("--out", metavar="FILE", default="-", help="the console without it")
        parser.add_argument("--actor", metavar="EMAIL", help="whose sight it is; the system's without it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        actor = actor_called(options["actor"]) or ensure_workspace(now=now).system_actor
        try:
            if options["out"] == "-":
                count = export_contacts(actor=actor, target=sys.stdout, form=options["format"], now=now)
            else:
                with writable(options["out"]) as target:
                    count = export_contacts(actor=actor, target=target, form=options["format"], now=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        print(f"{count:,} contacts exported.", file=sys.stderr)
