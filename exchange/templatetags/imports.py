"""Words of import for templates."""

from django import template

from exchange.enums import HeldReason

register = template.Library()


@register.filter
def held_words(reason: str) -> str:
    """Why a row is held, in words."""
    return str(HeldReason(reason).label)
