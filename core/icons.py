"""Lucide glyphs as inline SVG: no request, survive every swap, coloured by the text around them."""

import json
import re
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS_FILE = Path(__file__).resolve().parent.parent / "static" / "vendor" / "lucide" / "icons.json"


PATH = re.compile(r'<path d="([^"]*)"/>')
NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
START = re.compile(rf"m({NUMBER})[ ,]?({NUMBER})")


@lru_cache(maxsize=1)
def glyphs() -> dict[str, str]:
    """Name → the markup inside the `<svg>`: as vendored, its paths joined, for pages hold hundreds of them."""
    return {name: joined(body) for name, body in json.loads(ICONS_FILE.read_text()).items()}


def joined(body: str) -> str:
    """The same strokes with one `<path>` for all; a path's first move is absolute, also where it is written small."""
    paths = PATH.findall(body)
    if len(paths) < 2:
        return body
    return f'<path d="{"".join(map(_from_anywhere, paths))}"/>{PATH.sub("", body)}'


def _from_anywhere(path: str) -> str:
    start = START.match(path)
    if not start:
        return path
    rest = path[start.end() :]
    line = "l" if rest[:1] in "-. 0123456789" else ""
    return f"M{start[1]} {start[2]}{line}{rest}"


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
