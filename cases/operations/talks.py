"""What is said between them and us in a case: a contact like every other, which stands in the case as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from cases.enums import RAISES_PROBLEM, CaseSeverity, MessageSort
from cases.models import Case, CaseMessage
from cases.queries.problems import open_problems
from relationships.enums import Direction, Severity
from relationships.models import Party, Relationship
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.interactions import close_problem_in, log_in

MOST_TEXT = 100_000
WEIGHT = {
    CaseSeverity.LOW: Severity.LOW,
    CaseSeverity.MEDIUM: Severity.MEDIUM,
    CaseSeverity.HIGH: Severity.HIGH,
    CaseSeverity.CRITICAL: Severity.CRITICAL,
}
"""How much an open problem of the severity weighs in a relationship's health."""


@dataclass(frozen=True)
class Words:
    """What was said, how, when, and by which of their people; the case's own person unless it is said."""

    body: str
    channel: str
    at: datetime
    person: Party | None = None


def write_talk(
    case: Case,
    held: Relationship,
    sort: MessageSort,
    words: Words,
    *,
    actor: User,
    now: datetime,
    commitments: Sequence[CommitmentDraft] = (),
) -> CaseMessage:
    """Writes one thing said, in a relationship that is held.

    What they say in a complaint or of a problem is an open problem of the relationship until the case ends.
    """
    is_theirs = sort == MessageSort.THEIRS
    person = words.person or case.person
    talk = log_in(
        actor=actor,
        held=held,
        now=now,
        commitments=commitments,
        channel=words.channel,
        direction=Direction.IN if is_theirs else Direction.OUT,
        happened_at=words.at,
        subject=f"{case.ref} {case.subject}"[:200],
        body=words.body,
        people=[person] if person else [],
        problem_severity=_weight(case) if is_theirs else None,
        confidentiality=case.confidentiality,
    )
    return CaseMessage.objects.create(
        case=case, sort=sort, cycle=case.cycle, talk=talk, at=words.at, actor=actor
    )


def solve_problems(case: Case, held: Relationship, *, actor: User, now: datetime, words: str) -> None:
    """The case has ended: what was raised in it weighs on the relationship no longer."""
    for talk in open_problems(case).order_by("pk"):
        close_problem_in(talk, held, actor=actor, now=now, words=words[:400])


def _weight(case: Case) -> int | None:
    """How much it weighs as an open problem; nothing where one of the case is open already, or the case has ended."""
    if not case.is_open or case.type not in RAISES_PROBLEM or open_problems(case).exists():
        return None
    return WEIGHT[CaseSeverity(case.severity)]
