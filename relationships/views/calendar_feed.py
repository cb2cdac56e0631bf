"""A calendar that other programs subscribe to, by an address that only its owner knows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Scope
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.operations.tokens import create_token, note_use, revoke_token
from accounts.queries.tokens import open_token, token_of, tokens_of
from core.http import Toast, done
from core.languages import spoken_to
from relationships.queries.calendar import Entry, calendar_entries
from relationships.queries.relationship_list import today_of

HERE = "/settings/calendar/"
DAYS = 365
ASKED_EVERY = timedelta(hours=1)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def settings_calendar(request: HttpRequest) -> HttpResponse:
    """One's own addresses; a new one is shown on the page that answers, and never again."""
    viewer, now = viewer_of(request), timezone.now()
    address = ""
    if request.method == "POST":
        scopes, name = [Scope.CALENDAR_READ.value], _("Calendar")
        _token, words = create_token(actor=viewer, user=viewer, name=name, scopes=scopes, days=DAYS, now=now)
        address = f"{settings.BASE_URL}/calendar/feeds/{words}/relman.ics"
    tokens = tokens_of(viewer).filter(scopes__contains=[Scope.CALENDAR_READ.value])
    context = {"address": address, "tokens": tokens, "now": now, "days": DAYS}
    return render(request, "relationships/settings_calendar.html", context)


@login_required
@require_POST
def calendar_end(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends one of one's own addresses."""
    viewer = viewer_of(request)
    revoke_token(actor=viewer, token=token_of(token_id, holder=viewer), now=timezone.now())
    return done(request, to=HERE, toast=Toast(_("The address leads nowhere any more.")))


@never_cache
@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever made the address; an address that is no longer good was never there."""
    now = timezone.now()
    found = open_token(token, now)
    if found is None or Scope.CALENDAR_READ.value not in found.scopes:
        raise Http404
    note_use(token=found, now=now)
    with spoken_to(found.user.language, found.user.time_zone):
        entries = calendar_entries(viewer=found.user, today=today_of(found.user, now))
        content = _written(found.user, list(entries), now)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _written(user: User, entries: list[Entry], now: datetime) -> bytes:
    """As iCalendar (RFC 5545). Whole days last until the next; nothing of it blocks the time of anybody."""
    from icalendar import Calendar  # noqa: PLC0415  eight megabytes that only those need who subscribe

    calendar = Calendar()
    calendar.add("prodid", "-//Relman//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Relman: %(name)s") % {"name": user.name})
    calendar.add("refresh-interval", ASKED_EVERY, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> Any:
    from icalendar import Event  # noqa: PLC0415  as above

    event = Event()
    event.add("uid", f"{entry.uid}@relman")
    event.add("dtstamp", now)
    event.add("summary", f"{entry.sort}: {entry.what} ({entry.name})")
    event.add("url", f"{settings.BASE_URL}{entry.place}")
    event.add("transp", "TRANSPARENT")
    if entry.starts_at is None:
        event.add("dtstart", entry.due_date)
        event.add("dtend", entry.due_date + timedelta(days=1))
    else:
        event.add("dtstart", entry.starts_at.astimezone(UTC))
        event.add("duration", entry.lasts)
    return event
