"""The columns of health's lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from health.models import Component, Scorecard
from health.queries.evidence import EvidencePage
from health.queries.scorecards import Tried, TriedPart, components_of
from health.registry import measures
from relationships import kinds


@dataclass(frozen=True)
class TotalLine:
    """A line under the evidence: what it is called, and one figure a column, none where nothing is summed."""

    label: str
    figures: list[Decimal | None]


@dataclass(frozen=True)
class ComponentLine:
    """A component of a scorecard as its page shows it; `share` is its part of all weights in percent."""

    component: Component
    label: str
    group: str
    share: float
    tried: TriedPart | None


def component_lines(scorecard: Scorecard, tried: Tried | None) -> list[ComponentLine]:
    """The components in order, with what it says of the relationship that is tried."""
    components = components_of(scorecard)
    every = sum(component.weight for component in components)
    groups = kinds.registry.get(scorecard.kind).groups
    by_key = {part.component.key: part for part in tried.parts} if tried else {}
    return [
        ComponentLine(
            component=component,
            label=measure_label(component.measure),
            group=str(groups.get(component.group, component.group)),
            share=100 * component.weight / every,
            tried=by_key.get(component.key),
        )
        for component in components
    ]


def versions_by_kind(versions: Sequence[Scorecard]) -> list[tuple[str, list[Scorecard]]]:
    """The versions under the words of their kinds, in the order of the kinds."""
    gathered: dict[str, list[Scorecard]] = {kind.slug: [] for kind in kinds.registry}
    for version in versions:
        gathered.setdefault(version.kind, []).append(version)
    return [(kind_label(slug), found) for slug, found in gathered.items() if found]


def kind_label(slug: str) -> str:
    """What the relationships of a kind are called."""
    return str(kinds.registry.get(slug).label_plural) if slug in kinds.registry else slug


def measure_label(key: str) -> str:
    """What a measure is called; its key where the code no longer has it."""
    return str(measures.get(key).label) if key in measures else key


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
