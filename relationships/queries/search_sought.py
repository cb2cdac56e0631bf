"""What somebody is looking for: one line of text, read as a name, an address, a number, a code and words."""

import re
from dataclasses import dataclass

from relationships.queries.kept import stand_in
from relationships.queries.name_search import plain

LONGEST = 100
FEWEST_LETTERS = 2
FEWEST_DIGITS = 4
WHOLE_NUMBER = 7
FEWEST_OF_A_CODE = 3
PHONE = re.compile(r"\+?[\d\s().\-/]+")
TRUNK = re.compile(r"\(0\)")
SCHEME = re.compile(r"^(?:mailto:|tel:|https?://)?(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True)
class Sought:
    """The line in every way that something can be found by it; a way that it cannot be read in is empty.

    `name` is the line as a name, folded, and `names` are its parts; `words` are those of a text, folded; `digits`
    end or stand in a phone number in its international form; `address` is a part of an e-mail or web address;
    `code` begins an identifier.
    """

    text: str
    name: str = ""
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    digits: str = ""
    address: str = ""
    code: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether it is worth looking: one letter finds everybody."""
        return len(self.text) >= FEWEST_LETTERS and bool(self.words)

    def standing(self) -> "tuple[Sought, dict[str, str]]":
        """A line that stands for all that are found in the same ways, and what takes the place of its parts."""
        texts: dict[str, str] = {}

        def stands(text: str) -> str:
            if not text:
                return ""
            place = stand_in(len(texts), text)
            texts[place] = text
            return place

        standing = Sought(
            text="",
            name=stands(self.name),
            names=tuple(map(stands, self.names)),
            words=tuple(map(stands, self.words)),
            digits=stands(self.digits),
            address=stands(self.address),
            code=stands(self.code),
        )
        return standing, texts


def read(typed: str) -> Sought:
    """The line as it can be looked for; what is beyond `LONGEST` is left out."""
    text = " ".join(typed.replace("\x00", "").split())[:LONGEST].strip()
    folded = plain(text)
    words = tuple(dict.fromkeys(re.findall(r"[^\W_]+", folded)))
    return Sought(
        text=text,
        name=folded,
        names=tuple(dict.fromkeys(folded.split())),
        words=words,
        digits=_digits(text),
        address=_address(text),
        code=_code(text),
    )


def _digits(text: str) -> str:
    """The digits of a phone number without what is dialled only in its own country, or only from abroad.

    A few digits alone are the last of a number, in which a nought counts.
    """
    bare = SCHEME.sub("", text)
    if not PHONE.fullmatch(bare):
        return ""
    digits = "".join(filter(str.isdecimal, TRUNK.sub("", bare)))
    if not digits.isascii() or len(digits) < FEWEST_DIGITS:
        return ""
    return digits if len(digits) < WHOLE_NUMBER else digits.lstrip("0")


def _address(text: str) -> str:
    """A part of an e-mail or web address: one piece with a sign of being one."""
    bare = SCHEME.sub("", text).rstrip("/").casefold()
    told = any(sign in bare for sign in "@._-") or any(map(str.isdecimal, bare))
    looks = told and " " not in bare and any(map(str.isalpha, bare)) and len(bare) > FEWEST_LETTERS
    return bare if looks else ""


def _code(text: str) -> str:
    """The letters and digits of a registration number or another code, in capitals."""
    bare = "".join(filter(str.isalnum, text)).upper()
    has_digit = any(map(str.isdecimal, bare))
    return bare if has_digit and "@" not in text and len(bare) >= FEWEST_OF_A_CODE else ""
