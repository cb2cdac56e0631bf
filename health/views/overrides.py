"""Judging health by hand, and ending that."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing
from health.forms import OverrideForm
from health.operations.overrides import set_override, withdraw_override
from health.queries.explanation import Explanation, explain
from health.queries.judgements import standing_override
from relationships.models import Relationship
from relationships.operations.access import require
from relationships.queries.record import visible_relationship


@login_required
@require_http_methods(["GET", "POST"])
def override_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Asks for a value, a reason and a day, beside what is computed."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = _judged(viewer, kind, relationship_id)
    said = explain(viewer=viewer, relationship=relationship, now=now)
    form = OverrideForm(request.POST or None, **_choices(relationship, said))
    if request.method == "POST" and form.is_valid():
        given = {"relationship": relationship, **form.cleaned_data}
        if carry_out(form, set_override, actor=viewer, now=now, **given):
            return done(request, to=_why(relationship), toast=Toast(_("Judgement written down.")))
    context = {"form": form, "relationship": relationship, "health": said}
    return render(request, "health/override_new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def override_end(request: HttpRequest, kind: str, relationship_id: int, override_id: int) -> HttpResponse:
    """Ends one before its day."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = _judged(viewer, kind, relationship_id)
    override = standing_override(relationship, override_id)
    if override is None:
        raise Missing(_("There is no such judgement."))
    withdraw_override(actor=viewer, override=override, now=now)
    return done(request, to=_why(relationship), toast=Toast(_("Judgement ended.")))


def _judged(viewer: User, kind: str, relationship_id: int) -> Relationship:
    relationship = visible_relationship(viewer, kind, relationship_id)
    require(viewer, Permission.MANAGE_RELATIONSHIPS, relationship)
    return relationship


def _choices(relationship: Relationship, said: Explanation) -> dict[str, Any]:
    return {
        "components": [(line.key, line.label) for line in said.lines if line.points is not None],
        "today": timezone.now().astimezone(ZoneInfo(relationship.business_unit.time_zone)).date(),
    }


def _why(relationship: Relationship) -> str:
    return f"/{relationship.kind}/{relationship.pk}/why/"
