"""What stands in every row of My day, drawn once for a page."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django import template
from django.template import Context, loader
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from relationships.models import FollowUp

register = template.Library()

NAMES = ("pk", "what", "relationship", "csrf_token")
BLANKS = {name: f"[[{name}]]" for name in NAMES}
BLANK = re.compile(r"\[\[(" + "|".join(NAMES) + r")\]\]")


@register.simple_tag(takes_context=True)
def follow_up_menus(context: Context, follow_up: FollowUp, days: Sequence[tuple[date, str]]) -> SafeString:
    """The menus of a follow-up: the same in each row but for four values, which are put in, escaped, in one pass."""
    values = {
        "pk": str(follow_up.pk),
        "what": escape(follow_up.what),
        "relationship": str(follow_up.relationship_id),
        "csrf_token": escape(str(context.get("csrf_token", ""))),
    }
    drawn = _menus(tuple((day, str(words)) for day, words in days), get_language())
    return SafeString(BLANK.sub(lambda found: values[found[1]], drawn))


@lru_cache(maxsize=16)
def _menus(days: tuple[tuple[date, str], ...], language: str | None) -> str:
    return loader.render_to_string("dashboards/_follow_up_menus.html", {**BLANKS, "days": days})
