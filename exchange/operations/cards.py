"""Between a vCard and what we know of a party: which line has a field of ours, and what is kept beside."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from exchange.operations.consents import LINE
from exchange.operations.vcards import Card, Property, escaped, line_of
from relationships.enums import ContactPointKind

POINTS = {
    "EMAIL": ContactPointKind.EMAIL,
    "TEL": ContactPointKind.PHONE,
    "URL": ContactPointKind.URL,
    "ADR": ContactPointKind.POSTAL,
}
LABEL = "X-ABLABEL"
WORDS = re.compile(r"[a-z0-9-]+( [a-z0-9-]+)*")
LONGEST_UID = 120
SCHEME = "vcard"
"""The scheme of the identifiers under which the owners of cards are known again."""


@dataclass(frozen=True)
class Point:
    """A way to reach somebody, and the lines that said it."""

    kind: str
    value: str
    label: str
    preferred: bool
    lines: tuple[Property, ...]


@dataclass
class Contact:
    """A card as we understand it; `rest` are the lines that have no field of ours."""

    uid: str
    name: str
    is_organisation: bool
    organisation: str = ""
    job_title: str = ""
    about: str = ""
    points: list[Point] = field(default_factory=list)
    rest: list[Property] = field(default_factory=list)
    consents: list[Property] = field(default_factory=list)
    """What the card tells of consent, which is kept as such and not beside."""


def understood(card: Card) -> Contact:
    """The contact that a card describes; its `name` is empty when the card names nobody."""
    taken: set[int] = set()

    def take(name: str, longest: int) -> str:
        found = card.first(name)
        if found is None or len(found.text) > longest:
            return ""
        taken.add(id(found))
        return found.text

    labels = {one.group: one for one in card.all(LABEL) if one.group}
    points = [_point(one, labels) for name in POINTS for one in card.all(name)]
    for point in points:
        taken |= {id(line) for line in point.lines}
    contact = Contact(_uid(card), take("FN", 200), is_organisation=False, job_title=take("TITLE", 120))
    contact.about, contact.points = take("NOTE", 20_000), points
    organisation = card.first("ORG")
    if organisation is not None and len(organisation.parts[0]) <= 200:
        contact.organisation = organisation.parts[0]
        if not any(organisation.parts[1:]):
            taken.add(id(organisation))
    contact.name = contact.name or _name_of(card, contact)
    contact.is_organisation = _is_organisation(card, contact)
    contact.consents = list(card.all(LINE))
    taken |= {id(line) for line in contact.consents}
    said = {line_of(one) for one in card.properties if id(one) in taken}
    for one in card.properties:
        line = line_of(one)
        if line not in said and one.name != "UID" and one.value.strip(";, ") and not _is_ours(one, contact):
            contact.rest.append(one)
            said.add(line)
    if contact.is_organisation:
        contact.organisation = ""
    return contact


def _is_ours(one: Property, contact: Contact) -> bool:
    """Whether a line says what we would write of our own accord."""
    if one.name == "N":
        ours = _name_parts(contact.name, is_organisation=contact.is_organisation)
        return one.value.rstrip(";") == ours.rstrip(";")
    return one.name == "X-ABSHOWAS" and contact.is_organisation


def _uid(card: Card) -> str:
    """The card's own identifier, or else a fingerprint of what it says."""
    own = card.first("UID")
    if own is not None and len(own.text) <= LONGEST_UID:
        return own.text
    said = own.value if own else "\n".join(line_of(one) for one in card.properties if one.name != LINE)
    return f"card:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def _name_of(card: Card, contact: Contact) -> str:
    """The name of a card without a full name: its parts, its organisation, or else how to reach it."""
    parts = card.first("N")
    family, given, more, before, after = [*(parts.parts if parts else ()), "", "", "", "", ""][:5]
    name = " ".join(part for part in (before, given, more, family, after) if part)
    nickname = card.first("NICKNAME")
    reached = next((point.value for point in contact.points if point.kind != ContactPointKind.POSTAL), "")
    return (name or (nickname.text if nickname else "") or contact.organisation or reached)[:200]


def _is_organisation(card: Card, contact: Contact) -> bool:
    kind, shown = card.first("KIND"), card.first("X-ABSHOWAS")
    if kind is not None or shown is not None:
        return (kind or shown or Property("", "")).text.lower() in ("org", "organization", "company")
    return bool(contact.organisation) and contact.organisation == contact.name


def _point(one: Property, labels: dict[str, Property]) -> Point:
    named = labels.get(one.group)
    label = named.text if named else " ".join(one.types)
    value = one.text
    if one.name == "ADR":
        value = ", ".join(" ".join(part.split()) for part in one.parts if part)
    elif one.name == "TEL":
        value = re.sub(r";ext=", " ext. ", value.removeprefix("tel:"))
    elif one.name == "EMAIL":
        value = value.removeprefix("mailto:")
    return Point(POINTS[one.name].value, value, label[:60], one.preferred, (one, named) if named else (one,))


@dataclass(frozen=True)
class Known:
    """What a party's card is made of when it goes out."""

    uid: str
    name: str
    is_organisation: bool
    organisation: str
    job_title: str
    about: str
    points: Sequence[tuple[str, str, str, bool]]
    """(kind, value, label, whether preferred), in order."""
    rest: Sequence[Property]
    addresses: dict[str, str]


def card_of(known: Known) -> list[Property]:
    """The lines of a party's card: our fields first, always in this order, then what came with it."""
    names = {one.name for one in known.rest}
    lines = [Property("UID", known.uid), Property("FN", escaped(known.name))]
    if "N" not in names:
        lines.append(Property("N", _name_parts(known.name, is_organisation=known.is_organisation)))
    if known.organisation and not _said(known):
        lines.append(Property("ORG", escaped(known.organisation)))
    if known.is_organisation and not names & {"KIND", "X-ABSHOWAS"}:
        lines.append(Property("X-ABSHOWAS", "COMPANY"))
    lines += [Property("TITLE", escaped(known.job_title))] if known.job_title else []
    for name, kind in POINTS.items():
        for number, point in enumerate((one for one in known.points if one[0] == kind), 1):
            lines += _point_lines(name, number, point, known.addresses)
    lines += [Property("NOTE", escaped(known.about))] if known.about else []
    return [*lines, *known.rest]


def _said(known: Known) -> bool:
    """Whether the organisation's line, which came with the card, names its units too."""
    first = next((one for one in known.rest if one.name == "ORG"), None)
    return first is not None and first.parts[0] == known.organisation and any(first.parts[1:])


def _name_parts(name: str, *, is_organisation: bool) -> str:
    """Family and given name as well as they can be told: the last word and what is before it."""
    if is_organisation or "@" in name:
        return ";;;;"
    given, _blank, family = name.rpartition(" ")
    return ";".join([escaped(family), escaped(given), "", "", ""])


def _point_lines(
    name: str, number: int, point: tuple[str, str, str, bool], addresses: dict[str, str]
) -> Iterator[Property]:
    _kind, value, label, chosen = point
    preferred = chosen and number > 1  # the first is preferred unless another is
    if name == "ADR":
        said = addresses.get(value, f";;{escaped(value)};;;;")
    else:
        said = value if name == "URL" else escaped(value)
    if not label or WORDS.fullmatch(label):
        yield Property(name, said, tuple(label.split()), preferred=preferred)
        return
    group = f"{name.lower()}{number}"
    yield Property(name, said, group=group, preferred=preferred)
    yield Property(LABEL, escaped(label), group=group)
