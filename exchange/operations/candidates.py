"""Parties that may be one: found by what few share, weighed as rows of a file are, and dismissed by people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from analytics.linkage.decisions import WORTH_A_LOOK, Decision
from analytics.linkage.matching import matched
from analytics.linkage.values import Role
from core.refusals import Missing, NotAllowed
from exchange.models import DuplicateCandidate
from exchange.queries.candidates import open_candidates

MOST_PARTIES = 30_000
ROLES = (
    *(Role.GIVEN, Role.SURNAME, Role.NAME, Role.PLACE, Role.CATEGORY, Role.EMAIL, Role.PHONE),
    *(Role.WEBSITE, Role.ADDRESS, Role.IDENTIFIER),
)

LOOKED_AT = """
WITH shared AS (
    SELECT party_id, kind || ':' || normalised AS what FROM relationships_contactpoint
    WHERE kind IN ('email', 'phone', 'url')
    UNION ALL
    SELECT party_id, 'number:' || upper(regexp_replace(value, '[^[:alnum:]]', '', 'g'))
    FROM relationships_partyidentifier WHERE scheme = 'registration'
    UNION ALL
    SELECT party.id, 'word:' || word
    FROM relationships_party party, unnest(string_to_array(relman_fold(party.name), ' ')) word WHERE length(word) > 3
), few AS (SELECT what FROM shared GROUP BY what HAVING count(DISTINCT party_id) BETWEEN 2 AND 20),
wanted AS (
    SELECT party_id AS id, 0 AS later FROM shared JOIN few USING (what)
    UNION ALL SELECT id, 1 FROM relationships_party
)
SELECT id FROM wanted GROUP BY id ORDER BY min(later), id DESC LIMIT %(most)s
"""
"""Newest first those that share something which at most twenty have; then others, by whom chance is measured."""

FACTS = r"""
WITH points AS (
    SELECT DISTINCT ON (party_id, kind) party_id, kind, value FROM (
        SELECT point.*, count(*) OVER (PARTITION BY kind, normalised) AS holders
        FROM relationships_contactpoint point WHERE party_id = ANY(%(ids)s)
    ) held ORDER BY party_id, kind, holders DESC, is_preferred DESC, id
), told AS (SELECT party_id, jsonb_object_agg(kind, value) AS facts FROM points GROUP BY party_id),
numbers AS (
    SELECT party_id, min(value) AS value FROM relationships_partyidentifier
    WHERE scheme = 'registration' AND party_id = ANY(%(ids)s) GROUP BY party_id
)
SELECT party.kind = 'person', party.confidentiality, party.id,
       CASE WHEN party.kind = 'person' THEN split_part(btrim(party.name), ' ', 1) ELSE '' END,
       CASE WHEN party.kind = 'person' THEN regexp_replace(btrim(party.name), '^\S+\s*', '') ELSE '' END,
       CASE WHEN party.kind = 'person' THEN '' ELSE party.name END, party.place, party.country,
       COALESCE(facts ->> 'email', ''), COALESCE(facts ->> 'phone', ''), COALESCE(facts ->> 'url', ''),
       COALESCE(facts ->> 'postal', ''), COALESCE(numbers.value, '')
FROM relationships_party party
LEFT JOIN told ON told.party_id = party.id
LEFT JOIN numbers ON numbers.party_id = party.id
WHERE party.id = ANY(%(ids)s) ORDER BY party.id
"""
"""Of several addresses of a party the one that most others have. A person's name is compared in its two parts."""

LINKED = """
SELECT LEAST(source_party_id, target_party_id), GREATEST(source_party_id, target_party_id)
FROM relationships_partylink WHERE until_date IS NULL AND source_party_id = ANY(%(ids)s)
"""


@transaction.atomic
def look_for_duplicates(*, now: datetime) -> int:
    """Finds the pairs of parties that may be one, and gives how many are new.

    At most 30,000 parties are looked at, the newest first. A person is never an organisation, whoever is linked to
    another is somebody else, and nothing is looked for across classes of confidentiality. What was found earlier
    and is not so any more is forgotten, unless somebody has decided on it.
    """
    ids: list[int] = [row[0] for row in _rows(LOOKED_AT, most=MOST_PARTIES)]
    groups: dict[tuple[bool, int], list[tuple[Any, ...]]] = {}
    for is_person, confidentiality, *facts in _rows(FACTS, ids=ids):
        groups.setdefault((is_person, confidentiality), []).append(tuple(facts))
    linked = {(one, other) for one, other in _rows(LINKED, ids=ids)}
    found = {pair: score for group in groups.values() for pair, score in _alike(group) if pair not in linked}
    known = DuplicateCandidate.objects.filter(first__in=ids, second__in=ids)
    before = set(known.values_list("first_id", "second_id"))
    gone = known.filter(dismissed_at=None).exclude(
        pk__in=[pk for pk, *pair in known.values_list("pk", "first_id", "second_id") if tuple(pair) in found]
    )
    gone.delete()
    DuplicateCandidate.objects.bulk_create(
        (
            DuplicateCandidate(first_id=first, second_id=second, score=score, found_at=now)
            for (first, second), score in sorted(found.items())
        ),
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score"],
        batch_size=1_000,
    )
    return len(found.keys() - before)


@transaction.atomic
def dismiss_candidate(*, actor: User, candidate_id: int, now: datetime) -> DuplicateCandidate:
    """Says that two parties are not the same. Raises Missing when the actor may not know of both, or it is decided."""
    if not actor.may(Permission.IMPORT_DATA):
        raise NotAllowed(_("Your role does not allow deciding on duplicates."))
    held = open_candidates(actor).filter(pk=candidate_id).select_for_update(of=("self",)).first()
    if held is None:
        raise Missing(_("There is no such pair to decide on."))
    held.dismissed_at, held.dismissed_by = now, actor
    held.save(update_fields=["dismissed_at", "dismissed_by"])
    record_audit(
        actor_id=actor.pk,
        verb="duplicate_dismissed",
        now=now,
        subject_type="party",
        subject_id=held.first_id,
        data={"other": held.second_id},
    )
    return held


def _alike(parties: list[tuple[Any, ...]]) -> Iterable[tuple[tuple[int, int], float]]:
    """Pairs of ids worth a look, each with how likely they are one, from rows of id and the values of `ROLES`."""
    ids: list[int] = [row[0] for row in parties]
    table = [(role, [row[place] for row in parties]) for place, role in enumerate(ROLES, 1)]
    for match in matched(table):
        if match.decision is not Decision.DIFFERENT and match.score >= WORTH_A_LOOK:
            yield (ids[match.first], ids[match.second]), match.score


def _rows(statement: str, **values: int | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
