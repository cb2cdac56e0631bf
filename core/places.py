"""Countries and time zones by name, from the public-domain tables of the time zone database (package tzdata)."""

from functools import cache
from importlib.resources import files

TABLES = files("tzdata").joinpath("zoneinfo")
OUR_NAMES = {"GB": "United Kingdom", "KR": "South Korea", "KP": "North Korea", "CI": "Côte d’Ivoire"}
"""Where the table's short form is not what a person looks for in a list."""


def _rows(table: str) -> list[list[str]]:
    lines = TABLES.joinpath(table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 code → English name, by name."""
    named = {code: name for code, name, *_ in _rows("iso3166.tab")} | OUR_NAMES
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


@cache
def time_zones() -> dict[str, str]:
    """Zone → how a person reads it: `Europe/London` → London, `America/Argentina/Salta` → Argentina, Salta."""
    zones = {row[2]: _city(row[2]) for row in _rows("zone.tab")}
    return {"UTC": "UTC", **dict(sorted(zones.items()))}


def _city(zone: str) -> str:
    return ", ".join(part.replace("_", " ") for part in zone.split("/")[1:])


@cache
def time_zones_by_region() -> dict[str, dict[str, str]]:
    """The same, in groups: Africa, America, …; UTC stands first, in a group without a name."""
    regions: dict[str, dict[str, str]] = {}
    for zone, city in time_zones().items():
        region = zone.split("/")[0] if "/" in zone else ""
        regions.setdefault(region, {})[zone] = city
    return regions
