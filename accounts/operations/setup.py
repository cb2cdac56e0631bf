"""The first administrator of a new workspace, let in by a one-time link from the console. No default password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import RoleGrant, SetupToken, User
from accounts.operations.audit import record_audit
from accounts.operations.business_units import clean_unit_name
from accounts.operations.currencies import check_currency, keep_currency
from accounts.operations.identity import (
    check_country,
    check_password,
    check_time_zone,
    clean_address,
    clean_name,
)
from accounts.operations.people import add_user
from accounts.operations.roles import ADMINISTRATOR, add_grant
from accounts.operations.workspace import ensure_workspace
from core.refusals import Conflict, Invalid, Missing
from core.tokens import new_token, token_hash

VALID_FOR = timedelta(days=1)


@transaction.atomic
def new_setup_link(*, now: datetime) -> str:
    """An address that makes the first administrator, once, within a day; earlier ones stop working.

    Raises Conflict when there is an active administrator.
    """
    if has_administrator():
        raise Conflict(_("There is an administrator already. Ask them for an invitation."))
    SetupToken.objects.filter(used_at=None).delete()
    token = new_token()
    SetupToken.objects.create(token_hash=token_hash(token), created_at=now)
    return str(settings.BASE_URL + reverse("setup", args=[token]))


def has_administrator() -> bool:
    """Whether anybody runs this workspace."""
    grants = RoleGrant.objects.filter(role=ADMINISTRATOR, ended_at=None)
    return grants.filter(user__is_active=True, user__is_system=False).exists()


def open_setup(*, token: str, now: datetime) -> SetupToken:
    """The right that a link carries. Raises Missing, the same for every link that carries none."""
    return _opened(SetupToken.objects.all(), token, now)


def _opened(tokens: QuerySet[SetupToken], token: str, now: datetime) -> SetupToken:
    found = tokens.filter(token_hash=token_hash(token), used_at=None, created_at__gt=now - VALID_FOR)
    right = found.first()
    if right is None or has_administrator():
        raise Missing(_("This set-up link does not work any more."))
    return right


@transaction.atomic
def create_first_administrator(
    *,
    token: str,
    name: str,
    email: str,
    password: str,
    workspace_name: str,
    currency: str,
    time_zone: str,
    country: str,
    now: datetime,
) -> User:
    """Uses the link up: names the workspace and makes its first administrator.

    Raises Missing for a link that carries no right, Invalid with every wrong field.
    """
    right = _opened(SetupToken.objects.select_for_update(), token, now)
    unit = ensure_workspace(now=now).business_unit
    errors: dict[str, str] = {}
    name = clean_name(name, errors)
    email = clean_address(email, errors)
    check_password(password, errors, user=User(email=email, name=name))
    unit.name = clean_unit_name(workspace_name, errors, unit=unit, field="workspace_name")
    unit.currency_id = check_currency(currency, errors)
    unit.time_zone = check_time_zone(time_zone, errors)
    unit.country = check_country(country, errors)
    if errors:
        raise Invalid(errors)
    keep_currency(code=currency)
    unit.save()
    right.used_at = now
    right.save(update_fields=["used_at"])
    user = add_user(email=email, name=name, password=password, time_zone=time_zone, now=now)
    record_audit(actor_id=user.pk, verb="workspace_set_up", now=now, subject_type="user", subject_id=user.pk)
    add_grant(actor=user, user=user, role=ADMINISTRATOR, now=now)
    return user
