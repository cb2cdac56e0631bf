"""Staged texts into typed rows, set-based: every row gets its values, or the first thing that is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composed, Identifier, Literal

from exchange.enums import HeldReason
from exchange.operations.dates import AMBIGUOUS, iso_text, moment
from exchange.operations.source_files import refuse
from exchange.operations.staging import STAGED, Staged, execute
from exchange.queries.mappings import Mapping
from exchange.registry import Field, FieldType

ROWS = "ingest_rows"
BLANKS = " \t\r\n\f\v\N{NO-BREAK SPACE}"
SEPARATOR = "\x1f"
CURRENCY_MARKS = "[£$€¥[:space:]\N{NO-BREAK SPACE}]|^(GBP|EUR|USD)|(GBP|EUR|USD)$"
BELOW_ZERO = r"^[(](.+)[)]$|^([^-].*)-$"
DATED = (FieldType.MOMENT, FieldType.DAY)
BOUNDS = {
    FieldType.MOMENT: ("1900-01-01 00:00+00", "2100-12-31 23:59:59+00"),
    FieldType.DAY: ("1900-01-01", "2100-12-31"),
}
YES = ["yes", "y", "true", "t", "1", "x", "ja", "oui", "sí"]
NO = ["no", "n", "false", "f", "0", "nein", "non"]
"""Words for yes and no, in lower case; a file's own words are put into these by the mapping's values."""


@dataclass(frozen=True)
class Typing:
    """What reading a mapping's texts depends on beside the mapping: zone, clock and the currency's digits."""

    mapping: Mapping
    fields: list[Field]
    zone: str
    now: datetime
    minor_units: int


def refuse_ambiguous_dates(typing: Typing, staged: Staged, names: list[str]) -> None:
    """Raises Invalid when dates could be day first or month first and the mapping does not say which."""
    if typing.mapping.date_format:
        return
    for field in typing.fields:
        if field.type not in DATED or field.name not in typing.mapping.staged_fields:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                SQL("SELECT file, row, {c} FROM {t} WHERE btrim({c}) ~ {p} ORDER BY n LIMIT 1").format(
                    c=Identifier(field.name), t=Identifier(STAGED), p=Literal(AMBIGUOUS)
                )
            )
            found = cursor.fetchone()
        if found is not None:
            file, row, value = found
            raise refuse(
                names[file],
                _(
                    "This can be read day first or month first: say date_format in the mapping, as “%d/%m/%Y”."
                ),
                row=row,
                column=staged.labels[file][field.name],
                value=value,
            )


def type_rows(typing: Typing) -> None:
    """Makes the table `ingest_rows` beside the staged one, a row each, until the transaction ends.

    Columns: `n`, `file`, `row`; each field's text by its name; `<field>_value` for numbers and moments, with
    `amount_value` rounded half-up to the currency; `is_return`; `verdict`, NULL or "field:reason";
    `source_key` and `occurrence`, which tell a row from its equals; `values_key`, equal for identical rows.
    """
    execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(ROWS)))
    execute(_typed(typing, typing.fields))
    execute(SQL("ANALYZE {}").format(Identifier(ROWS)))


def _typed(typing: Typing, fields: list[Field]) -> Composed:
    """Texts, then dates as ISO, then values, then the verdict, then the keys; each layer is computed once."""
    cleaned = SQL(", ").join(SQL("{} AS {}").format(_cleaned(typing, f), Identifier(f.name)) for f in fields)
    isos, values = _isos(typing, fields), _values(typing, fields)
    amount = [_amount(typing)] if typing.mapping.dataset_fields.get("amount") else []
    return SQL(
        "CREATE TEMP TABLE {rows} ON COMMIT DROP AS "
        "SELECT keyed.*, row_number() OVER (PARTITION BY source_key ORDER BY n) AS occurrence FROM ("
        "SELECT judged.*, {source_key} AS source_key FROM ("
        "SELECT typed.*, {verdict} AS verdict, {returned} AS is_return, {key} AS values_key FROM ("
        "SELECT valued.*{amount} FROM ("
        "SELECT dated.*{values} FROM ("
        "SELECT cleaned.*{isos} FROM ("
        "SELECT n, file, row, problem, {cleaned} FROM {staged} OFFSET 0"
        ") cleaned OFFSET 0) dated OFFSET 0) valued OFFSET 0) typed OFFSET 0) judged OFFSET 0) keyed"
    ).format(
        rows=Identifier(ROWS),
        staged=Identifier(STAGED),
        cleaned=cleaned,
        isos=_listed(isos),
        values=_listed(values),
        amount=_listed(amount),
        verdict=_verdict(typing, fields),
        returned=_returned(typing),
        source_key=_source_key(fields),
        key=_key(fields),
    )


def _isos(typing: Typing, fields: list[Field]) -> list[Composed]:
    """`<field>_iso` of every moment."""
    return [
        SQL("{} AS {}").format(
            iso_text(SQL("{}").format(Identifier(f.name)), typing.mapping.date_format),
            Identifier(f"{f.name}_iso"),
        )
        for f in fields
        if f.type in DATED
    ]


def _values(typing: Typing, fields: list[Field]) -> list[Composed]:
    """`<field>_value` of every moment and number; the amount follows, for it may be a product of others."""
    return [
        SQL("{} AS {}").format(_value(typing, f), Identifier(f"{f.name}_value"))
        for f in fields
        if f.type is not FieldType.TEXT and f.name != "amount"
    ]


def _listed(parts: list[Composed]) -> Composed:
    return SQL("").join([SQL(", {}").format(part) for part in parts])


def _cleaned(typing: Typing, field: Field) -> Composed:
    """The field's text without outer blanks, put in our words; NULL when empty."""
    mapping = typing.mapping
    if field.name not in mapping.staged_fields:
        return SQL("{}::text").format(Literal(mapping.constants.get(field.name) or None))
    text = SQL("NULLIF(btrim({}, {}), '')").format(Identifier(field.name), Literal(BLANKS))
    if field.name in mapping.clean:
        text = CLEANED[mapping.clean[field.name]](text)
    if field.name in mapping.values:
        cases = [
            SQL("WHEN {} THEN {}").format(Literal(theirs), Literal(ours))
            for theirs, ours in mapping.values[field.name].items()
        ]
        text = SQL("CASE {} {} ELSE {} END").format(text, SQL(" ").join(cases), text)
    if field.name in mapping.constants:
        text = SQL("COALESCE({}, {})").format(text, Literal(mapping.constants[field.name]))
    return SQL("{}").format(text)


def _whole(text: Composed) -> Composed:
    return SQL("regexp_replace({}, {}, {})").format(text, Literal(r"^([+-]?[0-9]+)[.,]0+$"), Literal(r"\1"))


def _money(text: Composed) -> Composed:
    """Without currency and blanks; brackets and a minus behind mean below zero, and a dash alone is nothing paid."""
    bare = SQL("regexp_replace({}, {}, '', 'gi')").format(text, Literal(CURRENCY_MARKS))
    rewritten = SQL("regexp_replace({}, {}, {})").format(bare, Literal(BELOW_ZERO), Literal(r"-\1\2"))
    return SQL("regexp_replace({}, '^-$', '0')").format(rewritten)


CLEANED = {"whole_number": _whole, "money": _money}


def _value(typing: Typing, field: Field) -> Composed:
    if field.type in DATED:
        iso = SQL("{}").format(Identifier(f"{field.name}_iso"))
        found = moment(iso, typing.mapping.date_format, typing.zone)
        if field.type is FieldType.DAY:
            return SQL("({} AT TIME ZONE {})::date").format(found, Literal(typing.zone))
        return found
    if field.type is FieldType.YES_NO:
        return SQL(
            "CASE WHEN lower({t}) = ANY ({yes}) THEN true WHEN lower({t}) = ANY ({no}) THEN false END"
        ).format(t=Identifier(field.name), yes=Literal(YES), no=Literal(NO))
    return _number(typing.mapping, field.name)


def _number(mapping: Mapping, name: str) -> Composed:
    plain = SQL("{}").format(Identifier(name))
    if mapping.thousands:
        plain = SQL("replace({}, {}, '')").format(plain, Literal(mapping.thousands))
    if mapping.decimal != ".":
        plain = SQL("replace({}, {}, '.')").format(plain, Literal(mapping.decimal))
    return SQL("CASE WHEN {} ~ {} THEN {}::numeric END").format(
        Identifier(name), Literal(_number_pattern(mapping)), plain
    )


def _number_pattern(mapping: Mapping) -> str:
    point, thousands = f"[{mapping.decimal}]", f"[{mapping.thousands}]"
    grouped = f"|[0-9]{{1,3}}({thousands}[0-9]{{3}})+({point}[0-9]{{1,30}})?" if mapping.thousands else ""
    return f"^[+-]?([0-9]{{1,30}}({point}[0-9]{{1,30}})?|{point}[0-9]{{1,30}}{grouped})$"


def _amount(typing: Typing) -> Composed:
    """The line's amount, rounded half away from zero to the currency."""
    factors = [Identifier(f"{name}_value") for name in typing.mapping.product_of]
    exact = SQL(" * ").join(factors) if factors else _number(typing.mapping, "amount")
    return SQL("round({}, {}) AS amount_value").format(exact, Literal(typing.minor_units))


def _verdict(typing: Typing, fields: list[Field]) -> Composed:
    """NULL for a good row, else "field:reason" of the first thing that is wrong."""
    filled = [field.name for field in fields if field.name in typing.mapping.staged_fields]
    cases = [
        SQL("WHEN problem <> '' THEN ':' || problem"),
        SQL("WHEN COALESCE({}) IS NULL THEN {}").format(
            SQL(", ").join(Identifier(name) for name in filled), Literal(f":{HeldReason.EMPTY_ROW}")
        ),
    ]
    for field in fields:
        cases += [
            SQL("WHEN {} THEN {}").format(wrong, Literal(f"{field.name}:{reason}"))
            for wrong, reason in _checks(typing, field)
        ]
    return SQL("CASE {} END").format(SQL(" ").join(cases))


def _checks(typing: Typing, field: Field) -> list[tuple[Composed, HeldReason]]:
    text = Identifier(field.name)
    product = typing.mapping.product_of
    checks: list[tuple[Composed, HeldReason]] = []
    if (field.required and not (field.name == "amount" and product)) or field.name in product:
        checks.append((SQL("{} IS NULL").format(text), field.missing))
    if field.pattern:
        checks.append((SQL("{} !~ {}").format(text, Literal(f"^({field.pattern})$")), HeldReason.MALFORMED))
    if field.choices:
        checks.append(
            (SQL("{} <> ALL ({})").format(text, Literal(list(field.choices))), HeldReason.NOT_A_CHOICE)
        )
    if field.type is FieldType.TEXT:
        checks.append((SQL("length({}) > {}").format(text, Literal(field.max_length)), HeldReason.TOO_LONG))
    if field.type is FieldType.NUMBER:
        checks += _number_checks(typing, field)
    if field.type is FieldType.YES_NO:
        unread = SQL("{} IS NOT NULL AND {} IS NULL").format(text, Identifier(f"{field.name}_value"))
        checks.append((unread, HeldReason.NOT_YES_OR_NO))
    if field.type in DATED:
        checks += _moment_checks(typing, field)
    return checks


def _number_checks(typing: Typing, field: Field) -> list[tuple[Composed, HeldReason]]:
    text, value = Identifier(field.name), Identifier(f"{field.name}_value")
    other = "^[+-]?[.,]?[0-9][0-9 .,']*$"
    unread = SQL("{} IS NOT NULL AND {} IS NULL").format(text, value)
    checks = []
    if not (field.name == "amount" and typing.mapping.product_of):
        checks = [
            (SQL("{} AND {} ~ {}").format(unread, text, Literal(other)), HeldReason.DECIMAL_SIGN),
            (unread, HeldReason.NOT_A_NUMBER),
        ]
    if field.decimals is not None:
        checks.append(
            (SQL("scale(trim_scale({})) > {}").format(value, Literal(field.decimals)), HeldReason.DECIMALS)
        )
    checks.append(
        (SQL("abs({}) >= 10::numeric ^ {}").format(value, Literal(field.whole)), HeldReason.TOO_LARGE)
    )
    if field.least is not None and field.most is not None:
        bounds = SQL("{} NOT BETWEEN {} AND {}").format(value, Literal(field.least), Literal(field.most))
        checks.append((bounds, HeldReason.OUTSIDE))
    return checks


def _moment_checks(typing: Typing, field: Field) -> list[tuple[Composed, HeldReason]]:
    text, value = Identifier(field.name), Identifier(f"{field.name}_value")
    checks = [
        (SQL("{} IS NOT NULL AND {} IS NULL").format(text, value), HeldReason.NOT_A_DATE),
        (
            SQL("{} NOT BETWEEN {} AND {}").format(value, *map(Literal, BOUNDS[field.type])),
            HeldReason.OUT_OF_RANGE,
        ),
    ]
    if field.no_future:
        checks.append((SQL("{} > {}").format(value, Literal(typing.now)), HeldReason.FUTURE))
    return checks


def _returned(typing: Typing) -> Composed:
    """Whether the line is a return: any of the mapping's conditions, or else a negative amount."""
    tests = []
    for condition in typing.mapping.return_when:
        text = Identifier(condition.field)
        if condition.below:
            tests.append(
                SQL("{} < {}::numeric").format(
                    Identifier(f"{condition.field}_value"), Literal(condition.below)
                )
            )
        elif condition.equals:
            tests.append(SQL("{} = {}").format(text, Literal(condition.equals)))
        else:
            tests.append(SQL("starts_with({}, {})").format(text, Literal(condition.starts_with)))
    if not tests and typing.mapping.dataset_fields.get("amount"):
        tests = [SQL("amount_value < 0")]
    return SQL("COALESCE({}, false)").format(SQL(" OR ").join(tests) if tests else SQL("false"))


def _key(fields: list[Field]) -> Composed:
    """SHA-256 of a row's own values: numbers and moments by what they say, not by how they are written."""
    parts = [SQL("problem")]
    for field in fields:
        text = SQL("{}").format(Identifier(field.name))
        if field.type is FieldType.NUMBER and field.name != "amount":
            text = SQL("COALESCE(trim_scale({})::text, {})").format(Identifier(f"{field.name}_value"), text)
        elif field.name == "amount":
            text = SQL("COALESCE(trim_scale(amount_value)::text, amount)")
        elif field.type in (FieldType.DAY, FieldType.YES_NO):
            text = SQL("COALESCE({}::text, {})").format(Identifier(f"{field.name}_value"), text)
        elif field.type is FieldType.MOMENT:
            value = Identifier(f"{field.name}_value")
            text = SQL("COALESCE(extract(epoch FROM {})::text, {})").format(value, text)
        parts.append(SQL("{} || {}").format(Literal(f"{field.name}="), text))
    return SQL("encode(sha256(convert_to(concat_ws({}, {}), 'UTF8')), 'hex')").format(
        Literal(SEPARATOR), SQL(", ").join(parts)
    )


def _source_key(fields: list[Field]) -> Composed:
    """What tells a row from others: its order and line reference where it has both, or else its values."""
    if not {"order_ref", "line"} <= {field.name for field in fields}:
        return SQL("values_key")
    return SQL(
        "CASE WHEN order_ref IS NOT NULL AND line IS NOT NULL THEN "
        "encode(sha256(convert_to(concat_ws({}, 'reference', order_ref, line), 'UTF8')), 'hex') "
        "ELSE values_key END"
    ).format(Literal(SEPARATOR))
