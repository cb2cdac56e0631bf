"""An answer that goes by mail: everybody who will get it is shown before it is sent."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from cases.forms import MailForm
from cases.models import Case
from cases.operations.mails import mail_answer, subject_of
from cases.queries.mails import addressed
from cases.queries.questions import unanswered_in
from cases.views.pages import address_of, found_case
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import NotAllowed
from relationships.permissions import may_in


@login_required
@require_http_methods(["GET", "POST"])
def case_mail(request: HttpRequest, case_id: int) -> HttpResponse:
    """Shows an answer with all who would get it, as it was begun on the page of the case; sends it once they stand."""
    viewer = viewer_of(request)
    case = found_case(viewer, case_id)
    if not may_in(viewer, Permission.MANAGE_CASES, case.relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    form = _form(request, case)
    if form.is_bound and form.is_valid():
        given = {"case": case, "answer": form.answer, "key": form.cleaned_data["mail_key"]}
        mail = carry_out(form, mail_answer, actor=viewer, now=timezone.now(), **given)
        if mail is not None:
            toast = Toast(_("The mail leaves in a moment."), undo=f"/outgoing-mail/{mail.pk}/withdrawals/")
            return done(request, to=f"{address_of(case)}#composer", toast=toast)
    context = {"form": form, "case": case, "subject": subject_of(case), "leaves": bool(settings.SMTP_URL)}
    context["sender"] = settings.DEFAULT_FROM_EMAIL
    return render(request, "cases/case_mail.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, case: Case) -> MailForm:
    """What is to be sent; or, from the page of the case, what was begun there."""
    asked = unanswered_in(case)
    if "to" in request.POST:
        return MailForm(request.POST, asked=asked)
    return MailForm(initial=_begun(request, case), asked=asked)


def _begun(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What was typed so far, and everybody whom an answer would go to: nobody else is added later."""
    typed = {name: request.POST.get(name, "") for name in ("body", "promise", "promise_due_date")}
    thread = addressed(case)
    people = {"to": ", ".join(thread.to), "cc": ", ".join(thread.cc)}
    return {**typed, **people, "answers": request.POST.getlist("answers")}
