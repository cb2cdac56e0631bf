"""What every operation asks of the values it is given: whatever door they came through, the words are the same."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import BusinessUnit
from core.refusals import Invalid

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class Problems:
    """Collects what is wrong with an input, field by field, to say it all at once."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, field: str, words: str) -> None:
        """Notes that `field` is wrong, and why."""
        self._found.setdefault(field, []).append(words)

    def refuse(self) -> None:
        """Raises Invalid with everything that was found; does nothing when all is well."""
        if self._found:
            raise Invalid(self._found)

    def text(self, field: str, value: str, *, most: int | None = None, required: bool = False) -> str:
        """`value` without outer blanks; wrong when empty though required, longer than `most`, or with a NUL."""
        text = value.strip()
        if required and not text:
            self.add(field, _("This cannot be empty."))
        elif most is not None and len(text) > most:
            self.add(
                field,
                _("This has %(size)d characters; at most %(most)d fit.") % {"size": len(text), "most": most},
            )
        elif "\x00" in text:
            self.add(field, _("This holds a character that cannot be stored."))
        return text

    def choice(self, field: str, value: str | int, allowed: Iterable[str | int]) -> None:
        """Wrong when `value` is none of `allowed`."""
        known = list(allowed)
        if value not in known:
            listed = ", ".join(str(entry) for entry in known if entry != "")
            self.add(
                field,
                _("“%(value)s” is not known here. Possible: %(known)s.") % {"value": value, "known": listed},
            )

    def day(self, field: str, value: date | None) -> None:
        """Wrong outside 1900 to 2100."""
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            self.add(field, _("%(day)s is not between 1900 and 2100.") % {"day": value.isoformat()})

    def span(self, field: str, start: date | None, end: date | None) -> None:
        """Wrong when `end` lies before `start`."""
        if start is not None and end is not None and end < start:
            self.add(
                field,
                _("%(end)s is before the start, %(start)s.")
                % {"end": end.isoformat(), "start": start.isoformat()},
            )

    def past_moment(self, field: str, value: datetime, now: datetime) -> None:
        """Wrong before 1900 or after `now`."""
        if value > now:
            self.add(field, _("This lies in the future."))
        else:
            self.day(field, value.astimezone(UTC).date())

    def whole_number(self, field: str, value: int | None, *, least: int, most: int) -> None:
        """Wrong outside `least` to `most`."""
        if value is not None and not least <= value <= most:
            self.add(
                field,
                _("%(value)d is not between %(least)d and %(most)d.")
                % {"value": value, "least": least, "most": most},
            )


def parse_amount(text: str) -> Decimal:
    """An amount of money as written, with a point for the decimals; raises Invalid under the field `amount`.

    “1,234.50” and “1234.5” are read; “1.234,50” and “12,5” are refused, for the comma could mean either.
    """
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    whole, point, decimals = plain.partition(".")
    head, *groups = whole.split(",")
    grouped = not groups or (head != "" and all(len(group) == 3 for group in groups))
    if not grouped or "," in decimals or (point and not decimals):
        raise Invalid(
            {
                "amount": _("“%(text)s” is not clear. Write decimals with a point, as in 1234.50.")
                % {"text": text}
            }
        )
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise Invalid({"amount": _("“%(text)s” is not an amount.") % {"text": text}}) from None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 12:
        raise Invalid({"amount": _("“%(text)s” is too large to be kept.") % {"text": text}})
    return amount


def local_day(moment: datetime, business_unit: BusinessUnit) -> date:
    """The calendar day of a moment where the business unit is."""
    return moment.astimezone(ZoneInfo(business_unit.time_zone)).date()
