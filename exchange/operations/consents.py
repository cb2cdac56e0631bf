"""What contacts in files say of consent: by purpose, and only with when and by what it was said; never guessed.

A table says it in three columns for each purpose, named by its name or its slug: `Consent: Newsletter`, `Consent date:
Newsletter` and `Consent source: Newsletter`; `Consent: Newsletter / email` is for one channel alone. Cells are kept as
lines of the card (`X-RELMAN-CONSENT`), so that a held card can be corrected like every other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.models import BusinessUnit
from exchange.enums import HeldReason
from exchange.operations.vcards import Property, escaped
from relationships.enums import ConsentChannel, ConsentState
from relationships.models import Purpose

LINE = "X-RELMAN-CONSENT"
TITLE = re.compile(r"consent(?:\s+(date|source))?\s*:\s*([^/]+?)(?:\s*/\s*([a-z]+))?", re.IGNORECASE)
STATES = {
    "given": ConsentState.GIVEN,
    "yes": ConsentState.GIVEN,
    "refused": ConsentState.REFUSED,
    "no": ConsentState.REFUSED,
    "withdrawn": ConsentState.WITHDRAWN,
}
LONGEST, EARLIEST = 400, 1900


@dataclass(frozen=True)
class Told:
    """One consent that a row tells of, with its proof; `channel` "" for every one."""

    purpose: Purpose
    channel: str
    state: ConsentState
    said_at: datetime
    source: str


class Unfit(Exception):
    """What a row says of consent cannot be taken: the column, what stands there, and why."""

    def __init__(self, column: str, value: str, reason: HeldReason) -> None:
        super().__init__(column)
        self.column, self.value, self.reason = column, value, reason


def consent_line(title: str, cell: str) -> Property | None:
    """The line of a card for a cell below such a title; None below any other."""
    if TITLE.fullmatch(title.strip()) is None:
        return None
    return Property(LINE, f"{escaped(title.strip())};{escaped(cell)}")


@dataclass(frozen=True)
class Asked:
    """The purposes that people are asked about, and when days are over here; looked up where a card asks for them."""

    now: datetime

    @cached_property
    def purposes(self) -> Mapping[str, Purpose]:
        """By name and by slug, small."""
        used = list(Purpose.objects.filter(retired_at=None).order_by("pk"))
        return {name.lower(): each for each in used for name in (each.name, each.slug)}

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where our days begin."""
        return ZoneInfo(BusinessUnit.objects.get(is_default=True).time_zone)


def consents_of(lines: Sequence[Property], asked: Asked, *, is_person: bool) -> list[Told]:
    """What a card's lines tell of consent. Raises Unfit for the first that cannot be taken."""
    groups: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for line in lines:
        title, cell = [*line.parts, ""][:2]
        found = TITLE.fullmatch(title)
        if found is None or not is_person:
            raise Unfit(title, cell, HeldReason.UNFIT)
        key = (found[2].lower(), (found[3] or "").lower())
        groups.setdefault(key, {})[(found[1] or "state").lower()] = (title, cell)
    return [_told(purpose, channel, cells, asked) for (purpose, channel), cells in groups.items()]


def _told(name: str, channel: str, cells: Mapping[str, tuple[str, str]], asked: Asked) -> Told:
    title, _cell = next(iter(cells.values()))
    purpose = asked.purposes.get(name)
    if purpose is None:
        raise Unfit(title, name, HeldReason.NOT_A_CHOICE)
    if channel and channel not in ConsentChannel.values:
        raise Unfit(title, channel, HeldReason.NOT_A_CHOICE)
    for part, words in (("state", "Consent"), ("date", "Consent date"), ("source", "Consent source")):
        if part not in cells:
            raise Unfit(f"{words}: {purpose.name}", "", HeldReason.MISSING)
    (said, state), (dated, day), (shown, source) = (cells[part] for part in ("state", "date", "source"))
    if state.lower() not in STATES:
        raise Unfit(said, state, HeldReason.NOT_A_CHOICE)
    if len(source) > LONGEST:
        raise Unfit(shown, source, HeldReason.TOO_LONG)
    return Told(purpose, channel, STATES[state.lower()], _moment(dated, day, asked), source)


def _moment(title: str, cell: str, asked: Asked) -> datetime:
    """The beginning of a day in ISO 8601: in every other form a day may be meant as a month."""
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise Unfit(title, cell, HeldReason.NOT_A_DATE) from None
    if day.year < EARLIEST:
        raise Unfit(title, cell, HeldReason.OUT_OF_RANGE)
    moment = datetime.combine(day, time.min, asked.zone)
    if moment > asked.now:
        raise Unfit(title, cell, HeldReason.FUTURE)
    return moment
