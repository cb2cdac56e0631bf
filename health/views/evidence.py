"""The exact rows behind one component of a score."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.refusals import Missing, NotAllowed
from health import tables
from health.models import RelationshipScore
from health.queries.evidence import evidence_page
from health.queries.explanation import line_of, scores_of
from health.queries.words import measure_of
from relationships.models import Relationship
from relationships.permissions import may_in
from relationships.queries.record import visible_relationship


@login_required
@require_GET
def evidence_list(request: HttpRequest, kind: str, relationship_id: int, component: str) -> HttpResponse:
    """A page of the rows, with their weights, totals and how these make the number."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    stored, part = _measured(viewer, relationship, component)
    page = evidence_page(
        viewer=viewer,
        relationship=relationship,
        stored=stored,
        part=part,
        cursor=request.GET.get("at", ""),
    )
    context = {
        "relationship": relationship,
        "line": line_of(stored, component, now=now),
        "page": page,
        "is_stale": relationship.state.stale_at is not None,
        "scored_at": stored.as_of,
        "columns": tables.evidence_columns(page),
        "totals": tables.evidence_totals(page),
    }
    return render(request, "health/evidence_list.html", context)


def _measured(
    viewer: User, relationship: Relationship, component: str
) -> tuple[RelationshipScore, dict[str, Any]]:
    """The stored score and its part of that name; raises Missing, or NotAllowed where the rows show money."""
    stored = scores_of([relationship.pk]).get(relationship.pk)
    part = next((part for part in stored.parts if part["key"] == component), None) if stored else None
    if stored is None or part is None:
        raise Missing(_("Nothing of that name has been measured here."))
    measure = measure_of(part)
    wanted = measure.rows.permission if measure and measure.rows else ""
    if wanted and not may_in(viewer, Permission(wanted), relationship):
        raise NotAllowed(_("Your role does not show money here."))
    return stored, part
