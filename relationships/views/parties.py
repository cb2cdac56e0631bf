"""Parties: the page of one, looking for one, changing one, and adding somebody who belongs to one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done, picker_words
from core.refusals import Conflict, Missing, NotAllowed
from relationships import kinds
from relationships.forms.parties import PersonForm
from relationships.forms.refusals import carry_out
from relationships.forms.relationships import PARTY_FIELDS, PartyForm
from relationships.models import Party, Relationship
from relationships.operations.equal_parties import KnownAlready
from relationships.operations.parties import edit_party
from relationships.operations.persons import add_person
from relationships.permissions import may_somewhere
from relationships.queries.alike_parties import alike_parties
from relationships.queries.equal_parties import Equal
from relationships.queries.interactions import told_interactions
from relationships.queries.party import party_page
from relationships.queries.relationship_list import named, today_of
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

CHANGED = {"record:changed": True}
OFFERED = 8
TALKS = 20


@login_required
@require_GET
def party_detail(request: HttpRequest, party_id: int) -> HttpResponse:
    """Leads to the first relationship that the viewer may see; a page of its own for a party without one."""
    viewer, now = viewer_of(request), timezone.now()
    party = visible_party(viewer, party_id)
    held = Relationship.objects.visible_to(viewer).filter(party=party)
    first = held.order_by(F("closed_at").desc(nulls_first=True), "kind", "pk").first()
    if first is not None:
        return redirect(f"/{first.kind}/{first.pk}/")
    page = party_page(viewer=viewer, party=party, today=today_of(viewer, now))
    talks = told_interactions(viewer).filter(people=party, superseded_at=None)
    context = {
        "party": party,
        "record": page,
        "here": f"/parties/{party.pk}/",
        "talks": talks.select_related("relationship").order_by("-happened_at", "-pk")[:TALKS],
        "may_edit_party": viewer.may(Permission.EDIT_PARTIES),
        "may_open": viewer.may(Permission.MANAGE_RELATIONSHIPS),
    }
    return render(request, "relationships/party_detail.html", context)


@login_required
@require_GET
def party_options(request: HttpRequest) -> HttpResponse:
    """What a picker of parties offers for the words typed into it."""
    viewer = viewer_of(request)
    q = picker_words(request)
    rows = named(Party.objects.visible_to(viewer), q, field="name").order_by("name", "pk")[:OFFERED]
    options = [
        {
            "value": row.pk,
            "label": row.name,
            "hint": row.job_title or row.place,
            "kind": "" if row.is_person else "sq",
        }
        for row in rows
    ]
    return render(request, "ui/_options.html", {"options": options, "q": q, "list": "party-option"})


@login_required
@require_GET
def party_alike(request: HttpRequest) -> HttpResponse:
    """Who is called nearly as what is being typed as the name of somebody new."""
    alike = alike_parties(viewer=viewer_of(request), name=request.GET.get("name", "")[:200])
    return render(request, "relationships/_alike.html", {"alike": alike})


@login_required
@require_http_methods(["GET", "POST"])
def party_edit(request: HttpRequest, party_id: int) -> HttpResponse:
    """What is known of a party; a stale form shows what stands there now."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    form = PartyForm(request.POST or None, initial=_standing(party))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in PARTY_FIELDS}
        version = form.cleaned_data["version"] or 0
        try:
            saved = carry_out(
                form, edit_party, actor=viewer, party=party, version=version, now=timezone.now(), **given
            )
        except Conflict as refusal:
            saved, conflict = None, refusal.message
        if saved is not None:
            to = back_of(request, f"/parties/{party.pk}/")
            return done(request, to=to, toast=Toast(_("Saved.")))
    return _edit_page(request, form, party, conflict)


@login_required
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest, party_id: int) -> HttpResponse:
    """Somebody who belongs to a party: name, job, how to reach them, how much they weigh."""
    viewer = viewer_of(request)
    party = editable_party(viewer, party_id)
    form = PersonForm(request.POST or None)
    back = back_of(request, f"/parties/{party.pk}/")
    equals: list[Equal] = []
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "party": party, "now": timezone.now(), **form.cleaned_data}
        try:
            if carry_out(form, add_person, **given):
                return done(request, to=back, toast=Toast(_("Added.")))
        except KnownAlready as refusal:
            equals = refusal.equals
    title = _("Somebody at %(name)s") % {"name": party.name}
    fields = "relationships/_person_fields.html"
    more = {"equals": equals}
    dialog = Dialog(title, f"/parties/{party.pk}/people/new/", fields, _("Add"), back, more=more)
    return ask(request, dialog, form, status=422 if equals else 0)


@login_required
@require_GET
def relationship_choose(request: HttpRequest, party_id: int) -> HttpResponse:
    """Which further role a party is to have: the form of each kind that the viewer may open."""
    viewer = viewer_of(request)
    party = visible_party(viewer, party_id)
    if not viewer.may(Permission.MANAGE_RELATIONSHIPS):
        raise NotAllowed(_("Your role does not allow opening relationships."))
    fitting = [
        kind
        for kind in kinds.registry
        if party.kind in kind.party_kinds
        and may_somewhere(viewer, Permission.MANAGE_RELATIONSHIPS, kind.slug)
    ]
    if len(fitting) == 1:
        return redirect(f"/{fitting[0].slug}/new/?party={party.pk}")
    return render(request, "relationships/relationship_choose.html", {"party": party, "choices": fitting})


def visible_party(viewer: User, party_id: int) -> Party:
    """The party; raises Missing when there is none that the viewer may know of."""
    found = Party.objects.visible_to(viewer).filter(pk=party_id).first()
    if found is None:
        raise Missing(_("There is no such party."))
    return found


def editable_party(viewer: User, party_id: int) -> Party:
    """The party, for somebody who may change it; raises Missing or NotAllowed."""
    found = visible_party(viewer, party_id)
    if not viewer.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))
    return found


def _standing(party: Party) -> dict[str, Any]:
    return {name: getattr(party, name) for name in PARTY_FIELDS} | {"version": party.version}


def _edit_page(request: HttpRequest, form: PartyForm, party: Party, conflict: str) -> HttpResponse:
    """The form; after a conflict with what stands there now beside each field that differs."""
    differences = []
    if conflict:
        standing = _standing(party)
        differences = [
            (form[name].label, standing[name], form[name].value())
            for name in PARTY_FIELDS
            if standing[name] != (form[name].value() or "")
        ]
        form.data = {**request.POST.dict(), "version": str(party.version)}
    context = {
        "form": form,
        "party": party,
        "conflict": conflict,
        "differences": differences,
        "back": back_of(request, f"/parties/{party.pk}/"),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "relationships/party_edit.html", context, status=status)
