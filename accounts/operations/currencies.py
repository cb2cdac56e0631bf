"""The currencies that the workspace keeps amounts in, and what one was worth in another on a day."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, Currency, ExchangeRate, User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.currencies import NAMES, minor_units
from core.refusals import Conflict, Invalid

FIRST_DAY = date(1900, 1, 1)
HIGHEST_RATE = Decimal(10) ** 10
RATE_STEP = Decimal("0.00000001")


def check_currency(code: str, errors: dict[str, str], field: str = "currency") -> str:
    """A currency that can be kept here, whether or not it is yet."""
    if code not in NAMES:
        errors[field] = _("“%(code)s” is not a currency that can be kept here.") % {"code": code[:8]}
    return code


def check_kept(code: str, errors: dict[str, str], field: str = "currency") -> str:
    """A currency that the workspace keeps now."""
    if not Currency.objects.filter(code=code, retired_at=None).exists():
        errors[field] = _("“%(code)s” is not kept in this workspace.") % {"code": code[:8]}
    return code


def keep_currency(*, code: str) -> tuple[Currency, bool]:
    """The currency of a known code and whether it is new here, for operations that have checked the right to."""
    return Currency.objects.get_or_create(
        code=code, defaults={"name": NAMES[code], "minor_units": minor_units(code)}
    )


@transaction.atomic
def add_currency(*, actor: User, code: str, now: datetime) -> Currency:
    """Starts keeping a currency, or takes up a retired one again. Raises NotAllowed, Invalid, Conflict."""
    require(actor, Permission.MANAGE_WORKSPACE)
    errors: dict[str, str] = {}
    check_currency(code, errors, "code")
    if errors:
        raise Invalid(errors)
    currency, is_new = keep_currency(code=code)
    if not is_new and currency.retired_at is None:
        raise Conflict(_("%(name)s is kept already.") % {"name": currency.label})
    currency.retired_at = None
    currency.save(update_fields=["retired_at"])
    record_audit(
        actor_id=actor.pk, verb="currency_added", now=now, subject_type="currency", data={"code": code}
    )
    return currency


@transaction.atomic
def retire_currency(*, actor: User, currency: Currency, now: datetime) -> Currency:
    """Stops offering a currency for new amounts; old amounts keep it.

    Raises NotAllowed, Conflict while an open business unit reckons in it or when it is retired.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    held = Currency.objects.select_for_update().get(pk=currency.pk)
    if held.retired_at is not None:
        raise Conflict(_("%(name)s is retired already.") % {"name": held.label})
    units = BusinessUnit.objects.filter(currency=held, closed_at=None).order_by("name", "id")
    if units:
        raise Conflict(
            _("%(units)s keeps its books in %(code)s. Give it another currency first.")
            % {"units": ", ".join(unit.name for unit in units), "code": held.code}
        )
    held.retired_at = now
    held.save(update_fields=["retired_at"])
    record_audit(
        actor_id=actor.pk, verb="currency_retired", now=now, subject_type="currency", data={"code": held.code}
    )
    return held


@transaction.atomic
def set_rate(
    *, actor: User, currency: str, into: str, rate_date: date, rate: Decimal, now: datetime
) -> ExchangeRate:
    """One unit of `currency` was worth `rate` of `into` on a day; a second word on the same day corrects it.

    Raises NotAllowed, Invalid.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    errors: dict[str, str] = {}
    check_kept(currency, errors)
    check_kept(into, errors, "into")
    if currency == into:
        errors["into"] = _("A rate joins two different currencies.")
    if not FIRST_DAY <= rate_date <= now.date():
        errors["rate_date"] = _("A rate is known on a day from 1900 until today.")
    if not rate.is_finite() or not 0 < rate < HIGHEST_RATE or rate % RATE_STEP:
        errors["rate"] = _("A rate is above 0, below 10,000,000,000 and has at most 8 decimals.")
    if errors:
        raise Invalid(errors)
    row, is_new = ExchangeRate.objects.update_or_create(
        currency_id=currency, into_id=into, rate_date=rate_date, defaults={"rate": rate}
    )
    record_audit(
        actor_id=actor.pk,
        verb="rate_set" if is_new else "rate_corrected",
        now=now,
        subject_type="exchange_rate",
        subject_id=row.pk,
        data={"currency": currency, "into": into, "day": rate_date.isoformat(), "rate": f"{rate:f}"},
    )
    return row
