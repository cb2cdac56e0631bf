"""Two parties side by side, made one, and parted again; and where the address of one that went leads to."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import Invalid, Missing, NotAllowed
from relationships.forms.refusals import carry_out
from relationships.forms.relationships import ReasonForm
from relationships.models import MergeRecord, Party
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.merges import former_party, former_relationship, latest_merges
from relationships.queries.merging import comparison
from relationships.views.dialogs import Dialog, ask

CHOICE = "choice:"
SHOWN = "relationships/merge_new.html"


@login_required
@require_http_methods(["GET", "POST"])
def party_merge(request: HttpRequest, party_id: int) -> HttpResponse:
    """What two parties say of themselves, side by side, to choose from; sent, the other one goes into this one."""
    viewer = viewer_of(request)
    asked = (request.POST.get("with") or request.GET.get("with", ""))[:18]
    if not asked.isdecimal():
        error = _("Choose one from the list.") if "with" in request.GET else ""
        keep = _mergeable(viewer, party_id)
        return render(request, "relationships/merge_choose.html", {"party": keep, "error": error})
    choices = {
        name.removeprefix(CHOICE): str(side) for name, side in request.POST.items() if name.startswith(CHOICE)
    }
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        keep, other = _mergeable(viewer, party_id), _mergeable(viewer, int(asked))
        why = request.POST.get("reason", "")
        try:
            record = merge_parties(
                actor=viewer, keep=keep, drop=other, choices=choices, now=timezone.now(), reason=why
            )
        except Invalid as refusal:
            errors = refusal.errors
        else:
            return done(request, to=f"/parties/{party_id}/", toast=_merged(record))
    found = comparison(viewer=viewer, keep_id=party_id, drop_id=int(asked), choices=choices, errors=errors)
    return render(request, SHOWN, {"found": found}, status=422 if errors else 200)


@login_required
@require_GET
def merge_list(request: HttpRequest) -> HttpResponse:
    """The last merges, each to be undone by whoever may change both."""
    viewer = viewer_of(request)
    if not viewer.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))
    return render(request, "relationships/merge_list.html", {"merges": latest_merges(viewer=viewer)})


@login_required
@require_http_methods(["GET", "POST"])
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Parts two parties again. What was added since stays with the one that was kept."""
    viewer = viewer_of(request)
    record = MergeRecord.objects.visible_to(viewer).filter(pk=merge_id).select_related("kept").first()
    if record is None:
        raise Missing(_("There is no such merge."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "record": record, "now": timezone.now(), **form.cleaned_data}
        back = carry_out(form, unmerge, **given)
        if back is not None:
            words = _("“%(name)s” is there again, as it was.") % {"name": back.name}
            return done(request, to=f"/parties/{back.pk}/", toast=Toast(words))
    title = _("Part “%(name)s” from “%(kept)s” again") % {
        "name": record.former_name,
        "kept": record.kept.name,
    }
    fields, back_to = "relationships/_merge_undo_fields.html", f"/parties/{record.kept_id}/"
    return ask(request, Dialog(title, request.path, fields, _("Undo merge"), back_to), form)


View = Callable[..., HttpResponse]


def leads_on(view: View) -> View:
    """Has the address of a party or relationship that went into another lead there, for who may know of that."""

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Missing:
            to = _led_to(viewer_of(request), kwargs)
            if to is None or request.method != "GET":
                raise
            return redirect(to)

    return led


def _led_to(viewer: User, named: dict[str, Any]) -> str | None:
    if "party_id" in named:
        party = former_party(viewer=viewer, party_id=named["party_id"])
        return f"/parties/{party.pk}/" if party else None
    held = former_relationship(viewer=viewer, relationship_id=named["relationship_id"])
    return f"/{held.kind}/{held.pk}/" if held and held.kind == named["kind"] else None


def _mergeable(viewer: User, party_id: int) -> Party:
    """The party, for somebody who may change parties; raises Missing or NotAllowed."""
    found = Party.objects.visible_to(viewer).filter(pk=party_id).first()
    if found is None:
        raise Missing(_("There is no such party."))
    if not viewer.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))
    return found


def _merged(record: MergeRecord) -> Toast:
    words = _("“%(name)s” went into “%(kept)s”.") % {"name": record.former_name, "kept": record.kept.name}
    return Toast(words, undo=f"/merges/{record.pk}/undoing/")
