"""What a kind's profile knows, read from files: its columns as fields of ours, checked by row, and written."""

from collections.abc import Iterator
from dataclasses import replace

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable, Composed, Identifier, Literal

from core.refusals import Invalid
from exchange.enums import HeldReason
from exchange.operations.staging import execute
from exchange.operations.terms import Terms
from exchange.registry import Field, FieldType

PROFILE = "profile."
BATCH = 5_000
DIGITS = 19
"""As many as the largest whole number has that a column keeps."""

TYPES = {
    models.BooleanField: FieldType.YES_NO,
    models.DateField: FieldType.DAY,
    models.IntegerField: FieldType.NUMBER,
    models.DecimalField: FieldType.NUMBER,
    models.CharField: FieldType.TEXT,
}
CHECKS = """
SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c' ORDER BY conname
"""


def profile_field(terms: Terms, field: Field) -> Field:
    """A field of the profile with the type and the bounds of its column; raises Invalid for one the kind lacks."""
    known = {column.name: (column, type_) for column, type_ in _columns(terms)}
    name = field.name.removeprefix(PROFILE)
    if name not in known:
        words = _("“%(name)s” is not in the profile; it can be %(known)s.") % {
            "name": field.name,
            "known": ", ".join(f"{PROFILE}{each}" for each in known),
        }
        raise Invalid({f"mapping.columns.{field.name}": words})
    column, type_ = known[name]
    if type_ is FieldType.NUMBER:
        return _number(column, field)
    choices = tuple(str(value) for value, _label in getattr(column, "flatchoices", ()))
    return replace(field, type=type_, max_length=column.max_length or field.max_length, choices=choices)


def hold_unfit_profiles(terms: Terms) -> None:
    """Rows whose profile the validators or the constraints of its table would refuse get a verdict."""
    names = _mapped(terms)
    if not names:
        return
    columns = {column.name: column for column, _type in _columns(terms)}
    for name in names:
        column = columns[name]
        own = [check for check in column.validators if not isinstance(check, BaseValidator)]
        if isinstance(column, models.CharField) and own:
            _hold_by_validators(name, column)
    model = _model(terms)
    with connection.cursor() as cursor:
        cursor.execute(CHECKS, [model._meta.db_table])
        checks = [row[0] for row in cursor.fetchall()]
    for check in checks:
        _hold_by_check(terms, check, names)


def write_profiles(terms: Terms) -> None:
    """What the row says of the kind's own facts, for what is new and for what the source says anew."""
    names = _mapped(terms)
    if not names:
        return
    types = {column.name: type_ for column, type_ in _columns(terms)}
    said = SQL(", ").join(
        SQL("{field} = COALESCE({value}, profile.{field})").format(
            field=Identifier(name), value=_value(name, types[name])
        )
        for name in names
    )
    execute(
        SQL(
            "UPDATE {table} profile SET {said} FROM relationship_drafts draft "
            "JOIN ingest_rows rows ON rows.n = draft.n "
            "WHERE profile.relationship_id = draft.relationship_id "
            "AND (draft.is_new_relationship OR draft.may_update)"
        ).format(table=Identifier(_model(terms)._meta.db_table), said=said)
    )


def _model(terms: Terms) -> type[models.Model]:
    model: type[models.Model] = apps.get_model(terms.needed_kind.profile)
    return model


def _columns(terms: Terms) -> "Iterator[tuple[models.Field[object, object], FieldType]]":
    """The profile's columns that a file can say something of, each with how its text is read."""
    for column in _model(terms)._meta.concrete_fields:
        for class_, type_ in TYPES.items():
            if isinstance(column, class_) and not column.primary_key:
                yield column, type_
                break


def _mapped(terms: Terms) -> list[str]:
    """The columns that the mapping fills, in its order."""
    named = dict.fromkeys([*terms.mapping.columns, *terms.mapping.constants])
    return [name.removeprefix(PROFILE) for name in named if name.startswith(PROFILE)]


def _number(column: "models.Field[object, object]", field: Field) -> Field:
    limits = {
        type(check): check.limit_value for check in column.validators if isinstance(check, BaseValidator)
    }
    whole, decimals = DIGITS, 0
    if isinstance(column, models.DecimalField):
        whole, decimals = (column.max_digits or 0) - (column.decimal_places or 0), column.decimal_places or 0
    return replace(
        field,
        type=FieldType.NUMBER,
        whole=whole,
        decimals=decimals,
        least=limits.get(MinValueValidator, -(10**whole)),
        most=limits.get(MaxValueValidator, 10**whole),
    )


def _value(name: str, type_: FieldType, rows: str = "rows") -> Composed:
    """What a row says of a column, typed; NULL where it says nothing."""
    column = f"{PROFILE}{name}" if type_ is FieldType.TEXT else f"{PROFILE}{name}_value"
    return SQL("{}.{}").format(Identifier(rows), Identifier(column))


def _hold_by_validators(name: str, column: "models.Field[object, object]") -> None:
    """Texts that have to have a form, such as a number with check digits, a batch at a time."""
    after = 0
    statement = SQL(
        "SELECT n, {text} FROM ingest_rows WHERE verdict IS NULL AND {text} IS NOT NULL AND n > %s ORDER BY n LIMIT %s"
    ).format(text=Identifier(f"{PROFILE}{name}"))
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [after, BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        wrong = [n for n, value in rows if not _passes(column, value)]
        verdict = Literal(f"{PROFILE}{name}:{HeldReason.MALFORMED}")
        execute(
            SQL("UPDATE ingest_rows SET verdict = {} WHERE n = ANY ({}::bigint[])").format(
                verdict, Literal(wrong)
            )
        )


def _passes(column: "models.Field[object, object]", value: str) -> bool:
    try:
        column.run_validators(value)
    except ValidationError:
        return False
    return True


def _hold_by_check(terms: Terms, check: str, names: list[str]) -> None:
    """Rows after which a constraint of the table would not hold, with what the profile says now or by default."""
    model = _model(terms)
    parts: list[Composable] = []
    for column, type_ in _columns(terms):
        said = [_value(column.name, type_)] if column.name in names else []
        default = column.default if column.has_default() else "" if type_ is FieldType.TEXT else None
        kept = SQL("profile.{}").format(Identifier(column.column))
        values = [*said, kept, SQL("{}").format(Literal(default))]
        parts.append(SQL("COALESCE({}) AS {}").format(SQL(", ").join(values), Identifier(column.column)))
    about = next((name for name in reversed(names) if name in check), names[0])
    execute(
        SQL(
            "UPDATE ingest_rows SET verdict = {verdict} FROM (SELECT rows.n AS row_number, {parts} "
            "FROM ingest_rows rows JOIN relationship_drafts draft ON draft.ref = rows.ref "
            "LEFT JOIN {table} profile ON profile.relationship_id = draft.relationship_id "
            "WHERE rows.verdict IS NULL) fit WHERE ingest_rows.n = fit.row_number AND NOT ({check})"
        ).format(
            verdict=Literal(f"{PROFILE}{about}:{HeldReason.UNFIT}"),
            parts=SQL(", ").join(parts),
            table=Identifier(model._meta.db_table),
            check=SQL("(SELECT {})").format(SQL(check)),
        )
    )
