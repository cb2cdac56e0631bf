"""Names of firms made comparable, and told apart by their legal form where that is all that differs."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from analytics.names import name_key

FORMS = {
    **dict.fromkeys(("ltd", "limited"), "ltd"),
    **dict.fromkeys(("plc", "public limited company"), "plc"),
    **dict.fromkeys(("inc", "incorporated"), "inc"),
    **dict.fromkeys(("corp", "corporation"), "corp"),
    **{
        form: form
        for form in ("llp", "lp", "llc", "cic", "gmbh", "ag", "kg", "ohg", "ug", "sa", "sas", "sarl")
    },
    **{
        form: form
        for form in ("srl", "spa", "sl", "bv", "nv", "ab", "oy", "aps", "pty ltd", "gmbh and co kg")
    },
}
_NUMBER_BEHIND = re.compile(r"\s*~\s*[\w ]*$")
"""Ledgers put a tax number behind the name: `Steria Limited~105040261`."""


@dataclass(frozen=True)
class FirmName:
    """A name without its legal form, and the form ("" where none is said). Two spellings of one firm are equal."""

    base: str
    form: str

    @property
    def key(self) -> str:
        """Both as one text."""
        return f"{self.base} {self.form}".strip()


def firm_name(text: str) -> FirmName:
    """The comparable form of a firm's name: case, accents, punctuation, a leading "the" and single letters apart.

    `"The B.T. Group P.L.C."` and `"bt group plc"` are the same; `"Ltd"` and `"Limited"` are.
    """
    bare = name_key(_NUMBER_BEHIND.sub("", text)).replace("&", " and ").replace("+", " and ")
    words = re.sub(r"['’`]", "", bare)
    joined = " ".join(_letters_joined(re.findall(r"[^\W_]+", words)))
    parts = joined.removeprefix("the ").split(" ")
    for length in range(min(4, len(parts) - 1), 0, -1):
        form = FORMS.get(" ".join(parts[-length:]))
        if form:
            return FirmName(" ".join(parts[:-length]), form)
    return FirmName(" ".join(parts).strip() or name_key(text), "")


def _letters_joined(words: list[str]) -> Iterable[str]:
    """Letters that stand alone one after another are an abbreviation: b, t gives bt."""
    letters = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            yield letters
            letters = ""
        yield word
    if letters:
        yield letters


def match_firms(
    names: Iterable[str], known: Mapping[FirmName, frozenset[Hashable]]
) -> dict[str, Hashable | FirmName | None]:
    """For each name the known firm that it means, or the FirmName under which it is new, or None: not told.

    Where a base has one legal form at most, all its spellings are one firm. Where it has several ("Acme Ltd", "Acme
    plc"), each form is a firm of its own, and the base alone names none of them.
    """
    spelled = {name: firm_name(name) for name in names}
    forms: dict[str, set[str]] = {}
    firms: dict[str, set[Hashable]] = {}
    for firm in (*spelled.values(), *known):
        forms.setdefault(firm.base, set()).add(firm.form)
    for firm, found in known.items():
        firms.setdefault(firm.base, set()).update(found)
    chosen = {base: FirmName(base, max(said)) for base, said in forms.items()}
    result: dict[str, Hashable | FirmName | None] = {}
    for name, firm in spelled.items():
        exact = known.get(firm, frozenset())
        several = len(forms[firm.base] - {""}) > 1
        meant = exact or (frozenset() if several else frozenset(firms.get(firm.base, ())))
        if len(meant) > 1 or (not meant and several and not firm.form):
            result[name] = None
        elif meant:
            result[name] = next(iter(meant))
        else:
            result[name] = firm if several else chosen[firm.base]
    return result
