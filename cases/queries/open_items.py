"""The open cases and unanswered questions that somebody still has in hand."""

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from accounts.models import User
from accounts.registry import OpenItems
from cases.models import Case, Question
from relationships import kinds
from relationships.models import Relationship


def count_words(number: int) -> str:
    return ngettext("%(n)d open case", "%(n)d open cases", number) % {"n": number}


def _cases(holder: int, viewer: User | None) -> "QuerySet[Case]":
    """Without those of a closed kind out of the viewer's sight; nobody in particular has all."""
    return Case.objects.open().filter(_told(viewer, ""), owner_id=holder)


def _asked_words(number: int) -> str:
    return ngettext("%(n)d unanswered question", "%(n)d unanswered questions", number) % {"n": number}


def _questions(holder: int, viewer: User | None) -> "QuerySet[Question]":
    """The same of questions that wait for an answer."""
    return Question.objects.owed().filter(_told(viewer, "case__"), owner_id=holder)


def _told(viewer: User | None, at: str) -> Q:
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    if viewer is None or not closed:
        return Q()
    seen = Relationship.objects.visible_to(viewer).filter(kind__in=closed)
    return ~Q(**{f"{at}relationship__kind__in": closed}) | Q(**{f"{at}relationship__in": seen})


OPEN_CASES = OpenItems(
    "cases", "user", _cases, count_words, lambda holder: f"/cases/?status=open&owner={holder}", position=25
)
OPEN_QUESTIONS = OpenItems(
    "questions",
    "user",
    _questions,
    _asked_words,
    lambda holder: f"/cases/unresolved/?owner={holder}",
    position=26,
)
