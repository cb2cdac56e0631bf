"""Playbooks on a record: started, a step left out, closed with what they changed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import NotAllowed
from relationships.forms.handing_on import EffectForm, PlaybookForm, SkipForm
from relationships.forms.refusals import carry_out
from relationships.models import Relationship
from relationships.operations import playbooks as operations
from relationships.permissions import may_in
from relationships.queries.playbooks import visible_run, visible_step
from relationships.queries.record import visible_relationship
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

FIELDS = "relationships/_plain_fields.html"


@login_required
@require_http_methods(["GET", "POST"])
def playbook_start(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Chooses one of the kind's playbooks and plans its steps."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    _require(viewer, relationship)
    form = PlaybookForm(request.POST or None, kind=kind, initial={"assignee": relationship.owner_id})
    back = back_of(request, _record(relationship))
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "relationship": relationship, "now": timezone.now(), **form.cleaned_data}
        run = carry_out(form, operations.start_playbook, **given)
        if run:
            words = _("“%(label)s” started: its steps are planned.") % {"label": run.label}
            return done(request, to=back, toast=Toast(words))
    title = _("Start a playbook: %(name)s") % {"name": relationship.party_name}
    return ask(request, Dialog(title, f"{_record(relationship)}playbooks/", FIELDS, _("Start"), back), form)


@login_required
@require_http_methods(["GET", "POST"])
def step_skip(request: HttpRequest, step_id: int) -> HttpResponse:
    """Leaves a step out, with the reason."""
    viewer = viewer_of(request)
    step = visible_step(viewer, step_id)
    _require(viewer, step.run.relationship)
    form = SkipForm(request.POST or None)
    back = back_of(request, _record(step.run.relationship))
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "step": step, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.skip_step, **given):
            return done(request, to=back, toast=Toast(_("Step skipped.")))
    title = _("Skip “%(what)s”") % {"what": step.follow_up.what}
    return ask(request, Dialog(title, f"/playbook-steps/{step_id}/skipping/", FIELDS, _("Skip"), back), form)


@login_required
@require_http_methods(["GET", "POST"])
def run_close(request: HttpRequest, run_id: int) -> HttpResponse:
    """Ends a run and says what it changed."""
    viewer = viewer_of(request)
    run = visible_run(viewer, run_id)
    _require(viewer, run.relationship)
    form = EffectForm(request.POST or None)
    back = back_of(request, _record(run.relationship))
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "run": run, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.close_playbook, **given):
            return done(request, to=back, toast=Toast(_("“%(label)s” closed.") % {"label": run.label}))
    title = _("Close “%(label)s”") % {"label": run.label}
    return ask(request, Dialog(title, f"/playbook-runs/{run_id}/closing/", FIELDS, _("Close"), back), form)


def _record(relationship: Relationship) -> str:
    return f"/{relationship.kind}/{relationship.pk}/"


def _require(viewer: User, relationship: Relationship) -> None:
    if not may_in(viewer, Permission.MANAGE_FOLLOW_UPS, relationship):
        raise NotAllowed(_("Your role does not allow this here."))
