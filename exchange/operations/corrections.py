"""A row that was kept aside, corrected by hand: it goes through the very import that held it."""

import csv
import tempfile
from collections.abc import Mapping as MappingABC
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Invalid
from exchange.enums import Dataset, HeldReason
from exchange.models import HeldRow
from exchange.operations.contacts import ingest_contacts
from exchange.operations.ingest import ingest_at_once
from exchange.operations.report import HeldLine
from exchange.operations.source_files import SourceFile
from exchange.queries.held import CARD, labels_of
from exchange.queries.mappings import mapping_of


@transaction.atomic
def correct_held(
    *, actor: User, held: HeldRow, cells: MappingABC[str, str], now: datetime, accept_equal: bool = False
) -> None:
    """Imports a held row with other `cells` (our field to text), as part of the import that held it.

    Raises Invalid naming field, value and reason when it must still be held, Conflict when somebody has corrected
    it already or the same source is being imported.
    """
    held = HeldRow.objects.select_for_update(of=("self",)).select_related("run").get(pk=held.pk)
    if held.run.revert_wanted_at is not None:
        raise Conflict(_("This import has been reverted already, or is being so."))
    if held.resolved_at is not None:
        raise Conflict(_("This row has been corrected already."))
    labels = labels_of(held)
    if not labels:
        raise Conflict(
            _("This import did not note its columns: import the corrected row by a file of its own.")
        )
    unknown = [name for name in cells if name not in labels]
    if unknown:
        known = ", ".join(labels)
        words = _("There is no such field here. Possible: %(known)s.") % {"known": known}
        raise Invalid(dict.fromkeys(unknown, words))
    still = _try(held, cells, {"actor": actor, "now": now, "accept_equal": accept_equal, "into": held.run})
    if still is not None:
        field = next((name for name, label in labels.items() if label == still.column), "")
        words = str(HeldReason(still.reason).label)
        raise Invalid({field: f"“{still.value}”: {words}" if still.value else words})
    HeldRow.objects.filter(pk=held.pk).update(resolved_at=now)
    record_audit(
        actor_id=actor.pk,
        verb="held_row_corrected",
        now=now,
        subject_type="importrun",
        subject_id=held.run_id,
        data={"row": held.row, **({"equal_accepted": True} if accept_equal else {})},
    )


def _try(held: HeldRow, cells: MappingABC[str, str], common: dict[str, Any]) -> HeldLine | None:
    """Imports the row; gives the line that says why it must still be held."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "row"
        common["files"] = [SourceFile(held.file, path)]
        if held.dataset == Dataset.CONTACTS:
            return _import_card(path, cells, common)
        return _import_row(path, held, cells, common)


def _import_row(
    path: Path, held: HeldRow, cells: MappingABC[str, str], common: dict[str, Any]
) -> HeldLine | None:
    """Writes the row as a table of its own, by the headers that its file had."""
    labels = labels_of(held)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(labels.values())
        writer.writerow([cells.get(name, "") for name in labels])
    changed: dict[str, Any] = {"format": "csv", "encoding": "utf-8", "delimiter": ",", "header_row": 1}
    mapping = mapping_of(held.run.mapping, columns=labels, **changed)
    busy = _("Files of this source are being imported just now. Try again then.")
    report = ingest_at_once(busy, dataset=Dataset(held.dataset).value, mapping=mapping, **common)
    return report.held_rows[0] if report.held else None


def _import_card(path: Path, cells: MappingABC[str, str], common: dict[str, Any]) -> HeldLine | None:
    lines = [line for line in cells.get(CARD, "").splitlines() if line.strip()]
    path.write_text("\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]), encoding="utf-8")
    report = ingest_contacts(**common)
    if not report.held:
        return None
    line = report.held[0]
    return HeldLine(line.file, line.row, _("The card's lines"), line.value or line.column, line.reason)
