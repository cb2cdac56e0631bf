"""The rows of the pages of import as they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from exchange.models import ImportRun
from exchange.queries.runs import what_of

HISTORY_COLUMNS = [
    {"label": _("File"), "css": "stick"},
    {"label": _("What")},
    {"label": _("Who")},
    {"label": _("When")},
    {"label": _("Imported"), "css": "r"},
    {"label": _("Held"), "css": "r"},
    {"label": _("State")},
]


@dataclass(frozen=True)
class HistoryLine:
    """An import in the history; `waiting` of its held rows are not corrected yet."""

    run: ImportRun
    what: str
    files: str
    waiting: int


def history_lines(rows: Iterable[ImportRun]) -> list[HistoryLine]:
    """The lines of a page of the history."""
    return [
        HistoryLine(
            run,
            what_of(run.dataset, run.kind),
            ", ".join(file["name"] for file in run.files),
            getattr(run, "waiting", 0),
        )
        for run in rows
    ]
