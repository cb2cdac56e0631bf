"""The questions of a case: noted, said anew, settled."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from cases.forms import NoAnswerForm, QuestionForm, SettleForm
from cases.models import Case, Question
from cases.operations.questions import edit_question, move_question, note_question
from cases.queries.questions import questions_of
from cases.transitions import QUESTION
from cases.views.pages import address_of, found_case
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from relationships.permissions import may_in


@login_required
@require_http_methods(["GET", "POST"])
def question_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Notes a question that no program found."""
    viewer, case = _case(request, case_id)
    form = QuestionForm(request.POST or None, initial={"owner": case.owner_id})
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "case": case, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, note_question, **given):
            return _done(request, case, _("Question noted."))
    return _asked(request, case, form, _("Note a question"), "questions/new", _("Note it"))


@login_required
@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, case_id: int, question_id: int) -> HttpResponse:
    """Says a question anew, or gives it to somebody."""
    viewer, case = _case(request, case_id)
    question = _question(case, question_id)
    form = QuestionForm(request.POST or None, initial={"text": question.text, "owner": question.owner_id})
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "question": question, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, edit_question, **given):
            return _done(request, case, _("Question changed."))
    place = f"questions/{question.pk}/edit"
    return _asked(request, case, form, _("Change the question"), place, _("Save"))


@login_required
@require_http_methods(["GET", "POST"])
def question_move(request: HttpRequest, case_id: int, question_id: int, name: str) -> HttpResponse:
    """Settles a question, or opens it again; what that wants to know is asked first."""
    viewer, case = _case(request, case_id)
    question = _question(case, question_id)
    move = next((each for each in QUESTION.transitions if each.name == name), None)
    if move is None:
        raise Missing(_("There is no such move."))
    form = _form(name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"question": question, "transition": name, **form.cleaned_data}
        if carry_out(form, move_question, actor=viewer, now=timezone.now(), **given):
            return _done(request, case, str(move.label))
    place = f"questions/{question.pk}/transitions/{name}"
    return _asked(request, case, form, move.label, place, move.label, lead=question.text)


def _form(name: str, said: Any) -> forms.Form:
    return NoAnswerForm(said) if name == "rule_out" else SettleForm(said)


def _case(request: HttpRequest, case_id: int) -> tuple[User, Case]:
    """The viewer and the case; raises Missing, and NotAllowed for who only reads."""
    viewer = viewer_of(request)
    case = found_case(viewer, case_id)
    if not may_in(viewer, Permission.MANAGE_CASES, case.relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    return viewer, case


def _question(case: Case, question_id: int) -> Question:
    found = questions_of(case).filter(pk=question_id).first()
    if found is None:
        raise Missing(_("There is no such question."))
    return found


def _done(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    return done(request, to=f"{address_of(case)}#questions", toast=Toast(words))


def _asked(
    request: HttpRequest, case: Case, form: forms.Form, title: Any, place: str, submit: Any, *, lead: str = ""
) -> HttpResponse:
    context = {"form": form, "case": case, "title": title, "place": place, "submit": submit, "lead": lead}
    return render(request, "cases/case_form.html", context, status=422 if form.errors else 200)
