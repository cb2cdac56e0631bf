"""The queue of parties that may be one, and what a person says of them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.http import Toast, done
from exchange.operations.candidates import dismiss_candidate
from exchange.queries.candidates import candidate_with_both, likeliest_candidates
from relationships.queries.merging import comparison

DUPLICATES = "/duplicates/"


@login_required
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Parties that may be one, side by side, the likeliest first."""
    viewer = viewer_of(request)
    require(viewer, Permission.IMPORT_DATA)
    return render(request, "exchange/candidate_list.html", {"found": likeliest_candidates(viewer=viewer)})


@login_required
@require_GET
def duplicate_compare(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """The two of a pair side by side, to choose from before one goes into the other: the earlier one stays."""
    viewer = viewer_of(request)
    require(viewer, Permission.IMPORT_DATA)
    pair = candidate_with_both(viewer=viewer, candidate_id=candidate_id)
    found = comparison(viewer=viewer, keep_id=pair.first_id, drop_id=pair.second_id)
    return render(request, "relationships/merge_new.html", {"found": found})


@login_required
@require_POST
def duplicate_dismiss(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Says that two parties are not the same."""
    dismiss_candidate(actor=viewer_of(request), candidate_id=candidate_id, now=timezone.now())
    return done(request, to=DUPLICATES, toast=Toast(_("Noted: these are two. They will not be shown again.")))
