"""Web forms in the settings: what they ask, where they stand, and what came by them."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from automation.forms.web_forms import DefinitionForm
from automation.operations import intake, web_forms
from automation.operations.checking import require_making
from automation.queries import web_forms as queries
from core.forms import carry_out
from core.http import Toast, done
from relationships import kinds
from relationships.permissions import kinds_with

LIST = "/settings/forms/"


@login_required
@require_GET
def form_list(request: HttpRequest) -> HttpResponse:
    """Forms by name, and the kinds for which one can be made."""
    viewer = viewer_of(request)
    made_for = kinds_with(viewer, Permission.MANAGE_RELATIONSHIPS)
    context = {"forms": list(queries.forms_of(viewer)), "kinds": made_for}
    return render(request, "automation/form_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def form_new(request: HttpRequest) -> HttpResponse:
    """A new form, for a kind."""
    viewer, kind = viewer_of(request), request.GET.get("kind", "")
    require_making(viewer, kind)
    form = DefinitionForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        told = {"actor": viewer, "kind": kind, "draft": form.draft(), "now": timezone.now()}
        made = carry_out(form, web_forms.create_form, **told)
        if made:
            toast = Toast(_("Kept, and closed. Look at it, then open it."))
            return done(request, to=f"{LIST}{made.pk}/", toast=toast)
    context = {"form": form, "kind": kinds.registry.get(kind), "web_form": None}
    return render(request, "automation/form_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def form_edit(request: HttpRequest, form_id: int) -> HttpResponse:
    """What a form says."""
    viewer = viewer_of(request)
    web_form = queries.form_of(viewer, form_id)
    form = DefinitionForm(request.POST or None, kind=web_form.kind, form=web_form)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        told = {"version": int(version) if version.isdecimal() and len(version) < 9 else 0}
        told_all = {**told, "actor": viewer, "form": web_form, "draft": form.draft(), "now": timezone.now()}
        if carry_out(form, web_forms.edit_form, **told_all):
            return done(request, to=f"{LIST}{web_form.pk}/", toast=Toast(_("Saved.")))
    context = {"form": form, "kind": kinds.registry.get(web_form.kind), "web_form": web_form}
    return render(request, "automation/form_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def form_detail(request: HttpRequest, form_id: int) -> HttpResponse:
    """Where a form stands, and what came by it."""
    viewer = viewer_of(request)
    web_form = queries.form_of(viewer, form_id)
    page = queries.sent_page(viewer, web_form, request.GET.get("at", ""))
    here = f"{LIST}{web_form.pk}/"
    context = {
        "web_form": web_form,
        "address": f"{settings.BASE_URL}/forms/{web_form.public_id}/",
        "page": page,
        "next_url": f"{here}?at={page.next}" if page.next else "",
        "previous_url": f"{here}?at={page.previous}" if page.previous else "",
        "is_own": web_form.author_id == viewer.pk,
        "kind": kinds.registry.get(web_form.kind),
        "wanting": ", ".join(queries.wanting(web_form.kind, web_form.stage)),
    }
    return render(request, "automation/form_detail.html", context)


@login_required
@require_POST
def form_switch(request: HttpRequest, form_id: int) -> HttpResponse:
    """Open or closed."""
    viewer = viewer_of(request)
    web_form = queries.form_of(viewer, form_id)
    is_on = request.POST.get("on") == "1"
    web_forms.switch_form(actor=viewer, form=web_form, is_on=is_on, now=timezone.now())
    words = _("It is open to visitors.") if is_on else _("It is closed.")
    return done(request, to=f"{LIST}{web_form.pk}/", toast=Toast(words))


@login_required
@require_POST
def sent_settle(request: HttpRequest, form_id: int, sent_id: int) -> HttpResponse:
    """What was held is taken in after all, or dropped."""
    viewer = viewer_of(request)
    web_form = queries.form_of(viewer, form_id)
    sent = queries.sent_of(viewer, web_form, sent_id)
    if request.POST.get("take") == "1":
        intake.release_sent(actor=viewer, sent=sent, now=timezone.now())
        words = _("It is taken in within seconds.")
    else:
        intake.drop_sent(actor=viewer, sent=sent, now=timezone.now())
        words = _("Dropped.")
    return done(request, to=f"{LIST}{web_form.pk}/", toast=Toast(words))
