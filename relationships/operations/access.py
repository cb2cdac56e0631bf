"""How operations come to the things they change: only through what the actor may know of, locked, with the right."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import Conflict, Missing, NotAllowed
from relationships.models import Party, Relationship
from relationships.operations.inputs import Problems
from relationships.permissions import may_in


def require(actor: User, permission: Permission, relationship: Relationship) -> None:
    """Raises NotAllowed unless the actor's grants allow it here."""
    if not may_in(actor, permission, relationship):
        raise NotAllowed(_("Your role does not allow this here."))


def hold_relationship(actor: User, relationship_id: int, permission: Permission | None) -> Relationship:
    """The relationship with its party, unit and state, locked until the transaction ends.

    Raises Missing when the actor may not know of it, NotAllowed when the permission is wanting. Whoever
    changes anything in a relationship holds it first, so its counts and next touch cannot diverge.
    """
    rows = (
        Relationship.objects.visible_to(actor)
        .filter(pk=relationship_id)
        .select_related("party", "business_unit", "state")
        .select_for_update(of=("self",), no_key=True)
    )
    for found in rows:
        if permission is not None:
            require(actor, permission, found)
        return found
    raise Missing(_("There is no such relationship."))


def hold_relationships(
    actor: User, relationship_ids: Iterable[int], permission: Permission
) -> list[Relationship]:
    """Many relationships with their parties, units and owners, locked in the order of their ids; all or none.

    Raises Missing or NotAllowed when that is so for any of them.
    """
    wanted = set(relationship_ids)
    found = list(
        Relationship.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_related("party", "business_unit", "owner", "team")
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )
    if len(found) < len(wanted):
        missing = len(wanted) - len(found)
        raise Missing(_("%(count)d of these relationships do not exist.") % {"count": missing})
    for relationship in found:
        require(actor, permission, relationship)
    return found


def see_party(actor: User, party: Party) -> Party:
    """The party as it is now; raises Missing when the actor may not know of it."""
    found = Party.objects.visible_to(actor).filter(pk=party.pk).first()
    if found is None:
        raise Missing(_("There is no such party."))
    return found


def hold_party(actor: User, party_id: int) -> Party:
    """The party, locked until the transaction ends; raises Missing or NotAllowed like `hold_relationship`.

    The system knows of all: an import that runs by itself writes as it.
    """
    seen = Party.objects.all() if actor.is_system else Party.objects.visible_to(actor)
    found = seen.filter(pk=party_id).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Missing(_("There is no such party."))
    if not (actor.is_system or actor.may(Permission.EDIT_PARTIES)):
        raise NotAllowed(_("Your role does not allow changing parties."))
    return found


def refuse_stale(current: int, given: int, name: str) -> None:
    """Raises Conflict when a form shows an older version than there is."""
    if current != given:
        raise Conflict(
            _("Somebody else has changed “%(name)s” since you opened it. Look again, then save.")
            % {"name": name}
        )


def check_parties(
    actor: User, field: str, parties: Iterable[Party], problems: Problems, *, near: Relationship | None = None
) -> None:
    """Notes under `field` when one of the parties is not known to the actor.

    `near` is a relationship that the actor is known to see: its own contacts, which are nearly always meant,
    are then found without asking for everything that the actor sees.
    """
    wanted = {party.pk for party in parties}
    if near and wanted:
        wanted -= set(Party.objects.contacts_of(near).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted and Party.objects.visible_to(actor).filter(pk__in=wanted).count() != len(wanted):
        problems.add(field, _("There is no such party."))


def check_colleague(
    field: str, user: User, relationships: Sequence[Relationship], problems: Problems
) -> None:
    """Notes under `field` when a colleague is gone or would not see what they are given."""
    if not user.is_active or user.is_system:
        problems.add(field, _("%(name)s no longer works here.") % {"name": user.name})
        return
    ids = [relationship.pk for relationship in relationships]
    hidden = len(ids) - Relationship.objects.visible_to(user).filter(pk__in=ids).count()
    if hidden:
        problems.add(
            field,
            _("%(name)s cannot see %(count)d of these relationships.") % {"name": user.name, "count": hidden},
        )
