"""The register of outside issues: the list, one of them, and its moves."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from dashboards.forms import IssueMoveForm, OutsideIssueForm
from dashboards.models import OutsideIssue
from dashboards.operations import outside_issues as operations
from dashboards.queries.outside_issues import issue_detail, issues
from dashboards.transitions import OUTSIDE_ISSUE
from relationships import kinds
from relationships.queries.reach import kinds_reached
from relationships.queries.relationship_list import today_of

REGISTER = "/outside-issues/"
SHOWN = 100


@login_required
@require_GET
def issue_list(request: HttpRequest) -> HttpResponse:
    """Open ones, or those that are over."""
    viewer = viewer_of(request)
    closed = request.GET.get("status") == "closed"
    context = {
        "issues": [_row(issue) for issue in issues(viewer=viewer, closed=closed)[:SHOWN]],
        "today": today_of(viewer, timezone.now()),
        "closed": closed,
        "segments": [
            {"value": "open", "label": _("Open"), "url": REGISTER},
            {"value": "closed", "label": _("Over"), "url": f"{REGISTER}?status=closed"},
        ],
        "columns": [
            {"label": words} for words in (_("What"), _("Touches"), _("State"), _("Owner"), _("Next look"))
        ],
        "may_edit": viewer.may(Permission.MANAGE_RELATIONSHIPS),
    }
    return render(request, "dashboards/outside_issue_list.html", context)


@login_required
@require_GET
def issue_page(request: HttpRequest, issue_id: int) -> HttpResponse:
    """What is known of one, what happened to it, and where it can go."""
    return _page(request, issue_id, IssueMoveForm())


@login_required
@require_POST
def issue_move(request: HttpRequest, issue_id: int, name: str) -> HttpResponse:
    """Takes it through one move of its table."""
    viewer, now = viewer_of(request), timezone.now()
    issue = issue_detail(viewer=viewer, issue_id=issue_id)
    if name not in {move.name for move in OUTSIDE_ISSUE.transitions}:
        raise Missing(_("There is no such move."))
    form = IssueMoveForm(request.POST)
    given = {"issue": issue, "transition": name}
    moved = None
    if form.is_valid():
        moved = carry_out(form, operations.move_issue, actor=viewer, now=now, **given, **form.cleaned_data)
    if moved is not None:
        return done(request, to=f"{REGISTER}{issue.pk}/", toast=Toast(_("Noted.")))
    return _page(request, issue_id, form)


@login_required
@require_http_methods(["GET", "POST"])
def issue_new(request: HttpRequest) -> HttpResponse:
    """Puts something on the register."""
    viewer, now = viewer_of(request), timezone.now()
    _require(viewer)
    form = OutsideIssueForm(
        request.POST or None,
        kinds=kinds_reached(viewer),
        initial={"owner": viewer, "since_date": today_of(viewer, now)},
    )
    if request.method == "POST" and form.is_valid():
        made = carry_out(form, operations.notice_issue, actor=viewer, now=now, **form.given)
        if made is not None:
            return done(request, to=f"{REGISTER}{made.pk}/", toast=Toast(_("On the register.")))
    return _form(request, form, _("New outside issue"), f"{REGISTER}new/", REGISTER)


@login_required
@require_http_methods(["GET", "POST"])
def issue_edit(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Changes what is said of one."""
    viewer, now = viewer_of(request), timezone.now()
    issue = issue_detail(viewer=viewer, issue_id=issue_id)
    _require(viewer)
    known = {name: getattr(issue, name) for name in operations.FIELDS}
    named = issue.parties.all()
    form = OutsideIssueForm(request.POST or None, kinds=kinds_reached(viewer), named=named, initial=known)
    if request.method == "POST" and form.is_valid():
        given = {"issue": issue, "version": _version(request, issue), **form.given}
        if carry_out(form, operations.edit_issue, actor=viewer, now=now, **given):
            return done(request, to=f"{REGISTER}{issue.pk}/", toast=Toast(_("Saved.")))
    here = f"{REGISTER}{issue.pk}/"
    return _form(request, form, issue.title, f"{here}edit/", here, version=issue.version)


def _page(request: HttpRequest, issue_id: int, form: IssueMoveForm) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    issue = issue_detail(viewer=viewer, issue_id=issue_id)
    context = {"row": _row(issue), "issue": issue, "form": form} | _may(viewer, issue, now)
    status = 422 if form.errors else 200
    return render(request, "dashboards/outside_issue_detail.html", context, status=status)


def _may(viewer: User, issue: OutsideIssue, now: datetime) -> dict[str, Any]:
    may = viewer.may(Permission.MANAGE_RELATIONSHIPS)
    past = sorted(issue.events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    return {
        "may_edit": may,
        "moves": OUTSIDE_ISSUE.allowed(issue.state) if may else [],
        "past": past,
        "today": today_of(viewer, now),
    }


def _row(issue: OutsideIssue) -> dict[str, Any]:
    known = [kinds.registry.get(slug) for slug in issue.kinds if slug in kinds.registry]
    return {"issue": issue, "kinds": known}


def _form(
    request: HttpRequest, form: OutsideIssueForm, title: str, action: str, back: str, version: int = 0
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": back, "version": version}
    return render(request, "dashboards/outside_issue_form.html", context, status=422 if form.errors else 200)


def _require(viewer: User) -> None:
    if not viewer.may(Permission.MANAGE_RELATIONSHIPS):
        raise NotAllowed(_("The register of outside issues is kept by those who manage relationships."))


def _version(request: HttpRequest, issue: OutsideIssue) -> int:
    """The version that the form was filled in for."""
    asked = request.POST.get("version", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else issue.version
