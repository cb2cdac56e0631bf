"""The kernel's vocabularies in templates: what a channel looks like, what a kind is called."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.icons import icon
from core.templatetags.ui import avatar, marked
from core.wording import written
from relationships import kinds
from relationships.enums import ICON_OF_CHANNEL, Channel
from relationships.models import Relationship
from relationships.queries.counts import figure_words

register = template.Library()


@register.filter
def channel_icon(channel: str) -> str:
    """The glyph of a channel; a general one where none is said."""
    return ICON_OF_CHANNEL[Channel(channel)] if channel in Channel else "reply"


@register.filter
def figure(number: int) -> str:
    """A figure beside a name, “999+” beyond what is counted for it."""
    return figure_words(number)


@register.simple_tag
def found_options(group: Any, q: str) -> SafeString:
    """The lines of a group that a search found (`ui.search.LineGroup`), as options of the palette.

    Not a loop of the template: they are written anew with every letter that somebody types.
    """
    return format_html_join("", OPTION, (_option(group.key, *one, q) for one in enumerate(group.lines, 1)))


OPTION = (
    '<a role="option" aria-selected="false" tabindex="-1" id="palette-{}-{}" href="{}">{}'
    '<span class="pal-t">{}</span><span class="pal-a">{}</span></a>'
)


def _option(key: str, number: int, line: Any, q: str) -> tuple[object, ...]:
    glyph = avatar(line.title, is_person=line.is_person, size="s") if line.avatar else icon(line.icon)
    about = format_html_join(", ", "{}", ((marked(piece, q),) for piece in line.about[:2]))
    return key, number, line.href, glyph, marked(line.title, q), about


@register.simple_tag
def day_buttons(days: Sequence[tuple[date, str]]) -> SafeString:
    """The days of `nearby_days` as what a follow-up may be put off to; the same in every row of a page."""
    return _day_buttons(tuple((day, str(words)) for day, words in days), get_language())


@lru_cache(maxsize=64)
def _day_buttons(days: tuple[tuple[date, str], ...], language: str | None) -> SafeString:
    return format_html_join(
        "",
        '<button type="submit" name="due_date" value="{}">{}<span class="c-3 end">{}</span></button>',
        ((day.isoformat(), words, written(day, "D j M")) for day, words in days),
    )


@register.filter
def kind_named(slug: str) -> kinds.Kind:
    """The kind called `slug`; raises KeyError."""
    return kinds.registry.get(slug)


@register.filter
def record_url(relationship: Relationship) -> str:
    """The address of a relationship's record."""
    return f"/{relationship.kind}/{relationship.pk}/"


@register.filter
def list_url(kind: kinds.Kind) -> str:
    """The address of a kind's list."""
    return f"/{kind.slug}/"
