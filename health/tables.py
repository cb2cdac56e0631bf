"""The columns of health's lists."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from health.queries.evidence import EvidencePage


@dataclass(frozen=True)
class TotalLine:
    """A line under the evidence: what it is called, and one figure a column, none where nothing is summed."""

    label: str
    figures: list[Decimal | None]


def evidence_columns(page: EvidencePage | None) -> list[dict[str, Any]]:
    """What, when if it is anything that took place, how long ago, then the tallies."""
    tallies = page.tallies if page else ()
    return [
        {"label": _("What"), "css": "stick"},
        {"label": _("Details")},
        *([{"label": _("When")}] if page and page.has_moments else []),
        {"label": _("Age in days"), "css": "r"},
        *({"label": tally.label, "css": "r"} for tally in tallies),
    ]


def evidence_totals(page: EvidencePage | None) -> list[TotalLine]:
    """All rows together; where the number counts more than is shown, the rest and what both come to."""
    if page is None or not page.totals:
        return []
    by_name = {total.tally.name: total for total in page.totals}

    def figures(name: str) -> list[Decimal | None]:
        return [
            getattr(by_name[tally.name], name) if tally.name in by_name else None for tally in page.tallies
        ]

    lines = [TotalLine(_("All rows together"), figures("of_rows"))]
    if page.has_rest:
        lines.append(TotalLine(_("Not shown to you, or changed since"), figures("rest")))
        lines.append(TotalLine(_("What the number counts"), figures("counted")))
    return lines
