"""Administration of how kinds are measured: versions, a draft's components, its trial, and its coming into force."""

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
from accounts.permissions import require
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from health import tables, ui
from health.enums import ScorecardStatus
from health.forms.scorecards import ComponentForm, NewComponentForm, component_values
from health.models import Component, Scorecard
from health.operations import drafts
from health.operations.scorecards import activate_scorecard, validate_scorecard
from health.queries import scorecards as queries
from health.transitions import SCORECARD
from relationships.models import Relationship

MOVES = {"validate": validate_scorecard, "activate": activate_scorecard, "retire": drafts.retire_draft}


@login_required
@require_GET
def scorecard_list(request: HttpRequest) -> HttpResponse:
    """Every version of every kind, the newest first."""
    require(viewer_of(request), Permission.CONFIGURE_HEALTH)
    context = {"kinds": tables.versions_by_kind(list(queries.versions()))}
    return render(request, "health/scorecard_list.html", context)


@login_required
@require_GET
def scorecard_detail(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """One version: its components, what it would change, and what it says of one relationship."""
    viewer = viewer_of(request)
    return _page(request, _configured(viewer, scorecard_id), viewer)


def _page(
    request: HttpRequest, scorecard: Scorecard, viewer: User, new_form: NewComponentForm | None = None
) -> HttpResponse:
    now = timezone.now()
    is_draft = scorecard.status == ScorecardStatus.DRAFT
    tried = _tried(request, scorecard, viewer)
    taken = {component.measure for component in scorecard.components.all()}
    context = {
        "scorecard": scorecard,
        "kind": tables.kind_label(scorecard.kind),
        "lines": tables.component_lines(scorecard, tried),
        "tried": tried,
        "asked": request.GET.get("relationship", ""),
        "is_draft": is_draft,
        "moves": [
            m for m in SCORECARD.allowed(scorecard.status) if m.name != "retire" or not _in_force(scorecard)
        ],
        "run": queries.dry_run(scorecard=scorecard, now=now) if request.GET.get("try") else None,
        "new_form": new_form or (NewComponentForm(kind=scorecard.kind, taken=taken) if is_draft else None),
    }
    return render(request, "health/scorecard_detail.html", context, status=422 if new_form else 200)


def _in_force(scorecard: Scorecard) -> bool:
    return scorecard.status == ScorecardStatus.ACTIVE


def _tried(request: HttpRequest, scorecard: Scorecard, viewer: User) -> queries.Tried | None:
    asked = request.GET.get("relationship", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    found = Relationship.objects.visible_to(viewer).filter(pk=int(asked)).first()
    if found is None:
        return None
    return queries.try_on(scorecard=scorecard, relationship=found, now=timezone.now())


@login_required
@require_POST
def draft_new(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """The next version as a copy of this one."""
    viewer = viewer_of(request)
    draft = drafts.draft_from(actor=viewer, scorecard=_configured(viewer, scorecard_id), now=timezone.now())
    return done(request, to=_address(draft), toast=Toast(_("Version %s drafted.") % draft.version))


@login_required
@require_POST
def scorecard_move(request: HttpRequest, scorecard_id: int, name: str) -> HttpResponse:
    """Checks a draft, puts a checked version into force, or gives one up."""
    viewer = viewer_of(request)
    scorecard = _configured(viewer, scorecard_id)
    if name not in MOVES:
        raise Missing(_("There is no such step."))
    MOVES[name](actor=viewer, scorecard=scorecard, now=timezone.now())
    words = {
        "validate": _("Checked. It can be put into force."),
        "activate": _("In force. The last 26 weeks are measured anew by it."),
        "retire": _("Retired."),
    }
    return done(request, to=_address(scorecard), toast=Toast(words[name]))


@login_required
@require_POST
def component_new(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """Adds a measure to a draft."""
    viewer = viewer_of(request)
    scorecard = _configured(viewer, scorecard_id)
    form = NewComponentForm(
        request.POST, kind=scorecard.kind, taken={c.measure for c in scorecard.components.all()}
    )
    added: Component | None = None
    if form.is_valid():
        given = {"scorecard": scorecard, **form.cleaned_data}
        added = carry_out(form, drafts.add_component, actor=viewer, now=timezone.now(), **given)
    if added:
        return done(request, to=f"{_address(scorecard)}components/{added.key}/")
    return _page(request, scorecard, viewer, new_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def component_edit(request: HttpRequest, scorecard_id: int, key: str) -> HttpResponse:
    """Weight, half-life, least evidence and curve of one component, over where everybody stands.

    A POST with `preview` draws what came and keeps nothing.
    """
    viewer = viewer_of(request)
    scorecard = _configured(viewer, scorecard_id)
    component = _component(scorecard, key)
    form = ComponentForm(request.POST or None, initial=component_values(component))
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        given = {"scorecard": scorecard, "key": key, **form.cleaned_data}
        if carry_out(form, drafts.edit_component, actor=viewer, now=timezone.now(), **given):
            return done(request, to=_address(scorecard), toast=Toast(_("Component saved.")))
    context = _component_context(scorecard, component, form)
    return render(request, "health/component_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def component_remove(request: HttpRequest, scorecard_id: int, key: str) -> HttpResponse:
    """Takes a component out of a draft."""
    viewer = viewer_of(request)
    scorecard = _configured(viewer, scorecard_id)
    drafts.remove_component(actor=viewer, scorecard=scorecard, key=key, now=timezone.now())
    return done(request, to=_address(scorecard), toast=Toast(_("Component removed.")))


def _component_context(scorecard: Scorecard, component: Component, form: ComponentForm) -> dict[str, Any]:
    """The form beside the curve as it came, where it can be drawn, else as it is kept."""
    curve = ui.drawable(form.cleaned_data.get("curve")) if form.is_bound else None
    curve = curve or component.curve
    low, high = ui.span(curve)
    held = queries.population(kind=scorecard.kind, measure=component.measure, low=low, high=high)
    return {
        "scorecard": scorecard,
        "kind": tables.kind_label(scorecard.kind),
        "component": component,
        "label": tables.measure_label(component.measure),
        "form": form,
        "drawing": ui.curve_drawing(curve, held),
        "population": held,
        "is_draft": scorecard.status == ScorecardStatus.DRAFT,
    }


def _configured(viewer: User, scorecard_id: int) -> Scorecard:
    require(viewer, Permission.CONFIGURE_HEALTH)
    found = queries.scorecard_of(scorecard_id)
    if found is None:
        raise Missing(_("There is no such scorecard."))
    return found


def _component(scorecard: Scorecard, key: str) -> Component:
    found = next((component for component in scorecard.components.all() if component.key == key), None)
    if found is None:
        raise Missing(_("There is no such component."))
    return found


def _address(scorecard: Scorecard) -> str:
    return f"/administration/scorecards/{scorecard.pk}/"
