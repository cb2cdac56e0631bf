"""Things outside that may touch relationships: noticed, looked at again, moved through their states."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from dashboards.enums import Impact, OutsideCategory, OutsideState
from dashboards.models import OutsideIssue, OutsideIssueEvent
from dashboards.transitions import OUTSIDE_ISSUE
from relationships.models import Party
from relationships.operations.inputs import Problems
from relationships.queries.reach import kinds_reached

CLOSED = {OutsideState.OVER, OutsideState.DISMISSED}
FIELDS = (
    "title", "what", "source", "category", "impact", "workaround", "kinds", "owner", "since_date", "next_look_date"
)  # fmt: skip


@transaction.atomic
def notice_issue(
    *,
    actor: User,
    title: str,
    category: str,
    owner: User,
    since_date: date,
    next_look_date: date,
    now: datetime,
    what: str = "",
    source: str = "",
    impact: str = Impact.MEDIUM,
    workaround: str = "",
    kinds: Iterable[str] = (),
    parties: Iterable[Party] = (),
) -> OutsideIssue:
    """Puts something on the register, for its owner to look at again. Raises Invalid by field, and NotAllowed."""
    _require(actor)
    issue = OutsideIssue(
        title=title,
        what=what,
        source=source,
        category=category,
        impact=impact,
        workaround=workaround,
        kinds=sorted(set(kinds)),
        owner=owner,
        since_date=since_date,
        next_look_date=next_look_date,
        created_at=now,
        created_by=actor,
    )
    named = _check(issue, list(parties), actor)
    _keep(issue, named, "noticed", actor, now)
    return issue


@transaction.atomic
def edit_issue(
    *,
    actor: User,
    issue: OutsideIssue,
    version: int,
    now: datetime,
    parties: Iterable[Party] | None = None,
    **fields: Any,
) -> OutsideIssue:
    """Changes what is said of it; raises Conflict when somebody changed it since `version`, else as `notice_issue`."""
    held = hold_issue(actor, issue)
    if held.version != version:
        raise Conflict(_("Somebody changed this meanwhile. Look at it again before you change it."))
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"an outside issue has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(held, name, sorted(set(value)) if name == "kinds" else value)
    named = _check(held, list(held.parties.all() if parties is None else parties), actor)
    held.version += 1
    _keep(held, named, "changed", actor, now)
    return held


@transaction.atomic
def move_issue(
    *,
    actor: User,
    issue: OutsideIssue,
    transition: str,
    now: datetime,
    note: str = "",
    next_look_date: date | None = None,
) -> OutsideIssue:
    """Takes it through one move of its table; one that stays open wants the day of the next look.

    Raises Conflict where the state does not allow the move, Invalid without the day.
    """
    held = hold_issue(actor, issue)
    move = OUTSIDE_ISSUE.resolve(transition, held)
    problems = Problems()
    note = problems.text("note", note, most=400)
    closes = move.target in CLOSED
    day = next_look_date or held.next_look_date
    if not closes and day is None:
        problems.add("next_look_date", _("Say when somebody looks at it again."))
    problems.day("next_look_date", day)
    problems.refuse()
    held.state = move.target
    held.closed_at, held.next_look_date = (now, None) if closes else (None, day)
    held.version += 1
    held.save()
    tell_issue(held, transition, actor, now, note)
    return held


def _require(actor: User) -> None:
    if not actor.may(Permission.MANAGE_RELATIONSHIPS):
        raise NotAllowed(_("The register of outside issues is kept by those who manage relationships."))


def hold_issue(actor: User, issue: OutsideIssue) -> OutsideIssue:
    """The issue, locked; raises Missing where the actor may not know of it, NotAllowed without the right."""
    reached = [kind.slug for kind in kinds_reached(actor)]
    seen = OutsideIssue.objects.visible_to(actor, reached).select_for_update(of=("self",))
    found = seen.filter(pk=issue.pk).first()
    if found is None:
        raise Missing(_("There is no such outside issue."))
    _require(actor)
    return found


def _check(issue: OutsideIssue, parties: list[Party], actor: User) -> list[Party]:
    """Raises Invalid with all that is wrong; gives the parties, all in the actor's sight."""
    problems = Problems()
    issue.title = problems.text("title", issue.title, most=160, required=True)
    issue.source = problems.text("source", issue.source, most=200)
    issue.what = problems.text("what", issue.what, most=4000)
    issue.workaround = problems.text("workaround", issue.workaround, most=4000)
    problems.choice("category", issue.category, OutsideCategory.values)
    problems.choice("impact", issue.impact, Impact.values)
    problems.day("since_date", issue.since_date)
    problems.day("next_look_date", issue.next_look_date)
    reached = {kind.slug for kind in kinds_reached(actor)}
    for slug in issue.kinds:
        problems.choice("kinds", slug, reached)
    seen = Party.objects.visible_to(actor).filter(pk__in=[party.pk for party in parties])
    named = list(seen.order_by("pk"))
    if len(named) < len({party.pk for party in parties}):
        problems.add("parties", _("There is no such party."))
    if issue.next_look_date is None and issue.state not in CLOSED:
        problems.add("next_look_date", _("Say when somebody looks at it again."))
    problems.refuse()
    if not issue.owner.is_active:
        raise Invalid({"owner": _("Choose somebody who still works here.")})
    return named


def _keep(issue: OutsideIssue, parties: list[Party], verb: str, actor: User, now: datetime) -> None:
    issue.save()
    issue.parties.set(parties)
    tell_issue(issue, verb, actor, now)


def tell_issue(issue: OutsideIssue, verb: str, actor: User, now: datetime, note: str = "") -> None:
    """Writes what happened to it into its past, and into the audit."""
    OutsideIssueEvent.objects.create(
        issue=issue, verb=verb, state=issue.state, note=note, at=now, actor=actor
    )
    record_audit(
        actor_id=actor.pk,
        verb=f"outside_issue_{verb}",
        now=now,
        subject_type="outside_issue",
        subject_id=issue.pk,
        data={"state": issue.state},
    )
