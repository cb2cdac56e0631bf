"""The calendar by which the clocks of a case run: that of the business unit of its relationship."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import BusinessUnit
from accounts.queries.calendars import working_calendar
from analytics.business_time import BusinessCalendar, Stretch
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


class Calendars:
    """The calendars of business units with the holidays since a moment, each made once: many clocks run by each."""

    def __init__(self, since: datetime, now: datetime) -> None:
        self.since, self.now = since, now
        self._known: dict[int, BusinessCalendar] = {}

    def of(self, unit: BusinessUnit) -> BusinessCalendar:
        """The calendar of a unit. Raises Conflict for one that never works."""
        if unit.pk not in self._known:
            usual = case_calendar(unit, self.since, self.now)
            self._known[unit.pk] = _Remembering(usual.zone, usual.weekly, usual.holidays)
        return self._known[unit.pk]


class _Remembering(BusinessCalendar):
    """A calendar that works out each day once: many cases are open on the same days."""

    def openings(self, day: date) -> list[Stretch]:
        """The openings of a day, as the calendar has them."""
        known: dict[date, list[Stretch]] = vars(self).setdefault("known", {})
        if day not in known:
            known[day] = super().openings(day)
        return known[day]
