"""Leaf tags of the pages: icons, charts, times and amounts. What wraps markup is a component instead.

The tags only adapt: the drawing and the wording live in pure modules (`core.icons`, `core.charts`,
`core.plots`, `core.ego`, `core.wording`).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any
from zlib import crc32

from django import forms, template  # noqa: TID251 - lays bound fields out, holds no form
from django.template import Context
from django.template.defaultfilters import date as date_filter
from django.template.defaultfilters import filesizeformat, floatformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import charts, icons, places, plots, wording
from core import ego as people
from core.languages import manner, put

register = template.Library()
HUES = 7
THEME_COOKIE, THEMES = "relman_theme", ("light", "dark")

register.simple_tag(charts.spark, name="spark")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.split, name="split")
register.simple_tag(charts.pole, name="pole")
register.simple_tag(charts.share, name="share")
register.simple_tag(plots.lines, name="lines")
register.simple_tag(plots.cols, name="cols")
register.simple_tag(people.ego, name="ego")
register.filter("initials", people.initials)
register.filter("health_word", charts.word_of)
register.filter("country_name", places.country_name)
register.filter("time_zone_name", places.time_zone_name)


@register.filter
def health_tone(score: object) -> str:
    """The tone of a score as a page has it: a number, its text, or nothing."""
    return charts.tone_of(_figure(score))


@register.simple_tag
def ring(score: object, size: int = 40, parts: Any = (), tone: str = "", label: str = "") -> SafeString:
    """`core.charts.ring` for whatever a page has: an absent score is no score."""
    return charts.ring(_figure(score), size, parts or (), tone, label)


def _figure(value: object) -> float | None:
    return None if value is None or value == "" else float(str(value))


@register.filter
def thousands(value: int | Decimal) -> str:
    """A number with its thousands set apart."""
    return wording.figure(value)


@register.simple_tag
def health_badge(score: Any, tone: str = "", compact: Any = "") -> SafeString:
    """Icon, number and word of a health; compact hides the word from sight. `tone` overrides (hysteresis)."""
    if score is None:
        return _badge("none", "", bool(compact), get_language())
    shown = tone or charts.tone_of(_figure(score))
    return _badge(shown, str(floatformat(score, 0)), bool(compact), get_language())


@lru_cache(maxsize=2048)
def _badge(tone: str, figure: str, is_compact: bool, language: str | None) -> SafeString:
    """The badge of a whole number, or of none: few differ, and a list has dozens."""
    word, glyph = charts.word_of(tone), icons.icon(charts.icon_of(tone))
    if not figure:
        told = format_html('–<span class="vh"> {}</span>', word) if is_compact else word
        return format_html('<span class="badge none" title="{}">{}{}</span>', word, glyph, told)
    hidden = mark_safe(' class="vh"') if is_compact else ""
    return format_html(
        '<span class="badge {}">{}{} <span{}>{}</span></span>', tone, glyph, figure, hidden, word
    )


@register.simple_tag
def delta(n: float | Decimal | None, unit: str = "", good: str = "up", places: int = 0) -> SafeString:
    """A change: direction as icon, colour and word. `good` is the better direction: up, down or none."""
    return _delta(float(n) if n is not None else None, unit, good, places, get_language())


@lru_cache(maxsize=2048)
def _delta(n: float | None, unit: str, good: str, places: int, language: str | None) -> SafeString:
    tone, glyph, spoken, figure = charts.delta(n, unit, good, places)
    return format_html(
        '<span class="delta {}">{}<span class="vh">{} </span>{}</span>',
        tone,
        icons.icon(glyph),
        spoken,
        figure,
    )


@register.simple_tag
def opener(
    menu: str, pk: int, label: str, glyph: str = "ellipsis", css: str = "", key: str = ""
) -> SafeString:
    """The button of `c-menu` for rows that stand on a page dozens of times; `menu`-`pk` is what it opens."""
    return format_html(
        '<button type="button" class="btn btn-q btn-s btn-i{}" popovertarget="{}-{}" data-menu-button '
        'aria-haspopup="true" aria-label="{}" title="{}"{}>{}</button>',
        f" {css}" if css else "",
        menu,
        pk,
        label,
        label,
        format_html(' data-row-key="{}"', key) if key else "",
        icons.icon(glyph),
    )


@register.filter("floatformat", is_safe=True)
def rounded(value: Any, places: Any = -1) -> str:
    """Django's own, with the point of the viewer's language; with `u` after the places for machines."""
    words = str(floatformat(value, places))
    return words if str(places).endswith("u") else words.replace(".", manner().point)


@register.filter("filesizeformat", is_safe=True)
def size(octets: Any) -> str:
    """Django's own, with the point of the viewer's language."""
    return str(filesizeformat(octets)).replace(".", manner().point)


@register.filter("date", expects_localtime=True, is_safe=False)
def date_in(value: Any, form: str | None = None) -> str:
    """Django's own, with the day put as the viewer's language puts it: 22 Nov 2026, 22. Nov. 2026."""
    return put(value, form) if form else str(date_filter(value))


@register.filter("lower")
def in_a_sentence(label: object) -> str:
    """`core.wording.in_a_sentence`, in the place of Django's own."""
    return wording.in_a_sentence(label)


@register.simple_tag
def avatar(name: object, is_person: bool = True, size: str = "") -> SafeString:
    """Initials on the hue of a name, square for organisations; decorative, for the name stands beside it.

    `size`: s, "" (24 pixels), m, l.
    """
    sizes, shape = f" {size}" if size else "", "" if is_person else " sq"
    letters = escape(people.initials(name))
    return SafeString(
        f'<span class="av{sizes}{shape} {avatar_hue(name)}" aria-hidden="true">{letters}</span>'
    )


@register.filter
def avatar_hue(name: object) -> str:
    """One of seven decorative hues, steady for a name across pages and machines."""
    return f"h{crc32(str(name).encode()) % HUES}"


@register.filter
def signed(value: float | Decimal | None, places: int = 0) -> str:
    """+2, −6, 0; an absent value is an empty text."""
    return "" if value is None else wording.signed(float(value), places)


@register.simple_tag
def money(amount: Any, currency: str = "", whole: bool = False, compact: bool = False) -> str:
    """An amount with its currency; takes a number and a code, or one value with `amount` and `currency`."""
    if amount is None or amount == "":
        return "–"
    if hasattr(amount, "amount"):
        amount, currency = amount.amount, str(amount.currency)
    return wording.money_words(amount, str(currency), whole=whole, compact=compact)


@register.simple_tag
def when(value: date | datetime | None, time: bool = True, lower: bool = False) -> SafeString | str:
    """A day or moment in the viewer's zone; `time=False` drops the clock, `lower` suits a sentence."""
    if value is None:
        return "–"
    zone, today = str(timezone.get_current_timezone()), wording.local(timezone.now()).date()
    return _when(value, isinstance(value, datetime) and time, lower, today, zone, get_language())


@lru_cache(maxsize=8192)
def _when(
    value: date | datetime, clock: bool, lower: bool, today: date, zone: str, language: str | None
) -> SafeString:
    """The words of a moment on a day, for whoever looks from a zone in a language."""
    if clock and isinstance(value, datetime):
        words = wording.moment_words_on(value, today, lower=lower)
    else:
        day = wording.local(value).date() if isinstance(value, datetime) else value
        words = wording.day_words(day, today, lower=lower)
    return _time(value, words)


@register.simple_tag
def since(value: date | datetime | None) -> SafeString | str:
    """How long ago, or how far off: 41 days ago, in 3 days."""
    return "–" if value is None else _time(value, wording.since_words(value, timezone.now()))


def _time(value: date | datetime, words: str) -> SafeString:
    stamp = (
        wording.local(value).isoformat(timespec="minutes")
        if isinstance(value, datetime)
        else value.isoformat()
    )
    return SafeString(
        f'<time datetime="{stamp}" title="{escape(wording.full_words(value))}">{escape(words)}</time>'
    )


@register.simple_tag
def duration(span: timedelta | float | None) -> str:
    """1 h 38 m, 38 min, 2 d 4 h; a number is in seconds."""
    return "–" if span is None else wording.duration_words(span)


@register.filter
def marked(text: object, query: str = "") -> SafeString:
    """The text with the searched part marked; the search ignores case."""
    words, sought = str(text), str(query or "").strip()
    at = words.casefold().find(sought.casefold()) if sought else -1
    if at < 0:
        return format_html("{}", words)
    end = at + len(sought)
    return format_html("{}<mark>{}</mark>{}", words[:at], words[at:end], words[end:])


@register.filter
def widget_kind(field: forms.BoundField) -> str:
    """How a field is laid out: hidden, check (one box), choices (radios or boxes) or input."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "input"


@register.simple_tag
def control(field: forms.BoundField) -> SafeString:
    """The bound control in the product's look; Django ties it to its hint and error."""
    own = str(field.field.widget.attrs.get("class", ""))
    look = "chk" if widget_kind(field) == "check" else "inp"
    return field.as_widget(attrs={"class": f"{look} {own}".strip()})


@register.simple_tag
def steps_of(steps: Iterable[Any], now: str) -> list[dict[str, Any]]:
    """Each step with its state: done before `now`, now, or nothing after it."""
    named = [
        {"slug": charts.read(step, "slug", ""), "label": charts.read(step, "label", ""), "state": ""}
        for step in steps
    ]
    at = next((i for i, step in enumerate(named) if step["slug"] == now), -1)
    for i, step in enumerate(named[: at + 1]):
        step["state"] = "now" if i == at else "done"
    return named


@register.simple_tag(takes_context=True)
def theme_of(context: Context, saved: str = "") -> str:
    """The theme to draw: what this device switched to, else what the person saved, else the system's."""
    request = context.get("request")
    switched = request.COOKIES.get(THEME_COOKIE, "") if request else ""
    return next((theme for theme in (switched, str(saved or "")) if theme in THEMES), "")


@register.simple_tag
def share_bar(part: Any) -> SafeString:
    """The bar of one health component: its points of its weight, in its own tone or the share's."""
    weight, points = float(charts.read(part, "weight", 0)), float(charts.read(part, "points", 0))
    return charts.bar(100 * points / weight if weight else 0, str(charts.read(part, "tone", "") or ""))
