"""`manage.py ingest DATASET FILE… [--mapping NAME|FILE] [--dry-run] [--report FILE]`; DATASET may be `mail`."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from core.refusals import Invalid, Refusal
from exchange.enums import Dataset, HeldReason
from exchange.management.asked import actor_called, writable
from exchange.management.cases import cases_told
from exchange.management.mail import MAIL, add_mail_arguments, mail_lines
from exchange.operations.contacts import ingest_contacts
from exchange.operations.ingest import ingest
from exchange.operations.markdown_reading import is_markdown, write_notes
from exchange.operations.proposing import AUTO, propose_mapping
from exchange.operations.report import Report
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import Mapping, load_mapping, shipped_mappings
from exchange.registry import DATASETS
from messaging.operations.stored_mail import take_in_stored

SHOWN = 20


class Command(BaseCommand):
    help = "Imports files. Rows that cannot be imported are held with their reason; nothing is dropped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", metavar="DATASET", help=", ".join([*DATASETS, Dataset.CONTACTS, MAIL]))
        parser.add_argument("files", metavar="FILE", nargs="+", help="parts of one whole, in this order")
        parser.add_argument(
            "--mapping",
            default="",
            help=f"auto (by headers and values), a JSON file, or one of {', '.join(shipped_mappings())}; "
            "without it headers are field names",
        )
        parser.add_argument("--encoding", default="", help="with auto: the encoding, where it is known")
        parser.add_argument(
            "--date-format", default="", help="with auto: as %%d/%%m/%%Y, where it is asked for"
        )
        parser.add_argument(
            "--source", default="", help="with auto: the name under which references are unique"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; change nothing")
        parser.add_argument("--report", metavar="FILE", help="write the report as JSON (- for the console)")
        parser.add_argument("--held", metavar="FILE", help="write every held row as CSV")
        parser.add_argument(
            "--constant", metavar="NAME=VALUE", action="append", default=[], help="as kind=customers"
        )
        parser.add_argument(
            "--accept-equal",
            action="store_true",
            help="take in new parties with the e-mail address, phone or registration number of another",
        )
        parser.add_argument("--actor", metavar="EMAIL", help="who imports; the system itself without it")
        add_mail_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with ExitStack() as stack:
            if options["report"] not in (None, "-"):
                writable(options["report"], "a").close()  # said now, not when the import is done
            held_to = stack.enter_context(writable(options["held"])) if options["held"] else None
            try:
                if options["dataset"] == MAIL:
                    self._mail(options, now)
                    return
                files = _as_tables(_files(options["files"]), stack)
                if options["dataset"] == Dataset.CONTACTS:
                    self._contacts(files, options, now)
                    return
                mapping, why = _mapping(files, options)
                report = ingest(
                    actor=_actor(options, now),
                    dataset=options["dataset"],
                    files=files,
                    mapping=mapping,
                    now=now,
                    dry_run=options["dry_run"],
                    held_to=held_to,
                    accept_equal=options["accept_equal"],
                    tell=_progress(),
                )
                report = replace(report, mapping={**report.mapping, **why})
            except Refusal as refusal:
                raise CommandError(_words(refusal)) from refusal
        self._tell(report, self._saying(options), dry_run=options["dry_run"])
        if options["report"]:
            self._write(report.as_json(), options["report"])

    def _mail(self, options: dict[str, Any], now: datetime) -> None:
        report = take_in_stored(
            actor=_actor(options, now),
            paths=options["files"],
            address=options["mailbox"],
            privacy=options["privacy"],
            trusted_server=options["trusted_server"],
            now=now,
            dry_run=options["dry_run"],
            tell=_progress(),
        )
        say = self._saying(options)
        for line in mail_lines(report, dry_run=options["dry_run"]):
            say(line)
        if options["report"]:
            self._write(report.as_json(), options["report"])

    def _contacts(self, files: list[SourceFile], options: dict[str, Any], now: datetime) -> None:
        report = ingest_contacts(
            actor=_actor(options, now),
            files=files,
            now=now,
            dry_run=options["dry_run"],
            accept_equal=options["accept_equal"],
        ).as_json()
        say = self._saying(options)
        say(f"{report['rows']:,} cards: {report['imported']:,} imported, {report['held']:,} held.")
        say(f"New: {', '.join(f'{count:,} {name}' for name, count in report['created'].items())}.")
        if report["kept_beside"]:
            lines = ", ".join(
                f"{name} {count:,}" for name, count in Counter(report["kept_beside"]).most_common(SHOWN)
            )
            say(f"Kept beside, for want of a field: {lines}.")
        for line in report["held_rows"][:SHOWN]:
            say(
                f"  held: {line['file']}, card {line['row']}, {line['column']} “{line['value']}”: "
                f"{HeldReason(line['reason']).label}"
            )
        if options["dry_run"]:
            say("This was a dry run: nothing was changed.")
        if options["report"]:
            self._write(report, options["report"])

    def _saying(self, options: dict[str, Any]) -> Callable[[str], object]:
        """What says a line to a person: a report in the output has that for itself."""
        if options["report"] == "-":
            return lambda words: print(words, file=sys.stderr)
        return self.stdout.write

    def _tell(self, report: Report, say: Callable[[str], object], *, dry_run: bool) -> None:
        say(f"{report.rows:,} rows: {report.imported:,} imported, {report.held:,} held.")
        for field, choice in report.mapping.get("chosen", {}).get("columns", {}).items():
            column = choice["column"] or f"column {choice['number']}"
            say(f"  {field}: “{column}” ({choice['score']:.2f})")
        if report.amount or report.held_amount:
            imported = report.amount - report.held_amount
            say(f"{report.amount:,} net: {imported:,} imported, {report.held_amount:,} held.")
        for title, counts in (("New", report.created), ("Changed", report.updated)):
            say(f"{title}: {', '.join(f'{count:,} {name}' for name, count in counts.items())}.")
        for words in cases_told(report.cases or {}):
            say(words)
        if report.repeated:
            say(f"{report.repeated:,} rows repeat an earlier one; each is kept as an occurrence of its own.")
        if report.columns_ignored:
            say(f"Columns that no field takes: {', '.join(report.columns_ignored)}.")
        for line in report.held_rows[:SHOWN]:
            where = f", column “{line.column}”, “{line.value}”" if line.column else ""
            say(f"  held: {line.file}, row {line.row}{where}: {HeldReason(line.reason).label}")
        if report.held > SHOWN:
            say(f"  … and {report.held - SHOWN:,} more held.")
        if dry_run:
            say("This was a dry run: nothing was changed.")

    def _write(self, report: dict[str, Any], target: str) -> None:
        text = json.dumps(report, ensure_ascii=False, indent=2)
        if target == "-":
            self.stdout.write(text)
            return
        with writable(target) as stream:
            stream.write(f"{text}\n")


def _actor(options: dict[str, Any], now: datetime) -> User:
    return actor_called(options["actor"]) or ensure_workspace(now=now).system_actor


def _as_tables(files: list[SourceFile], stack: ExitStack) -> list[SourceFile]:
    """Notes in Markdown, a folder or an archive of them, as the one table that they are; all else as it is."""
    if not all(is_markdown(file) for file in files):
        return files
    table = Path(stack.enter_context(TemporaryDirectory())) / "notes.csv"
    write_notes(files[0], files, table)
    return [SourceFile(files[0].name, table)]


def _mapping(files: list[SourceFile], options: dict[str, Any]) -> tuple[Mapping, dict[str, Any]]:
    """The mapping, and for a proposed one which column was taken for which field and why."""
    constants = _constants(options["constant"])
    if options["mapping"] != AUTO:
        return load_mapping(options["mapping"], options["dataset"], constants), {}
    known = {name: options[name] for name in ("encoding", "date_format", "source") if options[name]}
    proposal = propose_mapping(files=files, dataset=options["dataset"], given=constants, **known)
    return proposal.mapping, {"chosen": proposal.as_json()}


def _progress() -> Callable[[str], None]:
    """Says on the error stream how far it is, with the seconds since it began."""
    began = monotonic()

    def tell(words: str) -> None:
        print(f"{monotonic() - began:7.1f} s  {words}", file=sys.stderr, flush=True)

    return tell


def _files(paths: list[str]) -> list[SourceFile]:
    """Files under their own names, or under their paths where two have the same name."""
    names = [Path(path).name for path in paths]
    unique = len(set(names)) == len(names)
    return [SourceFile(Path(path).name if unique else path, Path(path)) for path in paths]


def _constants(given: list[str]) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in given]
    wrong = [name for name, sign, _ in pairs if not sign]
    if wrong:
        raise CommandError(f"--constant takes NAME=VALUE, not “{wrong[0]}”.")
    return {name: value for name, _, value in pairs}


def _words(refusal: Refusal) -> str:
    if not isinstance(refusal, Invalid):
        return refusal.message
    return "\n".join(f"{name}: {' '.join(words)}" for name, words in refusal.errors.items())
