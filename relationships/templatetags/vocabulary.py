"""The kernel's vocabularies in templates: what a channel looks like, what a kind is called."""

from django import template

from relationships import kinds
from relationships.enums import ICON_OF_CHANNEL, Channel
from relationships.models import Relationship

register = template.Library()


@register.filter
def channel_icon(channel: str) -> str:
    """The glyph of a channel; a general one where none is said."""
    return ICON_OF_CHANNEL[Channel(channel)] if channel in Channel else "reply"


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
