"""Contacts from cards: persons and organisations, how to reach them, whom they work for, and the rest kept beside."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from analytics.firm_names import firm_name
from core.refusals import Conflict, Invalid, NotAllowed
from core.wording import figure
from exchange.enums import Dataset, HeldReason
from exchange.models import ContactCard, HeldRow, ImportJob, ImportRun
from exchange.operations import changes
from exchange.operations.cards import SCHEME, Contact, Point, understood
from exchange.operations.consents import Asked, Told, Unfit, consents_of
from exchange.operations.contact_files import contact_cards
from exchange.operations.report import HeldLine
from exchange.operations.source_files import SourceFile
from exchange.operations.terms import Tell, unheard
from exchange.operations.vcards import Card, Property, line_of
from relationships.enums import ConsentDoor, ContactPointKind, PartyKind
from relationships.models import Consent, ContactPoint, ErasedIdentity, Party, PartyIdentifier
from relationships.operations.consents import Proof, record_consent
from relationships.operations.contact_points import add_contact_point
from relationships.operations.links import link_parties
from relationships.operations.parties import create_party, edit_party
from relationships.queries.erased import erased_among

SOURCE = "contacts"
BY_ADDRESS = {ContactPointKind.EMAIL: "EMAIL", ContactPointKind.PHONE: "TEL"}
TOLD_EVERY = 250
CREATED = ("parties", "contact_points", "links", "consents")
ORGANISATION = "contact-organisation"
"""The scheme of the identifiers under which organisations that cards name are known again."""


@dataclass
class ContactReport:
    """What an import of contacts did: every card is imported or held, every line of it placed or named."""

    files: list[dict[str, Any]] = field(default_factory=list)
    cards: int = 0
    created: Counter[str] = field(default_factory=Counter)
    updated: int = 0
    unchanged: int = 0
    held: list[HeldLine] = field(default_factory=list)
    kept_beside: Counter[str] = field(default_factory=Counter)
    """Lines without a field of ours, by name: they are kept, and go out again with the card."""

    def as_json(self) -> dict[str, Any]:
        """The report as it is kept and written."""
        reasons = Counter(line.reason for line in self.held)
        return {
            "dataset": Dataset.CONTACTS.value,
            "files": self.files,
            "rows": self.cards,
            "imported": self.cards - len(self.held),
            "created": {name: self.created[name] for name in CREATED},
            "updated": {"parties": self.updated},
            "unchanged": {"parties": self.unchanged},
            "held": len(self.held),
            "held_by_reason": dict(sorted(reasons.items())),
            "kept_beside": dict(sorted(self.kept_beside.items())),
            "held_rows": [vars(line) for line in self.held],
        }


@dataclass(frozen=True)
class Import:
    """Who imports when, and what is told of it."""

    actor: User
    now: datetime
    accept_equal: bool
    report: ContactReport
    asked: Asked


@transaction.atomic
def ingest_contacts(
    *,
    actor: User,
    files: Sequence[SourceFile],
    now: datetime,
    dry_run: bool = False,
    accept_equal: bool = False,
    tell: Tell = unheard,
    job: ImportJob | None = None,
    into: ImportRun | None = None,
) -> ContactReport:
    """Imports vCards and tables of contacts. A card is known again by its UID, or else by all that it says.

    A card that names nobody, or a new one with the e-mail address of somebody else, is held (unless `accept_equal`);
    what of a card has no field of ours is kept beside its party. A known card that says more than before adds to its
    party. `into` is an earlier import of which these cards are corrections. Raises Invalid for a file that is no
    text, NotAllowed without the right to import and to change parties.
    """
    if not (actor.is_system or (actor.may(Permission.IMPORT_DATA) and actor.may(Permission.EDIT_PARTIES))):
        raise NotAllowed(_("Your role does not allow importing here."))
    if not files:
        raise Invalid({"files": _("Name at least one file.")})
    work = Import(actor, now, accept_equal, ContactReport(), Asked(now))
    run = into or _open_run(work, job)
    marks = changes.begin(run, now=now)
    held = _bring_in_all(work, files, tell)
    changes.finish(marks)
    work.report.held = [line for line, _card in held]
    if not work.report.cards:
        raise Invalid(
            {"files": _("%(files)s: there is no card.") % {"files": ", ".join(f.name for f in files)}}
        )
    if into is None:
        _write_down(work, held, run)
    if dry_run:
        transaction.set_rollback(True)
    return work.report


def _bring_in_all(work: Import, files: Sequence[SourceFile], tell: Tell) -> list[tuple[HeldLine, Card]]:
    """Every card of the files; gives those that are held, each with why."""
    held: list[tuple[HeldLine, Card]] = []
    for file in files:
        text, header_row, cards = contact_cards(file)
        found = {"name": file.name, "size": text.size, "sha256": text.sha256}
        work.report.files.append({**found, "encoding": text.encoding, "header_row": header_row})
        for card in cards:
            work.report.cards += 1
            if work.report.cards % TOLD_EVERY == 0:
                tell(_("%(cards)s cards read") % {"cards": figure(work.report.cards)})
            line = _bring_in(work, file.name, card)
            held += [(line, card)] if line else []
    return held


def _open_run(work: Import, job: ImportJob | None) -> ImportRun:
    """The import's row, to which what it changes is noted; its report follows."""
    return ImportRun.objects.create(
        dataset=Dataset.CONTACTS,
        source=SOURCE,
        job=job,
        mapping={},
        files=[],
        report={},
        actor=work.actor,
        imported_at=work.now,
    )


def _write_down(work: Import, held: list[tuple[HeldLine, Card]], run: ImportRun) -> None:
    run.files, run.report = work.report.files, work.report.as_json()
    run.save(update_fields=["files", "report"])
    for line, card in held:
        _hold(run, line, card)
    facts = {"rows": work.report.cards, "held": len(held)}
    record_audit(
        actor_id=work.actor.pk,
        verb="import_run",
        now=work.now,
        subject_type="importrun",
        subject_id=run.pk,
        data=facts,
    )


def _hold(run: ImportRun, line: HeldLine, card: Card) -> None:
    """Keeps a card that was not imported, once however often it comes."""
    said = {name: value for name, value in vars(line).items() if name != "file"}
    HeldRow.objects.update_or_create(
        dataset=Dataset.CONTACTS,
        source=SOURCE,
        row_key=understood(card).uid[-64:],
        occurrence=1,
        defaults={
            **said,
            "run": run,
            "file": line.file[:300],
            "cells": {"card": [line_of(one) for one in card.properties]},
            "resolved_at": None,
        },
    )


def _bring_in(work: Import, file: str, card: Card) -> HeldLine | None:
    """One card; gives the line that says why it is held."""
    contact = understood(card)
    if card.problem or not contact.name:
        column = "" if card.problem else "FN"
        return HeldLine(file, card.number, column, "", card.problem or HeldReason.MISSING.value)
    known = _known(work, contact)
    gone = _erased(known, contact)
    if gone is not None:
        return HeldLine(file, card.number, gone, "", HeldReason.ERASED.value)
    try:
        consents = consents_of(contact.consents, work.asked, is_person=not contact.is_organisation)
    except Unfit as unfit:
        return HeldLine(file, card.number, unfit.column, unfit.value, unfit.reason.value)
    if known is None and PartyIdentifier.objects.filter(scheme=SCHEME, value=contact.uid).exists():
        return HeldLine(file, card.number, "UID", contact.uid, HeldReason.UNAVAILABLE.value)
    if known is None and not work.accept_equal:
        equal = _equal(work, contact)
        if equal is not None:
            return HeldLine(file, card.number, "EMAIL", equal.value, HeldReason.EQUAL.value)
    HeldRow.objects.filter(dataset=Dataset.CONTACTS, source=SOURCE, row_key=contact.uid[-64:]).update(
        resolved_at=work.now
    )
    party = known or _create(work, contact)
    changed = known is not None and _rewrite(work, known, contact)
    kept = _add_points(work, party, contact)
    added = _link(work, party, contact)
    changed = _keep_beside(work, party, contact, kept) or added or changed
    changed = _agree(work, party, consents) or changed
    if known is not None:
        work.report.updated += changed
        work.report.unchanged += not changed
    return None


def _erased(known: Party | None, contact: Contact) -> str | None:
    """The property by which a card would bring somebody back who was erased; None for everybody else."""
    if known is not None and ErasedIdentity.objects.filter(party_number=known.pk).exists():
        return "UID"
    asked = [(str(point.kind), point.value) for point in contact.points if point.kind in BY_ADDRESS]
    gone = erased_among(asked)
    return next((BY_ADDRESS[ContactPointKind(kind)] for kind, value in asked if (kind, value) in gone), None)


def _visible(work: Import) -> QuerySet[Party]:
    return Party.objects.all() if work.actor.is_system else Party.objects.visible_to(work.actor)


def _known(work: Import, contact: Contact) -> Party | None:
    found = _visible(work).filter(identifiers__scheme=SCHEME, identifiers__value=contact.uid).first()
    return found or own_party(_visible(work), contact.uid)


def own_party(parties: QuerySet[Party], uid: str) -> Party | None:
    """The party to which we gave this UID ourselves: by its number and the moment in which it came to be."""
    name, _dash, rest = uid.partition("-")
    number, _dash, moment = rest.partition("-")
    if name != "relman" or not (number.isdigit() and moment.isdigit() and len(number) < 18):
        return None
    found = parties.filter(pk=int(number)).first()
    return found if found is not None and uid_of(found) == uid else None


def uid_of(party: Party) -> str:
    """The UID of a party that came with none: no other workspace gives the same."""
    return f"relman-{party.pk}-{int(party.created_at.timestamp() * 1_000_000)}"


def _equal(work: Import, contact: Contact) -> Point | None:
    """The first e-mail address that somebody has already whom the actor may know of."""
    for point in contact.points:
        same = Q(kind=ContactPointKind.EMAIL, normalised=point.value.casefold())
        if (
            point.kind == ContactPointKind.EMAIL
            and ContactPoint.objects.filter(same, party__in=_visible(work)).exists()
        ):
            return point
    return None


def _create(work: Import, contact: Contact) -> Party:
    party = create_party(
        actor=work.actor,
        kind=PartyKind.ORGANISATION if contact.is_organisation else PartyKind.PERSON,
        name=contact.name,
        job_title=contact.job_title,
        about=contact.about,
        now=work.now,
    )
    PartyIdentifier.objects.create(party=party, scheme=SCHEME, value=contact.uid)
    work.report.created["parties"] += 1
    return party


def _rewrite(work: Import, party: Party, contact: Contact) -> bool:
    """Name, title and note of a known party as its card says them now, where that is something else than before."""
    said = {"job_title": contact.job_title, "about": contact.about}
    if party.name == contact.name and all(getattr(party, name) == value for name, value in said.items()):
        return False
    fields = {name: value for name, value in said.items() if value}
    edit_party(
        actor=work.actor, party=party, version=party.version, name=contact.name, now=work.now, **fields
    )
    return bool(party.name != contact.name or fields)


def _add_points(work: Import, party: Party, contact: Contact) -> list[Property]:
    """Adds what is new; gives the lines of what is no address or number, or there already."""
    kept: list[Property] = []
    for point in contact.points:
        try:
            with transaction.atomic():
                add_contact_point(
                    actor=work.actor,
                    party=party,
                    kind=point.kind,
                    value=point.value,
                    label=point.label,
                    preferred=point.preferred,
                    now=work.now,
                )
        except Conflict:
            continue
        except Invalid:
            kept += point.lines
        else:
            work.report.created["contact_points"] += 1
    return kept


def _link(work: Import, party: Party, contact: Contact) -> bool:
    """Links a person to the organisation that the card names; one that several could be is not guessed at."""
    if not contact.organisation:
        return False
    organisation = _organisation(work, contact.organisation)
    if organisation is None or organisation.pk == party.pk:
        return False
    if organisation.links_out.filter(target_party=party, type__slug="employs", until_date=None).exists():
        return False
    link_parties(
        actor=work.actor,
        source_party=organisation,
        target_party=party,
        type="employs",
        origin=SOURCE,
        now=work.now,
    )
    work.report.created["links"] += 1
    return True


def _organisation(work: Import, name: str) -> Party | None:
    """The organisation of this name, opened when there is none; none when several are called so."""
    key = firm_name(name).key[:120]
    mine = _visible(work).filter(identifiers__scheme=ORGANISATION, identifiers__value=key).first()
    if mine is not None:
        return mine
    others = _visible(work).exclude(kind=PartyKind.PERSON).filter(name__iexact=name).order_by("id")[:2]
    if len(others) > 1:
        return None
    if others:
        return others[0]
    made = create_party(actor=work.actor, kind=PartyKind.ORGANISATION, name=name, now=work.now)
    PartyIdentifier.objects.get_or_create(scheme=ORGANISATION, value=key, defaults={"party": made})
    work.report.created["parties"] += 1
    return made


def _agree(work: Import, party: Party, consents: Sequence[Told]) -> bool:
    """Keeps what the card tells of consent; what an import told before is not told again."""
    new = 0
    for told in consents:
        about = {"purpose": told.purpose, "state": told.state.value, "said_at": told.said_at}
        door = ConsentDoor.IMPORT.value
        if not Consent.objects.filter(party=party, channel=told.channel, door=door, **about).exists():
            channels, proof = [told.channel] if told.channel else [], Proof(evidence=told.source)
            given: dict[str, Any] = {**about, "channels": channels, "proof": proof, "door": door}
            record_consent(actor=work.actor, party=party, now=work.now, **given)
            new += 1
    if new:
        work.report.created["consents"] += new
    return bool(new)


def _keep_beside(work: Import, party: Party, contact: Contact, kept: list[Property]) -> bool:
    lines = [line_of(one) for one in [*kept, *_unlinked(work, party, contact), *contact.rest]]
    addresses = {
        point.value: point.lines[0].value for point in contact.points if point.lines[0].name == "ADR"
    }
    work.report.kept_beside.update(one.name for one in [*kept, *contact.rest])
    before = ContactCard.objects.filter(party=party).first()
    if before is None and not lines and not addresses:
        return False
    if before is not None and (before.properties, before.addresses) == (
        lines,
        json.loads(json.dumps(addresses)),
    ):
        return False
    ContactCard.objects.update_or_create(
        party=party, defaults={"properties": lines, "addresses": addresses, "imported_at": work.now}
    )
    return True


def _unlinked(work: Import, party: Party, contact: Contact) -> Iterable[Property]:
    """The organisation's line, when the party could not be linked to it and no line kept names it."""
    named = party.links_in.filter(type__slug="employs", source_party__name=contact.organisation).exists()
    if contact.organisation and not named and not any(one.name == "ORG" for one in contact.rest):
        yield Property("ORG", contact.organisation)
