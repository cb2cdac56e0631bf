"""What an address says, read as it is meant; what cannot be read counts as not said."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

LONGEST_SEARCH = 100
LONGEST_ID = 18
"""Digits: whatever has no more of them fits into the database's bigint."""


@dataclass(frozen=True)
class Chip:
    """One thing that a list is narrowed by; `url` is the list without it."""

    label: str | Promise
    value: str | Promise
    url: str


def is_id(value: str) -> bool:
    """Whether it is written as an id is."""
    return value.isascii() and value.isdigit() and len(value) <= LONGEST_ID


def id_in(value: str) -> int | None:
    """The id that it says, if it says one."""
    return int(value) if is_id(value) else None


def ids_in(values: Iterable[str]) -> list[int]:
    """Those of the values that are ids."""
    return [int(value) for value in values if is_id(value)]


def one_of(value: str, known: Container[Any]) -> str:
    """The value, if it is among those that are known, else ""."""
    return value if value in known else ""


def search_in(value: str) -> str:
    """The words that are looked for, one blank between them."""
    return " ".join(value.replace("\x00", "").split())[:LONGEST_SEARCH]
