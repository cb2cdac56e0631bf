"""Whether somebody may do something to a relationship: the right and its scope come from the same grant."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.enums import Confidentiality, Permission, Reach
from relationships import kinds
from relationships.enums import Sees

if TYPE_CHECKING:
    from accounts.models import RoleGrant, User
    from relationships.models import Relationship


def may_in(user: "User", permission: Permission, relationship: "Relationship") -> bool:
    """Whether one of the user's grants carries `permission` and reaches this relationship.

    In a kind with a sight of its own, grants of other roles reach nothing, and the people that the sight names
    may do what it says. The relationship need not be saved: opening one is asked the same way. Whether the
    user may know of it at all is another question, answered by `visible_to`.
    """
    kind = kinds.registry.get(relationship.kind)
    if kind.sight is not None and any(
        permission in allowed and _leads_to(user, relationship, path)
        for path, allowed in kind.sight.people.items()
    ):
        return True
    return bool(reaching(user, permission, relationship))


def reaching(user: "User", permission: Permission, relationship: "Relationship") -> "list[RoleGrant]":
    """The user's grants that carry `permission` and reach this relationship."""
    kind = kinds.registry.get(relationship.kind)
    return [
        grant
        for grant in user.current_grants()
        if permission in grant.role_definition.permissions
        and kind.is_open_to(grant.role)
        and _reaches(user, grant, relationship)
    ]


def kinds_with(user: "User", permission: Permission) -> "list[kinds.Kind]":
    """The kinds in which one of the user's grants carries `permission`."""
    return [kind for kind in kinds.registry if may_somewhere(user, permission, kind.slug)]


def is_person_of(user: "User", relationship: "Relationship") -> bool:
    """Whether the user is one of the people whom the sight of its kind names."""
    sight = kinds.registry.get(relationship.kind).sight
    return sight is not None and any(_leads_to(user, relationship, path) for path in sight.people)


@dataclass(frozen=True)
class Way:
    """One reason for which somebody may know of a relationship: its code, and the grant that it rests on, if any."""

    code: Sees
    grant: "RoleGrant | None" = None


def may_know(user: "User", relationship: "Relationship", *, is_named: bool) -> bool:
    """What `visible_to` decides, for one relationship and many users at hand; `is_named` is their named access."""
    return bool(ways_reaching(user, relationship) and ways_into_class(user, relationship, is_named=is_named))


def ways_reaching(user: "User", relationship: "Relationship") -> list[Way]:
    """Why the relationship is in the user's reach at all, before its class; nothing when it is not."""
    ways = [Way(Sees.AS_ITS_PERSON)] if is_person_of(user, relationship) else []
    return ways + [
        Way(Sees.BY_ROLE, grant) for grant in reaching(user, Permission.VIEW_RELATIONSHIPS, relationship)
    ]


def ways_into_class(user: "User", relationship: "Relationship", *, is_named: bool) -> list[Way]:
    """Why the class of a relationship in reach is open to the user; nothing when it is not."""
    if relationship.confidentiality <= Confidentiality.INTERNAL:
        return [Way(Sees.OPEN_CLASS)]
    ways = [Way(Sees.OWNS_IT)] if relationship.owner_id == user.pk else []
    if relationship.confidentiality > Confidentiality.RESTRICTED:
        return ways + ([Way(Sees.IS_NAMED)] if is_named else [])
    if kinds.registry.get(relationship.kind).sight is not None:  # reached by its own people alone
        ways.append(Way(Sees.CLOSED_KIND))
    if relationship.team_id in user.current_team_ids():
        ways.append(Way(Sees.IN_ITS_TEAM))
    return ways + [
        Way(Sees.ROLE_OF_THE_KIND, grant)
        for grant in user.current_grants()
        if grant.kind == relationship.kind
        and Permission.VIEW_RELATIONSHIPS in grant.role_definition.permissions
    ]


def may_somewhere(user: "User", permission: Permission, kind: str) -> bool:
    """Whether any of the user's grants carries `permission` in this kind, in whatever team or unit."""
    return bool(grants_in(user, permission, kind))


def grants_in(user: "User", permission: Permission, kind: str) -> "list[RoleGrant]":
    """The user's grants that carry `permission` somewhere in a kind."""
    declared = kinds.registry.get(kind)
    return [
        grant
        for grant in user.current_grants()
        if permission in grant.role_definition.permissions
        and grant.kind in ("", kind)
        and declared.is_open_to(grant.role)
    ]


def _leads_to(user: "User", relationship: "Relationship", path: str) -> bool:
    """Whether the path from the relationship ends at the user; a profile that is not there leads nowhere."""
    profile, _, field = path.rpartition("__")
    holder = getattr(relationship, profile, None) if profile else relationship
    return user.is_active and holder is not None and getattr(holder, f"{field}_id") == user.pk


def _reaches(user: "User", grant: "RoleGrant", relationship: "Relationship") -> bool:
    if grant.kind and grant.kind != relationship.kind:
        return False
    if grant.business_unit_id and grant.business_unit_id != relationship.business_unit_id:
        return False
    owns = relationship.owner_id == user.pk
    if grant.team_id:
        return grant.team_id == relationship.team_id
    if grant.role_definition.reach is Reach.TEAM:
        return owns or relationship.team_id in user.current_team_ids()
    return owns or grant.role_definition.reach is Reach.ALL
