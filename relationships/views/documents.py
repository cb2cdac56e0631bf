"""Files of a relationship: added, looked at, fetched, brought again as they changed, removed."""

from typing import IO, Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.file_names import PICTURE_TYPES
from core.http import Toast, done
from core.refusals import Missing, NotAllowed
from core.uploads import takes_files
from relationships.forms.documents import DocumentForm, RemovalForm, VersionForm
from relationships.forms.refusals import carry_out
from relationships.models import Document
from relationships.operations.document_versions import add_version
from relationships.operations.documents import (
    add_document,
    open_document,
    open_picture,
    open_version,
    read_text,
    remove_document,
)
from relationships.permissions import may_in
from relationships.queries.content_scans import scan_of
from relationships.queries.documents import versions_of
from relationships.queries.record import visible_relationship
from relationships.templatetags.vocabulary import record_url
from relationships.views.backs import back_of
from relationships.views.dialogs import Dialog, ask

BOXED = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLAIN_BYTES = "application/octet-stream"


@takes_files("DOCUMENT_MAX_BYTES")
@login_required
@require_http_methods(["GET", "POST"])
def document_new(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """A further file."""
    viewer = viewer_of(request)
    relationship = visible_relationship(viewer, kind, relationship_id)
    if not may_in(viewer, Permission.LOG_INTERACTIONS, relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    form = DocumentForm(request.POST or None, request.FILES or None)
    here = f"{record_url(relationship)}documents/"
    back = back_of(request, here)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        given |= {"actor": viewer, "relationship": relationship, "name": file.name, "content": file}
        if carry_out(form, add_document, now=timezone.now(), **given):
            return done(request, to=back, toast=Toast(_("Document added.")))
    fields = "relationships/_document_fields.html"
    dialog = Dialog(_("Add a document"), f"{here}new/", fields, _("Add"), back, multipart=True)
    return ask(request, dialog, form)


@login_required
@require_safe
def document_detail(request: HttpRequest, document_id: int) -> FileResponse:
    """The file itself, always as a download of plain bytes: no browser is to guess what it is, or to open it."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    content = open_document(actor=viewer, document=document, now=timezone.now())
    return _as_bytes(content, document.name)


@login_required
@require_safe
def version_detail(request: HttpRequest, document_id: int, number: int) -> FileResponse:
    """The file as it was in one version, the same way."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    version = open_version(actor=viewer, document=document, number=number, now=timezone.now())
    return _as_bytes(version.file, version.name)


@login_required
@require_safe
def document_preview(request: HttpRequest, document_id: int) -> HttpResponse:
    """What a document shows or says, what is known of it, and every version of it."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    may_log = may_in(viewer, Permission.LOG_INTERACTIONS, document.relationship)
    theirs = document.uploaded_by_id == viewer.pk
    may_remove = may_log and (
        theirs or may_in(viewer, Permission.MANAGE_RELATIONSHIPS, document.relationship)
    )
    told: dict[str, Any] = {
        "document": document,
        "relationship": document.relationship,
        "versions": versions_of(document),
        "scan": scan_of(document.sha256),
    }
    is_shown = document.content_type in PICTURE_TYPES and not told["scan"].is_held
    told |= {"is_picture": is_shown, "may_log": may_log}
    text = read_text(actor=viewer, document=document, now=timezone.now())
    return render(
        request, "relationships/document_preview.html", {**told, "text": text, "may_remove": may_remove}
    )


@login_required
@require_safe
def document_picture(request: HttpRequest, document_id: int) -> FileResponse:
    """A picture to be shown on its page: of a type that holds no programs, and boxed in all the same."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    content, kind = open_picture(actor=viewer, document=document, now=timezone.now())
    return FileResponse(content, filename=document.name, content_type=kind, headers=BOXED)


@takes_files("DOCUMENT_MAX_BYTES")
@login_required
@require_http_methods(["GET", "POST"])
def version_new(request: HttpRequest, document_id: int) -> HttpResponse:
    """The next version of a document."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    if not may_in(viewer, Permission.LOG_INTERACTIONS, document.relationship):
        raise NotAllowed(_("Your role does not allow this here."))
    form = VersionForm(request.POST or None, request.FILES or None)
    back = back_of(request, f"/documents/{document_id}/preview/")
    if request.method == "POST" and form.is_valid():
        file, reason = form.cleaned_data["file"], form.cleaned_data["reason"]
        given = {"actor": viewer, "document": document, "name": file.name, "content": file, "reason": reason}
        made = carry_out(form, add_version, now=timezone.now(), **given)
        if made is not None:
            changed = made.version != document.version
            words = (
                _("New version added.") if changed else _("This is what is here already: nothing changed.")
            )
            return done(request, to=back, toast=Toast(words))
    title = _("New version of %(name)s") % {"name": document.name}
    action, fields = f"/documents/{document_id}/versions/new/", "relationships/_document_version_fields.html"
    return ask(request, Dialog(title, action, fields, _("Add"), back, multipart=True), form)


@login_required
@require_http_methods(["GET", "POST"])
def document_remove(request: HttpRequest, document_id: int) -> HttpResponse:
    """Takes it away, with a reason."""
    viewer = viewer_of(request)
    document = _visible(viewer, document_id)
    form = RemovalForm(request.POST or None)
    back = back_of(request, f"{record_url(document.relationship)}documents/")
    if request.method == "POST" and form.is_valid():
        given = {"document": document, "now": timezone.now(), **form.cleaned_data}
        remove_document(actor=viewer, **given)
        return done(request, to=back, toast=Toast(_("Document removed.")))
    title = _("Remove %(name)s") % {"name": document.name}
    action, fields = f"/documents/{document_id}/removal/", "relationships/_document_removal_fields.html"
    return ask(request, Dialog(title, action, fields, _("Remove"), back, danger=True), form)


def _as_bytes(content: "IO[bytes]", name: str) -> FileResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(content, as_attachment=True, filename=name, content_type=PLAIN_BYTES, headers=headers)


def _visible(viewer: User, document_id: int) -> Document:
    rows = Document.objects.visible_to(viewer).select_related("relationship__owner", "uploaded_by")
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise Missing(_("There is no such document."))
    return found
