"""Cases: opened with what was first said, described anew, given to somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import Team, User
from cases.enums import CHANNELS, CaseSeverity, CaseType, ClockType, MessageSort, Verb
from cases.models import Case
from cases.operations.access import hold_case
from cases.operations.clocks import retarget_clocks, start_clocks
from cases.operations.lines import tell_assigned, write_line
from cases.operations.questions import pass_on_questions, propose_questions
from cases.operations.refs import take_ref
from cases.operations.talks import MOST_TEXT, Words, write_talk
from core.refusals import Conflict
from relationships.models import Party, Relationship
from relationships.operations.access import (
    check_colleague,
    check_parties,
    hold_relationship,
    refuse_stale,
)
from relationships.operations.inputs import Problems, local_day
from relationships.operations.submissions import first_of, fulfil

FIRST_CLOCKS = (ClockType.ACKNOWLEDGE, ClockType.FIRST_RESPONSE, ClockType.RESOLUTION)
DESCRIBED = ("subject", "severity", "concerns_safety", "remedy_sought", "person")
"""What of a case can be said anew."""


@dataclass(frozen=True)
class Raised:
    """What somebody raised: how, about what, in which words, and how serious that is.

    Without an owner the relationship's own looks after it; without a moment it was raised just now.
    """

    type: str
    channel: str
    subject: str
    body: str
    severity: int = CaseSeverity.MEDIUM
    person: Party | None = None
    concerns_safety: bool = False
    remedy_sought: str = ""
    confidentiality: int = Confidentiality.INTERNAL
    follows: Case | None = None
    owner: User | None = None
    team: Team | None = None
    raised_at: datetime | None = None


@transaction.atomic
def open_case(
    *, actor: User, relationship: Relationship, raised: Raised, now: datetime, idempotency_key: str = ""
) -> Case:
    """Opens a case with what was first said; its clocks run from when it was raised.

    The same `idempotency_key` gives the first one again. Raises Missing, NotAllowed, Invalid by field, and
    Conflict where the relationship is closed or its business unit never works.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_CASES)
    first = first_of(actor, idempotency_key, Case, now)
    if first is not None:
        return first
    if held.closed_at is not None:
        raise Conflict(_("The relationship is closed; open it again to open a case."))
    at = raised.raised_at or now
    said = _check_raised(actor, held, raised, at, now)
    case = _write_case(actor, held, said, at, now)
    words = Words(said.body, said.channel, at)
    message = write_talk(case, held, MessageSort.THEIRS, words, actor=actor, now=now)
    start_clocks(case, FIRST_CLOCKS, at=at, now=now)
    propose_questions(case, message, actor=actor, now=now)
    case.save(update_fields=["next_due_at"])
    write_line(case, held, Verb.OPENED, actor, now, happened_at=at, data={"severity": case.severity})
    tell_assigned([case], actor=actor, now=now)
    fulfil(actor, idempotency_key, case)
    return case


def _write_case(actor: User, held: Relationship, said: Raised, at: datetime, now: datetime) -> Case:
    return Case.objects.create(
        ref=take_ref(local_day(now, held.business_unit).year),
        type=said.type,
        channel=said.channel,
        relationship=held,
        person=said.person,
        subject=said.subject,
        severity=said.severity,
        concerns_safety=said.concerns_safety,
        remedy_sought=said.remedy_sought,
        owner=said.owner or _usual_owner(held, actor),
        team=said.team or held.team,
        confidentiality=said.confidentiality,
        follows=said.follows,
        opened_at=at,
        opened_by=actor,
    )


def _usual_owner(held: Relationship, actor: User) -> User:
    return held.owner if held.owner.is_active else actor


def _check_raised(actor: User, held: Relationship, raised: Raised, at: datetime, now: datetime) -> Raised:
    """The same with its texts as they are kept; raises Invalid with all that is wrong."""
    problems = Problems()
    problems.choice("type", raised.type, CaseType.values)
    problems.choice("channel", raised.channel, [value for value, _label in CHANNELS])
    problems.choice("severity", raised.severity, CaseSeverity.values)
    problems.choice("confidentiality", raised.confidentiality, Confidentiality.values)
    kept = replace(
        raised,
        subject=problems.text("subject", raised.subject, most=200, required=True),
        body=problems.text("body", raised.body, most=MOST_TEXT, required=True),
        remedy_sought=problems.text("remedy_sought", raised.remedy_sought, most=300),
    )
    problems.past_moment("raised_at", at, now)
    if raised.owner is not None and raised.owner.pk != actor.pk:
        check_colleague("owner", raised.owner, [held], problems)
    if raised.person is not None:
        check_parties(actor, "person", [raised.person], problems, near=held)
    if raised.follows is not None:
        seen = Case.objects.visible_to(actor).filter(pk=raised.follows.pk, relationship=held)
        if not seen.exists():
            problems.add("follows", _("There is no such case in this relationship."))
    problems.refuse()
    return kept


@transaction.atomic
def edit_case(*, actor: User, case: Case, version: int, now: datetime, reason: str = "", **said: Any) -> Case:
    """Says anew what of `DESCRIBED` is given.

    Another severity gives the clocks of the case other targets; what has passed on them stays.

    Raises Conflict when somebody changed it since `version`, else as `open_case`.
    """
    if unknown := set(said) - set(DESCRIBED):
        raise TypeError(f"a case is not described by {', '.join(sorted(unknown))}")
    found, held = hold_case(actor, case)
    refuse_stale(found.version, version, found.ref)
    told = {name: getattr(found, name) for name in DESCRIBED} | said
    why = _check_described(actor, held, told, reason)
    changed = [name for name in DESCRIBED if getattr(found, name) != told[name]]
    if not changed:
        return found
    facts = {"changed": changed, "from_severity": found.severity, "severity": told["severity"]}
    for name in changed:
        setattr(found, name, told[name])
    if "severity" in changed:
        retarget_clocks(found, now=now)
    found.version += 1
    found.save()
    write_line(found, held, Verb.EDITED, actor, now, reason=why, data=facts)
    return found


def _check_described(actor: User, held: Relationship, told: dict[str, Any], reason: str) -> str:
    """Puts the texts in the form in which they are kept; gives the reason; raises Invalid with all that is wrong."""
    problems = Problems()
    told["subject"] = problems.text("subject", told["subject"], most=200, required=True)
    told["remedy_sought"] = problems.text("remedy_sought", told["remedy_sought"], most=300)
    problems.choice("severity", told["severity"], CaseSeverity.values)
    if told["person"] is not None:
        check_parties(actor, "person", [told["person"]], problems, near=held)
    why = problems.text("reason", reason, most=400)
    problems.refuse()
    return why


@transaction.atomic
def assign_case(
    *, actor: User, case: Case, owner: User, now: datetime, team: Team | None = None, reason: str = ""
) -> Case:
    """Gives the case to somebody who may know of it, and to a team; raises Invalid where they may not."""
    found, held = hold_case(actor, case)
    problems = Problems()
    why = problems.text("reason", reason, most=400)
    if owner.pk != found.owner_id:
        check_colleague("owner", owner, [held], problems)
    problems.refuse()
    is_new = owner.pk != found.owner_id
    if not is_new and (team and team.pk) == found.team_id:
        return found
    found.team = team
    _give(found, held, owner, actor, now, why)
    if is_new:
        tell_assigned([found], actor=actor, now=now)
    return found


def pass_on_cases(
    cases: Sequence[Case],
    taker: Callable[[Relationship], User],
    *,
    actor: User,
    now: datetime,
    reason: str,
) -> None:
    """Gives locked cases to whoever takes over in their relationship; the caller has checked."""
    for case in cases:
        _give(case, case.relationship, taker(case.relationship), actor, now, reason)
    tell_assigned(cases, actor=actor, now=now)


def _give(case: Case, held: Relationship, owner: User, actor: User, now: datetime, reason: str) -> None:
    before, case.owner = case.owner, owner
    case.version += 1
    case.save()
    pass_on_questions(case, before)
    write_line(case, held, Verb.ASSIGNED, actor, now, reason=reason, data={"to": owner.name})
