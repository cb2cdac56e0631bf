"""Follow-ups: planned, done and undone, put off, changed, cancelled."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import Missing
from core.wording import day_words
from relationships.forms.follow_ups import CancelForm, FollowUpForm, NewFollowUpForm, SnoozeForm
from relationships.forms.refusals import carry_out
from relationships.models import FollowUp, Relationship
from relationships.operations import follow_ups as operations
from relationships.queries.invitations import has_guests
from relationships.queries.meetings import possible_guests
from relationships.queries.relationship_list import today_of
from relationships.ui import nearby_days
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

CHANGED = {"follow-up:changed": True}


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Plans a follow-up for one relationship."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = Relationship.objects.visible_to(viewer).filter(kind=kind, pk=relationship_id).first()
    if relationship is None:
        raise Missing(_("There is no such relationship."))
    guests = possible_guests(relationship=relationship, as_of=today_of(viewer, now))
    initial = {"assignee": viewer, **_proposed(request)}
    form = NewFollowUpForm(request.POST or None, initial=initial, guests=guests)
    if request.method == "POST" and form.is_valid():
        given = {"relationship": relationship, **form.asked()}
        if carry_out(form, operations.plan_follow_up, actor=viewer, now=now, **given):
            back = back_of(request, f"/{kind}/{relationship_id}/")
            return done(request, to=back, toast=Toast(_("Follow-up planned.")), events=CHANGED)
    title = _("New follow-up with %(name)s") % {"name": relationship.party_name}
    dialog = _dialog(request, title, f"/{kind}/{relationship_id}/follow-ups/", _("Plan follow-up"), now)
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_edit(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Everything that was planned can be planned anew."""
    viewer, now = viewer_of(request), timezone.now()
    follow_up = visible_follow_up(viewer, follow_up_id)
    form = FollowUpForm(request.POST or None, initial=_values(follow_up))
    if request.method == "POST" and form.is_valid():
        given = {"follow_up": follow_up, "person": follow_up.person, **form.cleaned_data}
        if carry_out(form, operations.edit_follow_up, actor=viewer, now=now, **given):
            to = back_of(request, record_of(follow_up))
            return done(request, to=to, toast=Toast(_("Follow-up changed.")), events=CHANGED)
    address, guests = f"/follow-ups/{follow_up_id}/", has_guests(follow_up)
    dialog = _dialog(request, _("Change follow-up"), address, _("Save follow-up"), now, guests=guests)
    return ask(request, dialog, form)


@login_required
@require_POST
def follow_up_complete(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """It is done; the toast can take it back."""
    follow_up = visible_follow_up(viewer_of(request), follow_up_id)
    operations.finish_follow_up(actor=viewer_of(request), follow_up=follow_up, now=timezone.now())
    undo = f"/follow-ups/{follow_up_id}/reopening/"
    toast = Toast(follow_up.what, title=_("Follow-up done"), undo=undo)
    return done(request, to=back_of(request, record_of(follow_up)), toast=toast, events=CHANGED)


@login_required
@require_POST
def follow_up_reopen(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Takes back that it was done or cancelled."""
    follow_up = visible_follow_up(viewer_of(request), follow_up_id)
    operations.reopen_follow_up(actor=viewer_of(request), follow_up=follow_up, now=timezone.now())
    toast = Toast(follow_up.what, title=_("Follow-up is open again"))
    return done(request, to=back_of(request, record_of(follow_up)), toast=toast, events=CHANGED)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_snooze(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Puts it off to a day: a chip of the menu posts one, the dialog asks for any other."""
    viewer, now = viewer_of(request), timezone.now()
    follow_up = visible_follow_up(viewer, follow_up_id)
    form = SnoozeForm(request.POST or None, initial={"due_date": follow_up.due_date})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["due_date"]
        given = {"follow_up": follow_up, "due_date": day}
        if carry_out(form, operations.snooze_follow_up, actor=viewer, now=now, **given):
            words = _("Put off to %(day)s.") % {"day": day_words(day, today_of(viewer, now), lower=True)}
            toast = Toast(follow_up.what, title=words)
            return done(request, to=back_of(request, record_of(follow_up)), toast=toast, events=CHANGED)
    action = f"/follow-ups/{follow_up_id}/snoozes/"
    fields = "relationships/_snooze_fields.html"
    return ask(request, _dialog(request, _("Put off"), action, _("Put off"), now, fields=fields), form)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up_cancel(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """It is not needed any more; the toast can take that back."""
    viewer, now = viewer_of(request), timezone.now()
    follow_up = visible_follow_up(viewer, follow_up_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"follow_up": follow_up, **form.cleaned_data}
        if carry_out(form, operations.cancel_follow_up, actor=viewer, now=now, **given):
            undo = f"/follow-ups/{follow_up_id}/reopening/"
            toast = Toast(follow_up.what, title=_("Follow-up cancelled"), undo=undo)
            return done(request, to=back_of(request, record_of(follow_up)), toast=toast, events=CHANGED)
    action = f"/follow-ups/{follow_up_id}/cancellation/"
    fields = "relationships/_cancel_follow_up_fields.html"
    title = _("Cancel follow-up")
    dialog = _dialog(request, title, action, title, now, fields=fields, follow_up=follow_up)
    return ask(request, dialog, form)


def visible_follow_up(viewer: User, follow_up_id: int) -> FollowUp:
    """The follow-up; raises Missing when there is none that the viewer may know of."""
    rows = FollowUp.objects.visible_to(viewer).select_related("relationship", "assignee", "person")
    found = rows.filter(pk=follow_up_id).first()
    if found is None:
        raise Missing(_("There is no such follow-up."))
    return found


def record_of(follow_up: FollowUp) -> str:
    """Where the follow-up stands."""
    return f"/{follow_up.relationship.kind}/{follow_up.relationship_id}/"


def _values(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "what": follow_up.what,
        "due_date": follow_up.due_date,
        "due_time": follow_up.due_time,
        "channel": follow_up.channel,
        "assignee": follow_up.assignee_id,
    }


def _proposed(request: HttpRequest) -> dict[str, str]:
    """What a link to the form suggests: the cheapest repair of a relationship, say."""
    return {name: request.GET[name] for name in ("what", "due_date", "channel") if name in request.GET}


def _dialog(
    request: HttpRequest,
    title: str,
    action: str,
    submit: str,
    now: datetime,
    *,
    fields: str = "relationships/_follow_up_fields.html",
    **more: Any,
) -> Dialog:
    back = back_of(request, "/")
    days = nearby_days(today_of(viewer_of(request), now))
    return Dialog(title, action, fields, submit, back, more={"days": days, **more})
