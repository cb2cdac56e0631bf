"""What roles and people may do, where: asked of the code that decides it."""

from dataclasses import dataclass

from accounts.enums import Permission
from accounts.models import RoleGrant, User
from accounts.permissions import ROLES, Role, holds_everywhere
from relationships import kinds
from relationships.permissions import grants_in

OF_THE_WORKSPACE = frozenset(
    {
        Permission.CONFIGURE_HEALTH,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_WORKSPACE,
        Permission.VIEW_AUDIT,
        Permission.VIEW_SENT_MAIL,
    }
)
"""Rights that are for the whole workspace or not at all: a role within a kind, team or unit does not give them."""


@dataclass(frozen=True)
class RoleColumn:
    """A role, who holds it now, and the kinds that no grant of it reaches."""

    role: Role
    holders: int
    closed_kinds: tuple[kinds.Kind, ...]


@dataclass(frozen=True)
class RoleRow:
    """A right, and for each role whether it carries it."""

    permission: Permission
    cells: tuple[bool, ...]


@dataclass(frozen=True)
class Cell:
    """The grants by which somebody may do something in a kind; none when they may not."""

    grants: tuple[RoleGrant, ...]


@dataclass(frozen=True)
class PersonRow:
    """A right of somebody's in every kind; for a right of the whole workspace `everywhere` says it instead."""

    permission: Permission
    everywhere: bool | None
    cells: tuple[Cell, ...]


def role_columns() -> list[RoleColumn]:
    """Every role with how many people hold it now. One query."""
    held = RoleGrant.objects.filter(ended_at=None, user__is_active=True).values_list("role", "user_id")
    holders: dict[str, set[int]] = {}
    for role, user_id in held:
        holders.setdefault(role, set()).add(user_id)
    return [
        RoleColumn(
            role,
            len(holders.get(role.slug, ())),
            tuple(kind for kind in kinds.registry if not kind.is_open_to(role.slug)),
        )
        for role in ROLES.values()
    ]


def role_rows() -> list[RoleRow]:
    """Every right, by role."""
    return [
        RoleRow(permission, tuple(permission in role.permissions for role in ROLES.values()))
        for permission in Permission
    ]


def person_rows(user: User) -> list[PersonRow]:
    """What somebody may do now, in every kind, by which grants."""
    rows = []
    for permission in Permission:
        if permission in OF_THE_WORKSPACE:
            rows.append(PersonRow(permission, holds_everywhere(user, permission), ()))
            continue
        cells = tuple(Cell(tuple(grants_in(user, permission, kind.slug))) for kind in kinds.registry)
        rows.append(PersonRow(permission, None, cells))
    return rows
