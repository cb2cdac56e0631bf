"""What cases write on the timeline, and whom they tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from accounts.models import User
from cases.enums import CaseTells, Verb
from cases.models import Case
from messaging.operations.notifications import Telling, tell
from relationships.models import Event, Relationship
from relationships.operations.events import acting, event_of, record_events


class Said(TypedDict, total=False):
    """What may be said of a line beside its case and who did what; it happened now where nothing is said."""

    reason: str
    happened_at: datetime | None
    data: Mapping[str, Any] | None


def write_line(
    case: Case, held: Relationship, verb: Verb, actor: User, now: datetime, **said: Unpack[Said]
) -> None:
    """One line on the timeline of the case's relationship, as confidential as the case."""
    record_events([line_of(case, held, verb, actor, now, **said)])


def line_of(
    case: Case, held: Relationship, verb: Verb, actor: User, now: datetime, **said: Unpack[Said]
) -> Event:
    """The same line, not yet written."""
    return event_of(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        happened_at=said.get("happened_at"),
        subject=case,
        reason=said.get("reason", ""),
        data={"ref": case.ref, "subject": case.subject, "type": case.type, **(said.get("data") or {})},
        confidentiality=case.confidentiality,
    )


def tell_owner(
    topic: CaseTells,
    case: Case,
    *,
    actor: User,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    key: str = "",
) -> None:
    """Whoever looks after the case hears of it, unless they did it themself; of the same key once."""
    tell_about(topic, case, case.owner_id, actor=actor, now=now, facts=facts, key=key)


def tell_about(
    topic: CaseTells,
    case: Case,
    user_id: int,
    *,
    actor: User,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    key: str = "",
) -> None:
    """Somebody hears of a case, unless they did it themself; of the same key once."""
    telling = Telling(user_id, "case", case.pk, facts or {}, key)
    tell(topic=topic, tellings=[telling], actor=acting(actor), now=now)


def tell_assigned(cases: Sequence[Case], *, actor: User, now: datetime) -> None:
    """Whoever looks after them now hears of it, in one line where there are many."""
    tellings = [Telling(case.owner_id, "case", case.pk) for case in cases]
    tell(topic=CaseTells.ASSIGNED, tellings=tellings, actor=acting(actor), now=now)
