"""Addresses of mail: each once, as a mail server wants it, as it is compared."""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

MOST_LETTERS = 254
"""Of an address, as RFC 5321 has it."""


def each_once(addresses: Iterable[str]) -> list[str]:
    """The addresses in order, each mailbox once, whatever its case and the name before it."""
    kept: dict[str, str] = {}
    for address in addresses:
        kept.setdefault(parseaddr(address)[1].lower(), str(address))
    return list(kept.values())


def wire_form(address: str) -> str:
    """The mailbox without a name, spelt as a mail server wants it."""
    local, at, domain = parseaddr(address)[1].rpartition("@")
    return f"{local}{at}{punycode(domain)}"


def compared_form(address: str) -> str:
    """What two spellings of one mailbox have in common; also of what others call one, which need not be any."""
    try:
        return wire_form(address).lower()
    except UnicodeError:  # no domain
        return address.lower()


def domain_of(address: str) -> str:
    """What stands behind the sign; `localhost` where there is nothing."""
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def is_address(text: str) -> bool:
    """Whether mail can be sent there. A domain in another script may be too long as a mail server wants it."""
    try:
        validate_email(text)
        return len(wire_form(text)) <= MOST_LETTERS
    except (ValidationError, UnicodeError):
        return False


def split_addresses(text: str) -> list[str]:
    """What somebody typed as a list of addresses, between commas, semicolons or on lines of their own."""
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
