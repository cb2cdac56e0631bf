"""What a bulk opening changes in the fields of a workspace, told as if each had been changed by hand; set-based.

What a relationship has when it is opened belongs to its opening. For one that was there before, `note_values` keeps
what it has, and `tell_values` compares once all is written. Both work on `relationship_drafts`, by a few statements.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable, Composed, Literal

from accounts.models import User
from core.languages import manner
from core.wording import written
from relationships.enums import CustomType, Verb
from relationships.operations.custom_values import LONGEST_TOLD
from relationships.queries.custom_fields import Definition

STANDING = SQL(
    "SELECT held.relationship_id, held.field_id, "
    "string_agg(CASE held.field_id {words} END, ', ' ORDER BY choice.position, held.place) AS said "
    "FROM relationships_customvalue held "
    "LEFT JOIN relationships_customchoice choice ON choice.id = held.choice_id "
    "LEFT JOIN accounts_user person ON person.id = held.user_id "
    "WHERE held.field_id = ANY ({fields}) AND held.relationship_id IN ("
    "SELECT relationship_id FROM relationship_drafts WHERE may_update AND NOT is_new_relationship) "
    "GROUP BY held.relationship_id, held.field_id"
)
BEFORE = SQL(
    "DROP TABLE IF EXISTS values_before; CREATE TEMP TABLE values_before ON COMMIT DROP AS {standing}"
)
CHANGED = SQL(
    "DROP TABLE IF EXISTS values_changed; CREATE TEMP TABLE values_changed ON COMMIT DROP AS "
    "SELECT relationship_id, field_id, values_before.said AS before, standing.said AS after "
    "FROM values_before FULL JOIN ({standing}) standing USING (relationship_id, field_id) "
    "WHERE values_before.said IS DISTINCT FROM standing.said"
)
DAYS = "SELECT DISTINCT unnest(ARRAY[before, after]) FROM values_changed WHERE field_id = ANY (%s)"
SAY_DAYS = """
UPDATE values_changed SET
    before = (SELECT words FROM unnest(%(days)s::text[], %(words)s::text[]) AS said (day, words) WHERE day = before),
    after = (SELECT words FROM unnest(%(days)s::text[], %(words)s::text[]) AS said (day, words) WHERE day = after)
WHERE field_id = ANY (%(fields)s)
"""
SHORTEN = """
UPDATE values_changed SET
    before = CASE WHEN length(before) > %(most)s THEN rtrim(left(before, %(most)s - 1)) || '…' ELSE before END,
    after = CASE WHEN length(after) > %(most)s THEN rtrim(left(after, %(most)s - 1)) || '…' ELSE after END
WHERE length(before) > %(most)s OR length(after) > %(most)s
"""
TELL = """
INSERT INTO relationships_event (
    relationship_id, party_id, verb, subject_type, subject_id, actor_id, happened_at, recorded_at, reason, data,
    confidentiality)
SELECT relationship.id, relationship.party_id, %(verb)s, '', NULL, %(actor)s, %(now)s, %(now)s, '',
       jsonb_build_object('changes', told.changes), 1
FROM (
    SELECT changed.relationship_id, jsonb_agg(
        CASE WHEN field.is_money THEN jsonb_build_object('field', field.label)
        ELSE jsonb_build_object('field', field.label, 'from', COALESCE(changed.before, ''),
                                'to', COALESCE(changed.after, '')) END ORDER BY field.place) AS changes
    FROM values_changed changed
    JOIN unnest(%(fields)s::bigint[], %(labels)s::text[], %(money)s::boolean[])
         WITH ORDINALITY AS field (id, label, is_money, place) ON field.id = changed.field_id
    GROUP BY changed.relationship_id
) told JOIN relationships_relationship relationship ON relationship.id = told.relationship_id
ORDER BY relationship.id
"""


def note_values(definitions: Sequence[Definition]) -> None:
    """Keeps what the relationships that may be changed have in these fields, before anything is written."""
    with connection.cursor() as cursor:
        cursor.execute(BEFORE.format(standing=_standing(definitions)))


def tell_values(definitions: Sequence[Definition], *, actor: User, now: datetime) -> int:
    """One line on the timeline of each relationship of which a field is another than `note_values` kept; how many."""
    facts: dict[str, Any] = {
        "verb": Verb.CUSTOM_VALUES_CHANGED.value,
        "actor": actor.pk,
        "now": now,
        "fields": [each.id for each in definitions],
        "labels": [each.label for each in definitions],
        "money": [each.is_money for each in definitions],
    }
    dated = [each.id for each in definitions if each.type is CustomType.DATE]
    with connection.cursor() as cursor:
        cursor.execute(CHANGED.format(standing=_standing(definitions)))
        if dated:
            cursor.execute(DAYS, [dated])
            days = [day for (day,) in cursor.fetchall() if day is not None]
            words = [written(date.fromisoformat(day), "j M Y") for day in days]
            cursor.execute(SAY_DAYS, {"days": days, "words": words, "fields": dated})
        cursor.execute(SHORTEN, {"most": LONGEST_TOLD})
        cursor.execute(TELL, facts)
        return int(cursor.rowcount)


def _standing(definitions: Sequence[Definition]) -> Composed:
    words = SQL(" ").join(_cases(definitions))
    return STANDING.format(words=words, fields=Literal([each.id for each in definitions]))


def _cases(definitions: Sequence[Definition]) -> Iterator[Composable]:
    for each in definitions:
        yield SQL("WHEN {} THEN {}").format(Literal(each.id), _words(each))


def _words(definition: Definition) -> Composable:
    """What a row of values says, as `custom_values.words` does; days plainly, which `tell_values` puts into words."""
    type_ = definition.type
    if type_ is CustomType.PERSON:
        return SQL("person.name")
    if type_.has_choices:
        return SQL("choice.label")
    if type_ is CustomType.DATE:
        return SQL("held.value_date::text")
    if type_ is CustomType.YES_NO:
        return SQL("CASE held.number WHEN 1 THEN {} ELSE {} END").format(Literal(_("Yes")), Literal(_("No")))
    if not type_.is_number:
        return SQL("held.long_text") if type_ is CustomType.LONG_TEXT else SQL("held.text")
    plain = SQL(
        "translate(rtrim(to_char(held.number, 'FM9,999,999,999,999,990.999999'), '.'), ',.', {signs})"
    ).format(signs=Literal(manner().group + manner().point))
    unit = "" if definition.is_money or not definition.unit else f" {definition.unit}"
    return SQL("{} || {}").format(plain, Literal(unit))
