"""The questions of a case: which there are, which wait for an answer, and by which clock they are due."""

from django.db.models import QuerySet

from cases.enums import ClockType, MessageSort
from cases.models import Case, CaseClock, CaseMessage, Question

ANSWER_CLOCKS = (ClockType.FIRST_RESPONSE, ClockType.NEXT_RESPONSE)


def questions_of(case: Case) -> "QuerySet[Question]":
    """Every question of a case, unordered, with all that is told of it."""
    return Question.objects.filter(case=case).select_related("asked_by", "owner", "clock", "answered_in")


def unanswered_in(case: Case) -> list[Question]:
    """Those that nobody has answered, the first asked first."""
    return list(questions_of(case).unanswered().order_by("asked_at", "id"))  # type: ignore[attr-defined]  # of its manager


def answer_clock(case: Case) -> CaseClock | None:
    """The clock that waits for an answer in the case; where none does, the last that did."""
    clocks = CaseClock.objects.filter(case=case, type__in=ANSWER_CLOCKS, cancelled_at=None)
    waiting = clocks.filter(stopped_at=None).order_by("started_at", "id").first()
    return waiting or clocks.order_by("-started_at", "-id").first()


def answers_given(case: Case) -> "QuerySet[CaseMessage]":
    """What we have told them in the case, the latest first."""
    rows = CaseMessage.objects.filter(case=case, sort=MessageSort.OURS).select_related("talk", "actor")
    return rows.order_by("-at", "-id")
