"""Times, spans and amounts in the product's words: today 09:50, Yesterday, Fri 20 Nov, 5 Jan 2027, €228,400.

Pure: the moment "now" comes in, the zone is Django's current one (the viewer's).
"""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from core.languages import FAST, manner, put

MINUTE, HOUR, DAY = 60, 3600, 86_400
SYMBOLS = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "JPY": "¥",
    "CHF": "CHF ",
    "CAD": "CA$",
    "AUD": "A$",
    "INR": "₹",
}
WHOLE_CURRENCIES = {"JPY", "KRW", "CLP", "ISK", "VND"}
MINUS = "−"


def local(moment: datetime) -> datetime:
    """The moment in the viewer's zone; a naive one is a bug and raises ValueError."""
    if timezone.is_naive(moment):
        raise ValueError(f"{moment!r} has no time zone.")
    return timezone.localtime(moment)


NEAR = {
    0: (gettext_lazy("Today"), gettext_lazy("today")),
    -1: (gettext_lazy("Yesterday"), gettext_lazy("yesterday")),
    1: (gettext_lazy("Tomorrow"), gettext_lazy("tomorrow")),
}


def day_words(day: date, today: date, *, lower: bool = False) -> str:
    """Today, Yesterday, Tomorrow, Fri 20 Nov, or 5 Jan 2027 in another year; `lower` inside a sentence."""
    near = NEAR.get((day - today).days)
    if near:
        return str(near[1] if lower else near[0])
    return _written(day, "D j M" if day.year == today.year else "j M Y", get_language())


@lru_cache(maxsize=4096)
def _written(day: date, form: str, language: str | None) -> str:
    """A day in a form and language: a page says the same few days again and again."""
    return put(day, form)


def written(day: date, form: str) -> str:
    """A day in a form of Django's letters, put as the viewer's language puts it."""
    return _written(day, form, get_language())


def moment_words(moment: datetime, now: datetime, *, lower: bool = False) -> str:
    """The day and the clock: Today 09:50, Tue 17 Nov, 10:14. Another year has the day alone."""
    return moment_words_on(moment, local(now).date(), lower=lower)


def moment_words_on(moment: datetime, today: date, *, lower: bool = False) -> str:
    """The same for whom it is a certain day."""
    here = local(moment)
    words, clock = day_words(here.date(), today, lower=lower), f"{here:%H:%M}"
    if abs((here.date() - today).days) <= 1:
        return f"{words} {clock}"
    return f"{words}, {clock}" if here.year == today.year else words


def full_words(value: date | datetime) -> str:
    """Everything, for the tooltip: Thursday 19 November 2026, 09:50."""
    if isinstance(value, datetime):
        here = local(value)
        return f"{_written(here.date(), 'l j F Y', get_language())}, {here:%H:%M}"
    return _written(value, "l j F Y", get_language())


def since_words(value: date | datetime, now: datetime) -> str:
    """How long ago or how far off, by calendar days beyond today: 3 hours ago, 41 days ago, in 3 days."""
    days = ((local(value).date() if isinstance(value, datetime) else value) - local(now).date()).days
    if isinstance(value, datetime) and days == 0:
        return _within_today((value - now).total_seconds())
    if abs(days) <= 1:
        return {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}[days]
    if days < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": figure(-days)}
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": figure(days)}


def _within_today(seconds: float) -> str:
    ahead, size = seconds > 0, abs(seconds)
    if size < MINUTE:
        return gettext("just now")
    if size < HOUR:
        n = int(size // MINUTE)
        words = (
            ngettext("in %(n)s minute", "in %(n)s minutes", n)
            if ahead
            else ngettext("%(n)s minute ago", "%(n)s minutes ago", n)
        )
    else:
        n = int(size // HOUR)
        words = (
            ngettext("in %(n)s hour", "in %(n)s hours", n)
            if ahead
            else ngettext("%(n)s hour ago", "%(n)s hours ago", n)
        )
    return words % {"n": n}


def duration_words(span: timedelta | float, *, has_days: bool = True) -> str:
    """Two largest units: 45 s, 38 min, 1 h 38 m, 2 d 4 h; below zero with a minus. A number is in seconds.

    Of working time a day has no length of its own: without days, 40 h are 40 h.
    """
    seconds = round(span.total_seconds() if isinstance(span, timedelta) else span)
    sign, seconds = (MINUS if seconds < 0 else ""), abs(seconds)
    if seconds < MINUTE:
        return sign + gettext("%(n)d s") % {"n": seconds}
    if seconds < HOUR:
        return sign + gettext("%(n)d min") % {"n": seconds // MINUTE}
    if seconds < DAY or not has_days:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        return sign + (
            gettext("%(h)d h %(m)02d m") % {"h": hours, "m": minutes}
            if minutes
            else gettext("%(h)d h") % {"h": hours}
        )
    days, hours = seconds // DAY, seconds % DAY // HOUR
    return sign + (
        gettext("%(d)d d %(h)d h") % {"d": days, "h": hours} if hours else gettext("%(d)d d") % {"d": days}
    )


def money_words(
    amount: Decimal | int | str, currency: str, *, whole: bool = False, compact: bool = False
) -> str:
    """€228,400, €12.50, −£3.20, SEK 900. `whole` rounds half-up to units; `compact` to €61 k, €1.34 m.

    An amount without a fraction shows none.
    """
    value = Decimal(str(amount))
    sign, value = (MINUS if value < 0 else ""), abs(value)
    if compact and value >= 1000:
        return _beside_symbol(sign, currency, _compact(value))
    places = 0 if whole or currency in WHOLE_CURRENCIES or value == value.to_integral_value() else 2
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return _beside_symbol(sign if rounded else "", currency, figure(rounded))


def _beside_symbol(sign: str, currency: str, words: str) -> str:
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{words}{FAST}{symbol.strip()}" if manner().is_symbol_last else f"{sign}{symbol}{words}"


def _compact(value: Decimal) -> str:
    for size, letter, places in zip((10**9, 10**6, 10**3), manner().large, (2, 2, 0), strict=True):
        scaled = (value / size).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        if scaled >= 1:
            gap = FAST if manner().is_symbol_last else " "
            return f"{figure(scaled.normalize() if places else scaled)}{gap}{letter}"
    return figure(value)


def figure(value: float | Decimal, places: int | None = None) -> str:
    """A number with the signs of the viewer's language between its digits: 1,234.5; `places` rounds it."""
    if isinstance(value, Decimal):
        words = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    else:
        words = f"{value:,}" if places is None else f"{value:,.{places}f}"
    how = manner()
    return words if how.point == "." else words.translate({44: how.group, 46: how.point})


def in_a_sentence(label: object) -> str:
    """A label as it stands within a sentence: small, but where a language writes its nouns large."""
    words = str(label)
    return words if manner().are_nouns_large else words.lower()


def shortest(value: float, digits: int = 6) -> str:
    """A number without noughts that say nothing: 7.5, 8; `digits` of it at most."""
    return f"{value:.{digits}g}".replace(".", manner().point)


def signed(value: float, places: int = 0) -> str:
    """A signed figure with a true minus: +2, −6, 0."""
    rounded: float = round(value, places)
    if not rounded:
        return "0"
    return f"{'+' if rounded > 0 else MINUS}{figure(abs(rounded), places)}"


def start_of_day(day: date) -> datetime:
    """Midnight of the day in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_current_timezone())
