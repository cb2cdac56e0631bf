"""The people graph: a hub and up to twelve neighbours on an ellipse, laid out here, every node a link."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.charts import read
from core.svg import el, together

MOST, WIDTH, HUB, NODE, CUT = 12, 340, 21, 15, 18
TITLES = {"dr", "mr", "mrs", "ms", "prof", "the", "of", "and"}


def initials(name: object) -> str:
    """Up to two letters: of the first and last word, skipping titles and words without a letter."""
    words = [
        word
        for word in str(name).replace("-", " ").split()
        if word[:1].isalnum() and word.rstrip(".").lower() not in TITLES
    ]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()


def ego(hub: Any, nodes: Sequence[Any], label: str = "") -> SafeString:
    """`hub` has `name`; `nodes` have `name`, `url`, `role`, and optionally `strong`, `past`, `tone`, `ours`.

    Beyond twelve the rest is counted in the name; the table beside the graph lists them all.
    """
    shown = list(nodes)[:MOST]
    height = 250 if len(shown) <= 6 else 330
    cx, cy = WIDTH / 2, height / 2
    places = [_place(i, len(shown), height) for i in range(len(shown))]
    pairs = list(zip(shown, places, strict=True))
    words = {"name": read(hub, "name", ""), "n": len(shown), "all": len(nodes)}
    return el(
        "svg",
        together(el("line", cls=_edge(node), x1=cx, y1=cy, x2=x, y2=y) for node, (x, y) in pairs),
        el("circle", cls="n hub", cx=cx, cy=cy, r=HUB),
        el("text", initials(read(hub, "name", "")), cls="il hubt", x=cx, y=cy + 4, text_anchor="middle"),
        together(_node(node, x, y, above=y < cy - 1) for node, (x, y) in pairs),
        cls="ego",
        viewbox=f"0 0 {WIDTH} {height}",
        role="group",
        aria_label=label or gettext("People around %(name)s: %(n)s of %(all)s shown") % words,
    )


def _place(i: int, n: int, height: int) -> tuple[float, float]:
    """Even angles; an even number is turned half a step, so that no two names stand above each other."""
    angle = -pi / 2 + 2 * pi * (i + (0.5 if n % 2 == 0 else 0)) / n
    return WIDTH / 2 + (WIDTH / 2 - 52) * cos(angle), height / 2 + (height / 2 - 48) * sin(angle)


def _edge(node: Any) -> str:
    strong, past = read(node, "strong", False), read(node, "past", False)
    return f"e{' strong' if strong else ''}{' past' if past else ''}"


def _node(node: Any, x: float, y: float, *, above: bool) -> SafeString:
    name, role = str(read(node, "name", "")), str(read(node, "role", "") or "")
    past = read(node, "past", False)
    ours = " us" if read(node, "ours", False) else ""
    css = f"n {read(node, 'tone', '') or ''}{ours}{' past' if past else ''}".replace("  ", " ")
    second = y - NODE - 6 if above else y + NODE + 24
    first = (y - NODE - (17 if role else 6)) if above else y + NODE + 13
    spoken = ", ".join(bit for bit in (name, role, gettext("past link") if past else "") if bit)
    reach = el("rect", cls="hit", x=x - 44, y=min(first, y) - 16, width=88, height=76)
    link = el(
        "a", el("circle", cls=css, cx=x, cy=y, r=NODE), reach, href=read(node, "url", ""), aria_label=spoken
    )
    words = (
        _text(initials(name), x, y + 3.5, "il"),
        _text(_cut(name), x, first),
        _text(_cut(role, CUT + 4), x, second, "sub") if role else "",
    )
    return el("g", link, el("g", *words, aria_hidden="true"))


def _text(words: str, x: float, y: float, css: str | None = None) -> SafeString:
    return el("text", words, cls=css, x=x, y=y, text_anchor="middle")


def _cut(text: str, length: int = CUT) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
