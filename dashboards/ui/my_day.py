"""What My day says in words: the sentence under the date, and the one thing to do first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.wording import duration_words
from dashboards.queries.my_day import MyDay, Urgent
from health.queries.changes import ChangeLine
from health.queries.movers import Mover
from relationships.enums import CommitmentDirection, Severity
from relationships.models import Commitment, FollowUp, Interaction
from relationships.queries.counts import figure_words


@dataclass(frozen=True)
class Call:
    """The most urgent thing: how late or how soon, what, about whom, and the one action. `dialog`: in place."""

    clock: str
    tone: str
    title: str
    about: str
    action: str
    icon: str
    url: str
    dialog: bool = False


REASONS = 3


@dataclass(frozen=True)
class RepairButton:
    """The cheapest repair as something to press: what it does, where, and whether in place."""

    label: str
    icon: str
    url: str
    dialog: bool


@dataclass(frozen=True)
class Drop:
    """A relationship whose health dropped: the greatest reasons, what all others come to, and what to do.

    Reasons and rest sum to the change: a drop is never shown with less than its whole account.
    """

    mover: Mover
    reasons: list[ChangeLine]
    rest: Decimal
    rest_count: int
    repair: RepairButton | None


def drop_of(mover: Mover) -> Drop:
    """The first reasons by size; one more is shown rather than summed up."""
    cut = len(mover.lines) if len(mover.lines) <= REASONS + 1 else REASONS
    rest = mover.lines[cut:]
    points = sum((line.points for line in rest), Decimal(0))
    return Drop(mover, mover.lines[:cut], points, len(rest), repair_of(mover))


def repair_of(mover: Mover) -> RepairButton | None:
    """One action for the repair of a relationship whose health dropped; none where nothing is to be done."""
    if mover.repair is None:
        return None
    pk = mover.relationship.pk
    match mover.repair.act:
        case "close_problems":
            label = ngettext("Open the complaint", "Open the complaints", mover.repair.count)
            return RepairButton(label, "life-buoy", f"{mover.href}timeline/?group=problems", False)
        case "keep_promise" | "deliver_late":
            url = f"/commitments/?status=open&side=ours&relationship={pk}"
            return RepairButton(_("Open the promise"), "handshake", url, False)
        case _:
            what = urlencode({"what": mover.repair.words, "back": "/"})
            return RepairButton(_("Plan it"), "calendar-plus", f"{mover.href}follow-ups/?{what}", True)


def sentence(day: MyDay) -> str:
    """“7 follow-ups, 2 commitments and 3 problems need you today.”"""
    totals = day.totals
    parts = [
        _counted(ngettext("%(n)s follow-up", "%(n)s follow-ups", totals.follow_ups), totals.follow_ups),
        _counted(
            ngettext("%(n)s commitment", "%(n)s commitments", totals.commitments_at_risk),
            totals.commitments_at_risk,
        ),
        _counted(ngettext("%(n)s problem", "%(n)s problems", totals.problems), totals.problems),
    ]
    numbers = (totals.follow_ups, totals.commitments_at_risk, totals.problems)
    needed = [words for words, number in zip(parts, numbers, strict=True) if number]
    if not needed:
        return _("Nothing is overdue, at risk or open.")
    verb = ngettext("needs you today.", "need you today.", sum(numbers))
    *others, last = needed
    listed = _("%(first)s and %(last)s") % {"first": ", ".join(others), "last": last} if others else last
    return f"{listed} {verb}"


def _counted(words: str, number: int) -> str:
    return words % {"n": figure_words(number)}


def call_of(urgent: Urgent, now: datetime) -> Call:
    """The most urgent thing in words, with its action."""
    thing = urgent.thing
    if isinstance(thing, Commitment):
        return _promise(urgent, thing)
    if isinstance(thing, Interaction):
        return _problem(urgent, thing)
    return _follow_up(urgent, thing, now)


def _late(days: int) -> str:
    if days == 0:
        return _("Today")
    if days < 0:
        return ngettext("In %(n)s day", "In %(n)s days", -days) % {"n": -days}
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def _promise(urgent: Urgent, promise: Commitment) -> Call:
    theirs = promise.direction == CommitmentDirection.THEIRS
    who = promise.person.name if promise.person else promise.relationship.party_name
    title = _("%(who)s promised: %(what)s") if theirs else _("Promised to %(who)s: %(what)s")
    return Call(
        clock=_late(urgent.days_late),
        tone="bad" if urgent.days_late > 0 else "warn",
        title=title % {"who": who, "what": promise.what},
        about=promise.relationship.party_name,
        action=_("Open the promise"),
        icon="handshake",
        url=f"/commitments/{promise.pk}/",
    )


def _problem(urgent: Urgent, problem: Interaction) -> Call:
    severity = Severity(problem.problem_severity or Severity.LOW).label
    days = ngettext("open %(n)s day", "open %(n)s days", urgent.days_late) % {"n": urgent.days_late}
    relationship = problem.relationship
    return Call(
        clock=capfirst(days) if urgent.days_late else _("New today"),
        tone="bad" if problem.problem_severity == Severity.CRITICAL else "warn",
        title=problem.subject or problem.body[:120] or str(severity),
        about=_("%(severity)s problem with %(name)s")
        % {"severity": severity, "name": relationship.party_name},
        action=_("Open the record"),
        icon="life-buoy",
        url=f"/{relationship.kind}/{relationship.pk}/",
    )


def _follow_up(urgent: Urgent, follow_up: FollowUp, now: datetime) -> Call:
    clock, tone = _late(urgent.days_late), "bad" if urgent.days_late > 0 else "warn"
    if urgent.due_at is not None:
        ahead = urgent.due_at - now
        clock = duration_words(ahead) if ahead.total_seconds() > 0 else _("Now")
    relationship = follow_up.relationship
    person = follow_up.person.name if follow_up.person else ""
    return Call(
        clock=clock,
        tone=tone,
        title=follow_up.what,
        about=", ".join(words for words in (person, relationship.party_name) if words),
        action=_("Log it"),
        icon="square-pen",
        url=f"/log/?relationship={relationship.pk}",
        dialog=True,
    )
