"""Relationships: opened together with their party, changed, closed, opened again."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.addresses import is_id
from core.http import Toast, done, see_other
from core.refusals import Missing, NotAllowed
from relationships import kinds
from relationships.forms.closing import ClosingForm
from relationships.forms.refusals import carry_out
from relationships.forms.relationships import NewRelationshipForm, ReasonForm
from relationships.models import Party, Relationship
from relationships.operations import relationships as operations
from relationships.operations.closings import close_with_decisions
from relationships.operations.equal_parties import KnownAlready
from relationships.operations.openings import open_with_party
from relationships.permissions import may_in, may_somewhere
from relationships.queries.closing import closing
from relationships.queries.custom_fields import definitions_in
from relationships.queries.equal_parties import Equal
from relationships.queries.reach import reaches
from relationships.queries.record import visible_relationship
from relationships.views.dialogs import Dialog, ask

CHANGED = {"record:changed": True}


@login_required
@require_http_methods(["GET", "POST"])
def relationship_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A party and what it is to us, on one page; warns where an equal one is known."""
    viewer, now = viewer_of(request), timezone.now()
    declared = _kind_for(viewer, kind)
    custom = definitions_in(viewer, kind)
    fresh = _fresh(request, viewer, declared)
    form = NewRelationshipForm(request.POST or None, kind=kind, initial=fresh, custom=custom)
    party = _party(viewer, request.POST.get("party", "") or request.GET.get("party", ""))
    equals: list[Equal] = []
    if request.method == "POST" and form.is_valid():
        try:
            opened = carry_out(
                form, open_with_party, actor=viewer, kind=kind, party=party, now=now,
                party_kind=form.cleaned_data["party_kind"], facts=form.party_facts(), terms=form.terms(),
                reach=form.reach(), is_another=form.cleaned_data["is_another"],
                idempotency_key=form.cleaned_data["idempotency_key"],
            )  # fmt: skip
        except KnownAlready as refusal:
            opened, equals = None, refusal.equals
        if opened is not None:
            return see_other(f"/{kind}/{opened.pk}/")
    context = {"form": form, "kind": declared, "party": party, "equals": equals}
    status = 422 if form.errors or equals else 200
    return render(request, "relationships/relationship_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def relationship_close(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Ends a relationship, deciding at once on everything that is still open in it."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    _require(viewer, relationship)
    still_open = closing(viewer=viewer, relationship=relationship)
    form = ClosingForm(request.POST or None, still_open=still_open)
    if request.method == "POST" and form.is_valid():
        reason, decisions = form.cleaned_data["reason"], form.decisions()
        given = {"actor": viewer, "relationship": relationship, "now": timezone.now(), "reason": reason}
        if carry_out(form, close_with_decisions, **given, decisions=decisions):
            return done(request, to=f"/{kind}/{relationship_id}/", toast=Toast(_("Relationship closed.")))
    words = _("Close relationship")
    more = {"relationship": relationship, "dialog_class": "wide"}
    dialog = _dialog(relationship, "closing", words, "relationships/_close_fields.html", more, danger=True)
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def relationship_reopen(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Takes a closed relationship up again."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    _require(viewer, relationship)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "relationship": relationship, "now": timezone.now(), **form.cleaned_data}
        if carry_out(form, operations.reopen_relationship, **given):
            return done(request, to=f"/{kind}/{relationship_id}/", toast=Toast(_("Relationship open again.")))
    dialog = _dialog(
        relationship, "reopening", _("Open again"), "relationships/_reason_fields.html",
        {"relationship": relationship},
    )  # fmt: skip
    return ask(request, dialog, form)


def _kind_for(viewer: User, slug: str) -> kinds.Kind:
    """The kind, for somebody who may open relationships of it."""
    if not reaches(viewer, kinds.registry.get(slug)):
        raise Missing(_("There is no such list."))
    if not may_somewhere(viewer, Permission.MANAGE_RELATIONSHIPS, slug):
        raise NotAllowed(_("Your role does not allow opening relationships."))
    return kinds.registry.get(slug)


def _require(viewer: User, relationship: Relationship) -> None:
    if not may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship):
        raise NotAllowed(_("Your role does not allow this here."))


def _party(viewer: User, asked: str) -> Party | None:
    if not is_id(asked):
        return None
    return Party.objects.visible_to(viewer).filter(pk=int(asked)).first()


def _fresh(request: HttpRequest, viewer: User, kind: kinds.Kind) -> dict[str, Any]:
    return {
        "name": request.GET.get("name", "")[:200],
        "party": request.GET.get("party", ""),
        "owner": viewer.pk,
        "stage": kind.first_stage,
        "cadence_days": kind.cadence_days,
        "confidentiality": 1,
    }


def _dialog(
    relationship: Relationship,
    noun: str,
    words: str,
    fields: str,
    more: dict[str, Any],
    *,
    danger: bool = False,
) -> Dialog:
    here = f"/{relationship.kind}/{relationship.pk}/"
    title = f"{words}: {relationship.party_name}"
    return Dialog(title, f"{here}{noun}/", fields, words, here, danger=danger, more=more)
