"""Markup that is the same for everybody, drawn once in each process rather than once for each page."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 256
STAND_IN = "\ue000{}\ue001"
PLACES = re.compile("\ue000([a-z_]+)\ue001")
TOKEN = "csrf_token"  # noqa: S105  the name of it, which is nobody's secret
_drawn: dict[Any, list[str]] = {}


class SteadyNode(template.Node):
    """Draws what is inside when nothing was drawn for these values and this language yet."""

    def __init__(
        self, nodelist: NodeList, values: list[FilterExpression], put_in: Mapping[str, FilterExpression]
    ) -> None:
        self.nodelist, self.values, self.put_in = nodelist, values, put_in

    def render(self, context: Context) -> SafeString:
        """The markup with each page's own words put in; a change of any value draws it anew."""
        pieces = self._kept(context).copy()
        pieces[1::2] = [self._word(name, context) for name in pieces[1::2]]
        return mark_safe("".join(pieces))  # noqa: S308  drawn by the template, and what is put in is escaped

    def _kept(self, context: Context) -> list[str]:
        key = (get_language(), *(value.resolve(context) for value in self.values))
        if key not in _drawn:
            if len(_drawn) >= MOST_KEPT:
                _drawn.clear()
            _drawn[key] = self._draw(context)
        return _drawn[key]

    def _draw(self, context: Context) -> list[str]:
        """The markup cut at its stand-ins: every second piece is the name of one."""
        names = (*self.put_in, TOKEN)
        stand_ins = {name: mark_safe(STAND_IN.format(name)) for name in names}  # noqa: S308  names of ours
        with context.push(**stand_ins):
            return PLACES.split(self.nodelist.render(context))

    def _word(self, name: str, context: Context) -> str:
        return conditional_escape(context[TOKEN] if name == TOKEN else self.put_in[name].resolve(context))


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """`{% steady "name" value … with word=expression … %}…{% endsteady %}`, for what stands on many pages alike.

    Inside, nothing may depend on more than the values. A word is put in as it is, without filters, and so is
    the token of a form: both are each page's own.
    """
    bits = token.split_contents()[1:]
    first = bits.index("with") if "with" in bits else len(bits)
    values = [parser.compile_filter(bit) for bit in bits[:first]]
    put_in = token_kwargs(bits[first + 1 :], parser)
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist, values, put_in)


@register.simple_tag(takes_context=True)
def drawn(context: Context, template_name: str, **words: Any) -> SafeString:
    """The markup of a template with these words: to be put into what is steady, where it is each page's own."""
    engine = context.template.engine  # type: ignore[union-attr]  # a page being drawn has its template
    with context.push(**words):
        return engine.get_template(template_name).render(context)
