"""Countries and time zones by name: which there are say the public-domain tables of the time zone database (tzdata)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from django.utils.translation import pgettext_lazy

from core.naming import by_name, spoken

TABLES = files("tzdata").joinpath("zoneinfo")
OUR_NAMES = {"GB": "United Kingdom", "KR": "South Korea", "KP": "North Korea", "CI": "Côte d’Ivoire"}
"""Where the table's short form is not what a person looks for in a list."""

REGIONS = {
    "": "",
    "Africa": pgettext_lazy("part of the world", "Africa"),
    "America": pgettext_lazy("part of the world", "America"),
    "Antarctica": pgettext_lazy("part of the world", "Antarctica"),
    "Arctic": pgettext_lazy("part of the world", "Arctic"),
    "Asia": pgettext_lazy("part of the world", "Asia"),
    "Atlantic": pgettext_lazy("part of the world", "Atlantic"),
    "Australia": pgettext_lazy("part of the world", "Australia"),
    "Europe": pgettext_lazy("part of the world", "Europe"),
    "Indian": pgettext_lazy("part of the world", "Indian Ocean"),
    "Pacific": pgettext_lazy("part of the world", "Pacific"),
}
"""What zones begin with; nothing for the one that belongs to no place."""


def _rows(table: str) -> list[list[str]]:
    lines = TABLES.joinpath(table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def english_countries() -> dict[str, str]:
    """ISO 3166-1 code → English name, by name."""
    return by_name({code: name for code, name, *_ in _rows("iso3166.tab")} | OUR_NAMES)


def countries() -> Mapping[str, str]:
    """The same in the language that is spoken now."""
    return spoken("countries", english_countries())


def country_name(code: str) -> str:
    """The country of a code; what is no code of one stays as it is."""
    return countries().get(code, code)


@cache
def english_time_zones() -> dict[str, str]:
    """Zone → how a person reads it: `Europe/London` → London, `America/Argentina/Salta` → Argentina, Salta."""
    zones = {row[2]: _city(row[2]) for row in _rows("zone.tab")}
    return {"UTC": "UTC", **dict(sorted(zones.items()))}


def _city(zone: str) -> str:
    return ", ".join(part.replace("_", " ") for part in zone.split("/")[1:])


def time_zones() -> Mapping[str, str]:
    """The same in the language that is spoken now."""
    return spoken("zones", english_time_zones())


def time_zone_name(zone: str) -> str:
    """The city of a zone; one that is not offered stays as it is."""
    return time_zones().get(zone, zone)


def time_zones_by_region() -> dict[str, dict[str, str]]:
    """Zones with their cities, in groups: Africa, America, …; UTC stands first, in a group without a name."""
    regions: dict[str, dict[str, str]] = {}
    for zone, city in time_zones().items():
        regions.setdefault(zone.split("/")[0] if "/" in zone else "", {})[zone] = city
    named = by_name({region: str(REGIONS[region]) for region in regions})
    return {name: regions[region] for region, name in named.items()}
