"""What a person is known by, and the patterns that find it in any text."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from relationships.enums import ContactPointKind
from relationships.models import ContactPoint, MergeRecord, Party

BETWEEN_DIGITS, BETWEEN_WORDS = r"[ ()./-]{0,3}", r"[\s_.-]+"
FEWEST_DIGITS, LAST_DIGITS = 7, 9
STRUCK = ("erased person ", "erased-")
"""How a name begins that is none any more."""


@dataclass(frozen=True)
class Identity:
    """Names, addresses and numbers of one person.

    `shared` are names that somebody else has too, or that are one word: struck out of the rows about the person,
    never out of other people's texts.
    """

    number: int
    names: tuple[str, ...]
    shared: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]

    @property
    def pseudonym(self) -> str:
        """How the person is called from then on."""
        return f"Erased person {self.number}"

    @property
    def token(self) -> str:
        """What stands in texts in place of a name, an address or a number: no blank and nothing to escape."""
        return f"erased-{self.number}"

    @cached_property
    def loose(self) -> str:
        """A pattern for the database, which finds all that `exact` finds and may find more; empty for nobody."""
        return "|".join([*map(_name, self.names), *map(re.escape, self.emails), *map(_phone, self.phones)])

    @cached_property
    def exact(self) -> "re.Pattern[str]":
        """The pattern by which texts are changed."""
        names = [rf"(?<!\w){_name(name)}(?!\w)" for name in self.names]
        emails = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-])" for email in self.emails]
        phones = [rf"(?<!\d)(?:[+0-9(][0-9 ()./-]{{0,7}})?{_phone(phone)}(?!\d)" for phone in self.phones]
        return re.compile("|".join([*emails, *phones, *names]), re.IGNORECASE)

    def struck(self, value: Any) -> Any:
        """The value without the person: texts, and the texts of lists and JSON, at any depth."""
        if isinstance(value, str):
            return self.exact.sub(self.token, value)
        if isinstance(value, list):
            return [self.struck(each) for each in value]
        if isinstance(value, dict):
            return {self.struck(name): self.struck(each) for name, each in value.items()}
        return value


def identity_of(party: Party) -> Identity:
    """What a person is known by now, and was before they were merged with another row of theirs. Three queries."""
    former = MergeRecord.objects.filter(kept=party).values_list("former_name", flat=True)
    known = [party.name, party.legal_name, *former]
    names = _with_variants([name for name in known if not name.lower().startswith(STRUCK)])
    points = list(ContactPoint.objects.filter(party=party).values_list("kind", "value", "normalised"))
    emails = {each.casefold() for kind, *pair in points if kind == ContactPointKind.EMAIL for each in pair}
    digits = {_digits(each) for kind, *pair in points if kind == ContactPointKind.PHONE for each in pair}
    others = Party.objects.exclude(pk=party.pk).filter(name__in=names).values_list("name", flat=True)
    namesakes = {name.casefold() for name in others}
    shared = {name for name in names if len(name.split()) < 2 or name.casefold() in namesakes}
    return Identity(
        number=party.pk,
        names=tuple(sorted(names - shared)),
        shared=tuple(sorted(shared)),
        emails=tuple(sorted(emails)),
        phones=tuple(sorted(number for number in digits if len(number) >= FEWEST_DIGITS)),
    )


def _with_variants(names: list[str]) -> set[str]:
    """Each name, without accents too, and with the last word first."""
    found = set()
    for name in names:
        words = name.split()
        for spelling in (" ".join(words), _plain(" ".join(words))):
            if spelling:
                found.add(spelling)
            if len(words) > 1:
                *first, last = spelling.split()
                found |= {f"{last}, {' '.join(first)}", f"{last} {' '.join(first)}"}
    return found


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _name(name: str) -> str:
    return BETWEEN_WORDS.join(re.escape(word) for word in name.split())


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())[-LAST_DIGITS:]


def _phone(digits: str) -> str:
    return BETWEEN_DIGITS.join(digits)
