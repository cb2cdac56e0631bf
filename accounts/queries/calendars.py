"""When a business unit is at work."""

import sys
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import holidays

from accounts.models import BusinessUnit
from analytics.business_time import BusinessCalendar

COUNTRIES = ModuleType("holidays.countries", "Every country when it is asked for.")
COUNTRIES.__path__ = [str(Path(holidays.__file__).parent / "countries")]
sys.modules.setdefault(COUNTRIES.__name__, COUNTRIES)
"""The library's own package loads all 250 countries with the first that is asked for: 20 MB in every process."""


def working_calendar(unit: BusinessUnit, first_year: int, last_year: int) -> BusinessCalendar:
    """The unit's week in its zone, without the public holidays of its country in those years.

    A country whose holidays are not known has none.
    """
    weekly = {
        int(day): [(_minutes(start), _minutes(end)) for start, end in intervals]
        for day, intervals in unit.work_week.items()
    }
    closed = frozenset().union(
        *(_public_holidays(unit.country, year) for year in range(first_year, last_year + 1))
    )
    return BusinessCalendar(ZoneInfo(unit.time_zone), weekly, closed)


@lru_cache(maxsize=512)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def _minutes(clock: str) -> int:
    """“09:30” as minutes after midnight; “24:00” is the end of the day."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
