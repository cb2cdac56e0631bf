"""Tags: those of a relationship, and the administration of the workspace's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.permissions import require
from core.forms import carry_out
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from relationships.forms.tags import TagForm, TagsForm
from relationships.models import Tag
from relationships.operations import tags as operations
from relationships.permissions import may_in
from relationships.queries.record import visible_relationship
from relationships.queries.tags import offered_tags, seen_tags, tag_figures, tags_of
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

HOME = "/administration/tags/"


@login_required
@require_http_methods(["GET", "POST"])
def relationship_tags(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Which tags a relationship bears."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    if not may_in(viewer, Permission.MANAGE_RELATIONSHIPS, relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    here, standing = f"/{kind}/{relationship_id}/", tags_of([relationship_id])[relationship_id]
    offered, initial = offered_tags(viewer, standing), {"tags": [label.name for label in standing]}
    form = TagsForm(request.POST or None, offered=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "relationship": relationship, "now": timezone.now(), "names": form.names()}
        if carry_out(form, operations.set_tags, **given):
            return done(request, to=back_of(request, here), toast=Toast(_("Tags changed.")))
    title = f"{_('Tags')}: {relationship.party_name}"
    dialog = Dialog(title, f"{here}tags/", "relationships/_tags_fields.html", _("Save tags"), here)
    return ask(request, dialog, form)


@login_required
@require_http_methods(["GET", "POST"])
def tag_list(request: HttpRequest) -> HttpResponse:
    """The tags that the viewer may know of, and a form that offers one to everybody."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "now": timezone.now(), **form.cleaned_data}
        tag = carry_out(form, operations.offer_tag, **given)
        if tag:
            return done(request, to=HOME, toast=Toast(_("%s is offered to everybody.") % tag.name))
    context = {"tags": list(tag_figures(viewer)), "form": form}
    return render(request, "relationships/tag_list.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def tag_edit(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Calls a tag otherwise; by the name of another the two become one."""
    viewer = viewer_of(request)
    tag = _tag(viewer, tag_id)
    form = TagForm(request.POST or None, initial={"name": tag.name, "colour": tag.colour})
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "tag": tag, "now": timezone.now(), **form.cleaned_data}
        saved = carry_out(form, operations.edit_tag, **given)
        if saved:
            return done(request, to=HOME, toast=Toast(_("%s saved.") % saved.name))
    context = {"tag": tag, "form": form}
    return render(request, "relationships/tag_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def tag_remove(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Takes a tag off everything."""
    viewer = viewer_of(request)
    tag = _tag(viewer, tag_id)
    count = operations.remove_tag(actor=viewer, tag=tag, now=timezone.now())
    words = ngettext("%(tag)s taken off %(n)s relationship.", "%(tag)s taken off %(n)s relationships.", count)
    return done(request, to=HOME, toast=Toast(words % {"tag": tag.name, "n": count}))


def _tag(viewer: User, tag_id: int) -> Tag:
    """The tag, for somebody who manages the workspace and may know of it."""
    require(viewer, Permission.MANAGE_WORKSPACE)
    found = seen_tags(viewer).filter(pk=tag_id).first()
    if found is None:
        raise Missing(_("There is no such tag."))
    return found
