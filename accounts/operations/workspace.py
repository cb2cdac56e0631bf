"""The least that a workspace consists of: a business unit, its currency, and the system as an actor."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import BusinessUnit, Currency, User
from core.currencies import NAMES, minor_units

SYSTEM_ADDRESS = "system@relman.invalid"
FIRST_CURRENCIES = ("GBP", "EUR", "USD")
LOCK = 7_305_001
"""Key of the advisory lock under which two first starts make one workspace."""


@dataclass(frozen=True)
class Workspace:
    """What every other row leans on."""

    business_unit: BusinessUnit
    currency: Currency
    system_actor: User


@transaction.atomic
def ensure_workspace(*, now: datetime) -> Workspace:
    """Makes what is missing of the workspace and returns it; changes nothing that is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    unit = BusinessUnit.objects.select_related("currency").filter(is_default=True).first()
    if unit is None:
        unit = _first_business_unit()
    actor = User.objects.filter(is_system=True).first()
    if actor is None:
        actor = User.objects.create_user(SYSTEM_ADDRESS, "Relman", is_system=True, date_joined=now)
    return Workspace(business_unit=unit, currency=unit.currency, system_actor=actor)


def _first_business_unit() -> BusinessUnit:
    for code in FIRST_CURRENCIES:
        Currency.objects.get_or_create(
            code=code, defaults={"name": NAMES[code], "minor_units": minor_units(code)}
        )
    return BusinessUnit.objects.create(name="Main", currency_id=FIRST_CURRENCIES[0], is_default=True)
