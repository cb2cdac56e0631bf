"""What a person lets us do; and the purposes that people are asked about."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from core.http import Toast, done
from core.refusals import Missing
from relationships.enums import ConsentChannel
from relationships.forms.consents import ConsentForm, PurposeForm, WordingForm
from relationships.forms.refusals import carry_out
from relationships.models import Purpose, PurposeWording
from relationships.operations import consents as operations
from relationships.queries.consents import history, proofs_seen, purpose_rows
from relationships.queries.relationship_list import today_of
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask
from relationships.views.parties import editable_party, visible_party

PURPOSES = "/administration/purposes/"
MOST = 100


@login_required
@require_safe
def consent_list(request: HttpRequest, party_id: int) -> HttpResponse:
    """What holds for a person, purpose by purpose, and everything that was said."""
    viewer, now = viewer_of(request), timezone.now()
    party = visible_party(viewer, party_id)
    said = list(history(viewer=viewer, person=party)[:MOST])
    papers, talks = proofs_seen(viewer, said)
    context = {
        "party": party,
        "rows": purpose_rows(person=party, at=now),
        "channels": list(ConsentChannel),
        "said": said,
        "papers": papers,
        "talks": talks,
        "may_edit_party": viewer.may(Permission.EDIT_PARTIES),
    }
    return render(request, "relationships/consent_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def consent_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Writes down what a person said."""
    viewer, now = viewer_of(request), timezone.now()
    party = editable_party(viewer, party_id)
    back = back_of(request, f"/parties/{party.pk}/consents/")
    form = ConsentForm(
        request.POST or None, initial={"said_date": today_of(viewer, now), "door": "in_person"}
    )
    if request.method == "POST" and form.is_valid():
        given = _given(viewer, form.cleaned_data, now)
        if carry_out(form, operations.record_consent, actor=viewer, party=party, now=now, **given):
            return done(request, to=back, toast=Toast(_("Written down.")))
    title = _("What %(name)s said") % {"name": party.name}
    action, fields = f"/parties/{party.pk}/consents/new/", "relationships/_plain_fields.html"
    return ask(request, Dialog(title, action, fields, _("Record"), back), form)


@login_required
@require_http_methods(["GET", "POST"])
def purpose_list(request: HttpRequest) -> HttpResponse:
    """Every purpose with the words that people are asked by, and a new one."""
    viewer, now = viewer_of(request), timezone.now()
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = carry_out(form, operations.create_purpose, actor=viewer, now=now, **form.cleaned_data)
        if purpose:
            return done(request, to=PURPOSES, toast=Toast(_("“%s” can be asked for now.") % purpose.name))
    newest = Prefetch("wordings", PurposeWording.objects.order_by("-version"))
    purposes = Purpose.objects.prefetch_related(newest).order_by("retired_at", "name", "pk")
    context = {"purposes": purposes, "form": form}
    status = 422 if form.errors else 200
    return render(request, "relationships/purpose_list.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def purpose_reword(request: HttpRequest, purpose_id: int) -> HttpResponse:
    """Other words for a purpose."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    purpose = Purpose.objects.filter(pk=purpose_id).first()
    if purpose is None:
        raise Missing(_("There is no such purpose."))
    form = WordingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"purpose": purpose, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.reword_purpose, actor=viewer, **given):
            return done(request, to=PURPOSES, toast=Toast(_("These words are used from now on.")))
    action, fields = f"{PURPOSES}{purpose.pk}/wordings/new/", "relationships/_plain_fields.html"
    return ask(request, Dialog(purpose.name, action, fields, _("Use from now on"), PURPOSES), form)


def _given(viewer: User, said: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The form's days as moments: midday of the day, where the viewer is, or now for today; the end of the last."""
    zone = ZoneInfo(viewer.time_zone)
    day, last = said.pop("said_date"), said.pop("expires_date")
    moment = now if day == now.astimezone(zone).date() else datetime.combine(day, time(12), zone)
    ends = datetime.combine(last, time(23, 59), zone) if last else None
    proof = operations.Proof(evidence=said.pop("evidence"), wording=said.pop("wording"))
    return {**said, "said_at": moment, "expires_at": ends, "proof": proof}
