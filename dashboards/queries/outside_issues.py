"""The register of outside issues."""

from django.db.models import F, Prefetch, QuerySet

from accounts.models import User
from core.refusals import Missing
from dashboards.models import OutsideIssue, Reconciliation
from relationships.queries.reach import kinds_reached


def issues(*, viewer: User, closed: bool = False) -> "QuerySet[OutsideIssue]":
    """Those in the viewer's sight, open or closed, the next to be looked at first."""
    seen = OutsideIssue.objects.visible_to(viewer, [kind.slug for kind in kinds_reached(viewer)])
    rows = seen.filter(closed_at__isnull=not closed).select_related("owner")
    return rows.order_by(F("next_look_date").asc(nulls_last=True), "-closed_at", "pk")


def issue_detail(*, viewer: User, issue_id: int) -> OutsideIssue:
    """One of them with its parties and its past; raises Missing."""
    seen = OutsideIssue.objects.visible_to(viewer, [kind.slug for kind in kinds_reached(viewer)])
    made = Reconciliation.objects.select_related("made_by").defer("mismatches").order_by("-made_at", "-pk")
    rows = seen.select_related("owner", "created_by").prefetch_related(
        "parties", "events__actor", Prefetch("reconciliations", made)
    )
    found = rows.filter(pk=issue_id).first()
    if found is None:
        raise Missing("There is no such outside issue.")
    return found


def reconciliation_of(*, viewer: User, issue_id: int, reconciliation_id: int) -> Reconciliation:
    """One comparison of an issue in the viewer's sight; raises Missing."""
    seen = OutsideIssue.objects.visible_to(viewer, [kind.slug for kind in kinds_reached(viewer)])
    rows = Reconciliation.objects.filter(issue__in=seen, issue=issue_id).select_related("issue", "made_by")
    found = rows.filter(pk=reconciliation_id).first()
    if found is None:
        raise Missing("There is no such comparison.")
    return found
