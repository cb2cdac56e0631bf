"""Who may see a relationship: the list with its reasons, naming somebody, ending that."""

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from relationships import kinds
from relationships.forms.access import AccessForm
from relationships.forms.refusals import carry_out
from relationships.models import ConfidentialAccess, Relationship
from relationships.operations.confidential_access import end_access, name_access
from relationships.permissions import may_in
from relationships.queries.audience import access_changes, audience
from relationships.queries.record import visible_relationship
from relationships.templatetags.vocabulary import record_url
from relationships.views.dialogs import Dialog, ask

MOST = 100


@login_required
@require_safe
def access_list(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Everybody who may know of it, and the last changes."""
    viewer = viewer_of(request)
    relationship = _managed(viewer, kind, relationship_id)
    seers = audience(relationship)
    context = {
        "relationship": relationship,
        "here": f"{record_url(relationship)}access/",
        "is_closed_kind": kinds.registry.get(kind).sight is not None,
        "seers": seers[:MOST],
        "count": len([seer for seer in seers if seer.sees]),
        "further": len(seers[MOST:]),
        "changes": access_changes(viewer, relationship),
    }
    return render(request, "relationships/access_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def access_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Names somebody."""
    viewer = viewer_of(request)
    relationship = _managed(viewer, kind, relationship_id)
    here = f"{record_url(relationship)}access/"
    form = AccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"relationship": relationship, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, name_access, actor=viewer, **given):
            name = form.cleaned_data["user"].name
            return done(request, to=here, toast=Toast(_("%(name)s may see it now.") % {"name": name}))
    fields = "relationships/_plain_fields.html"
    return ask(request, Dialog(_("Name somebody"), f"{here}new/", fields, _("Name"), here), form)


@login_required
@require_http_methods(["GET", "POST"])
def access_end(request: HttpRequest, kind: str, relationship_id: int, access_id: int) -> HttpResponse:
    """Somebody is no longer named; whoever ends their own access is led to what they still see."""
    viewer = viewer_of(request)
    relationship = _managed(viewer, kind, relationship_id)
    access = _access(relationship, access_id)
    here = f"{record_url(relationship)}access/"
    if request.method == "POST":
        end_access(actor=viewer, access=access, now=timezone.now())
        still = Relationship.objects.visible_to(viewer).filter(pk=relationship.pk).exists()
        toast = Toast(_("%(name)s is no longer named.") % {"name": access.user.name})
        return done(request, to=here if still else f"/{kind}/", toast=toast)
    title = _("End the access of %(name)s") % {"name": access.user.name}
    action, fields = f"{here}{access_id}/ending/", "relationships/_access_end_fields.html"
    return ask(request, Dialog(title, action, fields, _("End access"), here, danger=True), Form())


def _managed(viewer: User, kind: str, relationship_id: int) -> Relationship:
    """The relationship, for somebody who may say who sees it; raises Missing or NotAllowed."""
    relationship = visible_relationship(viewer, kind, relationship_id)
    if not may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    return relationship


def _access(relationship: Relationship, access_id: int) -> ConfidentialAccess:
    found = relationship.confidential_access.select_related("user").filter(pk=access_id).first()
    if found is None:
        raise Missing(_("There is no such access."))
    return found
