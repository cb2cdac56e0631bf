"""What countries, currencies and the cities of time zones are called in the language that is spoken now.

The names are those of Unicode's CLDR, which `relman/names.py` takes out of Babel beside the catalogues, so that a
process reads only what the product offers, of a language that somebody speaks, when it is first asked: a tenth of a
megabyte, where Babel with the whole of a language takes eight.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, to_locale

FILE = "names.json"
AFTER_N = str.maketrans({"ñ": "n\uffff"})
"""A letter of its own in Spanish, behind every other n."""


def spoken(what: str, plain: Mapping[str, str]) -> Mapping[str, str]:
    """Code → name, by name, of `countries`, `currencies` or `zones`; `plain` are the English ones."""
    return _kept(get_language() or settings.LANGUAGE_CODE).get(what, plain)


@cache
def _kept(language: str) -> dict[str, dict[str, str]]:
    path = settings.LOCALE_PATHS[0] / to_locale(language) / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def by_name(named: Mapping[str, str]) -> dict[str, str]:
    """The same in the order of a dictionary: Österreich among the O, Åland among the A."""
    return dict(sorted(named.items(), key=lambda pair: (_letters(pair[1]), pair[0])))


def _letters(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.casefold().translate(AFTER_N))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
