"""Tags that pages hold by the hundred and that mostly say something fixed: such a one is worked out once.

They stand in the place of Django's `trans` and of the icon among the other leaf tags (`core.templatetags.ui`), and
are written like these.
"""

from django import template
from django.template import Context
from django.template.base import Parser, TextNode, Token
from django.template.library import SimpleNode
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

from core import icons

register = template.Library()
register.simple_tag(icons.icon, name="icon")
any_icon = register.tags["icon"]


@register.tag("icon")
def icon(parser: Parser, token: Token) -> template.Node:
    """`core.icons.icon`; one whose name and all else is written in the template becomes a part of its text."""
    node: SimpleNode = any_icon(parser, token)
    fixed = [given.var for given in node.args if isinstance(given.var, str) and not given.filters]
    if len(fixed) < len(node.args) or node.kwargs or node.target_var:
        return node
    return TextNode(icons.icon(*fixed))


class FixedWords(template.Node):
    """A text that depends on the language alone."""

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.name, node.asvar = node, node.asvar, None
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """The words, or nothing where they get a name instead."""
        language = get_language()
        if language not in self.said:
            self.said[language] = self.node.render(context)
        if self.name is None:
            return self.said[language]
        context[self.name] = self.said[language]
        return ""


@register.tag("trans")
@register.tag("translate")
def translated(parser: Parser, token: Token) -> template.Node:
    """Django's own; a text without variables, filters and context is looked up once for each language."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    is_fixed = expression.var.literal is not None and not (expression.filters or node.message_context)
    return FixedWords(node) if is_fixed else node
