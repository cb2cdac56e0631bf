"""How the viewer wants to be told: of what, by which way, and when no mail is to come."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from core.forms import carry_out
from core.http import Toast, done
from messaging.forms import ChoiceForm
from messaging.operations.notifications import choose_channels
from messaging.queries.notification_choices import choice_of


@login_required
@require_http_methods(["GET", "POST"])
def settings_notifications(request: HttpRequest) -> HttpResponse:
    """A channel for each topic, the hour of the daily mail, and the quiet hours."""
    viewer = viewer_of(request)
    form = ChoiceForm(request.POST or None, choice=choice_of(viewer))
    if request.method == "POST" and form.is_valid():
        given = {"given": form.chosen(), "now": timezone.now()}
        if carry_out(form, choose_channels, actor=viewer, **given):
            return done(request, to="/settings/notifications/", toast=Toast(_("Notifications saved.")))
    context = {"form": form, "zone": viewer.time_zone}
    return render(
        request, "messaging/settings_notifications.html", context, status=422 if form.errors else 200
    )
