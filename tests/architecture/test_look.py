"""The look's promises: contrast of the tokens, bytes of the first view, vendored files as locked."""

import base64
import gzip
import hashlib
import json
import math
import re
from pathlib import Path

import pytest

from core.storage import APART, SCRIPT, SHEET, join_css, join_js

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
DECLARED = re.findall(r"--([a-z0-9-]+):\s*([^;]+);", (STATIC / "css" / "tokens.css").read_text())
TOKENS = dict(reversed(DECLARED))  # the first counts: later ones are media queries
KB = 1024

GROUNDS = ["bg", "surface", "surface-2", "raised"]
TEXTS = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent-ink") for ground in GROUNDS]
TEXTS += [(f"{tone}-ink", f"{tone}-soft") for tone in ("good", "warn", "bad", "accent")]
TEXTS += [(f"{tone}-ink", "surface") for tone in ("good", "warn", "bad")]
TEXTS += [("ink", "surface-3"), ("ink-2", "surface-3"), ("ink", "accent-soft"), ("ink-2", "bad-soft")]
TEXTS += [
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("ink-2", "accent-soft"),
    ("ink-2", "warn-soft"),
]
KINDS = ["customer", "supplier", "investor", "press", "community", "staff"]
GRAPHICS = ["good", "warn", "bad", "accent", "line-field", *(f"g-{kind}" for kind in KINDS)]


def colour(name: str, theme: str) -> tuple[float, float, float]:
    """Linear sRGB of a token in a theme."""
    value = TOKENS[name]
    if match := re.fullmatch(r"light-dark\((.+?\)|#\w+),\s*(.+)\)", value):
        value = match[1] if theme == "light" else match[2]
    if value.startswith("#"):
        digits = value[1:] if len(value) == 7 else "".join(c * 2 for c in value[1:])
        return tuple(linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))  # type: ignore[return-value]
    lightness, chroma, hue = (float(x) for x in re.findall(r"[\d.]+", value)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    return from_oklab(lightness, a, b)


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def from_oklab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """OKLab to linear sRGB, Ottosson's matrices; clipped to the gamut as a browser without wide colour does."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    clipped = [min(1.0, max(0.0, channel)) for channel in (red, green, blue)]
    return clipped[0], clipped[1], clipped[2]


def contrast(one: str, other: str, theme: str) -> float:
    """WCAG 2 contrast ratio of two tokens."""
    shades = sorted(
        (0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (colour(one, theme), colour(other, theme))),
        reverse=True,
    )
    return (shades[0] + 0.05) / (shades[1] + 0.05)


def zipped(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def read(name: str) -> str:
    return (STATIC / name).read_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_reaches_four_and_a_half_to_one(text: str, ground: str, theme: str) -> None:
    assert contrast(text, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("graphic", GRAPHICS)
def test_graphics_reach_three_to_one_on_the_page(graphic: str, theme: str) -> None:
    assert contrast(graphic, "surface", theme) >= 3


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    """White on the light accent, #3056cd, is 6.3 to 1."""
    assert contrast("on-accent", "accent", "light") == pytest.approx(6.3, abs=0.05)
    assert colour("surface", "light") == (1.0, 1.0, 1.0)


def test_the_sheet_is_within_its_budget() -> None:
    assert zipped(join_css(SHEET, read)) <= 16 * KB


def test_the_scripts_of_every_page_are_within_their_budget() -> None:
    assert zipped(join_js(SCRIPT, read)) + zipped(read("vendor/htmx/htmx.min.js")) <= 25 * KB


def test_the_first_font_is_within_its_budget() -> None:
    assert (STATIC / "vendor/inter/inter-latin-wght-normal.woff2").stat().st_size <= 50 * KB


def test_every_sheet_and_behaviour_is_on_its_list() -> None:
    sheets = {str(p.relative_to(STATIC / "css")) for p in (STATIC / "css").rglob("*.css")} - {"app.css"}
    parts = {sheet for sheet in sheets if not f"css/{sheet}".startswith(APART)}
    assert set(re.findall(r'@import url\("([^"]+)"\)', read(SHEET))) == parts
    behaviours = {p.name for p in (STATIC / "js").glob("*.js")} - {"app.js"}
    assert set(re.findall(r'import "\./([^"]+)"', read(SCRIPT))) == behaviours


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"], ids=["served", "tests"])
def test_vendored_files_are_exactly_those_locked(folder: Path) -> None:
    lock = json.loads((folder / "vendor.lock.json").read_text())
    locked = {name: digest for package in lock for name, digest in package["files"].items()}
    found = {
        str(path.relative_to(folder)): "sha384-"
        + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert found == locked


def test_the_lock_names_versions_and_licences_and_no_addresses() -> None:
    text = (STATIC / "vendor" / "vendor.lock.json").read_text()
    assert "://" not in text
    assert [set(package) for package in json.loads(text)] == [{"package", "version", "licence", "files"}] * 3
