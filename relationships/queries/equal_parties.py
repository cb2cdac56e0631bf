"""Who is known already with something that belongs to one alone: an e-mail address, a phone, a registration number."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from relationships.models import Party

SHOWN = 5
LOOKED_AT = 100

LOOKUPS = {
    "name": """
        SELECT id, 'name' FROM relationships_party WHERE relman_fold(name) = relman_fold(%(name)s)""",
    "email": """
        SELECT party_id, 'email' FROM relationships_contactpoint
        WHERE kind = 'email' AND normalised = %(email)s""",
    "phone": """
        SELECT party_id, 'phone' FROM relationships_contactpoint
        WHERE kind = 'phone' AND normalised = %(phone)s""",
    "registration": """
        SELECT party_id, 'registration'
        FROM relationships_partyidentifier JOIN relationships_party party ON party.id = party_id
        WHERE scheme = 'registration' AND (party.country = %(country)s OR party.country = '' OR %(country)s = '')
          AND upper(regexp_replace(value, '[^[:alnum:]]', '', 'g'))
            = upper(regexp_replace(%(registration)s, '[^[:alnum:]]', '', 'g'))""",
}
"""One lookup in an index for each thing that may be equal."""


@dataclass(frozen=True)
class Equal:
    """A party that is known already, and what of it is equal: keys of `LOOKUPS`."""

    party: Party
    by: tuple[str, ...]


def equal_parties(*, viewer: User, told: Mapping[str, str], country: str = "") -> list[Equal]:
    """Parties that `viewer` may know of with one of the values in `told`; what they may not see is as if not there.

    `told` has some of the keys of `LOOKUPS`: the name as written, address and number in their normal form, the
    registration number with any blanks and marks. Registration numbers of two countries are never equal.
    """
    found = _found({key: value for key, value in told.items() if value}, country)
    if not found:
        return []
    seen = Party.objects.visible_to(viewer).filter(pk__in=found).order_by("pk")
    return [Equal(party, tuple(found[party.pk])) for party in seen[:SHOWN]]


def _found(told: Mapping[str, str], country: str) -> dict[int, list[str]]:
    """By the id of a party what of it is equal, whoever may see it."""
    found: dict[int, list[str]] = {}
    lookups = [f"({LOOKUPS[key]} LIMIT {LOOKED_AT})" for key in LOOKUPS if key in told]
    if lookups:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(lookups), {**told, "country": country})
            for party, key in cursor.fetchall():
                found.setdefault(party, []).append(key)
    return found
