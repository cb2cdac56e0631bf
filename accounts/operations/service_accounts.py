"""Programs that work in Relman: accounts with roles and tokens, and without a way to sign in."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.identity import clean_name
from accounts.permissions import require
from core.refusals import Invalid

NOWHERE = "service.invalid"
"""A domain that never exists (RFC 2606): no letter to a service account leaves the house."""


@transaction.atomic
def create_service_account(*, actor: User, name: str, now: datetime) -> User:
    """A service account without any role yet. Raises NotAllowed, Invalid."""
    require(actor, Permission.MANAGE_PEOPLE)
    errors: dict[str, str] = {}
    words = clean_name(name, errors)
    if errors:
        raise Invalid(errors)
    address = f"{secrets.token_hex(8)}@{NOWHERE}"
    account = User.objects.create_user(address, words, date_joined=now, is_service=True, time_zone="UTC")
    record_audit(
        actor_id=actor.pk,
        verb="service_account_created",
        now=now,
        subject_type="user",
        subject_id=account.pk,
    )
    return account
