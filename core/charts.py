"""Small charts as server-drawn SVG: ring, spark, bar, split, pole, share. Each has an accessible name.

No colour or width is ever a style: tones are classes, widths are SVG attributes, so the strict content
security policy holds and the same markup serves mail and print.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import floor, pi
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from core import wording
from core.svg import el, percent, together
from core.wording import signed

HEALTHY_FROM, WATCH_FROM = 70, 50
SINGLE_ARC_BELOW = 48
SPARK_PAD = 3


def tone_of(score: float | None) -> str:
    """The tone of a score out of 100: good from 70, warn from 50, else bad; none without one."""
    if score is None:
        return "none"
    return "good" if score >= HEALTHY_FROM else "warn" if score >= WATCH_FROM else "bad"


def word_of(tone: str) -> str:
    """The word that always stands beside the tone."""
    if tone == "good":
        return pgettext("health", "Healthy")
    if tone == "warn":
        return pgettext("health", "Watch")
    return pgettext("health", "At risk") if tone == "bad" else pgettext("health", "Not enough evidence")


def icon_of(tone: str) -> str:
    """The glyph of a health tone."""
    return {"good": "circle-check", "warn": "eye", "bad": "triangle-alert"}.get(tone, "circle-dashed")


def read(part: Any, name: str, default: Any = None) -> Any:
    """`name` of a mapping or an object: charts take dataclasses, model rows and plain dicts alike."""
    return part.get(name, default) if isinstance(part, Mapping) else getattr(part, name, default)


@dataclass(frozen=True)
class Circle:
    """The geometry every arc of one ring shares, in pixels."""

    size: int
    stroke: float

    @property
    def radius(self) -> float:
        return (self.size - self.stroke) / 2

    @property
    def around(self) -> float:
        return 2 * pi * self.radius

    def arc(self, css: str, length: float, turn: float) -> SafeString:
        """A round-ended arc of `length` pixels that starts `turn` degrees clockwise from three o'clock."""
        middle = self.size / 2
        return el(
            "circle",
            cls=css,
            cx=middle,
            cy=middle,
            r=self.radius,
            stroke_width=self.stroke,
            stroke_linecap="round",
            stroke_dasharray=f"{length:.2f} {self.around:.2f}",
            transform=f"rotate({turn:.2f} {middle:g} {middle:g})",
        )


def ring(
    score: float | None, size: int = 40, parts: Sequence[Any] = (), tone: str = "", label: str = ""
) -> SafeString:
    """Five arcs: length is the weight, the filled part the points got, one colour each; below 48 px one arc.

    `parts` each have `weight`, `points` and optionally `tone`. No score draws a dotted ring with a dash.
    """
    tone = tone or tone_of(score)
    circle = Circle(size, max(3.0, size * 0.09))
    if score is None:
        middle = size / 2
        arcs = el("circle", cls="tr", cx=middle, cy=middle, r=circle.radius, stroke_width=circle.stroke)
        shown, spoken = "–", label or gettext("Health: not enough evidence")
    else:
        whole = [{"weight": 100, "points": max(0, min(100, score)), "tone": tone}]
        arcs = _arcs(parts if parts and size >= SINGLE_ARC_BELOW else whole, circle)
        shown = str(floor(score + 0.5))
        words = {"score": shown, "word": wording.in_a_sentence(word_of(tone))}
        spoken = label or gettext("Health %(score)s of 100, %(word)s") % words
    css = "xl" if size >= 72 else "md" if size >= 40 else "sm"
    return el(
        "span",
        el("svg", arcs, width=size, height=size, viewbox=f"0 0 {size} {size}", aria_hidden="true"),
        el("b", shown, aria_hidden="true"),
        cls=f"ring {css}{' unknown' if score is None else ''}",
        role="img",
        aria_label=spoken,
    )


def _arcs(parts: Sequence[Any], circle: Circle) -> SafeString:
    around = circle.around
    total = sum(float(read(part, "weight", 0)) for part in parts) or 1.0
    gap = circle.stroke + max(2.0, circle.size * 0.04) if len(parts) > 1 else 0.0
    drawn, turned = [], 0.0
    for part in parts:
        weight = float(read(part, "weight", 0))
        share = float(read(part, "points", 0)) / weight if weight else 0.0
        length = max(0.1, around * weight / total - gap)
        turn = -90 + 360 * turned / total + 180 * gap / around
        filled = length * max(0.0, min(1.0, share))
        drawn.append(circle.arc("tr", length, turn))
        if filled > 0:
            drawn.append(circle.arc(f"f {read(part, 'tone', '') or tone_of(100 * share)}", filled, turn))
        turned += weight
    return together(drawn)


def _half(place: float) -> str:
    """To half a pixel: a list has hundreds of these, and nobody sees more."""
    return f"{round(2 * place) / 2:g}"


def spark(
    values: Iterable[float | Decimal | None],
    w: int = 72,
    h: int = 24,
    tone: str = "",
    label: str = "",
    *,
    floor: float | None = None,
) -> SafeString:
    """A line over its area with a dot at the end. Missing values are skipped; fewer than two draw a dash.

    The tone is the last value's unless given. `floor` fixes the bottom of the scale.
    """
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return el("span", "–", el("span", " ", gettext("No history yet"), cls="vh"), cls="c-3")
    first, last = known[0][1], known[-1][1]
    words = {"n": len(known), "first": f"{first:.0f}", "last": f"{last:.0f}"}
    points = _points(known, w, h, floor)
    line = "M" + " ".join(f"{_half(x)},{_half(y)}" for x, y in points)
    (left, _), (right, end) = points[0], points[-1]
    spoken = label or gettext("Health over %(n)s weeks: from %(first)s to %(last)s") % words
    x, y = _half(right), _half(end)
    return SafeString(
        f'<svg class="spark {tone or tone_of(last)}" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"'
        f' aria-label="{escape(spoken)}"><path class="ar" d="{line} L{x},{h} L{_half(left)},{h}Z"/>'
        f'<path d="{line}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    )


def _points(
    known: Sequence[tuple[int, float]], w: int, h: int, floor: float | None
) -> list[tuple[float, float]]:
    low = min(v for _, v in known) if floor is None else floor
    span = max(v for _, v in known) - low
    start, length = known[0][0], known[-1][0] - known[0][0]
    return [
        (
            SPARK_PAD + (w - 2 * SPARK_PAD) * (i - start) / length,
            h - SPARK_PAD - (h - 2 * SPARK_PAD) * (v - low) / span if span > 0 else h / 2,
        )
        for i, v in known
    ]


def bar(pct: float, tone: str = "", label: str = "") -> SafeString:
    """A filled track, 0 to 100. With `label` an image of that name, without it decoration beside a figure."""
    share = max(0.0, min(100.0, float(pct)))
    fill = el("rect", cls=f"f-{tone or tone_of(share)}", width=percent(share), height="100%", rx=2.5)
    drawing = el("svg", fill, aria_hidden="true")
    if label:
        return el("span", drawing, cls="bar", role="img", aria_label=label)
    return el("span", drawing, cls="bar", aria_hidden="true")


def split(parts: Sequence[Any], h: int = 6, label: str = "") -> SafeString:
    """One bar in parts by `count`, each with `tone` and `label`; its name lists them."""
    total = sum(float(read(part, "count", 0)) for part in parts)
    spoken = ", ".join(
        f"{wording.figure(read(part, 'count', 0))} {read(part, 'label', '')}".strip() for part in parts
    )
    rects, at = [], 0.0
    for part in parts:
        width = 100 * float(read(part, "count", 0)) / total if total else 0.0
        if width > 0:
            css = f"f-{read(part, 'tone', 'muted')}"
            rects.append(_slab(css, at, max(0.6, width - 0.7)))
        at += width
    drawn = together(rects or [_slab("f-none", 0, 100)])
    return el("svg", drawn, cls="split", width="100%", height=h, role="img", aria_label=label or spoken)


def _slab(css: str, x: float, width: float) -> SafeString:
    return el("rect", cls=css, x=percent(x), width=percent(width), height="100%", rx=2)


def delta(n: float | None, unit: str = "", good: str = "up", places: int = 0) -> tuple[str, str, str, str]:
    """(tone, icon, spoken prefix, figure) of a change. `good` says which way is better: up, down or none."""
    rounded = round(n or 0, places) if places else round(n or 0)
    figure = f"{wording.figure(abs(rounded))} {unit}".strip()
    if not rounded:
        return "flat", "minus", gettext("no change"), figure
    rises = rounded > 0
    tone = "flat" if good == "none" else "good" if rises == (good == "up") else "bad"
    return (
        tone,
        "trending-up" if rises else "trending-down",
        gettext("up") if rises else gettext("down"),
        figure,
    )


def pole(value: float, tone: str = "accent", reach: float = 50) -> SafeString:
    """A bar from the middle: left for us (positive), right for them; `reach` is the value at the edge."""
    width = 50 * min(abs(value), reach) / reach if reach else 0.0
    return el(
        "svg",
        el("rect", cls="f-none", width="100%", height=10, rx=5),
        el(
            "rect",
            cls=f"f-{tone}",
            x=percent(50 - width if value >= 0 else 50),
            width=percent(width),
            height=10,
            rx=2,
        ),
        el("rect", cls="f-muted", x="49.9%", width=1, height=10),
        cls="pole",
        width="100%",
        height=10,
        role="img",
        aria_label=signed(value),
    )


def share(
    ours: float, theirs: float, fair: tuple[float, float] = (40, 60), tone: str = "suppliers"
) -> SafeString:
    """Who gains how much of the whole, with the fair range dashed over it."""
    total = ours + theirs
    pct = 100 * ours / total if total else 50.0
    low, high = fair
    words = {"ours": round(pct), "low": wording.shortest(low), "high": wording.shortest(high)}
    middle = percent((low + high) / 2)
    return el(
        "svg",
        el("rect", cls="f-accent", y=6, width=percent(max(0.0, pct - 0.2)), height=12, rx=3),
        el(
            "rect",
            cls=f"f-{tone}",
            x=percent(pct + 0.2),
            y=6,
            width=percent(max(0.0, 99.8 - pct)),
            height=12,
            rx=3,
        ),
        el("rect", cls="fair", x=percent(low), y=1, width=percent(high - low), height=22, rx=4),
        el("text", gettext("fair range"), x=middle, y=33, text_anchor="middle"),
        cls="share",
        width="100%",
        height=34,
        role="img",
        aria_label=gettext(
            "We take %(ours)s percent of the benefit. The fair range is %(low)s to %(high)s percent."
        )
        % words,
    )
