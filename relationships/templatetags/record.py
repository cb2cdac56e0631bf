"""The record page's own tags: panels of upper apps, each with its own context, and a sentence about the people."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.wording import since_words
from relationships.panels import Shown
from relationships.queries.record import Record

register = template.Library()


@register.simple_tag(takes_context=True)
def show_panel(context: Context, panel: Shown) -> SafeString:
    """A registered panel, drawn with what it brought along."""
    if context.template is None:
        raise LookupError("a panel is drawn inside a template")
    chosen = context.template.engine.get_template(panel.template)
    with context.push(**panel.context):
        return SafeString(chosen.render(context))


@register.simple_tag(takes_context=True)
def people_sentence(context: dict[str, Any], record: Record) -> str:
    """What the graph says: how many hold strongly, and with whom that decides nobody has talked for long."""
    people = record.people
    current = [tie for tie in people.ties if not tie.past]
    strong = people.strong_ties
    if not strong:
        words = _("No strong tie yet.")
    elif strong == 1 and len(current) > 1:
        words = _("Only one strong tie.")
    else:
        words = ngettext("%(n)s strong tie.", "%(n)s strong ties.", strong) % {"n": strong}
    deciding = max(people.persons, key=lambda tie: tie.influence, default=None)
    if deciding is None or deciding.influence < DECIDES:
        return words
    if deciding.last_talk_at is None:
        more = _("%(name)s carries most weight and is in no talk of this record.") % {"name": deciding.name}
    else:
        told = {"name": deciding.name, "when": since_words(deciding.last_talk_at, context["now"])}
        more = _("%(name)s carries most weight; last talk %(when)s.") % told
    return f"{words} {more}"


DECIDES = 4
"""From this influence on, of 5, somebody is said to carry weight."""
