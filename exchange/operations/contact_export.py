"""Contacts as vCards or as a table: what the exporter may see, with an audit line and no formulas."""

import csv
from collections.abc import Iterator, Set
from datetime import datetime
from itertools import islice
from typing import IO

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.arrays import Among
from core.refusals import Invalid, NotAllowed
from core.spreadsheets import inert
from core.wording import figure
from exchange.models import ContactCard
from exchange.operations.cards import SCHEME, Known, card_of
from exchange.operations.contacts import uid_of
from exchange.operations.vcards import Property, line_of, read_property, written
from relationships.enums import PartyKind
from relationships.models import Party, PartyLink
from relationships.operations.exports import FILE
from relationships.queries.counts import capped_counts
from relationships.queries.list_sheet import exportable
from relationships.queries.relationship_list import ListQuery

FORMATS = ("vcard", "csv")
BATCH = 500
MOST_PARTIES = 5_000
"""A list with more of them is none that somebody wants in an address book, and takes longer than a page may."""
COLUMNS = ("UID", "Name", "Company", "Job Title", "Notes", "E-mail Address", "Phone", "vCard Lines")
"""Enough for a glance; the last column has every other line of the card, so that nothing is lost on the way."""


def export_contacts(*, actor: User, target: IO[str], form: str, now: datetime) -> int:
    """Writes every person, and every organisation that came as a card, whom the actor may know of; gives how many.

    In the order in which they came, a batch at a time. Raises NotAllowed without the right to export, Invalid for a
    format that is not known. The security record says that it was done.
    """
    if form not in FORMATS:
        words = _("“%(name)s” is not known; it can be %(known)s.") % {
            "name": form,
            "known": ", ".join(FORMATS),
        }
        raise Invalid({"format": words})
    if not (actor.is_system or actor.may(Permission.EXPORT_DATA)):
        raise NotAllowed(_("Your role does not allow exporting."))
    visible = Party.objects.all() if actor.is_system else Party.objects.visible_to(actor)
    people = visible.filter(
        Q(kind=PartyKind.PERSON) | Q(contact_card__isnull=False) | Q(identifiers__scheme=SCHEME)
    )
    count = 0
    rows = csv.writer(target, lineterminator="\r\n") if form == "csv" else None
    if rows is not None:
        rows.writerow(COLUMNS)
    whole = _whole(people.distinct().order_by("id")).iterator(chunk_size=BATCH)
    for card in _cards(whole, visible, set()):
        count += 1
        if rows is None:
            target.write(written(card))
        else:
            rows.writerow([inert(cell) for cell in _row(card)])
    record_audit(actor_id=actor.pk, verb="contacts_exported", now=now, data={"rows": count, "format": form})
    return count


def write_cards(*, actor: User, query: ListQuery, now: datetime) -> Iterator[bytes]:
    """The parties of a list and the people who belong to them, as vCards: those alone whom the actor may know of.

    In the order in which they came, a batch read at a time. Raises Invalid for a list of more than MOST_PARTIES.
    """
    rows = exportable(viewer=actor, query=query, now=now)
    if capped_counts(rows, cap=MOST_PARTIES)[0] > MOST_PARTIES:
        words = _("A file of contacts is made of at most %(most)s, and the list has more: narrow it.")
        raise Invalid({FILE: words % {"most": figure(MOST_PARTIES)}})
    parties = set(rows.values_list("party_id", flat=True))
    near = Party.objects.beside_seen(actor).filter(
        Among(F("pk"), list(parties | _linked_to(list(parties), now)))
    )
    known = {pk for pk, kind in near.values_list("pk", "kind") if pk in parties or kind == PartyKind.PERSON}
    cards = _cards(_batches(sorted(known)), Party.objects.visible_to(actor), known)
    return (written(card).encode() for card in cards)


def _linked_to(parties: list[int], now: datetime) -> set[int]:
    """Those at the other end of the links that hold today."""
    links = PartyLink.objects.as_of(now.date())
    found = set(links.filter(Among(F("source_party_id"), parties)).values_list("target_party_id", flat=True))
    return found | set(
        links.filter(Among(F("target_party_id"), parties)).values_list("source_party_id", flat=True)
    )


def _batches(ids: list[int]) -> Iterator[Party]:
    """The parties in the order of their numbers; no cursor stays open while somebody reads slowly."""
    for place in range(0, len(ids), BATCH):
        yield from _whole(Party.objects.filter(Among(F("pk"), ids[place : place + BATCH])).order_by("id"))


def _whole(people: QuerySet[Party]) -> QuerySet[Party]:
    """With all that a card tells of them."""
    related = ("identifiers", "contact_points", "links_in__source_party", "links_in__type")
    return people.select_related("contact_card").prefetch_related(*related)


def _cards(people: Iterator[Party], visible: QuerySet[Party], known: Set[int]) -> Iterator[list[Property]]:
    """Cards that name an employer whom one may know of: `known` ones, and others, asked for once a batch."""
    asked, seen = set(known), set(known)
    while batch := list(islice(people, BATCH)):
        employers = {party.pk: _employers(party) for party in batch}
        fresh = {employer.pk for each in employers.values() for employer in each} - asked
        asked |= fresh
        seen |= (
            set(visible.filter(Among(F("pk"), list(fresh))).values_list("pk", flat=True)) if fresh else set()
        )
        for party in batch:
            named = (employer.name for employer in employers[party.pk] if employer.pk in seen)
            yield card_of(_known(party, next(named, "")))


def _employers(party: Party) -> list[Party]:
    return sorted(
        (link.source_party for link in party.links_in.all() if _employs(link)), key=lambda one: one.pk
    )


def _employs(link: object) -> bool:
    return getattr(link, "type").slug == "employs" and getattr(link, "until_date") is None  # noqa: B009


def _known(party: Party, employer: str) -> Known:
    kept: ContactCard | None = getattr(party, "contact_card", None)
    uids = sorted(one.value for one in party.identifiers.all() if one.scheme == SCHEME)
    points = sorted(party.contact_points.all(), key=lambda point: point.pk)
    lines = [read_property(line) for line in kept.properties] if kept else []
    return Known(
        uid=uids[0] if uids else uid_of(party),
        name=party.name,
        is_organisation=not party.is_person,
        organisation=employer,
        job_title=party.job_title,
        about=party.about,
        points=[(point.kind, point.value, point.label, point.is_preferred) for point in points],
        rest=[line for line in lines if line is not None],
        addresses=kept.addresses if kept else {},
    )


def _row(card: list[Property]) -> list[str]:
    """The card as a row: the first of each column in words, everything else as lines of the card."""
    cells: dict[str, str] = {}
    rest: list[Property] = []
    for one in card:
        marked = one.types or one.params or one.group or one.preferred
        plain = not marked and not (one.name == "ORG" and len(one.parts) > 1)
        if one.name in PLAIN and one.name not in cells and (plain or one.name in ("UID", "FN")):
            cells[one.name] = one.text
        else:
            rest.append(one)
    return [*(cells.get(name, "") for name in PLAIN), "\n".join(line_of(one) for one in rest)]


PLAIN = ("UID", "FN", "ORG", "TITLE", "NOTE", "EMAIL", "TEL")
