"""Clocks of a person's day as moments: when an hour comes next, and when the quiet ones are over."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_at(now: datetime, clock: time, zone: str) -> datetime:
    """The next moment, after `now`, at which clocks in `zone` show `clock`, in UTC.

    An hour that a change of clocks leaves out comes as much later as it left out; one that comes twice is the
    first of the two.
    """
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    for ahead in range(3):
        moment = datetime.combine(day + timedelta(days=ahead), clock, local).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("an hour comes within two days")


def after_quiet(now: datetime, quiet_from: time | None, quiet_until: time | None, zone: str) -> datetime:
    """`now`, or the end of the quiet hours that it falls into; without hours, or with none between them, `now`."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return now
    clock = now.astimezone(ZoneInfo(zone)).time()
    if quiet_from < quiet_until:
        is_quiet = quiet_from <= clock < quiet_until
    else:
        is_quiet = clock >= quiet_from or clock < quiet_until
    return next_at(now, quiet_until, zone) if is_quiet else now
