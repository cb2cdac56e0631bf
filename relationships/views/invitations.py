"""The guests of a planned meeting, changed in a dialog that says who will be told before anybody is."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import viewer_of
from core.http import Toast, done, is_htmx
from relationships.forms.follow_ups import InvitationForm
from relationships.forms.refusals import carry_out
from relationships.models import FollowUp
from relationships.operations.invitations import Change, change_invitation, foresee_change
from relationships.queries.invitations import choosable, guests_of, invitation_to
from relationships.queries.relationship_list import today_of
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask
from relationships.views.follow_ups import CHANGED, record_of, visible_follow_up

FIELDS, TOLD = "relationships/_invitation_fields.html", "relationships/_invitation_told.html"


@login_required
@require_http_methods(["GET", "POST"])
def invitation_edit(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Asks others to a meeting, or some no longer; whoever that concerns is told by mail."""
    viewer, now = viewer_of(request), timezone.now()
    follow_up = visible_follow_up(viewer, follow_up_id)
    form = _form(request, follow_up, now)
    if request.method == "POST" and form.is_valid():
        given = {"follow_up": follow_up, "draft": form.draft(), "reason": form.cleaned_data["reason"]}
        change = carry_out(form, change_invitation, actor=viewer, now=now, **given)
        if change is not None:
            to, toast = back_of(request, record_of(follow_up)), Toast(_outcome(change))
            return done(request, to=to, toast=toast, events=CHANGED)
    return ask(request, _dialog(request, follow_up), form)


@login_required
@require_POST
def invitation_telling(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Who would be told what if it were sent as it is filled in; nothing is changed."""
    viewer = viewer_of(request)
    follow_up = visible_follow_up(viewer, follow_up_id)
    form, change = _form(request, follow_up, timezone.now()), None
    if form.is_valid():
        change = foresee_change(actor=viewer, follow_up=follow_up, draft=form.draft())
    if is_htmx(request):
        return render(request, TOLD, {"change": change, "form": form})
    return ask(request, _dialog(request, follow_up, change), form)


def _form(request: HttpRequest, follow_up: FollowUp, now: datetime) -> InvitationForm:
    viewer, invitation = viewer_of(request), invitation_to(follow_up)
    guests = guests_of(viewer=viewer, invitation=invitation)
    as_of = today_of(viewer, now)
    people = choosable(relationship=follow_up.relationship, guests=guests, as_of=as_of)
    return InvitationForm(request.POST or None, invitation=invitation, guests=guests, people=people)


def _dialog(request: HttpRequest, follow_up: FollowUp, change: Change | None = None) -> Dialog:
    title = _("Guests of “%(what)s”") % {"what": follow_up.what}
    address, back = f"/follow-ups/{follow_up.pk}/invitation/", back_of(request, record_of(follow_up))
    more = {"follow_up": follow_up, "change": change}
    return Dialog(title, address, FIELDS, _("Save and tell them"), back, more=more)


def _outcome(change: Change) -> str:
    if not change.is_one:
        return _("Nothing is different; nobody was told.")
    mails = sum(len(guests) for guests in change.told.values())
    words = ngettext("Guests changed; %(n)d mail goes out.", "Guests changed; %(n)d mails go out.", mails)
    return words % {"n": mails}
