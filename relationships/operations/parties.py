"""Parties: who they are. What they are to us is told by their relationships."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from core.refusals import NotAllowed
from relationships.enums import PartyKind, Verb
from relationships.models import Event, Party, Relationship
from relationships.operations.access import hold_party, refuse_stale
from relationships.operations.events import event_of, record_event, record_events
from relationships.operations.inputs import Problems
from relationships.operations.submissions import first_of, fulfil

LENGTHS = {"name": 200, "legal_name": 200, "job_title": 120, "sector": 80, "place": 120, "locale": 16}
FREE = {*LENGTHS, "about", "country", "time_zone", "confidentiality"}


@transaction.atomic
def create_party(
    *, actor: User, kind: str, name: str, now: datetime, idempotency_key: str = "", **fields: Any
) -> Party:
    """Writes down somebody new. `fields` are those of `Party` that can be edited, and `is_sample`.

    The same `idempotency_key` gives the first one again.
    """
    first = first_of(actor, idempotency_key, Party, now)
    if first is not None:
        return first
    party, line = write_party(actor=actor, kind=kind, name=name, now=now, **fields)
    fulfil(actor, idempotency_key, party)
    record_events([line])
    return party


def write_party(*, actor: User, kind: str, name: str, now: datetime, **fields: Any) -> tuple[Party, Event]:
    """The party, and the line that tells of it, not yet written; raises NotAllowed or Invalid."""
    if not (actor.is_system or actor.may(Permission.EDIT_PARTIES)):
        raise NotAllowed(_("Your role does not allow changing parties."))
    is_sample = bool(fields.pop("is_sample", False))
    problems = Problems()
    problems.choice("kind", kind, PartyKind.values)
    clean = _clean({"name": name, **fields}, problems)
    problems.refuse()
    party = Party.objects.create(kind=kind, created_at=now, created_by=actor, is_sample=is_sample, **clean)
    data = {"name": party.name}
    return party, event_of(
        relationship=None, party=party, verb=Verb.PARTY_CREATED, actor=actor, now=now, data=data
    )


@transaction.atomic
def edit_party(*, actor: User, party: Party, version: int, now: datetime, **fields: Any) -> Party:
    """Changes what is known of a party; `version` is that of the form, and a stale one is refused.

    A new name is written through to its relationships, whose lists are sorted by it; a party for named people
    only makes them so too.
    """
    found = hold_party(actor, party.pk)
    refuse_stale(found.version, version, found.name)
    problems = Problems()
    clean = _clean(fields, problems)
    problems.refuse()
    changed = {field: value for field, value in clean.items() if getattr(found, field) != value}
    if not changed:
        return found
    before = found.name
    for field, value in changed.items():
        setattr(found, field, value)
    found.version += 1
    found.save(update_fields=[*changed, "version"])
    _tell_changes(found, before, changed, actor, now)
    return found


def _clean(fields: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """The fields in the form in which they are kept; raises TypeError for a field that parties do not have."""
    unknown = set(fields) - FREE
    if unknown:
        raise TypeError(f"a party has no field {', '.join(sorted(unknown))}")
    clean = dict(fields)
    for field in LENGTHS.keys() & fields.keys():
        clean[field] = problems.text(field, fields[field], most=LENGTHS[field], required=field == "name")
    if "about" in fields:
        clean["about"] = problems.text("about", fields["about"], most=20_000)
    if "country" in fields:
        clean["country"] = fields["country"].strip().upper()
        if clean["country"] and not (len(clean["country"]) == 2 and clean["country"].isalpha()):
            problems.add("country", _("Write the two letters of the country, such as GB."))
    if fields.get("time_zone") and fields["time_zone"] not in available_timezones():
        problems.add("time_zone", _("“%(zone)s” is not a time zone.") % {"zone": fields["time_zone"]})
    if "confidentiality" in fields:
        problems.choice("confidentiality", fields["confidentiality"], Confidentiality.values)
    return clean


def _tell_changes(party: Party, before: str, changed: Mapping[str, Any], actor: User, now: datetime) -> None:
    if changed.get("confidentiality", Confidentiality.PUBLIC) >= Confidentiality.CONFIDENTIAL:
        lower = Relationship.objects.filter(party=party, confidentiality__lt=party.confidentiality)
        lower.update(confidentiality=party.confidentiality)
    if "name" in changed:
        Relationship.objects.filter(party=party).update(party_name=party.name)
        data = {"from": before, "to": party.name}
        record_event(relationship=None, party=party, verb=Verb.PARTY_RENAMED, actor=actor, now=now, data=data)
    others = sorted(changed.keys() - {"name"})
    if others:
        record_event(
            relationship=None,
            party=party,
            verb=Verb.PARTY_EDITED,
            actor=actor,
            now=now,
            data={"fields": others},
        )
