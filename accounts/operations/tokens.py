"""Tokens of the API: made and shown once, used by programs, revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import Permission, Scope
from accounts.models import AccessToken, User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Conflict, Invalid, NotAllowed
from core.tokens import new_token, token_hash

PREFIX = "relman_"
LONGEST_DAYS = 366
MOST_TOKENS = 50
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def create_token(
    *, actor: User, user: User, name: str, scopes: Sequence[str], days: int, now: datetime
) -> tuple[AccessToken, str]:
    """A token of the actor, or of a service account that they may manage; returns it with its words.

    The words are told here and nowhere else. Raises NotAllowed, Invalid, Conflict when there are too many.
    """
    _check_holder(actor, user)
    words = " ".join(name.split())
    errors = {}
    if not 1 <= len(words) <= 80:
        errors["name"] = _("Say in at most 80 characters what the token is for.")
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        errors["scopes"] = _("There is no scope “%(scope)s”.") % {"scope": unknown[0]}
    elif not scopes:
        errors["scopes"] = _("Choose at least one thing that the token may do.")
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = _("A token lives for 1 to %(most)d days.") % {"most": LONGEST_DAYS}
    if errors:
        raise Invalid(errors)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if AccessToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now).count() >= MOST_TOKENS:
        raise Conflict(_("There are %(most)d tokens already. Revoke one first.") % {"most": MOST_TOKENS})
    secret = PREFIX + new_token()
    token = AccessToken.objects.create(
        user=user,
        name=words,
        hint=secret[: len(PREFIX) + 4],
        token_hash=token_hash(secret),
        scopes=sorted(set(scopes)),
        created_at=now,
        created_by=actor,
        expires_at=now + timedelta(days=days),
    )
    _audit(actor, token, "token_created", now)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: User, token: AccessToken, now: datetime) -> AccessToken:
    """Ends a token at once. Raises NotAllowed, Conflict when it was revoked before."""
    if token.user_id != actor.pk:
        require(actor, Permission.MANAGE_PEOPLE)
    held = AccessToken.objects.select_for_update(of=("self",), no_key=True).get(pk=token.pk)
    if held.revoked_at is not None:
        raise Conflict(_("“%(name)s” was revoked already.") % {"name": held.name})
    held.revoked_at, held.revoked_by = now, actor
    held.save(update_fields=["revoked_at", "revoked_by"])
    _audit(actor, held, "token_revoked", now)
    return held


def note_use(*, token: AccessToken, now: datetime) -> None:
    """Notes that a token is in use, at most once an hour: a call is not to cost a write."""
    if token.last_used_at is not None and now - token.last_used_at < NOTED_EVERY:
        return
    longer_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
    AccessToken.objects.filter(longer_ago, pk=token.pk).update(last_used_at=now)


def _check_holder(actor: User, user: User) -> None:
    """Nobody makes tokens that act as another person."""
    if user.is_service:
        require(actor, Permission.MANAGE_PEOPLE)
    elif user.pk != actor.pk:
        raise NotAllowed(_("Everybody makes their own tokens."))
    if not user.is_active:
        raise Conflict(_("%(name)s is not active.") % {"name": user.name})


def _audit(actor: User, token: AccessToken, verb: str, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="user",
        subject_id=token.user_id,
        data={"token": token.pk, "scopes": [scope.replace(":", "_") for scope in token.scopes]},
    )
