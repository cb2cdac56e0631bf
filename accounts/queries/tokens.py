"""Tokens as their holders and the API look at them."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import AccessToken, User
from core.refusals import Missing
from core.tokens import token_hash


def tokens_of(user: User) -> QuerySet[AccessToken]:
    """The tokens of somebody that were not revoked, newest first; `expires_at` tells the dead ones."""
    return AccessToken.objects.filter(user=user, revoked_at=None).order_by("-id")


def token_by_words(secret: str) -> AccessToken | None:
    """The token that these words are, with its user; whether it still opens anything is another question."""
    return AccessToken.objects.select_related("user").filter(token_hash=token_hash(secret)).first()


def open_token(secret: str, now: datetime) -> AccessToken | None:
    """The token that these words are, if it opens anything: neither ended nor revoked, of somebody who is active."""
    token = token_by_words(secret)
    return token if token is not None and token.is_open(now) and token.user.is_active else None


def token_of(token_id: int, *, holder: User) -> AccessToken:
    """One token of somebody. Raises Missing."""
    found = AccessToken.objects.filter(pk=token_id, user=holder).first()
    if found is None:
        raise Missing(_("There is no such token."))
    return found


def service_accounts(now: datetime) -> QuerySet[User]:
    """Programs with how many tokens they have (`open_tokens`) and when one was last used (`used_at`)."""
    is_open = Q(access_tokens__revoked_at=None, access_tokens__expires_at__gt=now)
    return (
        User.objects.filter(is_service=True)
        .annotate(
            open_tokens=Count("access_tokens", filter=is_open), used_at=Max("access_tokens__last_used_at")
        )
        .order_by("name", "id")
    )


def service_account_of(user_id: int) -> User:
    """One program. Raises Missing."""
    found = User.objects.filter(pk=user_id, is_service=True).first()
    if found is None:
        raise Missing(_("There is no such service account."))
    return found
