"""A neighbourhood as a picture: the party in the middle, its neighbours on one ring, theirs on a second.

Everything is laid out here and drawn by attributes. Each neighbour gets a stretch of the rings as wide as what
hangs on it, so that no line crosses another party; every node is a link, in the order of the table beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from math import cos, pi, sin
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.charts import read
from core.ego import initials
from core.svg import el, together

WIDTH, HEIGHT = 860, 600
RINGS = {1: (185.0, 130.0), 2: (345.0, 240.0)}
CLOSE = (180, 110)  # what the outer ring would take at each side, cut away where there is none
INNER, OUTER, EACH = 10, 18, 4
HUB, NODE, SMALL, CUT = 24, 16, 12, 17

Place = tuple[float, float]


def network(
    hub: Any, nodes: Sequence[Any], ties: Sequence[Any], url: Callable[[Any], str], label: str = ""
) -> SafeString:
    """`hub` has `pk` and `name`; `nodes` have `party_id`, `name`, `hops` (1 or 2), `via_id`; ties `from_id`, `to_id`.

    `url` gives where a node leads. Nodes beyond what fits are left to the table.
    """
    drawn = chosen(nodes)
    places = laid_out(drawn) | {hub.pk: (WIDTH / 2, HEIGHT / 2)}
    cut = (0, 0) if any(node.hops > 1 for node in drawn) else CLOSE
    words = {"name": hub.name, "n": len(drawn), "all": len(nodes)}
    return el(
        "svg",
        together(_line(tie, places) for tie in ties if {tie.from_id, tie.to_id} <= places.keys()),
        el("circle", cls="n hub", cx=WIDTH / 2, cy=HEIGHT / 2, r=HUB),
        el("text", initials(hub.name), cls="il hubt", x=WIDTH / 2, y=HEIGHT / 2 + 4, text_anchor="middle"),
        together(_node(node, places[node.party_id], url(node)) for node in drawn),
        cls="ego net" if cut == (0, 0) else "ego net near",
        viewbox=f"{cut[0]} {cut[1]} {WIDTH - 2 * cut[0]} {HEIGHT - 2 * cut[1]}",
        role="group",
        aria_label=label or gettext("Around %(name)s: %(n)s of %(all)s shown") % words,
    )


def chosen(nodes: Sequence[Any]) -> list[Any]:
    """Those for whom there is room: the first of the inner ring, and of each of them the first beyond it."""
    inner = [node for node in nodes if node.hops == 1][:INNER]
    room: dict[int, int] = {node.party_id: EACH for node in inner}
    outer: list[Any] = []
    for node in nodes:
        if node.hops > 1 and room.get(node.via_id, 0) and len(outer) < OUTER:
            room[node.via_id] -= 1
            outer.append(node)
    return [*inner, *outer]


def laid_out(nodes: Sequence[Any]) -> dict[int, Place]:
    """Where each stands. A neighbour stands in the middle of its stretch, what hangs on it spread over it."""
    inner = [node for node in nodes if node.hops == 1]
    hanging = {
        node.party_id: [far for far in nodes if far.hops > 1 and far.via_id == node.party_id]
        for node in inner
    }
    widths = [max(1.0, len(hanging[node.party_id])) for node in inner]
    places: dict[int, Place] = {}
    begin, turn = -pi / 2, 2 * pi / sum(widths) if widths else 0.0
    for node, width in zip(inner, widths, strict=True):
        places[node.party_id] = _at(1, begin + turn * width / 2)
        for number, far in enumerate(hanging[node.party_id]):
            share = width / len(hanging[node.party_id])
            places[far.party_id] = _at(2, begin + turn * share * (number + 0.5))
        begin += turn * width
    return places


def _at(ring: int, angle: float) -> Place:
    rx, ry = RINGS[ring]
    return WIDTH / 2 + rx * cos(angle), HEIGHT / 2 + ry * sin(angle)


def _line(tie: Any, places: Mapping[int, Place]) -> SafeString:
    (x1, y1), (x2, y2) = places[tie.from_id], places[tie.to_id]
    return el("line", cls="e strong" if read(tie, "strong", False) else "e", x1=x1, y1=y1, x2=x2, y2=y2)


def _node(node: Any, place: Place, url: str) -> SafeString:
    x, y = place
    radius = NODE if node.hops == 1 else SMALL
    tone = str(read(node, "tone", "") or "")
    role = str(read(node, "role", "") or "")
    above = y < HEIGHT / 2 - 1
    first = (y - radius - (18 if role else 6)) if above else y + radius + 14
    spoken = ", ".join(bit for bit in (node.name, role) if bit)
    shape = (
        el("circle", cls=f"n {tone}".strip(), cx=x, cy=y, r=radius)
        if read(node, "is_person", False)
        else el(
            "rect",
            cls=f"n {tone}".strip(),
            x=x - radius,
            y=y - radius,
            width=2 * radius,
            height=2 * radius,
            rx=5,
        )
    )
    reach = el("rect", cls="hit", x=x - 48, y=min(first, y) - 16, width=96, height=70)
    return el(
        "g",
        el("a", shape, reach, href=url, aria_label=spoken),
        el(
            "g",
            _text(initials(node.name), x, y + 3.5, "il"),
            _text(_cut(node.name), x, first),
            _text(_cut(role), x, first + 12, "sub") if role else "",
            aria_hidden="true",
        ),
    )


def _text(words: str, x: float, y: float, css: str | None = None) -> SafeString:
    return el("text", words, cls=css, x=x, y=y, text_anchor="middle")


def _cut(text: str) -> str:
    return text if len(text) <= CUT else text[: CUT - 1].rstrip() + "…"
