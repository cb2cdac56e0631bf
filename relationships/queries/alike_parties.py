"""Parties that are called nearly as somebody new is, for whoever is writing the name."""

from django.db import connection, transaction

from accounts.models import User
from analytics.linkage.values import LEGAL_FORMS
from relationships.models import Party

SHOWN = 5
LOOKED_AT = 50
SHORTEST = 3

ALIKE = r"""
SELECT id FROM (
    SELECT id, similarity({plain_name}, {plain_sought}) AS alike FROM relationships_party
    WHERE relman_fold(name) %% relman_fold(%(sought)s)
) named WHERE alike >= 0.6 ORDER BY alike DESC, id LIMIT %(most)s
"""
PLAIN = r"btrim(regexp_replace(relman_fold({value}), '\m(' || %(forms)s || ')\M\.?', '', 'g'))"
STATEMENT = ALIKE.format(plain_name=PLAIN.format(value="name"), plain_sought=PLAIN.format(value="%(sought)s"))
"""By an index on the name's trigrams, then without legal forms: “Tea Ltd” and “Tea Limited” are alike."""


def alike_parties(*, viewer: User, name: str) -> list[Party]:
    """At most five of which the viewer may know, the likeliest first; none for less than three letters."""
    sought = name.strip()
    if len(sought) < SHORTEST:
        return []
    facts: dict[str, str | int] = {
        "sought": sought,
        "forms": "|".join(sorted(LEGAL_FORMS)),
        "most": LOOKED_AT,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', '0.4', true)")
        cursor.execute(STATEMENT, facts)
        found = [row[0] for row in cursor.fetchall()]
    seen = Party.objects.visible_to(viewer).in_bulk(found)
    return [seen[pk] for pk in found if pk in seen][:SHOWN]
