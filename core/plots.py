"""Larger charts: lines over time with direct labels, and columns as deviations from a target.

Only the path layer stretches with the page, so type never scales and strokes never thicken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.charts import read
from core.svg import el, percent, together
from core.wording import shortest

LEFT, FOOT, LABEL_GAP = 28, 24, 15


@dataclass(frozen=True)
class Scale:
    """A value axis: `lo` to `hi` drawn over `plot` pixels that start `top` pixels down."""

    lo: float
    hi: float
    top: int
    plot: int

    def y(self, value: float) -> float:
        inside = max(self.lo, min(self.hi, value))
        return self.top + self.plot * (self.hi - inside) / ((self.hi - self.lo) or 1)

    def grid(self, values: Sequence[float]) -> SafeString:
        return together(el("line", cls="grid", x1=0, x2="100%", y1=self.y(v), y2=self.y(v)) for v in values)

    def figures(self, values: Sequence[float], css: str | None = None) -> SafeString:
        return together(
            el("text", shortest(v), cls=css, x=22, y=self.y(v) + 4, text_anchor="end") for v in values
        )


def lines(
    series: Sequence[Any],
    labels: Sequence[str],
    *,
    h: int = 292,
    lo: float = 0,
    hi: float = 100,
    step: float = 10,
    title: str = "",
    right: int = 112,
) -> SafeString:
    """Series (each `values`, `label`, `tone`) on one scale, labelled at their last point, not in a legend.

    `labels` name the points of the x axis, thinned to about six. Missing values are skipped.
    """
    scale = Scale(lo, hi, top=10, plot=h - 10 - FOOT)
    ticks = [lo + step * i for i in range(int((hi - lo) / step + 1e-9) + 1)]
    drawn = [line for line in series if any(v is not None for v in read(line, "values", ()))]
    ends = _ends(drawn, scale)
    paths = el(
        "svg",
        together(_path(line, scale) for line in drawn),
        y=scale.top,
        width="100%",
        height=scale.plot,
        viewbox=f"0 0 1000 {scale.plot}",
        aspect="none",
    )
    dots = together(el("circle", cls=f"f-{end.tone}", cx="100%", cy=end.at, r=3.5) for end in ends)
    return el(
        "div",
        el("svg", scale.figures(ticks), width=LEFT, height=h, aria_hidden="true"),
        el("svg", scale.grid(ticks), paths, dots, _axis(labels, h), cls="plot", height=h, aria_hidden="true"),
        el("svg", together(end.markup() for end in ends), width=right, height=h, aria_hidden="true"),
        cls="lc chart",
        role="img",
        aria_label=title or _spoken(drawn),
    )


def _spoken(series: Sequence[Any]) -> str:
    said = []
    for line in series:
        known = [v for v in read(line, "values", ()) if v is not None]
        words = {"label": read(line, "label", ""), "first": shortest(known[0]), "last": shortest(known[-1])}
        said.append(gettext("%(label)s from %(first)s to %(last)s") % words)
    return "; ".join(said) or gettext("No history yet")


def _path(line: Any, scale: Scale) -> SafeString:
    values = read(line, "values", ())
    gap = max(len(values) - 1, 1)
    points = [
        f"{1000 * i / gap:.1f},{scale.y(v) - scale.top:.1f}" for i, v in enumerate(values) if v is not None
    ]
    course = "M" + " ".join(points if len(points) > 1 else points * 2)
    return el("path", cls=f"ln k-{read(line, 'tone', 'muted')}", vector_effect="non-scaling-stroke", d=course)


@dataclass(frozen=True)
class End:
    """Where a line ends, and where its label stands."""

    at: float
    shown: float
    last: float
    tone: str
    label: str

    def markup(self) -> SafeString:
        figure = el("tspan", shortest(self.last), cls=f"f-{self.tone}")
        return el("text", figure, f" {self.label}", cls="k", x=12, y=self.shown + 4)


def _ends(series: Sequence[Any], scale: Scale) -> list[End]:
    """Labels pushed apart from the top down, so that none covers another."""
    lasts = [(next(v for v in reversed(read(line, "values")) if v is not None), line) for line in series]
    placed: list[End] = []
    for last, line in sorted(lasts, key=lambda pair: scale.y(pair[0])):
        at = scale.y(last)
        shown = max(at, placed[-1].shown + LABEL_GAP) if placed else at
        placed.append(End(at, shown, last, read(line, "tone", "muted"), read(line, "label", "")))
    return placed


def _axis(labels: Sequence[str], h: int) -> SafeString:
    every = 1 if "" in labels else max(1, round(len(labels) / 6))  # blanks: the caller has thinned them
    gap = max(len(labels) - 1, 1)
    return together(
        el("text", text, x=percent(100 * i / gap), y=h - 4, text_anchor="start" if i == 0 else "middle")
        for i, text in enumerate(labels)
        if text and i % every == 0 and i / gap <= 0.96
    )


def cols(
    values: Sequence[float | None],
    labels: Sequence[str],
    *,
    target: float,
    lo: float,
    hi: float,
    h: int = 196,
    unit: str = "%",
    title: str = "",
    names: Sequence[str] = (),
) -> SafeString:
    """Columns that grow up or down from the target line: honest on a cut axis, misses red, the last marked.

    `labels` are short (D, J, F); `names` the full ones for the tooltip.
    """
    scale = Scale(lo, hi, top=16, plot=h - 16 - 22)
    slot = 100 / max(len(values), 1)
    last = max((i for i, v in enumerate(values) if v is not None), default=-1)
    columns = together(
        Column(v, target, slot, (i + 0.5) * slot, (names or labels)[i], last=i == last).markup(scale, unit)
        for i, v in enumerate(values)
        if v is not None
    )
    figures = together((scale.figures([lo, hi]), scale.figures([target], "v")))
    drawn = together((scale.grid([lo, hi]), columns, _feet(labels, slot, h), _aim(scale.y(target))))
    words = {"target": target, "unit": unit}
    return el(
        "div",
        el("svg", figures, width=LEFT, height=h, aria_hidden="true"),
        el("svg", drawn, cls="plot", height=h, aria_hidden="true"),
        cls="lc chart",
        role="img",
        aria_label=title or gettext("Against the target of %(target)s %(unit)s") % words,
    )


def _aim(y: float) -> SafeString:
    return el("line", cls="tgt", x1=0, x2="100%", y1=y, y2=y)


def _feet(labels: Sequence[str], slot: float, h: int) -> SafeString:
    return together(
        el("text", text, x=percent(slot * (i + 0.5)), y=h - 4, text_anchor="middle")
        for i, text in enumerate(labels)
    )


@dataclass(frozen=True)
class Column:
    """One column: `slot` and `middle` in percent of the plot's width."""

    value: float
    target: float
    slot: float
    middle: float
    name: str
    last: bool

    def markup(self, scale: Scale, unit: str) -> SafeString:
        met = self.value >= self.target
        upper, lower = sorted((scale.y(self.value), scale.y(self.target)))
        height = max(2.0, lower - upper)
        shape = el(
            "rect",
            el("title", f"{self.name}: {shortest(self.value)} {unit}"),
            cls=f"f-{('good' if self.last else 'muted') if met else 'bad'}",
            x=percent(self.middle - self.slot * 0.29),
            y=upper,
            width=percent(self.slot * 0.58),
            height=height,
            rx=2,
        )
        if met and not self.last:
            return shape
        at = upper - 5 if met else upper + height + 12
        css = "v" if self.last else "k"
        figure = el("text", shortest(self.value), cls=css, x=percent(self.middle), y=at, text_anchor="middle")
        return together((shape, figure))
