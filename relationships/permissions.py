"""Whether somebody may do something to a relationship: the right and its scope come from the same grant."""

from typing import TYPE_CHECKING

from accounts.enums import Confidentiality, Permission, Reach
from relationships import kinds

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


def is_person_of(user: "User", relationship: "Relationship") -> bool:
    """Whether the user is one of the people whom the sight of its kind names."""
    sight = kinds.registry.get(relationship.kind).sight
    return sight is not None and any(_leads_to(user, relationship, path) for path in sight.people)


def may_know(user: "User", relationship: "Relationship", *, is_named: bool) -> bool:
    """What `visible_to` decides, for one relationship and many users at hand; `is_named` is their named access."""
    personal = is_person_of(user, relationship)
    if not personal and not reaching(user, Permission.VIEW_RELATIONSHIPS, relationship):
        return False
    if relationship.confidentiality <= Confidentiality.INTERNAL or relationship.owner_id == user.pk:
        return True
    if relationship.confidentiality > Confidentiality.RESTRICTED:
        return is_named
    closed = kinds.registry.get(relationship.kind).sight is not None  # reached by its own people alone
    of_its_kind = closed or any(
        grant.kind == relationship.kind and Permission.VIEW_RELATIONSHIPS in grant.role_definition.permissions
        for grant in user.current_grants()
    )
    return personal or of_its_kind or relationship.team_id in user.current_team_ids()


def may_somewhere(user: "User", permission: Permission, kind: str) -> bool:
    """Whether any of the user's grants carries `permission` in this kind, in whatever team or unit."""
    declared = kinds.registry.get(kind)
    return any(
        permission in grant.role_definition.permissions
        and grant.kind in ("", kind)
        and declared.is_open_to(grant.role)
        for grant in user.current_grants()
    )


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
