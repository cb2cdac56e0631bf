"""Whether somebody may do something to a relationship: the right and its scope come from the same grant."""

from typing import TYPE_CHECKING

from accounts.enums import Permission, Reach

if TYPE_CHECKING:
    from accounts.models import RoleGrant, User
    from relationships.models import Relationship


def may_in(user: "User", permission: Permission, relationship: "Relationship") -> bool:
    """Whether one of the user's grants carries `permission` and reaches this relationship.

    The relationship need not be saved: opening one is asked the same way. Whether the user may know of it at
    all is another question, answered by `visible_to`.
    """
    return any(
        permission in grant.role_definition.permissions and _reaches(user, grant, relationship)
        for grant in user.current_grants()
    )


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
