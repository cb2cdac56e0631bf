"""Who may import what: a right that is limited to a team does not do, for imports reach beyond one."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.enums import Permission
from core.refusals import NotAllowed
from relationships import kinds

if TYPE_CHECKING:
    from accounts.models import RoleGrant, User


def import_grants(user: "User") -> "list[RoleGrant]":
    """The grants by which somebody may import at all, each within its kind and unit."""
    return [
        grant
        for grant in user.current_grants()
        if Permission.IMPORT_DATA in grant.role_definition.permissions and grant.team_id is None
    ]


def may_import(user: "User", kind: str, business_unit_id: int) -> bool:
    """Whether somebody may import rows of a kind ("" for what belongs to none) into a business unit."""
    declared = kinds.registry.get(kind) if kind else None
    return user.is_system or any(
        grant.kind in ("", kind)
        and (declared is None or declared.is_open_to(grant.role))
        and grant.business_unit_id in (None, business_unit_id)
        for grant in import_grants(user)
    )


def require_importing(user: "User") -> None:
    """Raises NotAllowed for somebody who may import nothing at all."""
    if not user.is_system and not import_grants(user):
        raise NotAllowed(_("Your role does not allow importing here."))
