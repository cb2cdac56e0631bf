"""What the columns of somebody's file say about a record: by their headers, and where those are silent, values."""

import re
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.linkage.values import Role, comparable
from core.refusals import Invalid

HEADERS: tuple[tuple[Role, str], ...] = (
    (Role.EMAIL, r"\be ?mail|\bmail$"),
    (Role.PHONE, r"phone|\btel\b|mobile|\bcell\b|\bfax\b|telefon|telefono|handy"),
    (
        Role.IDENTIFIER,
        r"soc(ial)? sec|\bssn\b|\bvat\b|\btax\b|registration|compan(y|ies house) (no|number)|\breg (no|number)"
        r"|passport|\blei\b|\bein\b|\bduns\b|national (id|insurance)|siren|siret|handelsregister|\bust id|\bisin\b",
    ),
    (Role.DATE, r"\bdob\b|birth|geburt|naissance|nacimiento"),
    (Role.GIVEN, r"given|\bfirst ?name|\bf ?name|forename|vorname|prenom|middle ?name"),
    (Role.SURNAME, r"surname|\blast ?name|\bl ?name|family ?name|nachname|familienname|apellido"),
    (Role.NUMBER, r"(street|house) (no|number)|hausnummer"),
    (Role.POSTCODE, r"post ?(al )?code|\bzip|\bplz\b|postleitzahl|code postal"),
    (Role.PLACE, r"\bcity\b|\btown\b|suburb|\bplace\b|locality|\bort\b|\bstadt\b|\bville\b|municipality"),
    (Role.CATEGORY, r"\bstate\b|province|country|\bcounty\b|\bland\b|\bpays\b|^(sex|gender)$"),
    (Role.WEBSITE, r"web ?(site|page)?$|\burl\b|home ?page"),
    (Role.ADDRESS, r"^(?!ip).*(address|adresse|street|strasse|direccion)"),
    (
        Role.NAME,
        r"^(full |display )?name$|(company|organi[sz]ation|business|site|legal|customer|supplier) ?name",
    ),
    (Role.NAME, r"^(company|organi[sz]ation|firm|firma|employer|title|vendor|supplier|customer|.* name)$"),
)
BIRTHDAY = (
    r"^(by|birth ?year|year of birth)$",
    r"^(bm|birth ?month|month of birth)$",
    r"^(bd|birth ?day|day of birth)$",
)
NOT_OF_THE_RECORD = (
    r"\b(id|ids|key|ref|reference|uuid|guid|code|cluster|label|entity|source|number|no|nr|account|status|type|flag"
    r"|date|price|amount|score)\b"
)
FEW = 10
FIELDS = {role.value: role for role in Role} | {
    "country": Role.CATEGORY,
    "state": Role.CATEGORY,
    "city": Role.PLACE,
    "legal_name": Role.TEXT,
    "first_name": Role.GIVEN,
    "last_name": Role.SURNAME,
    "date_of_birth": Role.DATE,
}


@dataclass(frozen=True)
class Field:
    """One thing compared: its role, and the columns (from 0) whose cells, one after the other, say it."""

    role: Role
    header: str
    columns: tuple[int, ...]


def guessed(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Field]:
    """The fields of a file with these headers, whose first rows are `sample`. The one place that guesses.

    A column of numbers that a list gave its own rows (`id`, `customer ref`, `cluster`) is never compared: it says
    nothing of whom the row is about. Columns of unknown headers count when most rows fill them with words of their own.
    """
    titles = [_title(header) for header in headers]
    cells = [[row[n].strip() for row in sample if n < len(row)] for n in range(len(headers))]
    birthday = _birthday(titles)
    fields = [Field(Role.DATE, "birthday", birthday)] if birthday else []
    for n, title in enumerate(titles):
        role = None if n in birthday else _role(title, cells[n])
        if role is not None:
            fields.append(Field(role, title, (n,)))
    return _settled(fields)


def named(columns: MappingABC[str, object], headers: Sequence[str]) -> list[Field]:
    """The fields that a mapping's `columns` name (ours → header, or number from 1), checked against the headers.

    Raises Invalid naming a field or header that is not known.
    """
    titles = [header.strip() for header in headers]
    errors: dict[str, str] = {}
    fields = []
    for name, column in columns.items():
        role = Role.IDENTIFIER if name.startswith("identifier.") else FIELDS.get(name)
        place = _place(column, titles)
        if role is None:
            continue
        if place is None:
            errors[f"mapping.columns.{name}"] = _(
                "“%(column)s” is not in the file, which has: %(titles)s."
            ) % {
                "column": column,
                "titles": ", ".join(titles[:40]),
            }
        else:
            fields.append(Field(role, name, (place,)))
    if errors:
        raise Invalid(errors)
    return fields


def shared(one: Sequence[Field], other: Sequence[Field]) -> list[tuple[Field, Field]]:
    """The fields of two files that can be held side by side: of equal header and role, else of one role in order.

    A name in one is held against given name and surname in the other, an address against number and street.
    """
    one, other = _as_told(one, other), _as_told(other, one)
    pairs = []
    for role in Role:
        mine = [field for field in one if field.role is role]
        theirs = [field for field in other if field.role is role]
        for field in [*mine]:
            twin = next((their for their in theirs if their.header == field.header), None)
            if twin is not None:
                pairs.append((field, twin))
                mine.remove(field)
                theirs.remove(twin)
        pairs += zip(mine, theirs, strict=False)
    return pairs


def _title(header: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return comparable(Role.TEXT, spaced)


def _birthday(titles: Sequence[str]) -> tuple[int, ...]:
    """The columns of year, month and day of birth, where a file has all three."""
    places = [[n for n, title in enumerate(titles) if re.search(part, title)] for part in BIRTHDAY]
    return tuple(found[0] for found in places) if all(places) else ()


def _role(title: str, cells: Sequence[str]) -> Role | None:
    for role, pattern in HEADERS:
        if re.search(pattern, title):
            return role if _fits(role, cells) else None
    filled = [cell for cell in cells if cell]
    if filled and sum("@" in cell for cell in filled) >= 0.8 * len(filled):
        return Role.EMAIL
    if re.search(NOT_OF_THE_RECORD, title) or len(filled) < 0.5 * len(cells) or len(filled) < 2:
        return None
    text = "".join(filled)
    wordy = sum(sign.isalpha() for sign in text) >= 0.5 * len(text)
    return Role.TEXT if wordy and len(set(filled)) >= 0.3 * len(filled) else None


def _fits(role: Role, cells: Sequence[str]) -> bool:
    """Whether enough of the cells look like what the header promises."""
    filled = [form for form in (comparable(role, cell) for cell in cells) if form]
    said = sum(1 for cell in cells if cell)
    if cells and not filled:
        return False
    if len(filled) < 0.5 * said or (said >= FEW and len(set(filled)) < 2):
        return False
    if role is Role.NAME:
        return len(set(filled)) >= 0.1 * len(filled)
    if role is Role.PHONE:
        return sum(len(form) >= 6 for form in filled) >= 0.5 * len(filled)
    return True


def _settled(fields: Sequence[Field]) -> list[Field]:
    """One name and one address: others of the kind are compared as words of their own."""
    roles = {field.role for field in fields}
    person = Role.SURNAME in roles
    named_yet, housed_yet = person, Role.NUMBER in roles
    settled = []
    for field in fields:
        if field.role is Role.NAME:
            if not person or re.fullmatch(r"((full|display) )?name", field.header) is None:
                settled.append(Field(Role.TEXT if named_yet else Role.NAME, field.header, field.columns))
            named_yet = True
        elif field.role is Role.ADDRESS:
            settled.append(Field(Role.STREET if housed_yet else Role.ADDRESS, field.header, field.columns))
            housed_yet = True
        else:
            settled.append(field)
    return settled


def _as_told(fields: Sequence[Field], other: Sequence[Field]) -> list[Field]:
    """The fields, those in parts put together where the other file has only the whole."""
    told = list(fields)
    for whole, parts in ((Role.NAME, (Role.GIVEN, Role.SURNAME)), (Role.ADDRESS, (Role.NUMBER, Role.STREET))):
        theirs = {field.role for field in other}
        pieces = [next((field for field in told if field.role is part), None) for part in parts]
        if whole in theirs and not theirs & set(parts) and all(pieces):
            found = [piece for piece in pieces if piece is not None]
            told = [field for field in told if field not in found]
            told.append(Field(whole, whole.value, tuple(n for piece in found for n in piece.columns)))
    return told


def _place(column: object, titles: Sequence[str]) -> int | None:
    if isinstance(column, int):
        return column - 1 if 1 <= column <= len(titles) else None
    return titles.index(str(column).strip()) if str(column).strip() in titles else None
