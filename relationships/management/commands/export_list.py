"""`manage.py export_list KIND --actor EMAIL [--view QUESTION] [--format csv|xlsx|vcf] [--out FILE]`."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict  # noqa: TID251  a list is asked for as its address asks
from django.utils import timezone

from accounts.models import User
from core.addresses import is_id
from core.refusals import Refusal
from relationships import kinds
from relationships.filters.relationship_list import parse_list
from relationships.operations.exports import CSV, export_list
from relationships.queries.saved_views import view_for
from relationships.registry import registry


class Command(BaseCommand):
    help = "Writes a list as somebody sees it to a file. The security record says that it was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which list, as whom, as what."""
        parser.add_argument("kind", choices=kinds.registry.slugs)
        parser.add_argument("--actor", metavar="EMAIL", required=True, help="whose sight it is")
        parser.add_argument(
            "--view",
            default="",
            metavar="QUESTION",
            help="as in the list's address, or a saved view's number",
        )
        parser.add_argument("--format", choices=[*registry.list_formats], default=CSV)
        parser.add_argument("--out", metavar="FILE", default="-", help="the console without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses what the page refuses, and what of the question cannot be used."""
        actor = User.objects.filter(email=options["actor"].strip().lower(), is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody with the address {options['actor']} works here.")
        query, complaints = parse_list(
            options["kind"], QueryDict(_question(actor, options["kind"], options["view"]))
        )
        if complaints:
            raise CommandError(" ".join(complaint.refusal for complaint in complaints))
        try:
            pieces = export_list(actor=actor, query=query, now=timezone.now(), form=options["format"])
            if options["out"] == "-":
                _write(pieces, sys.stdout.buffer)
            else:
                with Path(options["out"]).open("wb") as file:
                    _write(pieces, file)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from error


def _question(actor: User, kind: str, view: str) -> str:
    """What the address asks, or what the saved view with this number keeps."""
    view = view.removeprefix("?")
    if not is_id(view):
        return view
    saved = view_for(viewer=actor, kind=kind, view_id=int(view))
    if saved is None:
        raise CommandError(f"There is no view {view} of {kind} that {actor.email} may see.")
    return saved.address


def _write(pieces: Iterator[bytes], file: IO[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
