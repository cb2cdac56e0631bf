"""What is known of other people's files beforehand: those that a shipped mapping is for, and the words of others."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from exchange.queries.mappings import SHIPPED
from exchange.registry import DatasetFields

WORDS = Path(__file__).resolve().parent.parent / "headers" / "words.json"


def shipped_for(fields: DatasetFields, titles: Collection[str]) -> dict[str, Any]:
    """The shipped mapping all of whose columns are among a file's titles, the one that reads most; {} where none is.

    Only of data sets whose files are known so.
    """
    if not fields.knows_files:
        return {}
    fitting = [
        each for each in _shipped(fields.dataset.value) if set(each["columns"].values()) <= set(titles)
    ]
    return max(fitting, key=lambda each: len(each["columns"]), default={})


@cache
def _shipped(dataset: str) -> list[dict[str, Any]]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]
    return [each for each in found if each["dataset"] == dataset]


def constants_of(shipped: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    """What holds for every row by a shipped mapping; what is given wins.

    Another kind than the mapping's has its own sorts of party.
    """
    known = dict(shipped.get("constants", {}))
    if given.get("kind", known.get("kind")) != known.get("kind"):
        known.pop("party_kind", None)
    return {**known, **given}


def words_of_values(
    fields: DatasetFields, shipped: Mapping[str, Any], seen: Mapping[str, Collection[str]]
) -> dict[str, dict[str, str]]:
    """Our field to the file's words to ours, of a shipped mapping or, by the words that were `seen`, of many files."""
    if shipped:
        return dict(shipped.get("values", {}))
    found = {}
    for name, known in usual_words(fields.dataset.value).items():
        told = {word: known[word.casefold()] for word in seen.get(name, ()) if word.casefold() in known}
        if told:
            found[name] = told
    return found


@cache
def usual_words(dataset: str) -> dict[str, dict[str, str]]:
    """Our field to words that many files use, in lower case, to ours."""
    known: dict[str, dict[str, dict[str, str]]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return known.get(dataset, {})
