"""Lucide glyphs as inline SVG: no request, survive every swap, coloured by the text around them."""

import json
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS_FILE = Path(__file__).resolve().parent.parent / "static" / "vendor" / "lucide" / "icons.json"


@lru_cache(maxsize=1)
def glyphs() -> dict[str, str]:
    """Name → the markup inside the `<svg>`, as vendored."""
    return dict(json.loads(ICONS_FILE.read_text()))


@lru_cache(maxsize=1024)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Decorative unless `label` is given; then it is an image with that name.

    Raises LookupError for a name that was not vendored, so that a slip fails a test.
    """
    try:
        body = glyphs()[name]
    except KeyError:
        raise LookupError(f"No icon {name!r} in {ICONS_FILE.name}; vendor it from Lucide first.") from None
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"i {css}" if css else "i"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>',
        classes,
        spoken,
        mark_safe(body),  # noqa: S308 - our own vendored file, its hash is locked
    )
