"""What of a list's question could not be used: told beside a page, which goes on without it; a program is refused."""

from collections.abc import Iterable
from typing import Self

from django.utils.translation import gettext as _

from core.refusals import Invalid


class Complaint(str):
    """The sentence of a page. `name` is the parameter, `refusal` the sentence where nothing is left out."""

    name: str
    refusal: str

    def __new__(cls, words: str, *, name: str, refusal: str) -> Self:
        """The sentence with what stands beside it."""
        made = super().__new__(cls, words)
        made.name, made.refusal = name, refusal
        return made


def not_known(name: str, value: str, parameter: str = "") -> Complaint:
    """A filter does not know a value; `parameter` where it stands within another."""
    facts = {"name": name, "value": value[:40]}
    words = _("The filter “%(name)s” knows no “%(value)s”; it is left out.") % facts
    refusal = _("The filter “%(name)s” knows no “%(value)s”.") % facts
    return Complaint(words, name=parameter or name, refusal=refusal)


def refusal_of(complaints: Iterable[Complaint], under: str = "") -> Invalid:
    """The refusal of a whole question, each sentence under its parameter, or all of them `under` one field."""
    errors: dict[str, list[str]] = {}
    for complaint in complaints:
        errors.setdefault(under or complaint.name, []).append(complaint.refusal)
    return Invalid(errors)
