"""SVG elements as safe markup: attributes escaped, numbers short, never a style."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString


def el(name: str, *children: object, **attributes: object) -> SafeString:
    """One element. `cls` is `class`, `text_anchor` is `text-anchor`, floats keep two decimals, None goes.

    el("circle", cls="n", cx=20.0) → <circle class="n" cx="20"/>
    """
    written = "".join(
        f' {NAMES.get(key) or key.replace("_", "-")}="{number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(child if isinstance(child, SafeString) else escape(str(child)) for child in children)
    return SafeString(f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>")


def number(value: object) -> str:
    """A float to two decimals without trailing zeros; anything else as escaped text."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return str(escape(str(value)))


def percent(value: float) -> str:
    """A width or place relative to the drawing: 62.5 → "62.5%"."""
    return f"{number(float(value))}%"


def together(pieces: Iterable[SafeString]) -> SafeString:
    """Safe pieces, one after another."""
    return SafeString("".join(pieces))


NAMES = {"cls": "class", "viewbox": "viewBox", "aspect": "preserveAspectRatio"}
