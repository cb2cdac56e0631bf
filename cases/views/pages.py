"""The page of a case, for the views that answer with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from cases import tables
from cases.forms import MessageForm
from cases.models import Case, Question
from cases.queries.detail import CaseDetail, case_detail
from cases.transitions import QUESTION, moves_of
from core.refusals import Missing
from relationships.permissions import may_in

FIRST = ("acknowledge", "assess", "investigate", "propose", "communicate", "answer", "close", "resume")
"""Of the possible moves, the one to offer first."""
WITH_WORDS = frozenset({"close", "mark_double", "withdraw", "reject", "reopen"})
"""Moves that ask for words before they are made."""


def address_of(case: Case) -> str:
    """The page of a case."""
    return f"/cases/{case.pk}/"


def found_case(viewer: User, case_id: int) -> Case:
    """The case; raises Missing when there is none that the viewer may know of."""
    rows = Case.objects.visible_to(viewer).select_related(
        "relationship", "relationship__business_unit", "person"
    )
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise Missing(_("There is no such case."))
    return found


def case_page(request: HttpRequest, case_id: int, form: MessageForm | None = None) -> HttpResponse:
    """The case with everything; `form` is what was typed and could not be used."""
    viewer, now = viewer_of(request), timezone.now()
    detail = case_detail(viewer=viewer, case_id=case_id, now=now)
    if detail is None:
        raise Missing(_("There is no such case."))
    may = may_in(viewer, Permission.MANAGE_CASES, detail.case.relationship)
    context = {
        "detail": detail,
        "case": detail.case,
        "chips": [tables.chip(state, now) for state in detail.current],
        "sums": [tables.sum_of(each) for each in detail.clocks],
        "form": form or MessageForm(initial={"channel": detail.case.channel}, asked=detail.unanswered),
        "questions": [_asked(question, may and detail.case.is_open) for question in detail.questions],
        "theirs": str(detail.case.person or detail.case.relationship.party_name),
        "may": may,
        **_moves(detail, may),
    }
    return render(request, "cases/case_detail.html", context, status=422 if form is not None else 200)


def _asked(question: Question, may: bool) -> dict[str, Any]:
    """A question with the moves that it can make; in a case that is over, none."""
    moves = QUESTION.allowed(question.state) if may else []
    return {
        "question": question,
        "moves": moves,
        "may_edit": bool(moves) and question.settled_at is None,
    }


def _moves(detail: CaseDetail, may: bool) -> dict[str, Any]:
    moves = moves_of(detail.case) if may else []
    names = {move.name for move in moves}
    return {
        "moves": moves,
        "primary": next((name for name in FIRST if name in names), ""),
        "with_words": WITH_WORDS,
    }
