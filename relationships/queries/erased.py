"""Whether somebody who comes in was erased before, told by hashes alone."""

import hashlib
import unicodedata
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from relationships.enums import ErasedKind
from relationships.models import ErasedIdentity

MOST_SURE = (ErasedKind.EMAIL, ErasedKind.PHONE)
"""By these somebody is known again; a name alone is shared by many."""
FEWEST_DIGITS = 7


def digest_of(kind: str, value: str) -> str:
    """The hash of a value in its one normal form; salted by the workspace's secret."""
    salt = salted_hmac("relationships.erased", kind, secret=settings.SECRET_KEY).hexdigest()
    return hashlib.sha256(f"{salt}:{normal(kind, value)}".encode()).hexdigest()


def normal(kind: str, value: str) -> str:
    """A name without case, accents and doubled blanks; an address in small letters; a number by its digits."""
    if kind == ErasedKind.PHONE:
        return "".join(letter for letter in value if letter.isdigit())[-9:]
    folded = unicodedata.normalize("NFKD", value).casefold()
    return " ".join("".join(letter for letter in folded if not unicodedata.combining(letter)).split())


def erased_before(*, emails: Iterable[str] = (), phones: Iterable[str] = ()) -> ErasedIdentity | None:
    """The erasure by which somebody with one of these addresses or numbers went; None for anybody else. One query.

    Whoever brings people in without a person looking (imports, web forms) asks this first, and holds what it gives.
    """
    asked = [(ErasedKind.EMAIL, each) for each in emails] + [(ErasedKind.PHONE, each) for each in phones]
    digests = {digest for digest in map(_digest, asked) if digest}
    if not digests:
        return None
    return ErasedIdentity.objects.filter(kind__in=MOST_SURE, digest__in=digests).order_by("pk").first()


def erased_among(values: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of many (kind, value) by which somebody went. One query, and no hashing where nobody ever went."""
    if not ErasedIdentity.objects.exists():
        return set()
    digests = {value: _digest(value) for value in set(values)}
    found = set(
        ErasedIdentity.objects.filter(kind__in=MOST_SURE, digest__in=set(digests.values())).values_list(
            "digest", flat=True
        )
    )
    return {value for value, digest in digests.items() if digest in found}


def _digest(told: tuple[str, str]) -> str:
    """The hash of an address or a number; empty for one that is too short to tell anybody by."""
    kind, value = told
    tells = len(normal(kind, value)) >= FEWEST_DIGITS if kind == ErasedKind.PHONE else bool(value.strip())
    return digest_of(kind, value) if tells else ""
