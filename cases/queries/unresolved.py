"""What is still owed to those who raised something: open problems, unanswered questions, promises of closed cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from cases.enums import CaseState, CaseType
from cases.models import Case, Question
from relationships.models import Commitment

SHOWN = 50
"""So many rows of each sort are shown, the oldest first."""
BANDS = (timedelta(days=2), timedelta(days=7), timedelta(days=14))
"""Ages that are counted apart, each up to this; the last is whatever is older."""
TO_RESOLVE = (CaseType.COMPLAINT, CaseType.PROBLEM, CaseType.CONCERN)


@dataclass(frozen=True)
class Owed:
    """Rows of one sort: the oldest, and how many there are of each age; the target is none."""

    rows: list[Any]
    by_age: list[int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.by_age)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Unresolved:
    """Everything that is owed, as far as the viewer may know of it."""

    problems: Owed
    questions: Owed
    promises: Owed

    @property
    def is_none(self) -> bool:
        """Whether all problems are resolved and all questions answered."""
        return not (self.problems.total or self.questions.total or self.promises.total)


def unresolved(*, viewer: User, owner: str, now: datetime) -> Unresolved:
    """What is owed; `owner` narrows it: me, team, the number of somebody, or empty for everybody."""
    return Unresolved(
        problems=_owed(open_problems_of(viewer).filter(_whose(viewer, owner, "")), "opened_at", now),
        questions=_owed(questions_owed_to(viewer).filter(_whose(viewer, owner, "case__")), "asked_at", now),
        promises=_owed(
            promises_left(viewer).filter(_whose(viewer, owner, "made_in__case_message__case__")),
            "made_at",
            now,
        ),
    )


def open_problems_of(viewer: User) -> "QuerySet[Case]":
    """Open complaints, problems and concerns."""
    rows = Case.objects.visible_to(viewer).open().filter(type__in=TO_RESOLVE)
    return rows.select_related("relationship", "owner")


def questions_owed_to(viewer: User) -> "QuerySet[Question]":
    """Questions that wait for an answer."""
    rows = Question.objects.visible_to(viewer).owed()
    return rows.select_related("case__relationship", "owner", "clock", "asked_by")


def promises_left(viewer: User) -> "QuerySet[Commitment]":
    """What we promised in a case that was closed, and have not kept."""
    closed = Case.objects.visible_to(viewer).filter(state=CaseState.CLOSED)
    ours = Commitment.objects.visible_to(viewer).open().exclude(direction="theirs")
    rows = ours.filter(made_in__case_message__case__in=closed)
    return rows.select_related("made_in__case_message__case", "relationship", "owner")


def _whose(viewer: User, owner: str, case: str) -> Q:
    """The condition on rows that have an owner, and belong to a case found at `case`."""
    if owner == "me":
        return Q(owner_id=viewer.pk)
    if owner == "team":
        return Q(owner_id=viewer.pk) | Q(**{f"{case}team_id__in": viewer.current_team_ids()})
    return Q(owner_id=int(owner)) if owner else Q()


def _owed(rows: "QuerySet[Any]", since: str, now: datetime) -> Owed:
    edges = [now - band for band in BANDS]
    newest = {"age_0": Q(**{f"{since}__gt": edges[0]})}
    between = {
        f"age_{place + 1}": Q(**{f"{since}__lte": later, f"{since}__gt": earlier})
        for place, (later, earlier) in enumerate(pairwise(edges))
    }
    oldest = {f"age_{len(edges)}": Q(**{f"{since}__lte": edges[-1]})}
    asked = {name: Count("pk", filter=condition) for name, condition in (newest | between | oldest).items()}
    counts = rows.aggregate(**asked)
    return Owed(list(rows.order_by(since, "pk")[:SHOWN]), [counts[name] for name in asked])
