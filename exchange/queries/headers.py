"""What other people's software calls our fields, kept as data: one JSON file a data set."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path

from exchange.queries.known_layouts import usual_words
from relationships import kinds
from relationships.queries.custom_fields import definitions

FOLDER = Path(__file__).resolve().parent.parent / "headers"
NOISE = frozenset(
    (
        "of",
        "the",
        "in",
        "a",
        "t",
        "net",
        "gbp",
        "eur",
        "usd",
        "sterling",
        "incl",
        "including",
        "excl",
        "excluding",
    )
) | frozenset(("vat", "tax", "lookup", "internal", "line", "our", "their", "and"))
"""Words that tell one column of a kind from another of the same kind, but not what it is."""
STEP = 0.01
"""How much less a field's later names say than its first."""
NEAR = 0.84
"""Two spellings as near as this are the same word misspelt: "Suplier", "Expence Type", "Transation"."""


@dataclass(frozen=True)
class Called:
    """How a field is called: names in order of how sure they are, words that say it is another thing, and what its
    values are like (name, code, text, unique, choice, email, phone, url, country, currency; "" by its type). `words`
    are those that many files use for a choice.
    """

    names: tuple[str, ...]
    never: frozenset[str]
    values: str
    words: frozenset[str] = frozenset()


@cache
def headers_of(dataset: str) -> Mapping[str, Called]:
    """Each field of a data set with what it may be called."""
    data = json.loads((FOLDER / f"{dataset}.json").read_text(encoding="utf-8"))
    words = usual_words(dataset)
    return {
        field: Called(
            tuple(said["names"]),
            frozenset(said.get("not", ())),
            said.get("values", ""),
            frozenset(words.get(field, ())),
        )
        for field, said in data.items()
    }


def own_headers(kind: str) -> dict[str, Called]:
    """The workspace's own fields of a kind, called by their labels and their keys; none without a kind."""
    if kind not in kinds.registry:
        return {}
    return {each.name: _called_own(each.label, each.key) for each in definitions(kind)}


def _called_own(label: str, key: str) -> Called:
    names = (" ".join(words_of(label)), key.replace("_", " "))
    return Called(tuple(name for name in dict.fromkeys(names) if name), frozenset(), "")


def words_of(title: str) -> tuple[str, ...]:
    """A header as plain words: `"customerID"`, `"Customer_Id"` and `"CUSTOMER ID (£)"` are all customer, id."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    bare = unicodedata.normalize("NFKD", spaced)
    plain = "".join(character for character in bare if not unicodedata.combining(character)).casefold()
    return tuple(re.findall(r"[^\W_]+", plain))


@lru_cache(maxsize=50_000)
def likeness(title: str, field: str, called: Called) -> float:
    """How sure a header names a field, 0 to 1: its very name 1; a name among other words or misspelt less."""
    words = words_of(title)
    if not words:
        return 0.0
    if title.strip().casefold() == field or " ".join(words) == field.replace("_", " ").replace(".", " "):
        return 1.0
    if called.never & set(words):
        return 0.0
    return max(
        (_near(words, tuple(name.split())) - STEP * place for place, name in enumerate(called.names)),
        default=0.0,
    )


def _near(words: tuple[str, ...], name: tuple[str, ...]) -> float:
    if words == name:
        return 1.0
    kept = tuple(word for word in words if word not in NOISE and not word.isdigit())
    if kept == tuple(word for word in name if word not in NOISE):
        return 0.95
    if set(name) <= set(words):
        others = len(set(kept) - set(name))
        return max(0.85 - 0.1 * others, 0.3)
    if len("".join(words)) < 4:
        return 0.0
    theirs, ours = " ".join(words), " ".join(name)
    if abs(len(theirs) - len(ours)) > 4:
        return 0.0
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    ratio = matcher.ratio() if matcher.quick_ratio() >= NEAR else 0.0
    return 0.85 * ratio if ratio >= NEAR else 0.0
