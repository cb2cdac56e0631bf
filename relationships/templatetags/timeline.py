"""How talk reads on the timeline: who did what to whom, in one sentence."""

from functools import lru_cache

from django import template
from django.template import loader
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from relationships.enums import Channel, Direction
from relationships.models import Interaction

register = template.Library()

OUT, IN, BOTH = Direction.OUT, Direction.IN, Direction.MUTUAL
PHRASES = {
    (Channel.CALL, OUT): gettext_lazy("{us} called {them}"),
    (Channel.CALL, IN): gettext_lazy("{them} called {us}"),
    (Channel.CALL, BOTH): gettext_lazy("{us} spoke with {them} on the phone"),
    (Channel.EMAIL, OUT): gettext_lazy("{us} emailed {them}"),
    (Channel.EMAIL, IN): gettext_lazy("{them} emailed {us}"),
    (Channel.EMAIL, BOTH): gettext_lazy("{us} and {them} exchanged e-mails"),
    (Channel.MEETING, OUT): gettext_lazy("{us} met {them}"),
    (Channel.MEETING, IN): gettext_lazy("{them} met {us}"),
    (Channel.MEETING, BOTH): gettext_lazy("{us} and {them} met"),
    (Channel.VISIT, OUT): gettext_lazy("{us} visited {them}"),
    (Channel.VISIT, IN): gettext_lazy("{them} visited {us}"),
    (Channel.VISIT, BOTH): gettext_lazy("{us} and {them} met on a visit"),
    (Channel.VIDEO, OUT): gettext_lazy("{us} called {them} by video"),
    (Channel.VIDEO, IN): gettext_lazy("{them} called {us} by video"),
    (Channel.VIDEO, BOTH): gettext_lazy("{us} and {them} met by video"),
    (Channel.LETTER, OUT): gettext_lazy("{us} wrote {them} a letter"),
    (Channel.LETTER, IN): gettext_lazy("{them} wrote {us} a letter"),
    (Channel.LETTER, BOTH): gettext_lazy("{us} and {them} exchanged letters"),
    (Channel.MESSAGE, OUT): gettext_lazy("{us} messaged {them}"),
    (Channel.MESSAGE, IN): gettext_lazy("{them} messaged {us}"),
    (Channel.MESSAGE, BOTH): gettext_lazy("{us} and {them} exchanged messages"),
    (Channel.SOCIAL, OUT): gettext_lazy("{us} wrote to {them} on social media"),
    (Channel.SOCIAL, IN): gettext_lazy("{them} wrote to {us} on social media"),
    (Channel.SOCIAL, BOTH): gettext_lazy("{us} and {them} talked on social media"),
    (Channel.EVENT, OUT): gettext_lazy("{us} saw {them} at an event"),
    (Channel.EVENT, IN): gettext_lazy("{them} came to an event of {us}"),
    (Channel.EVENT, BOTH): gettext_lazy("{us} and {them} met at an event"),
    (Channel.DESK, OUT): gettext_lazy("{us} came to the desk of {them}"),
    (Channel.DESK, IN): gettext_lazy("{them} came to the desk, to {us}"),
    (Channel.DESK, BOTH): gettext_lazy("{us} and {them} talked at the desk"),
}


@register.simple_tag
def talk_head(talk: Interaction) -> SafeString:
    """The sentence of an interaction from `told_interactions`: “Tom Baptiste called Ruth Adeyemi”."""
    us = format_html("<b>{}</b>", talk.actor.name)
    told: list[dict[str, str]] = getattr(talk, "people_told", [])
    names = [person["name"] for person in told] or [getattr(talk, "party_told", "")]
    them = format_html_join(gettext(" and "), "<b>{}</b>", ((name,) for name in names))
    if talk.channel == Channel.NOTE:
        return format_html(gettext("{us} wrote a note"), us=us)
    return format_html(str(PHRASES[Channel(talk.channel), Direction(talk.direction)]), us=us, them=them)


PK = "{pk}"


@register.simple_tag
def talk_acts(talk: Interaction) -> SafeString:
    """The menu of an entry: drawn once, since a page has dozens that differ in a number alone."""
    has_problem = talk.problem_severity is not None and talk.problem_closed_at is None
    return SafeString(_acts(has_problem, get_language()).replace(PK, str(talk.pk)))


@lru_cache(maxsize=64)
def _acts(has_problem: bool, language: str | None) -> str:
    template_name = "relationships/events/_interaction_acts.html"
    return loader.render_to_string(template_name, {"pk": PK, "has_problem": has_problem}).strip()
