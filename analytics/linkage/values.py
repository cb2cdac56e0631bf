"""The comparable form of a cell, by what its column holds."""

import re
from collections.abc import Callable
from enum import StrEnum

from analytics.names import name_key

NOTHING = frozenset({"", "na", "n/a", "#n/a", "nan", "nil", "null", "none", "-", "--", "?", "unknown"})
_FORMS = """ab ag as asa bv co company corp corporation gmbh inc incorporated kg kgaa limited llc llp ltd mbh nv oy plc
pty sa sarl sas se spa srl the"""
_STREETS = """st street ave av avenue rd road blvd boulevard dr drive pl place ct court ln lane ter terrace cres
crescent cct circuit hwy highway pkwy parkway sq square way close cl"""
LEGAL_FORMS = frozenset(_FORMS.split())
STREET_WORDS = frozenset(_STREETS.split())
DIRECTIONS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"})
PHONE_DIGITS = 9
_APART = re.compile(r"[^\w]+|_+")
_GROUPS = re.compile(r"\d+")
_SCHEME = re.compile(r"^(https?://)?(www\.)?")


class Role(StrEnum):
    """What a column says about a record; it chooses the comparator."""

    NAME = "name"
    GIVEN = "given_name"
    SURNAME = "surname"
    EMAIL = "email"
    PHONE = "phone"
    IDENTIFIER = "identifier"
    DATE = "date"
    ADDRESS = "address"
    STREET = "street"
    NUMBER = "street_number"
    PLACE = "place"
    POSTCODE = "postcode"
    CATEGORY = "category"
    WEBSITE = "website"
    TEXT = "text"


def comparable(role: Role, text: str) -> str:
    """The form in which two cells of `role` are compared; "" where the cell says nothing.

    E-mail addresses keep their signs; phones keep their last nine digits, which drops country codes and trunk
    zeros; identifiers and postcodes keep letters and digits; dates become year, month and day as eight digits
    where they can be read; organisations lose their legal form unless nothing else is left.
    """
    key = name_key(text)
    if key in NOTHING:
        return ""
    if role in FORMS:
        return FORMS[role](key)
    words = _APART.sub(" ", key).split()
    if role is Role.NAME:
        words = [word for word in words if word not in LEGAL_FORMS] or words
    return " ".join(words)


def day_digits(key: str) -> str:
    """`1971-06-24`, `19710624`, `24.6.1971` as `19710624`; the text itself where no such date is in it.

    Where day and month can be either, the first is taken as the day: a comparison forgives the two exchanged.
    """
    groups = _GROUPS.findall(key)
    if len(groups) == 1 and len(groups[0]) == 8:
        return str(groups[0])
    if len(groups) < 3:
        return key
    first, second, third = groups[:3]
    if len(first) == 4:
        return f"{first}{second:0>2}{third:0>2}"
    if len(third) != 4:
        return key
    day, month = (second, first) if int(second) > 12 else (first, second)
    return f"{third}{month:0>2}{day:0>2}"


def street_parts(key: str) -> tuple[str, str]:
    """House number and the street's own words: `10612 20 s wentworth ave` gives `("10612", "wentworth")`.

    Directions and words such as "street" are left out unless nothing else is left; so is what follows the street,
    which differs between lists. A numbered street keeps its number without the ending.
    """
    words = key.split()
    number = words.pop(0) if words and words[0][0].isdigit() and len(words) > 1 else ""
    while number and len(words) > 1 and words[0].isdigit() and len(words[0]) <= len(number):
        words.pop(0)
    kept: list[str] = []
    for word in words:
        if kept and word in STREET_WORDS:
            break
        if word not in DIRECTIONS and word not in STREET_WORDS:
            kept.append(re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word))
    return number, " ".join(kept or words)


def _email(key: str) -> str:
    return key.replace(" ", "") if "@" in key else ""


def _phone(key: str) -> str:
    return "".join(_GROUPS.findall(key))[-PHONE_DIGITS:]


def _signs(key: str) -> str:
    return _APART.sub("", key)


def _website(key: str) -> str:
    return _SCHEME.sub("", key).rstrip("/") if "." in key else ""


FORMS: dict[Role, Callable[[str], str]] = {
    Role.EMAIL: _email,
    Role.PHONE: _phone,
    Role.IDENTIFIER: _signs,
    Role.POSTCODE: _signs,
    Role.NUMBER: _signs,
    Role.DATE: day_digits,
    Role.WEBSITE: _website,
}
