"""Who may know of a relationship, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.queries.rights import people_with_rights
from core.wording import in_a_sentence
from relationships import kinds
from relationships.enums import Verb
from relationships.models import ConfidentialAccess, Event, Relationship
from relationships.permissions import is_person_of, may_know, reaching
from relationships.queries.timeline import Entry
from relationships.registry import registry

CHANGES = 20


@dataclass(frozen=True)
class Seer:
    """Somebody who may know of it, or who is named and still may not; `access` is their being named.

    `is_in_it` tells the people whom a closed kind names in the relationship itself.
    """

    user: User
    is_owner: bool
    sees: bool
    roles: list[str]
    is_in_team: bool
    is_in_it: bool
    access: ConfidentialAccess | None


def audience(relationship: Relationship) -> list[Seer]:
    """The owner, then who is named, then everybody else who may know of it, by name. Four queries."""
    rows = ConfidentialAccess.objects.filter(relationship=relationship).select_related("granted_by")
    named = {access.user_id: access for access in rows}
    people = people_with_rights(and_also=named)
    seers = [_seer(person, relationship, named.get(person.pk)) for person in people]
    found = [seer for seer in seers if seer.sees or seer.access]
    return sorted(found, key=lambda seer: (not seer.is_owner, seer.access is None))


def access_changes(viewer: User, relationship: Relationship) -> list[Entry]:
    """The last times that somebody was named or no longer so, newest first. One query."""
    told = Event.objects.along(relationship, viewer).filter(verb__in=(Verb.ACCESS_NAMED, Verb.ACCESS_ENDED))
    newest = told.select_related("actor").order_by("-happened_at", "-id")[:CHANGES]
    return [Entry(event, registry.event_words[event.verb], None) for event in newest]


def _seer(person: User, relationship: Relationship, access: ConfidentialAccess | None) -> Seer:
    return Seer(
        user=person,
        is_owner=person.pk == relationship.owner_id,
        sees=may_know(person, relationship, is_named=access is not None),
        roles=_roles(person, relationship),
        is_in_team=relationship.team_id in person.current_team_ids(),
        is_in_it=is_person_of(person, relationship),
        access=access,
    )


def _roles(person: User, relationship: Relationship) -> list[str]:
    """The roles that reach it, each once, with the kind that it is limited to."""
    found = []
    for grant in reaching(person, Permission.VIEW_RELATIONSHIPS, relationship):
        role = str(grant.role_definition.label)
        if grant.kind:
            kind = kinds.registry.get(grant.kind).label_plural
            role = _("%(role)s for %(kind)s") % {"role": role, "kind": in_a_sentence(kind)}
        found.append(role)
    return list(dict.fromkeys(found))
