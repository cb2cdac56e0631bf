"""The notification centre: what concerns the viewer, newest first, and the number at the bell."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import viewer_of
from core.addresses import id_in
from core.http import Toast, done, is_htmx
from core.refusals import Missing
from messaging.operations.notifications import mark_all_read, mark_read, mark_unread
from messaging.queries import notifications as queries
from messaging.registry import registry

HERE = "/notifications/"
CHANGED = {"notification:changed": True}


@login_required
@never_cache
@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """What the viewer was told, perhaps only the unread or those of one topic."""
    viewer = viewer_of(request)
    shows_all = request.GET.get("show") == "all"
    topic = request.GET.get("topic", "")
    topic = topic if topic in {each.key for each in registry.topics()} else ""
    page, told = queries.centre(
        viewer, unread_only=not shows_all, topic=topic, cursor=request.GET.get("at", "")
    )
    chosen = {"show": "all" if shows_all else "", "topic": topic}
    context = {
        "told": told,
        "topic": topic,
        "topics": registry.topics(),
        "shows_all": shows_all,
        "tabs": _tabs(chosen),
        "newest_id": max((row.pk for row in page.rows), default=0),
        "here": _url(chosen),
        "next_url": _url(chosen, at=page.next) if page.next else "",
        "previous_url": _url(chosen, at=page.previous) if page.previous else "",
    }
    part = "#results" if is_htmx(request) else ""
    return render(request, f"messaging/notification_list.html{part}", context)


@login_required
@never_cache
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread, for the bell: a number and nothing of what they are about."""
    count = queries.unread_count(viewer_of(request))
    most = queries.MOST_COUNTED
    context = {"count": count, "shown": f"{most}+" if count > most else count}
    return render(request, "messaging/_bell.html", context)


@login_required
@require_POST
def notification_open(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Marks one as read and goes to what it is about."""
    viewer = viewer_of(request)
    row = queries.notifications_for(viewer).filter(pk=notification_id).first()
    if row is None:
        raise Missing(_("There is no such notification."))
    told = queries.in_words(viewer, [row])[0]
    mark_read(actor=viewer, notification_ids=[row.pk], now=timezone.now())
    return done(request, to=told.line.place)


@login_required
@require_POST
def one_read(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Marks one as read, or as unread again."""
    viewer = viewer_of(request)
    if request.POST.get("unread"):
        mark_unread(actor=viewer, notification_ids=[notification_id])
    else:
        mark_read(actor=viewer, notification_ids=[notification_id], now=timezone.now())
    return done(request, to=HERE, events=CHANGED)


@login_required
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    """Marks as read what was there when the page was made; what came since stays unread."""
    newest = request.POST.get("newest", "")
    count = mark_all_read(actor=viewer_of(request), now=timezone.now(), up_to=id_in(newest) or 0)
    toast = Toast(_("All read.") if count else _("There was nothing unread."))
    return done(request, to=HERE, toast=toast, events=CHANGED)


def _tabs(chosen: dict[str, str]) -> list[dict[str, Any]]:
    words = {"": _("Unread"), "all": _("All")}
    return [
        {"label": label, "url": _url(chosen, show=key), "current": key == chosen["show"]}
        for key, label in words.items()
    ]


def _url(chosen: dict[str, str], **changed: str) -> str:
    kept = {name: value for name, value in {**chosen, **changed}.items() if value}
    return f"{HERE}?{urlencode(kept)}" if kept else HERE
