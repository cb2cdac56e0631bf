"""The calendar by which the clocks of a case run: that of the business unit of its relationship."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import BusinessUnit
from accounts.queries.calendars import working_calendar
from analytics.business_time import BusinessCalendar
from core.refusals import Conflict

AHEAD = timedelta(days=366)
"""How far holidays are known beyond now: further than any clock runs."""


def case_calendar(unit: BusinessUnit, since: datetime, now: datetime) -> BusinessCalendar:
    """The unit's working hours, with its holidays from a moment on. Raises Conflict for a unit that never works."""
    first, last = since - timedelta(days=1), now + AHEAD
    try:
        return working_calendar(unit, first.year, last.year)
    except ValueError as never:
        words = _("%(unit)s has no working hours, so no clock can run there. Set them first.")
        raise Conflict(words % {"unit": unit.name}) from never
