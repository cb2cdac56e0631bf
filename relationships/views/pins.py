"""Pins: put on and taken off on the record, moved where one searches."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import viewer_of
from core.http import Toast, done
from relationships.operations import pins
from relationships.queries.record import visible_relationship
from relationships.views.backs import back_of


@login_required
@require_POST
def pin(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Puts the record among the viewer's pins."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    pins.pin_relationship(actor=viewer, relationship=relationship, now=timezone.now())
    words = _("Pinned: %(name)s") % {"name": relationship.party_name}
    return done(request, to=back_of(request, f"/{kind}/{relationship_id}/"), toast=Toast(words))


@login_required
@require_POST
def unpin(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Takes it off."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    pins.unpin_relationship(actor=viewer, relationship=relationship)
    words = _("No longer pinned: %(name)s") % {"name": relationship.party_name}
    return done(request, to=back_of(request, f"/{kind}/{relationship_id}/"), toast=Toast(words))


@login_required
@require_POST
def pin_move(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Moves it one place up, or down with `to=down`."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    pins.move_pin(actor=viewer, relationship=relationship, forwards=request.POST.get("to") == "down")
    return done(request, to="/search/")
