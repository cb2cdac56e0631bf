"""The calendar page: a month, a week or what comes, of what the viewer has to do, has promised and whom they meet."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import viewer_of
from accounts.models import User
from core.wording import written
from relationships.queries.calendar import MOST, Day, Within, days_between
from relationships.queries.relationship_list import today_of

AGENDA_DAYS = 30
SHOWN_IN_MONTH = 4
FIRST_YEAR, LAST_YEAR = 1970, 2200
Prefix = Callable[[str], str]
"""The address of a month, a week or an agenda, up to the day, which is to follow."""


@login_required
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The stretch of days around the day that is asked for, or around today."""
    viewer, now = viewer_of(request), timezone.now()
    asked = request.GET.get("view", ""), request.GET.get("on", "")
    return render(request, "relationships/calendar.html", days_context(viewer, now, asked, _own))


def days_context(
    viewer: User,
    now: datetime,
    asked: tuple[str, str],
    prefix: Prefix,
    *,
    within: Within = None,
    most: int = MOST,
) -> dict[str, Any]:
    """The days that are asked for by how much and when, with the ways to others; see `days_between`."""
    today = today_of(viewer, now)
    view = asked[0] if asked[0] in ("month", "week", "agenda") else "month"
    on = _day(asked[1]) or today
    first, last = _span(view, on)
    month = on.month if view == "month" else None
    days = days_between(
        viewer=viewer, first=first, last=last, today=today, month=month, within=within, most=most
    )
    return {
        "view": view,
        "on": on.isoformat(),
        "views_of_days": _views(view, on, prefix),
        "title": _title(view, on, first, last),
        "weeks": [days[start : start + 7] for start in range(0, len(days), 7)] if view != "agenda" else [],
        "days": _agenda(days) if view == "agenda" else [],
        "most": SHOWN_IN_MONTH if view == "month" else 0,
        "is_empty": not any(day.entries for day in days),
        "is_cut": max(_numbers(days).values(), default=0) >= most,
        "agenda_url": prefix("agenda"),
        "previous_url": prefix(view) + _moved(view, on, -1).isoformat(),
        "next_url": prefix(view) + _moved(view, on, 1).isoformat(),
        "today_url": prefix(view) + today.isoformat(),
    }


def _own(view: str) -> str:
    return f"/calendar/?view={view}&on="


def _numbers(days: list[Day]) -> Counter[str]:
    """How many there are of follow-ups, of promises and of meetings."""
    return Counter(entry.uid.rpartition("-")[0] for day in days for entry in day.entries)


def _day(text: str) -> date | None:
    """A day of which there is a calendar; None for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and FIRST_YEAR < day.year < LAST_YEAR else None


def _span(view: str, on: date) -> tuple[date, date]:
    if view == "agenda":
        return on, on + timedelta(days=AGENDA_DAYS - 1)
    if view == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _moved(view: str, on: date, steps: int) -> date:
    """The day to ask for to see the stretch after, or before."""
    if view == "agenda":
        return on + timedelta(days=AGENDA_DAYS * steps)
    if view == "week":
        return on + timedelta(days=7 * steps)
    first = on.replace(day=1)
    return (
        (first + timedelta(days=31)).replace(day=1)
        if steps > 0
        else (first - timedelta(days=1)).replace(day=1)
    )


def _agenda(days: list[Day]) -> list[Day]:
    """The days on which something is."""
    return [day for day in days if day.entries]


def _title(view: str, on: date, first: date, last: date) -> str:
    if view == "month":
        return written(on, "F Y")
    words = {"first": written(first, "j F"), "last": written(last, "j F Y")}
    return _("%(first)s to %(last)s") % words


def _views(view: str, on: date, prefix: Prefix) -> list[dict[str, Any]]:
    words = {"month": _("Month"), "week": _("Week"), "agenda": _("Agenda")}
    return [
        {"value": key, "label": label, "url": prefix(key) + on.isoformat()} for key, label in words.items()
    ]
