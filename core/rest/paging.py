"""Pages of a list: a signed cursor leads from one to the next, and only along the list that gave it."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import keyset
from core.refusals import Invalid

BESIDE = ("cursor", "limit")


@dataclass(frozen=True)
class Page:
    """Rows in order, and the cursor to go on from; None at the end."""

    rows: list[Any]
    next: str | None


def cut(
    rows: "QuerySet[Any]", order: keyset.Order, *, path: str, asked: dict[str, Any]
) -> "tuple[keyset.Page[Any], str | None]":
    """A page of the rows, and the signed cursor of the next; `asked` is the question that was put to `path`."""
    signer = signer_of(path, asked)
    found = keyset.page(rows, order, cursor=read_cursor(signer, asked), limit=asked["limit"])
    return found, sign(signer, found.next)


def signer_of(path: str, asked: dict[str, Any]) -> signing.Signer:
    """A signer for this list alone: the same rows, asked in the same way."""
    told = sorted((name, str(value)) for name, value in asked.items() if name not in BESIDE)
    salt = hashlib.sha256(f"{path}?{urlencode(told)}".encode()).hexdigest()
    return signing.Signer(salt=f"api.cursor.{salt}")


def read_cursor(signer: signing.Signer, asked: dict[str, Any]) -> str:
    """The cursor within the signed one; raises Invalid for one that this list did not give out."""
    given = asked.get("cursor", "")
    try:
        packed = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        return signer.unsign(packed.decode()) if given else ""
    except (signing.BadSignature, ValueError):
        raise Invalid({"cursor": _("This list gave out no such cursor. Begin without one.")}) from None


def sign(signer: signing.Signer, cursor: str) -> str | None:
    """The cursor as it is given out; None for none."""
    if not cursor:
        return None
    return base64.urlsafe_b64encode(signer.sign(cursor).encode()).decode().rstrip("=")
