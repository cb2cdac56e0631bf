"""Business units: parts of the company with their own currency, zone, country and working hours."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, RoleGrant, User, default_work_week
from accounts.operations.audit import record_audit
from accounts.operations.currencies import check_kept
from accounts.operations.identity import check_country, check_time_zone, clean_name
from accounts.operations.open_items import refuse_while_in_hand
from accounts.permissions import require
from core.refusals import Conflict, Invalid

WorkWeek = Mapping[str, Sequence[Sequence[str]]]
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
DAYS = tuple("0123456")
MOST_AN_HOUR = 100_000


@transaction.atomic
def create_business_unit(
    *,
    actor: User,
    name: str,
    currency: str,
    time_zone: str,
    country: str,
    now: datetime,
    work_week: WorkWeek | None = None,
    hour_rate: Decimal | None = None,
) -> BusinessUnit:
    """A new business unit; without working hours it works Monday to Friday, nine to five.

    Raises NotAllowed, Invalid.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    unit = BusinessUnit(work_week=default_work_week())
    _describe(unit, name, currency, time_zone, country, work_week)
    unit.hour_rate = _check_rate(hour_rate)
    unit.save()
    _audit(actor, unit, "business_unit_created", now)
    return unit


@transaction.atomic
def edit_business_unit(
    *,
    actor: User,
    unit: BusinessUnit,
    name: str,
    currency: str,
    time_zone: str,
    country: str,
    now: datetime,
    work_week: WorkWeek | None = None,
    hour_rate: Decimal | None = None,
) -> BusinessUnit:
    """Describes a unit anew; without working hours it keeps those it has. Raises NotAllowed, Invalid, Conflict."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = _open_unit(unit)
    _describe(held, name, currency, time_zone, country, work_week)
    held.hour_rate = _check_rate(hour_rate)
    held.save()
    _audit(actor, held, "business_unit_edited", now)
    return held


def _describe(
    unit: BusinessUnit, name: str, currency: str, time_zone: str, country: str, work_week: WorkWeek | None
) -> None:
    errors: dict[str, str] = {}
    unit.name = clean_unit_name(name, errors, unit=unit)
    unit.currency_id = check_kept(currency, errors)
    unit.time_zone = check_time_zone(time_zone, errors)
    unit.country = check_country(country, errors)
    if work_week is not None:
        unit.work_week = clean_work_week(work_week, errors)
    if errors:
        raise Invalid(errors)


def _check_rate(hour_rate: Decimal | None) -> Decimal | None:
    if hour_rate is not None and not 0 < hour_rate < MOST_AN_HOUR:
        raise Invalid({"hour_rate": _("An hour costs more than nothing and less than %d.") % MOST_AN_HOUR})
    return hour_rate


def clean_unit_name(name: str, errors: dict[str, str], *, unit: BusinessUnit, field: str = "name") -> str:
    """A name that no other unit has."""
    name = clean_name(name, errors, field)
    if BusinessUnit.objects.filter(name__iexact=name).exclude(pk=unit.pk or 0).exists():
        errors[field] = _("There is a business unit called %(name)s already.") % {"name": name}
    return name


def clean_work_week(work_week: WorkWeek, errors: dict[str, str]) -> dict[str, list[list[str]]]:
    """Weekday ("0" = Monday) → intervals ["09:00", "17:00"], in order and apart; days off are left out."""
    cleaned = {}
    for day, intervals in sorted(work_week.items()):
        ordered = sorted([str(clock) for clock in interval] for interval in intervals)
        if day not in DAYS or not all(_is_interval(interval) for interval in ordered):
            errors["work_week"] = _("Working hours are from an earlier to a later time, such as 09:00–17:00.")
        elif any(earlier[1] > later[0] for earlier, later in pairwise(ordered)):
            errors["work_week"] = _("Working hours of a day overlap.")
        elif ordered:
            cleaned[day] = ordered
    if not cleaned and not errors.get("work_week"):
        errors["work_week"] = _("There is no working time in the week.")
    return cleaned


def _is_interval(interval: Sequence[str]) -> bool:
    return (
        len(interval) == 2 and all(CLOCK.fullmatch(clock) for clock in interval) and interval[0] < interval[1]
    )


@transaction.atomic
def make_default(*, actor: User, unit: BusinessUnit, now: datetime) -> BusinessUnit:
    """New relationships belong to this unit unless somebody says otherwise. Raises NotAllowed, Conflict."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = _open_unit(unit)
    BusinessUnit.objects.filter(is_default=True).exclude(pk=held.pk).update(is_default=False)
    held.is_default = True
    held.save(update_fields=["is_default"])
    _audit(actor, held, "business_unit_made_default", now)
    return held


@transaction.atomic
def close_business_unit(*, actor: User, unit: BusinessUnit, now: datetime) -> BusinessUnit:
    """Closes a unit. Raises NotAllowed, and Conflict for the default one and while anything hangs on it."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = _open_unit(unit)
    if held.is_default:
        raise Conflict(
            _("%(name)s is the default unit. Make another one the default first.") % {"name": held.name}
        )
    if held.teams.filter(closed_at=None).exists():
        raise Conflict(_("%(name)s still has teams. Close them first.") % {"name": held.name})
    if RoleGrant.objects.filter(business_unit=held, ended_at=None).exists():
        raise Conflict(_("Roles are limited to %(name)s. End them first.") % {"name": held.name})
    refuse_while_in_hand(actor=actor, of="business_unit", owner_id=held.pk, name=held.name)
    held.closed_at = now
    held.save(update_fields=["closed_at"])
    _audit(actor, held, "business_unit_closed", now)
    return held


def _open_unit(unit: BusinessUnit) -> BusinessUnit:
    held = BusinessUnit.objects.select_for_update().get(pk=unit.pk)
    if held.closed_at is not None:
        raise Conflict(_("The business unit %(unit)s is closed.") % {"unit": held.name})
    return held


def _audit(actor: User, unit: BusinessUnit, verb: str, now: datetime) -> None:
    record_audit(actor_id=actor.pk, verb=verb, now=now, subject_type="business_unit", subject_id=unit.pk)
