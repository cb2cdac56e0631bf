"""What a neighbourhood says in a sentence."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from relationships.queries.neighbourhood import Neighbourhood

register = template.Library()


@register.simple_tag
def neighbourhood_sentence(found: Neighbourhood) -> str:
    """How many stand one link away and how many two."""
    near = sum(neighbour.hops == 1 for neighbour in found.neighbours)
    far = len(found.neighbours) - near
    if not near:
        return ""
    words = ngettext("%(n)s is one link away", "%(n)s are one link away", near) % {"n": near}
    if far:
        words += _(", %(n)s two") % {"n": far}
    return words + "."
