"""How talk reads on the timeline: who did what to whom, in one sentence, with what came of it.

A record has dozens of these lines: written out, as a template they were most of what its page costs.
"""

from functools import lru_cache
from html import escape

from django.template import loader
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.icons import icon
from core.templatetags import ui
from relationships.enums import Channel, CommitmentDirection, Direction, Verb
from relationships.models import Interaction
from relationships.queries.timeline import Entry

LINE = (
    '<li{fresh}><span class="tl-i {tone}">{icon}</span><div class="tl-h"><span>{head}</span>{acts}'
    '<span class="tl-t">{at}</span></div>{rest}</li>\n'
)
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
CAME = {
    CommitmentDirection.THEIRS: gettext_lazy("They promised: %(what)s"),
    CommitmentDirection.MUTUAL: gettext_lazy("Both promised: %(what)s"),
    CommitmentDirection.OURS: gettext_lazy("We promised: %(what)s"),
}
PK = "{pk}"


def talk_line(entry: Entry, may_log: bool = False, fresh_id: int | None = None) -> SafeString:
    """The line of an interaction; of one that the viewer may not know of only that somebody wrote it down.

    `fresh_id` is the event that was just made: its line is marked.
    """
    talk: Interaction | None = entry.subject
    fresh = entry.event.pk == fresh_id
    if talk is None:
        words = _("<b>%(who)s</b> wrote something down that you may not read")
        return _line(entry, head=words % {"who": escape(entry.event.actor.name)}, fresh=fresh)
    return _line(
        entry,
        head=_with_duration(talk),
        tone="bad" if _has_problem(talk) else "",
        acts=talk_acts(talk) if may_log else "",
        rest=f'<div class="tl-b">{_said(talk)}{_marks(entry)}{"".join(map(_came, entry.within))}</div>',
        fresh=fresh,
    )


def _line(
    entry: Entry, *, head: str, tone: str = "", acts: str = "", rest: str = "", fresh: bool
) -> SafeString:
    return SafeString(
        LINE.format(
            fresh=' class="fresh"' if fresh else "",
            tone=tone,
            icon=icon(entry.icon),
            head=head,
            acts=acts,
            at=ui.when(entry.event.happened_at),
            rest=rest,
        )
    )


def _with_duration(talk: Interaction) -> str:
    head = talk_head(talk)
    if not talk.duration_minutes:
        return head
    return f"{head}, {_('%(n)s min') % {'n': talk.duration_minutes}}"


def _said(talk: Interaction) -> str:
    subject = f'<p class="med">{escape(talk.subject)}</p>' if talk.subject else ""
    return f"{subject}<p>{linebreaksbr(talk.body)}</p>" if talk.body else subject


def _marks(entry: Entry) -> str:
    if not entry.has_marks:
        return ""
    template = loader.get_template("relationships/events/_interaction_marks.html")
    return template.render({"talk": entry.subject})


def _came(inner: Entry) -> str:
    """A promise or a next touch that came of the talk, inside its line."""
    facts = inner.facts
    words = _("Next: %(what)s")
    if inner.event.verb != Verb.FOLLOW_UP_PLANNED:
        words = str(CAME[facts.get("direction") or CommitmentDirection.OURS])
    told = words % {"what": escape(facts["what"])}
    due = ui.when(facts["due_date"], lower=True)
    return f'<p class="sm came">{icon(inner.icon, "i-s")}<span>{told}, {due}</span></p>'


def talk_head(talk: Interaction) -> SafeString:
    """The sentence of an interaction from `told_interactions`: “Tom Baptiste called Ruth Adeyemi”."""
    us = format_html("<b>{}</b>", talk.actor.name)
    told: list[dict[str, str]] = getattr(talk, "people_told", [])
    names = [person["name"] for person in told] or [getattr(talk, "party_told", "")]
    them = format_html_join(_(" and "), "<b>{}</b>", ((name,) for name in names))
    if talk.channel == Channel.NOTE:
        return format_html(_("{us} wrote a note"), us=us)
    return format_html(str(PHRASES[Channel(talk.channel), Direction(talk.direction)]), us=us, them=them)


def talk_acts(talk: Interaction) -> SafeString:
    """The menu of an entry: drawn once, since a page has dozens that differ in a number alone."""
    return SafeString(_acts(_has_problem(talk), get_language()).replace(PK, str(talk.pk)))


def _has_problem(talk: Interaction) -> bool:
    return talk.problem_severity is not None and talk.problem_closed_at is None


@lru_cache(maxsize=64)
def _acts(has_problem: bool, language: str | None) -> str:
    template_name = "relationships/events/_interaction_acts.html"
    return loader.render_to_string(template_name, {"pk": PK, "has_problem": has_problem}).strip()
