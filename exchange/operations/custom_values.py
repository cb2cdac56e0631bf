"""What the workspace's own fields of a kind hold, read from files: typed, checked by row, and written."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable, Composed, Identifier, Literal

from core.refusals import Invalid
from exchange.enums import HeldReason
from exchange.operations.staging import execute
from exchange.operations.terms import Terms
from exchange.registry import Field, FieldType
from relationships.enums import CustomType
from relationships.operations.bulk_values import note_values, tell_values
from relationships.operations.custom_fields import LONGEST
from relationships.operations.custom_inputs import DECIMALS, SHORT, stored
from relationships.operations.inputs import Problems
from relationships.queries.custom_fields import CUSTOM, Definition, definitions, definitions_in

TYPES = {CustomType.DATE: FieldType.DAY, CustomType.YES_NO: FieldType.YES_NO}
NAMED = (CustomType.CHOICE, CustomType.CHOICES, CustomType.PERSON)
"""Types whose values name something that there is: read once for each text that a file has."""
LARGEST = 10**12

READY = SQL(
    "FROM relationship_drafts draft JOIN ingest_rows rows ON rows.n = draft.n "
    "WHERE draft.relationship_id IS NOT NULL AND (draft.is_new_relationship OR draft.may_update)"
)


def custom_field(terms: Terms, field: Field) -> Field:
    """A field of the workspace's own with its type and its bounds; raises Invalid for one that the kind lacks."""
    known = {each.name: each for each in _seen(terms)}
    definition = known.get(field.name)
    if definition is None:
        words = _("“%(name)s” is no field of this kind; it can be %(known)s.")
        facts = {"name": field.name, "known": ", ".join(known)}
        raise Invalid({f"mapping.columns.{field.name}": words % facts})
    type_ = definition.type
    if type_.is_number:
        least, most = definition.least, definition.most
        return replace(
            field,
            type=FieldType.NUMBER,
            whole=12,
            decimals=DECIMALS[type_],
            least=float(-LARGEST if least is None else least),
            most=float(LARGEST if most is None else most),
        )
    longest = definition.longest or LONGEST.get(type_, SHORT)
    pattern = r"https?://\S+\.\S+" if type_ is CustomType.LINK else ""
    return replace(field, type=TYPES.get(type_, FieldType.TEXT), max_length=longest, pattern=pattern)


def hold_unfit_values(terms: Terms) -> None:
    """Rows that name what there is not, or leave out what the stage asks for, get a verdict."""
    if terms.kind is None:
        return
    mapped = _mapped(terms)
    for definition in mapped:
        if definition.type in NAMED:
            wrong = [text for text in _texts(definition) if _read(definition, text) is None]
            _hold(
                definition,
                SQL("{} = ANY ({}::text[])").format(_column(definition), Literal(wrong)),
                HeldReason.NOT_A_CHOICE,
            )
    for definition in definitions(terms.kind.slug):
        if definition.required_stages:
            _hold_without(terms, definition, is_mapped=definition in mapped)


def write_values(terms: Terms) -> None:
    """What rows say of the workspace's own fields, for what is new and for what the source says anew.

    What was there before is told on its timeline where it changes.
    """
    mapped = _mapped(terms) if terms.kind is not None else []
    if not mapped:
        return
    note_values(mapped)
    for definition in mapped:
        if definition.type in NAMED:
            _write_named(definition)
        else:
            _write(definition, definition.type.column, _value(definition))
    tell_values(mapped, actor=terms.actor, now=terms.now)


def _seen(terms: Terms) -> Sequence[Definition]:
    kind = terms.needed_kind.slug
    return definitions(kind) if terms.actor.is_system else definitions_in(terms.actor, kind)


def _mapped(terms: Terms) -> list[Definition]:
    """The fields that the mapping fills, in its order."""
    named = dict.fromkeys([*terms.mapping.columns, *terms.mapping.constants])
    wanted = [name for name in named if name.startswith(CUSTOM)]
    known = {each.name: each for each in _seen(terms)} if wanted else {}
    return [known[name] for name in wanted]


def _column(definition: Definition) -> Composed:
    return SQL("rows.{}").format(Identifier(definition.name))


def _value(definition: Definition) -> Composed:
    """What a row says, typed as it is kept; NULL where it says nothing."""
    typed = SQL("rows.{}").format(Identifier(f"{definition.name}_value"))
    if definition.type is CustomType.YES_NO:
        return SQL("({})::int").format(typed)
    return typed if definition.type.is_number or definition.type is CustomType.DATE else _column(definition)


def _texts(definition: Definition) -> list[str]:
    """Every text that the file has in the column, once."""
    column = Identifier(definition.name)
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("SELECT DISTINCT {c} FROM ingest_rows WHERE verdict IS NULL AND {c} IS NOT NULL").format(
                c=column
            )
        )
        return sorted(row[0] for row in cursor.fetchall())


def _read(definition: Definition, text: str) -> list[dict[str, Decimal | int]] | None:
    """The rows of values that a text stands for; None where it names what there is not."""
    problems = Problems()
    found = stored(definition, text, None, problems)
    try:
        problems.refuse()
    except Invalid:
        return None
    return found.rows


def _hold(definition: Definition, wrong: Composable, reason: HeldReason) -> None:
    verdict = Literal(f"{definition.name}:{reason}")
    execute(
        SQL("UPDATE ingest_rows rows SET verdict = {} WHERE rows.verdict IS NULL AND {}").format(
            verdict, wrong
        )
    )


def _hold_without(terms: Terms, definition: Definition, *, is_mapped: bool) -> None:
    """New relationships in a stage that asks for the field, of which the row says nothing."""
    usual = terms.stage or terms.needed_kind.first_stage
    says_nothing = SQL("{} IS NULL").format(_column(definition)) if is_mapped else SQL("true")
    new = SQL(
        "EXISTS (SELECT FROM relationship_drafts draft WHERE draft.ref = rows.ref AND draft.relationship_id IS NULL "
        "AND COALESCE(NULLIF(draft.stage, ''), {}) = ANY ({}::text[]))"
    ).format(Literal(usual), Literal(list(definition.required_stages)))
    _hold(definition, SQL("{} AND {}").format(says_nothing, new), HeldReason.MISSING)


def _write(definition: Definition, column: str, value: Composable) -> None:
    execute(
        SQL(
            "INSERT INTO relationships_customvalue (field_id, relationship_id, place, {column}) "
            "SELECT {field}, draft.relationship_id, 0, {value} {ready} AND {value} IS NOT NULL "
            "ORDER BY draft.relationship_id ON CONFLICT (relationship_id, field_id, place) "
            "DO UPDATE SET {column} = EXCLUDED.{column} "
            "WHERE relationships_customvalue.{column} IS DISTINCT FROM EXCLUDED.{column}"
        ).format(column=Identifier(column), field=Literal(definition.id), value=value, ready=READY)
    )


def _write_named(definition: Definition) -> None:
    """Choices and people, by the texts that name them."""
    column = "user_id" if definition.type is CustomType.PERSON else "choice_id"
    named = [
        (text, row[column], row.get("place", 0))
        for text in _texts(definition)
        for row in _read(definition, text) or []
    ]
    texts, ids, places = (list(each) for each in zip(*named, strict=True)) if named else ([], [], [])
    given = SQL("unnest({}::text[], {}::bigint[], {}::bigint[]) AS named (said, id, place)").format(
        Literal(texts), Literal(ids), Literal(places)
    )
    facts = {"column": Identifier(column), "field": Literal(definition.id), "given": given, "ready": READY}
    facts["said"] = _column(definition)
    if definition.type is CustomType.CHOICES:
        execute(
            SQL(
                "DELETE FROM relationships_customvalue held USING (SELECT draft.relationship_id, {said} AS said "
                "{ready} AND {said} IS NOT NULL) file WHERE held.field_id = {field} "
                "AND held.relationship_id = file.relationship_id AND NOT EXISTS (SELECT FROM {given} "
                "WHERE named.said = file.said AND named.id = held.choice_id)"
            ).format(**facts)
        )
    execute(
        SQL(
            "INSERT INTO relationships_customvalue (field_id, relationship_id, place, {column}) "
            "SELECT {field}, file.relationship_id, named.place, named.id FROM (SELECT draft.relationship_id, "
            "{said} AS said {ready}) file JOIN {given} ON named.said = file.said ORDER BY 2, 3 "
            "ON CONFLICT (relationship_id, field_id, place) DO UPDATE SET {column} = EXCLUDED.{column} "
            "WHERE relationships_customvalue.{column} IS DISTINCT FROM EXCLUDED.{column}"
        ).format(**facts)
    )
