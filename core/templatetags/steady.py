"""Markup that is the same for everybody, drawn once in each process rather than once for each page."""

from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 256
_drawn: dict[Any, SafeString] = {}


class SteadyNode(template.Node):
    """Draws what is inside when nothing was drawn for these values and this language yet."""

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values

    def render(self, context: Context) -> SafeString:
        """The markup; a change of any value draws it anew."""
        key = (get_language(), *(value.resolve(context) for value in self.values))
        if key not in _drawn:
            if len(_drawn) >= MOST_KEPT:
                _drawn.clear()
            _drawn[key] = self.nodelist.render(context)
        return _drawn[key]


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """`{% steady "name" value … %}…{% endsteady %}`: inside, nothing may depend on more than the values."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist, values)
