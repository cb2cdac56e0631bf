"""What countries, currencies and the cities of time zones are called: Unicode's CLDR names, taken out of Babel.

Written beside each compiled catalogue, only of what the product offers, in the order of the language's own names.
"""

import importlib.util
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from core import currencies, naming, places

if TYPE_CHECKING:
    from babel import Locale

OURS = {
    "de": {"HK": "Hongkong", "MO": "Macau", "XCG": "Karibischer Gulden", "ZWG": "Simbabwe-Gold"},
    "fr": {"HK": "Hong Kong", "MO": "Macao", "ZWG": "or du Zimbabwe"},
    "es": {"HK": "Hong Kong", "MO": "Macao", "ZWG": "oro de Zimbabue"},
}
"""Where CLDR's long form is not what a person looks for in a list, or Babel's edition has no name yet."""


def write_if_stale(language: str, folder: Path) -> None:
    """Writes the names of a language where they are missing or older than what they are made from."""
    kept = folder / naming.FILE
    if kept.exists() and kept.stat().st_mtime >= _changed_at():
        return
    beside = kept.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(names(language), ensure_ascii=False), encoding="utf-8")
    beside.replace(kept)


def names(language: str) -> dict[str, dict[str, str]]:
    """Kind of name → code → name, each by name. Raises KeyError for a country or currency without one."""
    from babel import Locale  # noqa: PLC0415  only who writes them needs it

    locale, ours = Locale.parse(language), OURS.get(language, {})
    lands, moneys = {**locale.territories, **ours}, {**locale.currencies, **ours}
    return {
        "countries": naming.by_name({code: _begun(lands[code]) for code in places.english_countries()}),
        "currencies": naming.by_name({code: _begun(moneys[code]) for code in currencies.NAMES}),
        "zones": {"UTC": "UTC", **naming.by_name(_cities(locale, lands["AR"]))},
    }


def _cities(locale: "Locale", argentina: str) -> dict[str, str]:
    """Zone → city. Babel keeps one under the zone's first name, and none that is written as in the zone itself."""
    from babel.core import get_global  # noqa: PLC0415  as above

    now_called: Mapping[str, str] = get_global("zone_aliases")
    known = {
        now_called.get(zone, zone): said["city"] for zone, said in locale.time_zones.items() if "city" in said
    }
    cities = {
        zone: known.get(zone, plain) for zone, plain in places.english_time_zones().items() if zone != "UTC"
    }
    there = {zone: cities[zone] for zone in cities if zone.startswith("America/Argentina/")}
    return cities | {zone: f"{argentina}, {city.rpartition(', ')[2]}" for zone, city in there.items()}


def _begun(name: str) -> str:
    """As a line of a list begins."""
    return name[:1].upper() + name[1:]


def _changed_at() -> float:
    """When the newest of what names are made from changed; nothing of it is loaded for that."""
    specs = [importlib.util.find_spec(package) for package in ("babel", "tzdata")]
    found = [Path(spec.origin) for spec in specs if spec is not None and spec.origin]
    ours = [Path(str(module.__file__)) for module in (currencies, naming, places)]
    return max(path.stat().st_mtime for path in [*found, *ours, Path(__file__)])
