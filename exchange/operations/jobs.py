"""A file on its way in by the page: taken in, its columns settled, and what somebody wants done with it."""

import hashlib
import tempfile
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from celery.exceptions import OperationalError
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from core.refusals import Conflict, Invalid, NotAllowed
from exchange.enums import Dataset, Wanted
from exchange.models import ImportJob, ImportRun, RememberedLayout
from exchange.operations.contact_files import contact_cards
from exchange.operations.layouts import Layout, find_layout
from exchange.operations.proposing import AUTO, choose, holding, settle
from exchange.operations.retention import refuse_purged
from exchange.operations.source_files import SourceFile
from exchange.operations.tabular import as_table
from exchange.permissions import may_import, require_importing
from exchange.queries.field_labels import field_label, offered_fields
from exchange.queries.headers import headers_of
from exchange.queries.mappings import parse_mapping
from exchange.queries.runs import could_be_imported
from exchange.registry import DATASETS
from exchange.tasks import carry_out_imports
from relationships import kinds

SAMPLES = 3
SAMPLE_LENGTH = 60


@dataclass(frozen=True)
class Answers:
    """What somebody says of a file: its layout, which column (from 1) is which field, and how values are written.

    What is empty is found out from the file.
    """

    encoding: str
    delimiter: str
    header_row: int
    columns: MappingABC[str, int]
    date_format: str = ""
    decimal: str = ""
    currency: str = ""

    @property
    def layout(self) -> tuple[str, str, int]:
        """What decides which columns there are at all."""
        return self.encoding, self.delimiter, self.header_row


@transaction.atomic
def take_upload(
    *, actor: User, dataset: str, kind: str, name: str, content: "File[bytes]", now: datetime
) -> ImportJob:
    """Keeps a file for import and finds out how it is laid out. Raises Invalid for one that cannot be read."""
    _require(actor, dataset, kind)
    if (content.size or 0) > settings.IMPORT_MAX_BYTES:
        words = _("The file is larger than %(limit)s MB; import it by the command, or in parts.")
        raise Invalid({"file": words % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}})
    job = ImportJob(actor=actor, dataset=dataset, kind=kind, created_at=now, size=content.size or 0)
    job.name = PurePath(name).name[-300:] or "import"
    job.file.save(f"{uuid4().hex}.upload", content, save=False)
    try:
        _take_as_table(job)
        _look_at(job)
    except Invalid as refusal:
        job.file.delete(save=False)
        job.original.delete(save=False)
        raise Invalid({"file": list(chain.from_iterable(refusal.errors.values()))}) from refusal
    job.save()
    return job


def _take_as_table(job: ImportJob) -> None:
    """Puts the CSV that a spreadsheet or JSON amounts to in its place, and keeps what was sent beside it."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        if as_table(source_of(job), table):
            job.original.name = job.file.name
            with table.open("rb") as content:
                job.file.save(f"{uuid4().hex}.upload", File(content), save=False)


def source_of(job: ImportJob) -> SourceFile:
    """The file of a job, under the name that it was given."""
    return SourceFile(job.name, Path(job.file.path))


@transaction.atomic
def settle_columns(*, actor: User, job: ImportJob, answers: Answers, is_told_anew: bool = False) -> bool:
    """Writes down how a file is to be read; whether it is settled.

    Another encoding, delimiter or header makes other columns: they are proposed anew, and not settled yet, unless
    `is_told_anew` says that the answers speak of those. Raises Invalid naming the needed fields for which there is no
    column and those that there are not, Conflict once the import is under way and for cards, which have no columns.
    """
    _require_open(actor, job)
    if job.dataset == Dataset.CONTACTS:
        raise Conflict(_("Cards have no columns to settle."))
    if answers.layout != _layout_of(job):
        _look_at(job, answers)
        if not is_told_anew:
            job.save()
            return False
    fields, layout = DATASETS[job.dataset], _layout(job, answers)
    given = holding(layout, fields, _constants(job))
    _refuse_unfit(job, answers, layout, given)
    keys = {"encoding": answers.encoding, "date_format": answers.date_format}
    data, _reasons = settle(layout, dict(answers.columns), fields, given, keys)
    job.settings = _styled(data, answers)
    try:
        parse_mapping(AUTO, job.settings, job.dataset)
    except Invalid as refusal:
        own = {
            name.removeprefix("mapping.").removeprefix("constants."): words
            for name, words in refusal.errors.items()
        }
        raise Invalid(own) from refusal
    job.trial, job.refusal = None, ""
    job.save()
    return True


def _layout_of(job: ImportJob) -> tuple[str, str, int]:
    return job.layout["encoding"], job.layout["delimiter"], job.layout["header_row"]


def _refuse_unfit(job: ImportJob, answers: Answers, layout: Layout, given: MappingABC[str, str]) -> None:
    """Every needed field has a column, each column is there and is one field, and the fields are of this data."""
    spec, told, errors = DATASETS[job.dataset].fields, answers.columns, {}
    for field in spec:
        if field.required and field.name not in {*told, *given}:
            words = _("Say which column is “%(field)s”.") % {"field": field_label(field.name, job.dataset)}
            errors[field.name] = words
    offered = {name for name, _label in offered_fields(job.dataset, job.kind)}
    taken: dict[int, str] = {}
    for name, number in told.items():
        other = taken.setdefault(number, name)
        if name not in offered:
            errors[name] = _("There is no such field for this file.")
        elif not 1 <= number <= len(layout.columns):
            errors[name] = _("The file has only %(count)d columns.") % {"count": len(layout.columns)}
        elif other != name:
            words = _("Column %(number)d is “%(field)s” already.")
            errors[name] = words % {"number": number, "field": field_label(other, job.dataset)}
    if errors:
        raise Invalid({f"columns.{name}": words for name, words in errors.items()})


@transaction.atomic
def want(*, actor: User, job: ImportJob, wanted: Wanted, now: datetime) -> None:
    """Asks for a trial run or for the import itself, which a worker then carries out.

    Raises Conflict while it is at work, and once the file is imported.
    """
    _require_open(actor, job)
    if wanted == Wanted.IMPORT:
        _remember(job, now)
    job.wanted, job.queued_at, job.finished_at = wanted, now, None
    job.attempts, job.told, job.refusal = 0, "", ""
    job.save()
    transaction.on_commit(_wake_a_worker)


@transaction.atomic
def want_reversal(*, actor: User, run: ImportRun, now: datetime) -> None:
    """Asks for an import to be taken back, which a worker then does. Raises Conflict when it is or can no longer be."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.revert_wanted_at is not None:
        raise Conflict(_("This import has been reverted already, or is being so."))
    refuse_purged(locked)
    locked.revert_wanted_at, locked.revert_wanted_by, locked.reversal = now, actor, None
    locked.save(update_fields=["revert_wanted_at", "revert_wanted_by", "reversal"])
    transaction.on_commit(_wake_a_worker)


def _wake_a_worker() -> None:
    """The row is there anyway: without a broker the next beat finds it."""
    try:
        carry_out_imports.apply_async(retry=False)
    except OperationalError:
        return


def _require(actor: User, dataset: str, kind: str) -> None:
    """Raises NotAllowed for what somebody may not import, Invalid for what nobody can."""
    require_importing(actor)
    if (dataset, kind) not in could_be_imported():
        raise Invalid({"holds": _("Say what the rows are.")})
    unit = BusinessUnit.objects.get(is_default=True)
    if not (may_import(actor, kind, unit.pk) and actor.may(Permission.EDIT_PARTIES)):
        raise NotAllowed(_("Your role does not allow importing here."))


def _require_open(actor: User, job: ImportJob) -> None:
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.is_working:
        raise Conflict(_("This file is at work just now; wait until it is done."))
    if hasattr(locked, "run"):
        raise Conflict(_("This file is imported already."))
    _require(actor, job.dataset, job.kind)


def _look_at(job: ImportJob, answers: Answers | None = None) -> None:
    """Finds out how the file is laid out and proposes which column is which field."""
    if job.dataset == Dataset.CONTACTS:
        text, header_row, _cards = contact_cards(source_of(job))
        job.sha256 = text.sha256
        job.layout = {"encoding": text.encoding, "header_row": header_row, "delimiter": "", "columns": []}
        return
    layout = _layout(job, answers)
    fields = DATASETS[job.dataset]
    given = holding(layout, fields, _constants(job))
    called = dict(headers_of(job.dataset))
    columns = {choice.field: choice.number for choice in choose(layout.columns, fields, called, set(given))}
    remembered = _remembered(job, layout)
    if remembered is not None:
        columns = dict(remembered.columns)
    data, reasons = settle(layout, columns, fields, given, {"encoding": answers.encoding if answers else ""})
    if remembered is not None:
        data |= remembered.styles
    job.sha256, job.settings = layout.text.sha256, data
    job.layout = {
        "encoding": layout.encoding.name,
        "delimiter": layout.delimiter,
        "header_row": layout.header_row,
        "why": reasons,
        "is_remembered": remembered is not None,
        "signature": _signature(layout),
        "columns": [
            {
                "number": column.number,
                "title": column.title,
                "samples": [text[:SAMPLE_LENGTH] for text in list(column.values.seen)[:SAMPLES]],
            }
            for column in layout.columns
        ],
    }


def _layout(job: ImportJob, answers: Answers | None) -> Layout:
    called = dict(headers_of(job.dataset))
    if answers is None:
        return find_layout(source_of(job), called)
    return find_layout(source_of(job), called, *answers.layout)


def _constants(job: ImportJob) -> dict[str, str]:
    """What holds for every row: the kind, and a kind of party where the usual one does not fit it."""
    if not job.kind:
        return {}
    given = {"kind": job.kind}
    fitting = kinds.registry.get(job.kind).party_kinds
    if "organisation" not in fitting and job.dataset in (Dataset.PARTIES, Dataset.PURCHASES):
        given["party_kind"] = fitting[0]
    return given


def _styled(data: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """The mapping with what somebody says of its values in place of what was found."""
    said = dict(data)
    if answers.decimal:
        said["decimal"] = answers.decimal
        said["thousands"] = {".": ",", ",": "."}[answers.decimal]
    if answers.currency:
        said["constants"] = {**data["constants"], "currency": answers.currency}
    return said


def _signature(layout: Layout) -> str:
    titles = "\x1f".join(column.title for column in layout.columns)
    return hashlib.sha256(titles.encode()).hexdigest() if layout.header_row else ""


def _remembered(job: ImportJob, layout: Layout) -> RememberedLayout | None:
    known = RememberedLayout.objects.filter(
        dataset=job.dataset, kind=job.kind, signature=_signature(layout)
    ).exclude(signature="")
    return known.first()


def _remember(job: ImportJob, now: datetime) -> None:
    signature = job.layout.get("signature", "")
    if not signature:
        return
    styles = {
        key: job.settings[key] for key in ("date_format", "decimal", "thousands") if key in job.settings
    }
    RememberedLayout.objects.update_or_create(
        dataset=job.dataset,
        kind=job.kind,
        signature=signature,
        defaults={"columns": job.settings["columns"], "styles": styles, "used_at": now},
    )
