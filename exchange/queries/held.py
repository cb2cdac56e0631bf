"""The rows that an import kept aside: which somebody may see, and their cells by our fields."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from core.keyset import Order, Page, SortKey, page
from core.languages import as_filed
from core.refusals import Missing
from exchange.enums import Dataset, HeldReason
from exchange.models import HeldRow, ImportRun
from exchange.queries.field_labels import field_label
from exchange.registry import DATASETS

LIMIT = 25
AS_IN_THE_FILE = Order(SortKey("id", parse=int))
CARD = "card"
"""The one cell of a held card: its lines."""


def held_page(viewer: User, run: ImportRun, cursor: str) -> Page[HeldRow]:
    """A page of a run's rows that wait to be corrected, as the file has them."""
    rows = HeldRow.objects.visible_to(viewer, run).waiting()
    return page(rows, AS_IN_THE_FILE, cursor=cursor, limit=LIMIT)


def held_row(viewer: User, held_id: int) -> HeldRow:
    """A row that the viewer may see and correct, with its run; raises Missing."""
    found = HeldRow.objects.filter(pk=held_id).select_related("run").first()
    runs = ImportRun.objects.visible_to(viewer)
    if (
        found is None
        or not runs.filter(pk=found.run_id).exists()
        or not HeldRow.objects.visible_to(viewer, found.run).filter(pk=held_id).exists()
    ):
        raise Missing(_("There is no such row."))
    return found


def labels_of(held: HeldRow) -> dict[str, str]:
    """Our fields that the row's file had, each with its header, in the order of the data set."""
    run = held.run
    if run.dataset == Dataset.CONTACTS:
        return {CARD: _("The card's lines")}
    names = [file["name"] for file in run.files]
    place = names.index(held.file) if held.file in names else 0
    labels: dict[str, str] = run.labels[place] if place < len(run.labels) else {}
    order = {field.name: number for number, field in enumerate(DATASETS[run.dataset].fields)}
    return dict(sorted(labels.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))


def cells_of(held: HeldRow) -> dict[str, str]:
    """The row's cells by our fields."""
    if held.dataset == Dataset.CONTACTS:
        return {CARD: "\n".join(held.cells[CARD])}
    return {name: held.cells.get(label, "") for name, label in labels_of(held).items()}


def other_cells(held: HeldRow) -> list[tuple[str, str]]:
    """(header, cell) of what no field took; the line as it was where its quotation marks do not match."""
    if held.dataset == Dataset.CONTACTS:
        return []
    taken = set(labels_of(held).values())
    return [(title, cell) for title, cell in held.cells.items() if title not in taken and cell]


def field_titles(held: HeldRow) -> dict[str, str]:
    """What each field of the row is called: by us, and by the file."""
    labels = labels_of(held)
    if held.dataset == Dataset.CONTACTS:
        return labels
    return {name: f"{label} ({field_label(name, held.dataset)})" for name, label in labels.items()}


def held_sheet(viewer: User, run: ImportRun) -> Iterator[list[str | int]]:
    """Every row that waits, as lines of a table: where, why, and its cells under the file's own headers."""
    rows = HeldRow.objects.visible_to(viewer, run).waiting().select_related("run").order_by("id")
    titles: list[str] = []
    with as_filed():
        heads = [_("File"), _("Row"), _("Column"), _("Value"), _("Reason")]
        reasons = {reason: str(reason.label) for reason in HeldReason}
    for number, held in enumerate(rows.iterator(chunk_size=1_000)):
        if not number:
            first = list(labels_of(held).values())
            titles = [*first, *(title for title in held.cells if title not in first)]
            yield [*heads, *titles]
        cells = cells_of(held) if held.dataset == Dataset.CONTACTS else held.cells
        written = (
            list(cells.values()) if held.dataset == Dataset.CONTACTS else [cells.get(t, "") for t in titles]
        )
        yield [held.file, held.row, held.column, held.value, reasons[HeldReason(held.reason)], *written]
