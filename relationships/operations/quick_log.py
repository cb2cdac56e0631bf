"""Logging by one line: what was understood is written in one go, what was not is asked and nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from analytics.quicklog import Commitment as Promised
from analytics.quicklog import FollowUp as Next
from analytics.quicklog import ParsedLog
from core.refusals import Invalid, Missing
from relationships import kinds
from relationships.enums import PartyKind, Severity
from relationships.models import Interaction, Party, Relationship
from relationships.operations.access import hold_relationship
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.drafts import discard_draft
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.interactions import log_in
from relationships.operations.links import link_parties
from relationships.operations.parties import create_party
from relationships.operations.relationships import open_relationship
from relationships.operations.submissions import first_of, fulfil
from relationships.queries.quick_log import NewParty, ReadLog, read_line

__all__ = ["Beside", "log_line", "read_line"]

NAMES_ANOTHER = "@"
"""What a line has when it names an organisation itself."""


@dataclass(frozen=True)
class Beside:
    """What was said beside the line, by a form with fields of its own; where given it wins over the line."""

    outcome: str = ""
    tone: float | None = None
    follow_up: FollowUpDraft | None = None
    channel: str = ""
    """How it took place, where the line itself does not say."""
    direction: str = ""
    happened_at: datetime | None = None
    minutes: int | None = None
    severity: int | None = None
    people: Sequence[Party] = ()
    commitments: Sequence[CommitmentDraft] = ()
    more: str = ""
    """Further lines, kept as they were written below what the line says."""
    is_composed: bool = False
    """Written in the composer of the record: its draft is over."""


@transaction.atomic
def log_line(
    *,
    actor: User,
    line: str,
    now: datetime,
    answers: Mapping[str, str],
    relationship: Relationship | None = None,
    idempotency_key: str = "",
    beside: Beside = Beside(),
) -> Interaction:
    """Logs a line, with the promises, the follow-ups and the new names in it.

    Of `relationship` its key and kind are enough. Raises Missing for one that the actor may not know of, Invalid
    under the field `line` with everything that is wrong or still to be asked. The same key of the same actor gives
    the first entry again.
    """
    here = _here(actor, relationship, line) if relationship else None
    first = first_of(actor, idempotency_key, Interaction, now)
    if first is not None:
        return first
    read = read_line(actor=actor, line=line, now=now, relationship=here, answers=answers)
    if not read.is_clear:
        raise Invalid({"line": [question.words for question in (*read.errors, *read.questions)]})
    meant = read.relationship or _opened(
        cast(NewParty, read.new_party), actor, now
    )  # a clear line has either
    if here is None or meant.pk != here.pk or NAMES_ANOTHER in line:
        meant = hold_relationship(actor, meant.pk, Permission.LOG_INTERACTIONS)
    people = _people(read, meant, actor, now)
    people += [person for person in beside.people if person not in people]
    logged = _write(read, meant, people, beside, actor, now)
    fulfil(actor, idempotency_key, logged)
    if beside.is_composed and here is not None:
        discard_draft(actor=actor, relationship=here)
    return logged


def _here(actor: User, relationship: Relationship, line: str) -> Relationship:
    """The relationship on whose page the line was typed: held, unless the line may be about another one.

    Two that are held in a row could wait for each other; only one is ever written to.
    """
    if NAMES_ANOTHER not in line:
        found: Relationship | None = hold_relationship(actor, relationship.pk, None)
    else:
        seen = Relationship.objects.visible_to(actor).select_related("party", "business_unit")
        found = seen.filter(pk=relationship.pk).first()
    if found is None or found.kind != relationship.kind:
        raise Missing(_("There is no such relationship."))
    return found


def _opened(new: NewParty, actor: User, now: datetime) -> Relationship:
    """The relationship with somebody who was nothing to us until this line."""
    usual = kinds.registry.get(new.kind).party_kinds[0]
    party = new.party or create_party(actor=actor, kind=usual, name=new.name, now=now)
    return open_relationship(actor=actor, party=party, kind=new.kind, now=now)


def _people(read: ReadLog, held: Relationship, actor: User, now: datetime) -> list[Party]:
    """Everybody who took part, once each; who is new is written down as belonging to the other side."""
    people: dict[int, Party] = {}
    for person in read.people:
        party = person.party
        if party is None:
            party = create_party(actor=actor, kind=PartyKind.PERSON, name=person.name.text, now=now)
            if held.party.kind != PartyKind.PERSON:
                link_parties(
                    actor=actor, source_party=held.party, target_party=party, type="employs", now=now
                )
        people[party.pk] = party
    return list(people.values())


def _write(
    read: ReadLog,
    held: Relationship,
    people: list[Party],
    beside: Beside,
    actor: User,
    now: datetime,
) -> Interaction:
    parsed = read.parsed
    person = people[0] if len(people) == 1 else None
    return log_in(
        actor=actor,
        held=held,
        channel=parsed.channel.value if parsed.channel_given else beside.channel or parsed.channel.value,
        direction=beside.direction or parsed.direction.value,
        happened_at=beside.happened_at or min(parsed.happened_at, now),
        now=now,
        body="\n".join(part for part in (parsed.text, beside.more) if part),
        people=people,
        duration_minutes=beside.minutes if beside.minutes is not None else parsed.minutes,
        outcome=beside.outcome,
        tags=parsed.tags,
        tone=beside.tone if beside.tone is not None else _tone(parsed),
        problem_severity=beside.severity or _severity(parsed),
        commitments=_promises(parsed, person, beside),
        follow_ups=_nexts(parsed, person, beside),
    )


def _nexts(parsed: ParsedLog, person: Party | None, beside: Beside) -> list[FollowUpDraft]:
    """Every next touch, that of the form first."""
    said = [replace(beside.follow_up, person=beside.follow_up.person or person)] if beside.follow_up else []
    return said + [_next(step, person) for step in parsed.follow_ups]


def _promises(parsed: ParsedLog, person: Party | None, beside: Beside) -> list[CommitmentDraft]:
    """Every promise, those of the form first."""
    said = [replace(draft, person=draft.person or person) for draft in beside.commitments]
    return said + [_promised(promise, person) for promise in parsed.commitments]


def _tone(parsed: ParsedLog) -> float | None:
    return parsed.tone.value / 2 if parsed.tone else None


def _severity(parsed: ParsedLog) -> int | None:
    """A complaint of which no severity is said is a medium one."""
    return (parsed.complaint.severity or Severity.MEDIUM) if parsed.complaint else None


def _promised(promise: Promised, person: Party | None) -> CommitmentDraft:
    """A promise has a day (a clear line says it); a time that was said stays among its words."""
    words = promise.text
    if promise.due_time is not None:
        words = _("%(what)s, by %(time)s") % {"what": words, "time": f"{promise.due_time:%H:%M}"}
    return CommitmentDraft(promise.side.value, words, cast(date, promise.due), person=person)


def _next(step: Next, person: Party | None) -> FollowUpDraft:
    what, due = step.text or _("Get in touch"), cast(date, step.due)
    return FollowUpDraft(what, due, due_time=step.due_time, person=person)
