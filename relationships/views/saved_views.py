"""Saved views: kept, renamed, and what is done to one from the list that it shows."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done
from core.refusals import Invalid, Missing
from relationships.filters import relationship_list as filters
from relationships.forms.refusals import carry_out
from relationships.forms.saved_views import SaveViewForm, ViewNameForm
from relationships.models import SavedView
from relationships.operations import saved_views as operations
from relationships.permissions import may_somewhere
from relationships.queries.relationship_list import ListQuery
from relationships.queries.saved_views import view_for
from relationships.views.dialogs import Dialog, ask
from relationships.views.lists import kind_for


@login_required
@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Keeps the list as it is narrowed and ordered, under a name."""
    viewer = viewer_of(request)
    kind_for(viewer, kind)
    query = _asked(request, kind)
    may_share = may_somewhere(viewer, Permission.SHARE_VIEWS, kind)
    form = SaveViewForm(request.POST or None, may_share=may_share)
    if request.method == "POST" and form.is_valid():
        kept = {"kind": kind, "address": filters.kept_address(query), "now": timezone.now()}
        view = carry_out(form, operations.save_view, actor=viewer, **kept, **form.cleaned_data)
        if view is not None:
            words = _("View “%(name)s” saved.") % {"name": view.name}
            return done(request, to=_url(view), toast=Toast(words))
    more = {"list": filters.encode_list(query)}
    fields, title = "relationships/_view_fields.html", _("Save as a new view")
    dialog = Dialog(title, f"/{kind}/views/new/", fields, _("Save"), filters.list_url(query), more=more)
    return ask(request, dialog, form)


@login_required
@require_GET
def view_open(request: HttpRequest, kind: str, view_id: int) -> HttpResponse:
    """The short address of a view leads to its list."""
    return redirect(_url(_found(viewer_of(request), kind, view_id)))


@login_required
@require_http_methods(["GET", "POST"])
def view_name(request: HttpRequest, kind: str, view_id: int) -> HttpResponse:
    """Calls a view something else; `?to=` calls it so at once, which is how a new name is taken back."""
    viewer = viewer_of(request)
    view = _found(viewer, kind, view_id)
    given = {"name": request.GET["to"]} if "to" in request.GET else request.POST
    form = ViewNameForm(given if request.method == "POST" else None, initial={"name": view.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        renamed = carry_out(
            form, operations.rename_view, actor=viewer, view=view, name=name, now=timezone.now()
        )
        if renamed is not None:
            words = _("The view is called “%(name)s” now.") % {"name": renamed.name}
            return done(request, to=_url(renamed), toast=Toast(words, undo=_undo(request, view)))
    fields = "relationships/_plain_fields.html"
    dialog = Dialog(
        _("Rename “%(name)s”") % {"name": view.name}, request.path, fields, _("Rename"), _url(view)
    )
    return ask(request, dialog, form)


@login_required
@require_POST
def view_change(request: HttpRequest, kind: str, view_id: int) -> HttpResponse:
    """Does to a view what the address says, and shows its list."""
    viewer, now = viewer_of(request), timezone.now()
    view = _found(viewer, kind, view_id)
    done_to = request.POST.get("do", "")
    if done_to == "save":
        address = filters.kept_address(_asked(request, kind))
        view = operations.change_view(actor=viewer, view=view, address=address, now=now)
        words = _("View “%(name)s” saved.")
    elif done_to in ("share", "unshare"):
        view = operations.share_view(actor=viewer, view=view, is_shared=done_to == "share", now=now)
        words = _("“%(name)s” is shared.") if done_to == "share" else _("“%(name)s” is yours alone.")
    elif done_to in ("pin", "unpin"):
        operations.pin_view(actor=viewer, view=view, is_pinned=done_to == "pin")
        words = _("“%(name)s” is a tab.") if done_to == "pin" else _("“%(name)s” is no tab any more.")
    elif done_to in ("earlier", "later"):
        operations.move_view(actor=viewer, view=view, forwards=done_to == "later")
        words = _("“%(name)s” moved.")
    elif done_to in ("start", "unstart"):
        operations.start_with(actor=viewer, kind=kind, view=view if done_to == "start" else None)
        words = _("The list opens with “%(name)s”.") if done_to == "start" else _("The list opens with all.")
    else:
        raise Invalid({"do": _("That cannot be done to a view.")})
    return done(request, to=_url(view), toast=Toast(words % {"name": view.name}))


@login_required
@require_POST
def view_remove(request: HttpRequest, kind: str, view_id: int) -> HttpResponse:
    """Takes a view away; the toast puts it back."""
    viewer = viewer_of(request)
    view = _found(viewer, kind, view_id)
    operations.remove_view(actor=viewer, view=view, now=timezone.now())
    words = _("View “%(name)s” removed.") % {"name": view.name}
    toast = Toast(words, undo=f"/{kind}/views/{view.pk}/restoring/")
    return done(request, to=f"/{kind}/", toast=toast)


@login_required
@require_POST
def view_restore(request: HttpRequest, kind: str, view_id: int) -> HttpResponse:
    """Puts a removed view back."""
    viewer = viewer_of(request)
    kind_for(viewer, kind)
    view = operations.restore_view(actor=viewer, view_id=view_id)
    words = _("View “%(name)s” is back.") % {"name": view.name}
    return done(request, to=_url(view), toast=Toast(words))


def _found(viewer: User, kind: str, view_id: int) -> SavedView:
    kind_for(viewer, kind)
    view = view_for(viewer=viewer, kind=kind, view_id=view_id)
    if view is None:
        raise Missing(_("There is no such view."))
    return view


def _asked(request: HttpRequest, kind: str) -> ListQuery:
    """The list that the view is to show."""
    data = request.POST if request.method == "POST" else request.GET
    query = filters.decode_list(data.get("list", ""))
    return query if query is not None and query.kind == kind else ListQuery(kind)


def _url(view: SavedView) -> str:
    return filters.list_url(filters.of_address(view.kind, view.address, view.pk))


def _undo(request: HttpRequest, view: SavedView) -> str:
    """The address that a POST gives the view its former name back at."""
    return f"{request.path}?{urlencode({'to': view.name})}"
