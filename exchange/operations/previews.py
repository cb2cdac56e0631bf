"""The first rows of a file as they would come in: a trial run of a head that is cut off it, so it takes no time."""

import csv
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Invalid
from exchange.enums import Dataset, HeldReason
from exchange.models import ImportJob
from exchange.operations.cards import SCHEME, Contact, understood
from exchange.operations.consents import Asked, Unfit, consents_of
from exchange.operations.contact_files import contact_cards
from exchange.operations.ingest import ingest_at_once
from exchange.operations.jobs import source_of
from exchange.operations.layouts import records
from exchange.operations.proposing import AUTO
from exchange.operations.report import Report
from exchange.operations.source_files import Lines, SourceFile, TextFile, open_text
from exchange.operations.vcards import Card
from exchange.queries.field_labels import field_label
from exchange.queries.mappings import Mapping, parse_mapping
from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, Party, PartyIdentifier

ROWS = 200


@dataclass(frozen=True)
class PreviewRow:
    """A row as the file counts it, its cells in the order of the heads, and what is wrong with it."""

    number: int
    cells: list[str]
    wrong: str = ""
    column: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a file; `held` of them would be kept aside."""

    heads: list[str]
    rows: list[PreviewRow] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many of the rows shown would not come in."""
        return sum(bool(row.wrong) for row in self.rows)


def preview(*, actor: User, job: ImportJob, now: datetime) -> Preview:
    """The first 200 rows of a job's file, each with what is wrong with it. Changes nothing.

    What a row refers to further below in the file is not there yet: the trial run of the whole file tells. Raises
    Invalid for a file that cannot be imported as it is.
    """
    if job.dataset == Dataset.CONTACTS:
        return _of_contacts(actor, job, now)
    if not Path(job.file.path).exists():
        raise Invalid({"files": _("The file is not on this machine. Restore it from the backup.")})
    mapping = parse_mapping(AUTO, job.settings, job.dataset)
    with tempfile.TemporaryDirectory() as folder:
        head = Path(folder) / "head.csv"
        text = TextFile(job.name, Path(job.file.path), mapping.encoding, job.size, job.sha256)
        _cut(text, mapping, head)
        report = _tried(actor, SourceFile(job.name, head), mapping, now)
        shown = list(_cells(replace(text, path=head), mapping))
    wrong = {line.row: line for line in report.held_rows}
    rows = [
        PreviewRow(number, cells, str(HeldReason(wrong[number].reason).label), wrong[number].column)
        if number in wrong
        else PreviewRow(number, cells)
        for number, cells in shown
    ]
    return Preview([field_label(name, job.dataset) for name in _ordered(mapping)], rows)


def _ordered(mapping: Mapping) -> dict[str, int]:
    """The columns that are read, in the order of the file."""
    numbers = {name: int(number) for name, number in mapping.columns.items()}
    return dict(sorted(numbers.items(), key=itemgetter(1)))


def _tried(actor: User, file: SourceFile, mapping: Mapping, now: datetime) -> Report:
    """The report of a trial run that waits for nobody: an import of the same source may be at work for minutes."""
    busy = _("Files like this one are being imported just now. Look again when that is done.")
    return ingest_at_once(
        busy, actor=actor, dataset=mapping.dataset, files=[file], mapping=mapping, now=now, dry_run=True
    )


def _cut(text: TextFile, mapping: Mapping, head: Path) -> None:
    """Copies the lines of the header and the first rows, whatever a row's cells hold of line ends."""
    with open_text(text) as stream, head.open("w", encoding=text.encoding, newline="") as target:
        lines = _Kept(Lines(text.name, stream))
        reader = csv.reader(lines, delimiter=mapping.delimiter)
        wanted = mapping.header_row + ROWS
        while wanted:
            try:
                next(reader)
            except StopIteration:
                break
            except csv.Error:
                pass
            wanted -= 1
        target.writelines(lines.kept)


class _Kept:
    """Lines that are remembered while they are read."""

    def __init__(self, lines: Lines) -> None:
        self.lines = iter(lines)
        self.kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.kept.append(line)
            yield line


def _cells(text: TextFile, mapping: Mapping) -> Iterator[tuple[int, list[str]]]:
    places = [number - 1 for number in _ordered(mapping).values()]
    for number, cells in records(text, mapping.delimiter):
        if number > mapping.header_row and cells:
            yield number, [cells[place] if place < len(cells) else "" for place in places]


def _of_contacts(actor: User, job: ImportJob, now: datetime) -> Preview:
    """Cards in their own words; whether somebody has the address is asked once for all of them."""
    _text, _header_row, cards = contact_cards(source_of(job))
    found = [(card, understood(card)) for card in itertools.islice(cards, ROWS)]
    parties = Party.objects.all() if actor.is_system else Party.objects.visible_to(actor)
    uids = [contact.uid for _card, contact in found]
    known = set(PartyIdentifier.objects.filter(scheme=SCHEME, value__in=uids).values_list("value", flat=True))
    emails = {email for _card, contact in found for email in _emails(contact)}
    taken = set(
        ContactPoint.objects.filter(
            kind=ContactPointKind.EMAIL, normalised__in=emails, party__in=parties
        ).values_list("normalised", flat=True)
    )
    heads = [field_label(name) for name in ("name", "email", "phone", "organisation", "job_title")]
    asked = Asked(now)
    rows = [_card_row(card, contact, asked, known, taken) for card, contact in found]
    return Preview(heads, rows)


def _card_row(card: Card, contact: Contact, asked: Asked, known: set[str], taken: set[str]) -> PreviewRow:
    """A card with what is wrong with it, and in which column where it is about consent."""
    if card.problem:
        return PreviewRow(
            card.number, [card.properties[0].text, "", "", "", ""], str(HeldReason(card.problem).label)
        )
    wrong, column = _wrong(contact, known, taken), ""
    try:
        consents_of(contact.consents, asked, is_person=not contact.is_organisation)
    except Unfit as unfit:
        wrong, column = wrong or str(unfit.reason.label), "" if wrong else unfit.column
    return PreviewRow(card.number, _said(contact), wrong, column)


def _emails(contact: Contact) -> list[str]:
    return [point.value.casefold() for point in contact.points if point.kind == ContactPointKind.EMAIL]


def _said(contact: Contact) -> list[str]:
    phones = [point.value for point in contact.points if point.kind == ContactPointKind.PHONE]
    return [
        contact.name,
        ", ".join(_emails(contact)),
        ", ".join(phones),
        contact.organisation,
        contact.job_title,
    ]


def _wrong(contact: Contact, known: set[str], taken: set[str]) -> str:
    if not contact.name:
        return str(HeldReason.MISSING.label)
    if contact.uid not in known and taken & set(_emails(contact)):
        return str(HeldReason.EQUAL.label)
    return ""
