"""The portfolio drawn: a treemap of value by health, every rectangle a link."""

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.treemap import squarified
from core.charts import tone_of, word_of
from core.svg import el, percent, together
from relationships.models import Relationship

WIDTH, HEIGHT = 1000.0, 420.0
LETTER, EDGE, LINE = (
    6.2,
    12.0,
    22.0,
)  # what a letter, the edges and a line of a name take, in units of the drawing


def treemap(rows: Sequence[Relationship], *, with_money: Collection[int]) -> SafeString:
    """Areas by value, the least for those not in `with_money`; tones by health. Names where they fit."""
    worth = [_value(row) if row.pk in with_money else 0.0 for row in rows]
    least = min((value for value in worth if value > 0), default=1.0)
    sized = sorted(((value or least, row) for value, row in zip(worth, rows, strict=True)),
                   key=lambda pair: (-pair[0], pair[1].pk))  # fmt: skip
    places = squarified([value for value, _row in sized], WIDTH, HEIGHT)
    boxes = []
    for place, (_value_of, row) in zip(places, sized, strict=True):
        score = None if row.state.health is None else float(row.state.health)
        tone = tone_of(score)
        name = f"{row.party_name}: {word_of(tone)}{'' if score is None else f' {score:.0f}'}"
        x, width = percent(place.x / WIDTH * 100), percent(max(place.width / WIDTH * 100 - 0.15, 0.1))
        words = el("text", row.party_name, x=percent(place.x / WIDTH * 100 + 0.6), y=place.y + 16)
        boxes.append(
            el(
                "a",
                el("title", name),
                el(
                    "rect", cls=f"tm-{tone}", x=x, y=place.y, width=width, height=max(place.height - 1.5, 1.0)
                ),
                words
                if place.width >= EDGE + LETTER * len(row.party_name) and place.height > LINE
                else SafeString(""),
                href=reverse("relationship_detail", args=[row.kind, row.pk]),
                aria_label=name,
            )
        )
    label = _("Treemap of %(n)s relationships; the table below says the same.") % {"n": len(rows)}
    return el(
        "svg", together(boxes), cls="treemap", width="100%", height=HEIGHT, role="group", aria_label=label
    )


def _value(row: Relationship) -> float:
    return float(row.state.value_amount or 0)
