"""A relationship described anew: the whole of it on a page, or one field where it stands."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done, fragment, is_htmx
from core.refusals import Conflict, Missing, NotAllowed
from relationships import kinds, tables
from relationships.forms.merging import (
    ORIGINAL,
    Clash,
    merge,
    original_of,
    originals,
    read_original,
    read_originals,
)
from relationships.forms.refusals import PROFILE, carry_out
from relationships.forms.relationships import TermsForm
from relationships.models import Relationship
from relationships.operations import relationships as operations
from relationships.permissions import may_in
from relationships.queries.custom_fields import definitions_for
from relationships.queries.custom_values import values_of
from relationships.queries.list_fields import Asked, ListField
from relationships.queries.native_fields import field_of
from relationships.queries.record import visible_relationship

OWN = "profile."


@dataclass
class Outcome:
    """What came of saving: `saved` is None while something is wrong; `clashes` are what two people changed."""

    form: TermsForm
    saved: Relationship | None = None
    clashes: list[Clash] = field(default_factory=list)
    conflict: str = ""


@login_required
@require_http_methods(["GET", "POST"])
def relationship_edit(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """How a relationship is described and looked after; what others saved meanwhile is kept."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    require_edit(viewer, relationship, "")
    form = terms_form(viewer, relationship, request.POST or None)
    outcome = Outcome(form)
    if request.method == "POST" and form.is_valid():
        outcome = save(viewer, relationship, form, read_originals(request.POST.get(ORIGINAL, "")), now)
        if outcome.saved is not None:
            return done(request, to=f"/{kind}/{relationship_id}/", toast=Toast(_("Relationship changed.")))
    return _edit_page(request, outcome, relationship)


@login_required
@require_http_methods(["GET", "POST"])
def field_edit(request: HttpRequest, kind: str, relationship_id: int, key: str) -> HttpResponse:
    """One field where it stands; `?to=…&was=…` takes a change of it back."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    found = field_of(kind, key)
    if found is None or not found.edit:
        raise Missing(_("There is no such field to write."))
    require_edit(viewer, relationship, found.edit)
    name = form_name(found)
    if request.method == "GET":
        return _editor(request, relationship, found, Outcome(terms_form(viewer, relationship, only=(name,))))
    data = _sent(request, name, relationship)
    form = terms_form(viewer, relationship, data, only=(name,))
    outcome = Outcome(form)
    before = form[name].initial if name in form.fields else ""
    if form.is_valid():
        original = {name: read_original(form, name, data.get(ORIGINAL, ""))}
        outcome = save(viewer, relationship, form, original, now, only=(name,))
    if outcome.saved is None:
        return _editor(request, relationship, found, outcome)
    return _saved(request, visible_relationship(viewer, kind, relationship_id), found, before)


def form_name(found: ListField) -> str:
    """How the form calls what a field edits."""
    return PROFILE + found.edit.removeprefix(OWN) if found.edit.startswith(OWN) else found.edit


def terms_form(
    viewer: User, relationship: Relationship, data: QueryDict | None = None, *, only: tuple[str, ...] = ()
) -> TermsForm:
    """The form with what stands there now; with `only`, these fields alone. Raises Missing where it has none such."""
    custom = definitions_for(viewer, relationship)
    values = values_of([relationship.pk], custom)[relationship.pk]
    initial = standing_terms(relationship)
    form = TermsForm(data, kind=relationship.kind, initial=initial, custom=custom, values=values)
    if not set(only) <= form.fields.keys():
        raise Missing(_("There is no such field to write."))
    if only:
        form.fields = {name: each for name, each in form.fields.items() if name in (*only, "version")}
        for name in only:
            form.fields[name].widget.attrs.setdefault("class", "inp")
    return form


def save(
    viewer: User,
    relationship: Relationship,
    form: TermsForm,
    original: dict[str, Any] | None,
    now: datetime,
    *,
    only: tuple[str, ...] = (),
) -> Outcome:
    """Saves a valid form. Where somebody saved since it was opened, what they changed and what is changed here
    are put together, unless both changed the same."""
    for _attempt in range(3):
        given = form.terms()
        if not may_in(viewer, Permission.ASSIGN, relationship):
            given = {name: value for name, value in given.items() if name not in ("owner", "team")}
        version = form.cleaned_data["version"] or 0
        try:
            saved = carry_out(
                form, operations.edit_relationship, actor=viewer, relationship=relationship,
                version=version, now=now, **given,
            )  # fmt: skip
        except Conflict as refusal:
            relationship = visible_relationship(viewer, relationship.kind, relationship.pk)
            if relationship.version == version:
                raise
            standing = terms_form(viewer, relationship, only=only)
            data, clashes = merge(form, standing, original or {}, relationship.version)
            if clashes:
                return Outcome(form, None, clashes, refusal.message)
            form = terms_form(viewer, relationship, data, only=only)
            if not form.is_valid():
                return Outcome(form)
            continue
        return Outcome(form, saved)
    raise Conflict(_("Others are changing this at this very moment. Try again."))


def standing_terms(relationship: Relationship) -> dict[str, Any]:
    """What stands in the relationship and its profile now, by the form's names."""
    names = ("stage", "cadence_days", "objective", "sensitivity_note", "revenue_type", "confidentiality")
    values = {name: getattr(relationship, name) for name in names}
    values |= {"owner": relationship.owner_id, "team": relationship.team_id, "version": relationship.version}
    profile = getattr(relationship, kinds.profile_name(relationship.kind), None)
    for each in profile._meta.fields if profile is not None else ():
        values[PROFILE + each.name] = each.value_from_object(profile)
    return values


def require_edit(viewer: User, relationship: Relationship, edit: str) -> None:
    """Raises NotAllowed unless the viewer may write what `edit` names."""
    wanted = Permission.ASSIGN if edit == "owner" else Permission.MANAGE_RELATIONSHIPS
    if not may_in(viewer, wanted, relationship):
        raise NotAllowed(_("Your role does not allow this here."))


def _edit_page(request: HttpRequest, outcome: Outcome, relationship: Relationship) -> HttpResponse:
    """The form; after a clash with what stands there now, what was meant, and what stood there before."""
    form, original = outcome.form, request.POST.get(ORIGINAL, "") or originals(outcome.form)
    if outcome.clashes:
        relationship = visible_relationship(viewer_of(request), relationship.kind, relationship.pk)
        original = originals(terms_form(viewer_of(request), relationship))
        form.data = request.POST.copy()
        form.data["version"] = str(relationship.version)
    context = {"form": form, "relationship": relationship, "conflict": outcome.conflict}
    context |= {"clashes": outcome.clashes, "original": original}
    context |= {"kind": kinds.registry.get(relationship.kind)}
    status = 409 if outcome.clashes else 422 if form.errors else 200
    return render(request, "relationships/relationship_edit.html", context, status=status)


def _sent(request: HttpRequest, name: str, relationship: Relationship) -> QueryDict:
    """What a field is to hold and what it held, from the form or from the address of an undo."""
    data = request.POST.copy()
    if "to" in request.GET:
        data.setlist(name, [each for each in request.GET.getlist("to") if each])
        data[ORIGINAL] = request.GET.get("was", "")
        data["version"] = "0"
    return data


def _editor(
    request: HttpRequest, relationship: Relationship, found: ListField, outcome: Outcome
) -> HttpResponse:
    """The field as a small form; after a clash with what stands there now, to choose from."""
    form, name = outcome.form, form_name(found)
    clash = outcome.clashes[0] if outcome.clashes else None
    if clash:
        relationship = visible_relationship(viewer_of(request), relationship.kind, relationship.pk)
        original = original_of(terms_form(viewer_of(request), relationship, only=(name,)), name)
    else:
        original = request.POST.get(ORIGINAL) or original_of(form, name)
    context = {
        "field": found, "relationship": relationship, "bound": form[name], "original": original, "clash": clash,
        "version": relationship.version, "errors": [*form.non_field_errors(), *form[name].errors],
    }  # fmt: skip
    status = 409 if clash else 422 if form.errors else 200
    part = "" if is_htmx(request) else "relationships/field_edit.html"
    return render(request, part or "relationships/_field_edit.html", context, status=status)


def _saved(request: HttpRequest, relationship: Relationship, found: ListField, before: Any) -> HttpResponse:
    """The field with what stands there now, and a toast that takes it back."""
    name = form_name(found)
    viewer = viewer_of(request)
    now_there = original_of(terms_form(viewer, relationship, only=(name,)), name)
    words = _("%(field)s of %(name)s changed.") % {"field": found.label, "name": relationship.party_name}
    was = before if isinstance(before, list) and before else [before or ""]
    here = f"/{relationship.kind}/{relationship.pk}/"
    undo = f"{here}fields/{found.key}/?{urlencode([*(('to', each) for each in was), ('was', now_there)])}"
    held = found.values([relationship], Asked(viewer, timezone.now())) if found.values else None
    context = {"relationship": relationship, "field": found, "value": tables.said(found, relationship, held)}
    is_undo = "to" in request.GET
    if not is_htmx(request):
        return done(request, to=here, toast=Toast(words, undo="" if is_undo else undo))
    if is_undo:
        cell = render_to_string("relationships/_field_cell.html", context | {"oob": True}, request)
        return done(request, to=here, also=[cell], toast=Toast(_("Taken back.")), close_dialog=False)
    return fragment(request, "relationships/_field_cell.html", context, toast=Toast(words, undo=undo))
