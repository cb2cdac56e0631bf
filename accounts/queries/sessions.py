"""Where somebody is signed in, in words that they recognise."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session as DjangoSession
from django.utils.translation import gettext as _

from accounts.models import User

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
PHONES = {"iPhone", "iPad", "Android"}


@dataclass(frozen=True)
class Session:
    """One signed-in browser."""

    id: int
    words: str
    is_phone: bool
    ip: str
    started_at: datetime
    seen_at: datetime
    is_here: bool


def sessions_of(user: User, *, here: str, now: datetime) -> list[Session]:
    """The living sessions of `user`, the one in use (`here`) first, then the last seen first.

    Two queries: allauth's own listing asks the store for each session.
    """
    rows = list(UserSession.objects.filter(user=user).order_by("id"))
    keys = DjangoSession.objects.filter(
        session_key__in=[row.session_key for row in rows], expire_date__gt=now
    ).values_list("session_key", flat=True)
    living = set(keys)
    found = [
        Session(
            id=row.pk,
            words=describe(row.user_agent),
            is_phone=_first(DEVICES, row.user_agent) in PHONES,
            ip=row.ip,
            started_at=row.created_at,
            seen_at=row.last_seen_at,
            is_here=row.session_key == here,
        )
        for row in rows
        if row.session_key in living
    ]
    return sorted(found, key=lambda session: (not session.is_here, -session.seen_at.timestamp(), session.id))


def describe(user_agent: str) -> str:
    """`Firefox on Windows` for what a browser says of itself; never trusted, only shown."""
    browser, device = _first(BROWSERS, user_agent), _first(DEVICES, user_agent)
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("Unknown browser")


def _first(words: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in words if mark in user_agent), "")
