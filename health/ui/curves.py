"""A component's curve, drawn over where everybody stands."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.curves import Curve, CurveError
from core.svg import el, together
from core.wording import shortest
from health.operations.scorecards import FURTHEST
from health.queries.scorecards import Histogram

WIDTH, HEIGHT, PAD = 480.0, 180.0, 20.0


def curve_drawing(
    curve: Sequence[Sequence[float]], histogram: Histogram | None = None, width: int | None = None
) -> SafeString:
    """The curve from its first corner to its last, 0 to 100 points high, over the columns of a histogram.

    A histogram spans the same values as the curve: see `span`. Without a `width` in pixels it fills its place;
    with one it is small, and only the line is drawn.
    """
    low, high = span(curve)
    drawn = " ".join(f"{_x(x, low, high):.1f},{_y(y):.1f}" for x, y in curve)
    return el(
        "svg",
        _columns(histogram),
        together(el("line", cls="grid", x1=PAD, x2=WIDTH - PAD, y1=_y(y), y2=_y(y)) for y in (0, 50, 100)),
        el("path", cls="ln k-accent", vector_effect="non-scaling-stroke", d=f"M{drawn}"),
        SafeString("") if width else _corners(curve, low, high),
        cls="chart" if width else "chart pole",
        width=width,
        height=round(width * HEIGHT / WIDTH) if width else None,
        viewbox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=_spoken(curve, histogram),
    )


def _corners(curve: Sequence[Sequence[float]], low: float, high: float) -> SafeString:
    """A dot at every corner, and the first and the last value beneath."""
    dots = together(el("circle", cls="f-accent", cx=_x(x, low, high), cy=_y(y), r=3.5) for x, y in curve)
    values = together(
        el("text", shortest(value), x=_x(value, low, high), y=HEIGHT - 4, text_anchor=anchor)
        for value, anchor in ((low, "start"), (high, "end"))
    )
    return together((dots, values))


def drawable(curve: Sequence[Sequence[float]] | None) -> Sequence[Sequence[float]] | None:
    """The curve, if it is one; none for corners that make none, or lie too far out to be drawn."""
    try:
        drawn = Curve.from_lists(curve or [])
    except CurveError:
        return None
    return curve if drawn.lies_within(FURTHEST) else None


def span(curve: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The values from the first corner to the last; never empty."""
    low, high = float(curve[0][0]), float(curve[-1][0])
    return (low, high) if high > low else (low, low + 1)


def _columns(histogram: Histogram | None) -> SafeString:
    if histogram is None or not histogram.total:
        return SafeString("")
    most, slot = max(histogram.counts), (WIDTH - 2 * PAD) / len(histogram.counts)
    return together(
        el("rect", el("title", str(count)), cls="f-muted", x=PAD + place * slot + 1, width=slot - 2, rx=1,
           y=_y(90 * count / most), height=_y(0) - _y(90 * count / most))
        for place, count in enumerate(histogram.counts)
        if count
    )  # fmt: skip


def _spoken(curve: Sequence[Sequence[float]], histogram: Histogram | None) -> str:
    corners = ", ".join(f"{shortest(x)}: {shortest(y)}" for x, y in curve)
    words = _("Points by value: %(corners)s.") % {"corners": corners}
    if histogram is None:
        return words
    return f"{words} " + _("%(n)s relationships beneath.") % {"n": histogram.total}


def _x(value: float, low: float, high: float) -> float:
    return PAD + (WIDTH - 2 * PAD) * (value - low) / (high - low)


def _y(points: float) -> float:
    return PAD / 2 + (HEIGHT - 2 * PAD) * (1 - points / 100)
