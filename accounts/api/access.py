"""Who calls: a token in the header, or the session of a browser that only reads; and how often they may."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.enums import Area
from accounts.models import AccessToken, User
from accounts.operations.tokens import note_use
from accounts.queries.tokens import open_token
from core.refusals import NotAllowed

READING = ("GET", "HEAD")
WINDOW_SECONDS = 60


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer relman_…`."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """The token's user; None when the header is not there. Raises AuthenticationFailed."""
        kind, _blank, words = get_authorization_header(request).decode("latin-1").partition(" ")
        if not kind:
            return None
        now = timezone.now()
        token = open_token(words.strip(), now) if kind.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(_("This token opens nothing: it is unknown, expired or revoked."))
        note_use(token=token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """How to authenticate."""
        return 'Bearer realm="api"'


class BrowserAuthentication(BaseAuthentication):
    """The session of somebody signed in, for reading alone: what changes things wants a token.

    So no page of another site can make a browser change anything here, whatever it sends.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The signed-in user; None for nobody, and for every call that is not a reading one."""
        user = request._request.user
        if request.method not in READING or not isinstance(user, User) or not user.is_active:
            return None
        return user, None


def require_scope(token: Any, area: Area, *, to_write: bool) -> None:
    """Raises NotAllowed unless the token has the scope; a session reads everything that its user may."""
    if token is None:
        return
    fitting = {f"{area}:write"} if to_write else {f"{area}:read", f"{area}:write"}
    if not fitting & set(token.scopes):
        wanted = f"{area}:write" if to_write else f"{area}:read"
        raise NotAllowed(_("This token lacks the scope “%(scope)s”.") % {"scope": wanted})


class CallLimit(BaseThrottle):
    """So many calls a minute for each token, or for each person in a browser."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts the call; what is left is told in the answer's headers."""
        now = timezone.now()
        used, most = _count(_name(request), now), settings.API_CALLS_A_MINUTE
        reset = WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS
        view.limits = {
            "RateLimit-Limit": str(most),
            "RateLimit-Remaining": str(max(most - used, 0)),
            "RateLimit-Reset": str(reset),
        }
        if used > most:
            raise Throttled(wait=reset - 1)
        return True


def _name(request: Request) -> str:
    token = request.auth
    return f"token:{token.pk}" if isinstance(token, AccessToken) else f"user:{request.user.pk}"


def _count(name: str, now: datetime) -> int:
    """How many calls this one makes in the current minute."""
    key = f"api-calls:{name}:{int(now.timestamp()) // WINDOW_SECONDS}"
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1 if cache.add(key, 1, WINDOW_SECONDS) else int(cache.incr(key))
