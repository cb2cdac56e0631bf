"""The pages of the sample data: what of the workspace it is, and the click that takes it away."""

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
from exchange.operations.demo.remove import remove_sample
from exchange.queries.sample import sample_size

SAMPLE = "/administration/sample/"


@login_required
@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """What of the workspace is sample data, and the one click that takes it away."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return render(request, "exchange/sample_detail.html", {"sample": sample_size()})


@login_required
@require_POST
def sample_remove(request: HttpRequest) -> HttpResponse:
    """Removes the sample."""
    removed = remove_sample(actor=viewer_of(request), now=timezone.now())
    words = _("The sample is gone: %(count)d relationships removed.") % {"count": removed.relationships}
    return done(request, to=SAMPLE, toast=Toast(words))
