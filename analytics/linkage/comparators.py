"""How alike two values of one column are, as a level: 0 is different, the highest is equal, −1 is not known.

Levels rather than raw similarities are what Fellegi and Sunter's weights are estimated for. Every comparator takes
arrays of record pairs, so that a hundred thousand pairs are compared without a Python call each.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from analytics.linkage.values import Role, comparable, street_parts

if TYPE_CHECKING:
    from scipy import sparse

Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
UNKNOWN = -1
PIECE = 200_000


class Column:
    """One column of comparable values. `codes` number its distinct values (−1: nothing said), `counts` how often
    each occurs; `top` is the level of equality. Unless it says otherwise: equal, one slip apart, or not.
    """

    top = 2

    def __init__(self, role: Role, cells: Sequence[str]) -> None:
        self.role = role
        forms = [comparable(role, cell) for cell in cells]
        self.values = sorted({form for form in forms if form})
        places = {form: code for code, form in enumerate(self.values)}
        self.codes: Ints = np.array([places.get(form, UNKNOWN) for form in forms], dtype=np.int64)
        self.counts: Ints = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))
        self.texts: npt.NDArray[np.object_] = np.array([*self.values, ""], dtype=object)

    def levels(self, first: Ints, second: Ints) -> Levels:
        """The level of every pair of record numbers."""
        a, b = self.codes[first], self.codes[second]
        found = np.zeros(len(a), dtype=np.int8)
        found[a == b] = self.top
        found[(a < 0) | (b < 0)] = UNKNOWN
        open_pairs = np.flatnonzero(found == 0)
        for start in range(0, len(open_pairs), PIECE):
            piece = open_pairs[start : start + PIECE]
            found[piece] = self.unequal(a[piece], b[piece])
        return found

    def unequal(self, a: Ints, b: Ints) -> Levels:
        """The level, below the top, of pairs of distinct values."""
        return _whole(self.measure(OSA.distance, a, b) <= 1)

    def blocks(self) -> list[Ints]:
        """Numbers by which records are brought together; −1 brings together nothing."""
        return [self.codes]

    def cells(self, records: Ints) -> npt.NDArray[np.object_]:
        """The comparable texts of records; "" where nothing is said."""
        return np.asarray(self.texts[self.codes[records]])

    def measure(self, scorer: Any, a: Ints, b: Ints) -> Floats:
        """A similarity or distance of rapidfuzz for every pair of values."""
        return np.asarray(cpdist(self.texts[a], self.texts[b], scorer=scorer, dtype=np.float64))

    def derived(self, form: Any) -> Ints:
        """The records' numbers by a shorter form of their values; −1 where that is empty."""
        forms = [form(value) for value in self.values]
        places = {text: code for code, text in enumerate(sorted({text for text in forms if text}))}
        codes = np.array([places.get(text, UNKNOWN) for text in forms] + [UNKNOWN], dtype=np.int64)
        return codes[self.codes]


class Word(Column):
    """A name or a place: equal, Jaro-Winkler ≥ .92, ≥ .85 (or an initial of it), or not.

    Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model" (1990).
    """

    top = 3

    def unequal(self, a: Ints, b: Ints) -> Levels:
        near = self.measure(JaroWinkler.similarity, a, b)
        initials = np.array([text[:1] for text in self.texts])
        lengths = np.array([len(text) for text in self.texts])
        shortened = (initials[a] == initials[b]) & (np.minimum(lengths[a], lengths[b]) == 1)
        return _whole((near >= 0.92).astype(int) + ((near >= 0.85) | shortened))

    def blocks(self) -> list[Ints]:
        return [self.codes, self.derived(lambda text: text[:4]), self.derived(_consonants)]


class Digits(Column):
    """An identifier, a number, a postcode: equal, one slip or transposition (optimal string alignment), two, or not."""

    top = 3

    def unequal(self, a: Ints, b: Ints) -> Levels:
        slips = self.measure(OSA.distance, a, b)
        lengths = np.array([len(text) for text in self.texts])
        shortest = np.minimum(lengths[a], lengths[b])
        return _whole(((slips <= 1) & (shortest >= 3)).astype(int) + ((slips <= 2) & (shortest >= 4)))

    def blocks(self) -> list[Ints]:
        return [self.codes, self.derived(lambda text: text[:4]), self.derived(lambda text: text[-4:])]


class Phone(Digits):
    """Nine last digits: equal, also where one is written without its area; one slip; two; or not."""

    def unequal(self, a: Ints, b: Ints) -> Levels:
        found = super().unequal(a, b)
        tails = np.array([text[-7:] if len(text) >= 7 else f"={n}" for n, text in enumerate(self.texts)])
        lengths = np.array([len(text) for text in self.texts])
        found[(tails[a] == tails[b]) & (np.minimum(lengths[a], lengths[b]) == 7)] = 2
        return found

    def blocks(self) -> list[Ints]:
        return [self.codes, self.derived(lambda text: text[-7:])]


class Day(Column):
    """A date: equal; one slip, or day and month exchanged; two of its three parts; or not."""

    top = 3

    def unequal(self, a: Ints, b: Ints) -> Levels:
        slip = self.measure(OSA.distance, a, b) <= 1
        parts = np.array([(text[:4], text[4:6], text[6:]) for text in self.texts])
        one, other = parts[a], parts[b]
        swapped = (one[:, 0] == other[:, 0]) & (one[:, 1] == other[:, 2]) & (one[:, 2] == other[:, 1])
        two_parts = (one == other).sum(axis=1) == 2
        return _whole((slip | swapped).astype(int) + (slip | swapped | two_parts))

    def blocks(self) -> list[Ints]:
        return [self.codes, self.derived(lambda text: text[:4]), self.derived(lambda text: text[4:])]


class Email(Column):
    """An address: equal; nearly (before the @ one slip in seven signs, after it Jaro-Winkler ≥ .9); less nearly (one in
    four, ≥ .8), or the same before it; or not.

    The two are compared apart, or every colleague of one domain would seem alike; and so would those of one first name
    by Jaro-Winkler, which thinks most of how a text begins.
    """

    top = 3

    def unequal(self, a: Ints, b: Ints) -> Levels:
        parts = [text.partition("@")[::2] for text in self.texts]
        users = np.array([user for user, _domain in parts], dtype=object)
        domains = np.array([domain for _user, domain in parts], dtype=object)
        slips = np.asarray(cpdist(users[a], users[b], scorer=OSA.normalized_similarity, dtype=np.float64))
        near = alike(domains[a], domains[b])
        nearly, less = (slips >= 0.85) & (near >= 0.9), (slips >= 0.75) & (near >= 0.8)
        return _whole(nearly.astype(int) + (nearly | less | (users[a] == users[b])))

    def blocks(self) -> list[Ints]:
        return [
            self.codes,
            self.derived(lambda text: text.partition("@")[0]),
            self.derived(lambda text: text[:5]),
            self.derived(lambda text: text.partition("@")[2]),
        ]


class Phrase(Column):
    """Several words: equal, or the cosine of their trigrams' tf-idf ≥ .8, ≥ .6, ≥ .4, or not.

    Trigrams forgive slips, the inverse document frequency makes a rare word count more than "centre" (Salton and
    Buckley 1988; Cohen, Ravikumar and Fienberg, "A Comparison of String Distance Metrics for Name-Matching Tasks",
    2003).
    """

    top = 4

    def __init__(self, role: Role, cells: Sequence[str]) -> None:
        super().__init__(role, cells)
        self.vectors = _trigrams(self.values)

    def unequal(self, a: Ints, b: Ints) -> Levels:
        near = np.asarray(self.vectors[a].multiply(self.vectors[b]).sum(axis=1)).ravel()
        return _whole((near >= 0.8).astype(int) + (near >= 0.6) + (near >= 0.4))

    def words(self) -> tuple[Ints, Ints]:
        """(record, word) for every word of every record, words numbered."""
        texts = {word for value in self.values for word in value.split()}
        places = {word: code for code, word in enumerate(sorted(texts))}
        by_value = [sorted({places[word] for word in value.split()}) for value in self.values]
        records = [n for n, code in enumerate(self.codes) if code >= 0 for _ in by_value[code]]
        words = [word for code in self.codes if code >= 0 for word in by_value[code]]
        return np.array(records, dtype=np.int64), np.array(words, dtype=np.int64)


class Address(Phrase):
    """One line of address: equal; the same house in the same street; the same house, the street nearly; the same
    street with one slip in the number, or no number; or not.
    """

    top = 4

    def __init__(self, role: Role, cells: Sequence[str]) -> None:
        super().__init__(role, cells)
        parts = [street_parts(value) for value in self.values] + [("", "")]
        self.numbers = np.array([number for number, _ in parts], dtype=object)
        self.streets = np.array([street for _, street in parts], dtype=object)

    def unequal(self, a: Ints, b: Ints) -> Levels:
        number_a, number_b, street_a, street_b = (
            self.numbers[a],
            self.numbers[b],
            self.streets[a],
            self.streets[b],
        )
        near = alike(street_a, street_b)
        begins = np.array(
            [
                one.startswith(other) or other.startswith(one)
                for one, other in zip(street_a, street_b, strict=True)
            ]
        )
        same_street, near_street = (street_a == street_b) | begins, near >= 0.85
        same_house = (number_a == number_b) & (number_a != "")
        slip = np.asarray(cpdist(number_a, number_b, scorer=OSA.distance, dtype=np.float64)) <= 1
        slip &= (np.char.str_len(number_a.astype(str)) > 2) | (number_a == "") | (number_b == "")
        found = (same_street & slip).astype(np.int8)
        found[same_house & near_street] = 2
        found[same_house & same_street] = 3
        return _whole(found)

    def blocks(self) -> list[Ints]:
        def house(text: str) -> str:
            number, street = street_parts(text)
            return f"{number} {street[:4]}" if number else ""

        return [self.codes, self.derived(house), self.derived(lambda text: street_parts(text)[1])]


def alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Floats:
    """Jaro-Winkler similarity, 0 to 1, text by text."""
    return np.asarray(cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float64))


def _whole(levels: npt.NDArray[Any]) -> Levels:
    return np.asarray(levels, dtype=np.int8)


def _consonants(text: str) -> str:
    return text[:1] + "".join(sign for sign in text[1:] if sign not in "aeiouyhw ")[:4]


def _trigrams(values: Sequence[str]) -> "sparse.csr_array":
    """One row of unit length a value, and an empty one for the missing."""
    from scipy import sparse  # noqa: PLC0415  8 MB, which a web worker needs for pages of duplicates alone

    places: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, value in enumerate(values):
        padded = f" {value} "
        for start in range(len(padded) - 2):
            rows.append(row)
            columns.append(places.setdefault(padded[start : start + 3], len(places)))
    table = sparse.coo_array(
        (np.ones(len(rows)), (rows, columns)), shape=(len(values) + 1, max(len(places), 1))
    )
    table = table.tocsr()
    table.data = np.log1p(table.data)
    seen = np.bincount(table.indices, minlength=table.shape[1])
    table = table @ sparse.diags_array(np.log(1 + len(values) / np.maximum(seen, 1)))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-12)) @ table)


COMPARATORS: dict[Role, type[Column]] = {
    Role.NAME: Phrase,
    Role.GIVEN: Word,
    Role.SURNAME: Word,
    Role.EMAIL: Email,
    Role.PHONE: Phone,
    Role.IDENTIFIER: Digits,
    Role.DATE: Day,
    Role.ADDRESS: Address,
    Role.STREET: Word,
    Role.NUMBER: Digits,
    Role.PLACE: Word,
    Role.POSTCODE: Digits,
    Role.CATEGORY: Column,
    Role.WEBSITE: Word,
    Role.TEXT: Phrase,
}
