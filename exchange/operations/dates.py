"""Dates in a stated format, read by the database: a strptime format becomes a pattern and an ISO text."""

import re

from psycopg2.sql import SQL, Composed, Literal

from exchange.queries.mappings import SERIAL

ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
ISO_ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
ISO_PLAIN = f"^{ISO_DAY}([T ]{ISO_TIME})?$"
ISO_ZONED = f"^{ISO_DAY}[T ]{ISO_TIME} ?{ISO_ZONE}$"
ENDS_WITH_ZONE = rf":[0-9]{{1,2}}(\.[0-9]+)?( [AaPp][Mm])? ?{ISO_ZONE}$"
AMBIGUOUS = r"^[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{2}|[0-9]{4})([^0-9]|$)"

PATTERNS = {
    "Y": "([0-9]{4})",
    "m": "(0?[1-9]|1[0-2])",
    "d": "(0?[1-9]|[12][0-9]|3[01])",
    "H": "([01]?[0-9]|2[0-3])",
    "I": "(0?[1-9]|1[0-2])",
    "M": "([0-5]?[0-9])",
    "S": "([0-5]?[0-9])",
    "f": "([0-9]{1,9})",
    "p": "([AaPp][Mm])",
    "b": "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    "B": "(January|February|March|April|May|June|July|August|September|October|November|December)",
    "z": "(Z|[+-][0-9]{2}:?[0-9]{2})",
}
SPELLED = {"b", "B", "p"}
SERIAL_NUMBER = r"^[0-9]{1,5}([.][0-9]{1,10})?$"
READY = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y%m%d")
"""Formats whose texts the database reads as they are."""
OLD_CENTURY, NEW_CENTURY = "(69|[789][0-9])", "([0-5][0-9]|6[0-8])"


def iso_text(value: Composed, date_format: str) -> Composed:
    """`value` as ISO text that the database can read, NULL when it does not have the format.

    Two-digit years are 1969 to 2068, as POSIX has them.
    """
    if date_format == SERIAL:
        return SQL(
            "CASE WHEN {v} ~ {serial} THEN "
            "to_char(timestamp '1899-12-30' + {v}::numeric * interval '1 day', 'YYYY-MM-DD HH24:MI:SS') END"
        ).format(v=value, serial=Literal(SERIAL_NUMBER))
    if not date_format:
        return SQL("CASE WHEN {v} ~ {plain} OR {v} ~ {zoned} THEN {v} END").format(
            v=value, plain=Literal(ISO_PLAIN), zoned=Literal(ISO_ZONED)
        )
    if "%y" not in date_format:
        return _rewritten(value, date_format, PATTERNS, "")
    return SQL("COALESCE({}, {})").format(
        _rewritten(value, date_format, {**PATTERNS, "y": NEW_CENTURY}, "20"),
        _rewritten(value, date_format, {**PATTERNS, "y": OLD_CENTURY}, "19"),
    )


def _rewritten(value: Composed, date_format: str, patterns: dict[str, str], century: str) -> Composed:
    """The value's parts put in ISO order. Month names and AM/PM are left for the database, which knows them."""
    pattern = ""
    groups: dict[str, int] = {}
    for part in re.split(r"(%.)", date_format):
        if re.fullmatch("%[^%]", part):
            pattern += patterns[part[1]]
            groups[part[1]] = len(groups) + 1
        else:
            pattern += re.escape(part.replace("%%", "%"))
    matches = SQL("{} {} {}").format(
        value, SQL("~*" if groups.keys() & SPELLED else "~"), Literal(f"^{pattern}$")
    )
    if date_format in READY:
        return SQL("CASE WHEN {} THEN {} END").format(matches, value)
    return SQL("CASE WHEN {} THEN regexp_replace({}, {}, {}, 'i') END").format(
        matches, value, Literal(f"^{pattern}$"), Literal(_iso_order(groups, century))
    )


def _iso_order(groups: dict[str, int], century: str) -> str:
    """The replacement that puts a pattern's groups, known by directive, in ISO order."""
    group = {letter: f"\\{number}" for letter, number in groups.items()}
    year = group.get("Y", century + group.get("y", ""))
    month = group.get("m") or group.get("b") or group.get("B", "")
    iso = f"{year}-{month}-{group['d']} {group.get('H') or group.get('I', '0')}:{group.get('M', '00')}"
    iso += f":{group.get('S', '00')}" + (f".{group['f']}" if "f" in group else "")
    return iso + (f" {group['p']}" if "p" in group else "") + group.get("z", "")


def moment(iso: Composed, date_format: str, zone: str) -> Composed:
    """The moment that an ISO text says, NULL when there is no such day; without a zone it is in `zone`."""
    local = SQL(
        "CASE WHEN pg_input_is_valid({iso}, 'timestamp') THEN {iso}::timestamp AT TIME ZONE {zone} END"
    ).format(iso=iso, zone=Literal(zone))
    if date_format and "%z" not in date_format:
        return local
    return SQL(
        "CASE WHEN {iso} ~ {zoned} THEN CASE WHEN pg_input_is_valid({iso}, 'timestamptz') "
        "THEN {iso}::timestamptz END ELSE {local} END"
    ).format(iso=iso, zoned=Literal(ENDS_WITH_ZONE), local=local)
