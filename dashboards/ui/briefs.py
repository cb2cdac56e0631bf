"""What a brief says in words."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.wording import figure, signed
from dashboards.models import Brief
from dashboards.queries.brief_rows import NONE, Part, RowThen
from dashboards.queries.briefs import Move, ReaderBrief
from dashboards.ui.standing import Card, cards
from health.registry import measures
from relationships.kinds import Kind

REASONS = 2


@dataclass(frozen=True)
class ToldMove:
    """A move with its greatest reasons in words."""

    move: Move
    why: str


def headline(found: ReaderBrief) -> str:
    """One sentence of the week: the mean and its change, promises broken, what wants a decision."""
    standing = found.standing
    parts = []
    if standing.mean is not None:
        words = {"mean": figure(standing.mean, 1), "change": signed(float(standing.change or 0), 1)}
        parts.append(
            _("Health stood at %(mean)s, %(change)s on the week.") % words
            if standing.change
            else _("Health stood at %(mean)s.") % words
        )
    broken, deciding = len(found.broken), len(found.deciding)
    parts.append(ngettext("%(n)s promise was missed", "%(n)s promises were missed", broken) % {"n": broken})
    parts.append(
        ngettext(
            "and %(n)s relationship wants a decision.", "and %(n)s relationships want a decision.", deciding
        )
        % {"n": deciding}
    )
    return " ".join(parts)


def brief_cards(found: ReaderBrief) -> list[Card]:
    """One card for each kind in the reader's sight, as it stood then; its figures open to the rows of then."""
    return [
        _as_of(card, rows_url(found.brief, card.standing.kind.slug)) for card in cards(found.standing, {})
    ]


def rows_url(brief: Brief, kind: str, band: str = "") -> str:
    """Where the rows of a kind are as they stood then."""
    return f"/briefs/{brief.pk}/rows/?kind={kind}&band={band}"


def _as_of(card: Card, url: str) -> Card:
    """The card with the rows of then behind its figures."""
    parts = [part | {"url": url + str(part["url"]).rpartition("=")[2]} for part in card.parts]
    return replace(card, url=url, parts=parts)


def row_labels(row: RowThen) -> list[tuple[str, Part]]:
    """The parts of then, each by what it measures."""
    return [
        (str(measures.get(part.label).label) if part.label in measures else part.label, part)
        for part in row.parts
    ]


def band_tabs(brief: Brief, kind: str, band: str) -> list[dict[str, Any]]:
    """All of a kind, or those of one band."""
    words = {"": _("All"), "healthy": _("Healthy"), "watch": _("Watch"), "at_risk": _("At risk")}
    words[NONE] = _("Without a score")
    return [
        {"label": label, "url": rows_url(brief, kind, each), "current": each == band}
        for each, label in words.items()
    ]


def told_moves(found: ReaderBrief) -> list[dict[str, Any]]:
    """By kind: who fell and who rose most, and by what."""
    return [
        {
            "kind": each.kind,
            "rows": [_told(move, each.kind) for move in (*each.fallen, *each.risen)],
        }
        for each in found.moves
    ]


def _told(move: Move, kind: Kind) -> ToldMove:
    told = [f"{signed(float(points), 1)} {_label(key, kind)}" for key, points in move.lines[:REASONS]]
    rest = move.change - sum((points for _key, points in move.lines[:REASONS]), Decimal(0))
    if rest:
        told.append(_("%(points)s other") % {"points": signed(float(rest), 1)})
    return ToldMove(move, ", ".join(told))


def _label(key: str, kind: Kind) -> str:
    """A component by what it measures; evidence itself has no component."""
    if not key:
        return _("evidence come or gone")
    measure = next((each.measure for each in kind.components if each.key == key), key)
    return str(measures.get(measure).label) if measure in measures else key.replace("_", " ")
