"""The trash: what was removed, by whom and why, and putting it back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import viewer_of
from core.http import Toast, done
from core.refusals import Missing
from relationships.operations.trash import restore_document
from relationships.queries.trash import KEPT, removed_views, trash_page, trashed


@login_required
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """Removed documents that the viewer may know of, and the viewer's own removed views."""
    viewer, cursor = viewer_of(request), request.GET.get("cursor", "")
    documents, page = trash_page(viewer=viewer, cursor=cursor)
    views = [] if cursor else list(removed_views(viewer, timezone.now()))
    told = {"documents": documents, "page": page, "views": views, "days": KEPT.days}
    return render(request, "relationships/trash_list.html", told)


@login_required
@require_POST
def document_restore(request: HttpRequest, document_id: int) -> HttpResponse:
    """Puts a document back."""
    viewer = viewer_of(request)
    found = trashed(viewer).filter(pk=document_id).first()
    if found is None:
        raise Missing(_("There is no such document in the trash."))
    restore_document(actor=viewer, document=found, now=timezone.now())
    words = _("%(name)s is back.") % {"name": found.name}
    return done(request, to=f"/documents/{document_id}/preview/", toast=Toast(words))
