"""Files into the workspace: the one operation behind the command and the page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.db import DataError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import Fact, record_audit
from core.refusals import Conflict, Invalid
from exchange.models import ImportJob, ImportRun
from exchange.operations import changes
from exchange.operations.cases import bring_in_cases
from exchange.operations.fields import fields_of
from exchange.operations.holding import Held, hold_rows, keep_held, write_held
from exchange.operations.interactions import bring_in_interactions
from exchange.operations.parties import bring_in_parties
from exchange.operations.payments import bring_in_payments
from exchange.operations.purchases import bring_in_purchases
from exchange.operations.report import Outcome, Report
from exchange.operations.source_files import SourceFile, TextFile, inspect
from exchange.operations.staging import Staged, stage
from exchange.operations.terms import Tell, Terms, settle_terms, unheard
from exchange.operations.validation import Typing, refuse_ambiguous_dates, type_rows
from exchange.queries.mappings import Mapping

LOCK = 7_305_002
"""First key of the advisory lock that lets one import of a source run at a time."""

PATIENCE = "2s"
"""How long a page waits for an import of the same source that is at work."""

BRING_IN: dict[str, Callable[[Terms], Outcome]] = {
    "parties": bring_in_parties,
    "purchases": bring_in_purchases,
    "interactions": bring_in_interactions,
    "payments": bring_in_payments,
    "cases": bring_in_cases,
}


def ingest(
    *,
    actor: User,
    dataset: str,
    files: Sequence[SourceFile],
    mapping: Mapping,
    now: datetime,
    dry_run: bool = False,
    sample: bool = False,
    held_to: IO[str] | None = None,
    accept_equal: bool = False,
    tell: Tell = unheard,
    job: ImportJob | None = None,
    into: ImportRun | None = None,
) -> Report:
    """Imports `files`, parts of one whole in this order, into `dataset` by `mapping`.

    One transaction: it is carried out as a whole or not at all, and a dry run is undone at its end. Rows that
    cannot be imported are held with their reason, and written to `held_to` as CSV; a file that cannot be read
    refuses the whole import. `sample` marks what is created as removable sample data. A new party with the address
    or number of another is held too, unless `accept_equal`, which the security record then says. `tell` hears how
    far it is; `job` is the upload that the files came by; `into` an earlier import of which these rows are
    corrections: they count as its own, and what is held is only told. Raises Invalid or NotAllowed, changing nothing.
    """
    if dataset != mapping.dataset:
        raise Invalid({"dataset": _("This mapping is for “%(name)s”.") % {"name": mapping.dataset}})
    terms = settle_terms(actor=actor, mapping=mapping, now=now, sample=sample)
    terms = replace(terms, accepts_equal=accept_equal, tell=tell)
    if not files:
        raise Invalid({"files": _("Name at least one file.")})
    texts = [inspect(file, mapping.encoding) for file in files]
    try:
        with transaction.atomic():
            report = _carry_out(terms, texts, job, into)
            if held_to is not None:
                write_held(held_to)
            if dry_run:
                transaction.set_rollback(True)
    except DataError as error:  # each value was checked; only what they add up to was not
        words = _("The amounts add up to more than can be kept.")
        raise Invalid({"files": f"{', '.join(text.name for text in texts)}: {words}"}) from error
    return report


def ingest_at_once(busy: str, /, **given: Any) -> Report:
    """`ingest` for somebody who waits at a page; raises Conflict, in the words `busy`, where it would have to wait."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [PATIENCE])
            return ingest(**given)
    except OperationalError as error:
        raise Conflict(busy) from error


def _carry_out(terms: Terms, files: list[TextFile], job: ImportJob | None, into: ImportRun | None) -> Report:
    mapping, names, fields = terms.mapping, [file.name for file in files], fields_of(terms)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, mapping.source])
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
    run = into or _open_run(terms, files, job)
    marks = changes.begin(run, now=terms.now)
    staged = stage(files, mapping, terms.tell)
    if not staged.rows:
        raise Invalid({"files": _("%(files)s: there is no row.") % {"files": ", ".join(names)}})
    typing = Typing(mapping, fields, terms.business_unit.time_zone, terms.now, terms.minor_units)
    refuse_ambiguous_dates(typing, staged, names)
    type_rows(typing)
    terms.tell(_("values checked"))
    outcome = BRING_IN[mapping.dataset](terms)
    changes.finish(marks)
    with_amount = mapping.dataset_fields.get("amount") is not None
    held = hold_rows(staged, names, with_amount=with_amount)
    report = replace(_report(terms, staged, files, outcome, held), run_id=run.pk)
    if into is None:
        ImportRun.objects.filter(pk=run.pk).update(labels=staged.labels, report=report.as_json())
        keep_held(run, staged, now=terms.now)
        _audit(terms, run, report)
    return report


def _open_run(terms: Terms, files: list[TextFile], job: ImportJob | None) -> ImportRun:
    """The import's row, to which what it changes is noted; its report follows."""
    return ImportRun.objects.create(
        dataset=terms.mapping.dataset,
        source=terms.mapping.source,
        kind=terms.kind.slug if terms.kind else "",
        business_unit=terms.business_unit,
        job=job,
        mapping=terms.mapping.as_json(),
        files=[{"name": file.name, "size": file.size, "sha256": file.sha256} for file in files],
        report={},
        actor=terms.actor,
        imported_at=terms.now,
    )


def _audit(terms: Terms, run: ImportRun, report: Report) -> None:
    accepted: dict[str, Fact | list[Fact]] = {"equal_accepted": True} if terms.accepts_equal else {}
    record_audit(
        actor_id=terms.actor.pk,
        verb="import_run",
        now=terms.now,
        subject_type="importrun",
        subject_id=run.pk,
        data={"rows": report.rows, "held": report.held, **accepted},
    )


def _report(terms: Terms, staged: Staged, files: list[TextFile], outcome: Outcome, held: Held) -> Report:
    mapping = terms.mapping
    amount = Decimal("0.00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) - count(DISTINCT values_key) FROM ingest_rows")
        (repeated,) = cursor.fetchone()
        if mapping.dataset_fields.get("amount") is not None:
            cursor.execute("SELECT COALESCE(sum(amount_value), 0) FROM ingest_rows")
            (amount,) = cursor.fetchone()
    return Report(
        dataset=mapping.dataset,
        files=[file.name for file in files],
        rows=staged.rows,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        repeated=repeated,
        held=held.count,
        held_by_reason=held.by_reason,
        amount=amount,
        held_amount=held.amount,
        columns_ignored=list(staged.ignored),
        held_rows=held.first,
        header_row=mapping.header_row,
        encoding=files[0].encoding,
        delimiter=mapping.delimiter,
        suppliers=outcome.suppliers,
        cases=outcome.cases,
        mapping=mapping.as_json(),
    )
