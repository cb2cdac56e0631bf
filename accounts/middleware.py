"""What a signed-in viewer brings to every request: who they are, their own time zone and language."""

import zoneinfo
from collections.abc import Callable
from typing import cast

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import User
from core.languages import MANNERS


class ViewerMiddleware:
    """Shows every time of a request in the viewer's zone, and every word in the language that they chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activates both for this request only: `LocaleMiddleware` settles the language of every request anew."""
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.language in MANNERS:
            translation.activate(user.language)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)


class SessionActivityMiddleware:
    """Notes when a session was last used, at most every five minutes: noting each request costs four queries."""

    EVERY_SECONDS = 300

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Notes the session of a signed-in viewer before the page is made."""
        key = request.session.session_key
        if request.user.is_authenticated and key and cache.add(f"session-seen:{key}", 1, self.EVERY_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> User:
    """The signed-in user of a request: behind `login_required` it is never anonymous."""
    return cast(User, request.user)
