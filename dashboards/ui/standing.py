"""What the executives' dashboard says in words, and where its numbers lead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.wording import figure, written
from dashboards.queries.standing import PERIODS, KindStanding, MovedLine, Standing
from relationships.queries.commitment_ledger import Rate

Text = str | Promise
LINES = 6
AXIS = 4  # every fourth week is named below the lines
STEP = 5


@dataclass(frozen=True)
class Reason:
    """One line of what moved it, in words, with the page that shows who moved."""

    points: Decimal
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Card:
    """A kind's card: the figure, its change, the bands as parts of a bar, and the lists behind them."""

    standing: KindStanding
    url: str
    parts: list[dict[str, Any]]
    rates: list[tuple[Text, Rate, str]]


def verdict(found: Standing) -> str:
    """One sentence: the mean, its change, and who carries it."""
    if found.mean is None:
        return _("Nothing has enough evidence for a score yet.")
    words = {"mean": _whole(found.mean), "since": _day(found.since)}
    if found.change is None:
        sentence = _("Overall health is %(mean)s.") % words
    elif not found.change:
        sentence = _("Overall health is %(mean)s, as on %(since)s.") % words
    else:
        change = words | {"n": figure(abs(found.change), 1)}
        up, down = (_("Overall health is %(mean)s, up %(n)s since %(since)s."),
                    _("Overall health is %(mean)s, down %(n)s since %(since)s."))  # fmt: skip
        sentence = (up if found.change > 0 else down) % change
    risk = ngettext("%(n)s relationship is at risk.", "%(n)s relationships are at risk.", found.at_risk)
    return " ".join(part for part in (sentence, _carried(found), risk % {"n": figure(found.at_risk)}) if part)


def _carried(found: Standing) -> str:
    """Which kind did most in the direction of the change, where one did."""
    by_kind: dict[str, tuple[Text, Decimal]] = {}
    for line in found.lines:
        if line.kind is not None:
            _label, points = by_kind.get(line.kind.slug, ("", Decimal(0)))
            by_kind[line.kind.slug] = (line.kind.label_plural, points + line.points)
    change = found.change
    if not change or len(found.kinds) < 2 or not by_kind:
        return ""
    direction = 1 if change > 0 else -1
    label, points = max(by_kind.values(), key=lambda pair: pair[1] * direction)
    if points * change <= 0:
        return ""
    words = _("%(kind)s carry the rise.") if points > 0 else _("%(kind)s carry the fall.")
    return words % {"kind": label}


def reasons(found: Standing, weeks: int) -> list[Reason]:
    """The greatest lines, and the rest as one, so that they add up to the change."""
    cut = len(found.lines) if len(found.lines) <= LINES + 1 else LINES
    told = [_reason(line, weeks) for line in found.lines[:cut]]
    rest = found.lines[cut:]
    if rest:
        points = sum((line.points for line in rest), Decimal(0))
        words = ngettext("%(n)s smaller reason", "%(n)s smaller reasons", len(rest)) % {"n": len(rest)}
        told.append(Reason(points, words, _("Together; each is less than those above."), ""))
    return told


def _reason(line: MovedLine, weeks: int) -> Reason:
    if line.kind is None:
        words = _("How many relationships of each kind have a score")
        return Reason(line.points, _("Mix of kinds"), words, "/portfolio/")
    group = line.kind.groups.get(line.group, line.group)
    return Reason(
        line.points,
        _("%(label)s: %(words)s") % {"label": line.kind.label_plural, "words": group},
        _("Better than then") if line.points > 0 else _("Worse than then"),
        f"/portfolio/movers/?kind={line.kind.slug}&weeks={weeks}",
    )


def cards(found: Standing, rates: Mapping[Any, tuple[Rate, Rate]]) -> list[Card]:
    """One card for each kind in sight."""
    return [_card(standing, rates.get(standing.kind.slug)) for standing in found.kinds]


def _card(standing: KindStanding, rates: tuple[Rate, Rate] | None) -> Card:
    slug, now = standing.kind.slug, standing.now
    bands = (
        ("good", now.healthy, "healthy", _("healthy")),
        ("warn", now.watch, "watch", _("to watch")),
        ("bad", now.at_risk, "at_risk", _("at risk")),
        ("muted", now.unknown, "none", _("without a score")),
    )
    sides = zip(("ours", "theirs"), (_("We kept"), _("They kept")), rates or (), strict=False)
    told: list[tuple[Text, Rate, str]] = [
        (label, rate, f"/commitments/?status=&side={side}&kind={slug}")
        for (side, label, rate) in sides
        if rate.total
    ]
    return Card(
        standing=standing,
        url=f"/{slug}/",
        parts=[
            {"tone": tone, "count": count, "label": label, "url": f"/{slug}/?health={band}"}
            for tone, count, band, label in bands
        ],
        rates=told,
    )


def kept(found: Iterable[Card]) -> list[dict[str, Any]]:
    """Both sides' word by kind, as rows with a bar."""
    sides = {0: _("We kept to %(kind)s"), 1: _("%(kind)s kept to us")}
    return [
        {"label": sides[0 if "side=ours" in url else 1] % {"kind": card.standing.kind.label_plural},
         "rate": rate, "url": url}
        for card in found
        for _label, rate, url in card.rates
    ]  # fmt: skip


def trend(found: Standing) -> dict[str, Any]:
    """The lines of the kinds over the weeks with a scale that holds them, and the same as a table."""
    series = [
        {
            "label": str(standing.kind.label_plural),
            "tone": standing.kind.slug,
            "values": [None if value is None else float(value) for value in standing.line],
        }
        for standing in found.kinds
    ]
    values = [float(value) for standing in found.kinds for value in standing.line if value is not None]
    low = STEP * int(min(values, default=0) // STEP)
    high = max(STEP * -int(-max(values, default=100) // STEP), low + STEP)
    labels = [*(_day(week) for week in found.weeks), _("Now")]
    thinned = [label if place % AXIS == 0 else "" for place, label in enumerate(labels)]
    step = STEP if high - low <= 6 * STEP else 2 * STEP
    rows = list(zip(labels, *(standing.line for standing in found.kinds), strict=True))[::-1]
    return {"series": series, "labels": thinned, "lo": low, "hi": high, "step": step, "rows": rows}


def periods(weeks: int) -> list[dict[str, Any]]:
    """The spans one can look back over."""
    words: dict[int, Text] = {4: _("4 weeks"), 12: _("12 weeks"), 52: _("Year")}
    return [{"value": span, "label": words[span], "url": f"?weeks={span}"} for span in PERIODS]


def _whole(value: Decimal) -> str:
    return figure(value, 1)


def _day(day: Any) -> str:
    return written(day, "j M") if day else ""


def columns(names: Sequence[Text]) -> list[dict[str, Any]]:
    """Heads of a table: the first in words, the others figures."""
    return [{"label": name, "css": "r" if place else ""} for place, name in enumerate(names)]
