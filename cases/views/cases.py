"""One case: opened, seen, described anew, given to somebody, talked about."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from cases.enums import MessageSort
from cases.forms import AssignForm, CaseEditForm, CaseForm, MessageForm
from cases.models import Case, CaseMessage
from cases.operations import cases as operations
from cases.operations import messages
from cases.queries.around import people_of
from cases.queries.questions import unanswered_in
from cases.views.pages import address_of, case_page, found_case
from core.addresses import id_in
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import NotAllowed
from relationships.models import Relationship
from relationships.permissions import may_in


@login_required
@require_http_methods(["GET", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    """Opens a case in the relationship that the address names, or asks which one."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = _relationship(viewer, _asked(request, "relationship"))
    _require(viewer, relationship)
    if relationship is None:
        return render(request, "cases/case_choose.html")
    follows = _follows(viewer, relationship, _asked(request, "follows"))
    initial = {"owner": relationship.owner_id, "subject": follows.subject if follows else ""}
    form = CaseForm(request.POST or None, people=people_of(relationship), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"relationship": relationship, "raised": form.raised(follows)}
        key = form.cleaned_data["idempotency_key"]
        made = carry_out(form, operations.open_case, actor=viewer, now=now, idempotency_key=key, **given)
        if made is not None:
            return done(request, to=address_of(made), toast=Toast(_("%(ref)s is open.") % {"ref": made.ref}))
    context = {"form": form, "relationship": relationship, "follows": follows}
    return render(request, "cases/case_new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def case_detail(request: HttpRequest, case_id: int) -> HttpResponse:
    """What was said, the facts and the clocks, and where the case can go."""
    return case_page(request, case_id)


@login_required
@require_http_methods(["GET", "POST"])
def case_edit(request: HttpRequest, case_id: int) -> HttpResponse:
    """Says anew what a case is about and how serious it is."""
    viewer, now = viewer_of(request), timezone.now()
    case = found_case(viewer, case_id)
    _require(viewer, case.relationship)
    known = {name: getattr(case, name) for name in operations.DESCRIBED} | {"person": case.person_id}
    people = people_of(case.relationship, also=case.person)
    form = CaseEditForm(request.POST or None, people=people, initial=known)
    if request.method == "POST" and form.is_valid():
        given = {"case": case, "version": _version(request, case), **form.cleaned_data}
        if carry_out(form, operations.edit_case, actor=viewer, now=now, **given):
            return done(request, to=address_of(case), toast=Toast(_("Case changed.")))
    context = {
        "form": form,
        "case": case,
        "title": _("Change the case"),
        "place": "edit",
        "submit": _("Save"),
    }
    return render(request, "cases/case_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def case_assign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Gives a case to somebody."""
    viewer, now = viewer_of(request), timezone.now()
    case = found_case(viewer, case_id)
    _require(viewer, case.relationship)
    form = AssignForm(request.POST or None, initial={"owner": case.owner_id, "team": case.team_id})
    if request.method == "POST" and form.is_valid():
        given = {"case": case, **form.cleaned_data}
        if carry_out(form, operations.assign_case, actor=viewer, now=now, **given):
            return done(request, to=address_of(case), toast=Toast(_("Given on.")))
    context = {"form": form, "case": case, "title": _("Give the case to somebody"), "place": "assignment"}
    context["submit"] = _("Give")
    return render(request, "cases/case_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def case_say(request: HttpRequest, case_id: int) -> HttpResponse:
    """Writes down what was said; what cannot be used comes back with the page."""
    viewer = viewer_of(request)
    case = found_case(viewer, case_id)
    form = MessageForm(request.POST, asked=unanswered_in(case))
    if form.is_valid() and _say(viewer, case, form) is not None:
        return done(request, to=f"{address_of(case)}#composer", toast=Toast(_("Noted.")))
    return case_page(request, case_id, form)


def _say(viewer: User, case: Case, form: MessageForm) -> CaseMessage | None:
    """The operation that what was said calls for."""
    said, now = form.cleaned_data, timezone.now()
    given = {name: said[name] for name in ("body", "idempotency_key")}
    given |= {"actor": viewer, "case": case, "now": now}
    if said["sort"] == MessageSort.NOTE:
        return carry_out(form, messages.note_in_case, **given)
    given |= {"channel": said["channel"], "said_at": said["said_at"]}
    if said["sort"] == MessageSort.THEIRS:
        return carry_out(form, messages.hear_case, **given, wants_answer=not said["is_thanks"])
    told = {name: said[name] for name in ("promise", "promise_due_date", "answers") if name in said}
    return carry_out(form, messages.answer_case, **given, **told)


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "") or request.GET.get(name, "")


def _number(asked: str) -> int:
    """What was asked for as a number; 0, which nothing has, for all else."""
    return id_in(asked) or 0


def _relationship(viewer: User, asked: str) -> Relationship | None:
    rows = Relationship.objects.visible_to(viewer).select_related("party", "owner", "business_unit")
    return rows.filter(pk=_number(asked)).first()


def _follows(viewer: User, relationship: Relationship, asked: str) -> Case | None:
    """The case that the new one goes on from, if the viewer may know of it."""
    return Case.objects.visible_to(viewer).filter(relationship=relationship, pk=_number(asked)).first()


def _require(viewer: User, relationship: Relationship | None) -> None:
    may = Permission.MANAGE_CASES
    if not (viewer.may(may) if relationship is None else may_in(viewer, may, relationship)):
        raise NotAllowed(_("Your role does not allow this here."))


def _version(request: HttpRequest, case: Case) -> int:
    """The version that the form was filled in for."""
    return _number(request.POST.get("version", "")) or case.version
