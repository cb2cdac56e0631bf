"""The roles, in code, and what each may do. A grant of a role is a row, scoped by kind, team and unit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, Reach
from core.refusals import NotAllowed

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Role:
    """A named set of permissions with the reach of its view."""

    slug: str
    label: "str | Promise"
    summary: "str | Promise"
    permissions: frozenset[Permission]
    reach: Reach = Reach.ALL


_DAILY = frozenset(
    {
        Permission.VIEW_RELATIONSHIPS,
        Permission.LOG_INTERACTIONS,
        Permission.EDIT_PARTIES,
        Permission.MANAGE_COMMITMENTS,
        Permission.MANAGE_FOLLOW_UPS,
        Permission.MANAGE_CASES,
    }
)

ROLES: dict[str, Role] = {
    role.slug: role
    for role in (
        Role(
            "administrator",
            _("Administrator"),
            _("Runs the workspace. Sees every relationship that is not for named people only."),
            frozenset(Permission),
        ),
        Role(
            "executive",
            _("Executive"),
            _("Sees where every relationship stands and decides."),
            _DAILY
            | {
                Permission.MANAGE_RELATIONSHIPS,
                Permission.ASSIGN,
                Permission.VIEW_MONEY,
                Permission.EXPORT_DATA,
                Permission.SHARE_VIEWS,
                Permission.CONFIGURE_HEALTH,
            },
        ),
        Role(
            "relationship_manager",
            _("Relationship manager"),
            _("Owns relationships, plans touches, keeps promises, leads the team's work."),
            _DAILY
            | {
                Permission.MANAGE_RELATIONSHIPS,
                Permission.ASSIGN,
                Permission.VIEW_MONEY,
                Permission.IMPORT_DATA,
                Permission.EXPORT_DATA,
                Permission.SHARE_VIEWS,
            },
        ),
        Role(
            "representative",
            _("Representative"),
            _("Talks to people and logs it; sees the relationships of their own teams."),
            _DAILY | {Permission.VIEW_MONEY},
            Reach.TEAM,
        ),
        Role(
            "finance",
            _("Finance"),
            _("Sees money and promises of payment."),
            frozenset(
                {
                    Permission.VIEW_RELATIONSHIPS,
                    Permission.VIEW_MONEY,
                    Permission.MANAGE_COMMITMENTS,
                    Permission.MANAGE_FOLLOW_UPS,
                    Permission.EXPORT_DATA,
                }
            ),
        ),
        Role(
            "hr",
            _("HR"),
            _("Looks after the relationship with our own people."),
            _DAILY
            | {
                Permission.MANAGE_RELATIONSHIPS,
                Permission.ASSIGN,
                Permission.IMPORT_DATA,
                Permission.EXPORT_DATA,
                Permission.SHARE_VIEWS,
            },
        ),
        Role(
            "auditor",
            _("Auditor"),
            _("Reads everything in scope and the audit log; changes nothing."),
            frozenset(
                {
                    Permission.VIEW_RELATIONSHIPS,
                    Permission.VIEW_MONEY,
                    Permission.VIEW_AUDIT,
                    Permission.EXPORT_DATA,
                }
            ),
        ),
        Role(
            "api_client",
            _("API client"),
            _("A program that reads and writes on behalf of another system."),
            _DAILY | {Permission.MANAGE_RELATIONSHIPS, Permission.IMPORT_DATA},
        ),
    )
}

ROLE_CHOICES: "list[tuple[str, str | Promise]]" = [(role.slug, role.label) for role in ROLES.values()]


def holds(user: "User", permission: Permission) -> bool:
    """Whether any current grant of `user` carries `permission`, in whatever scope."""
    return any(permission in grant.role_definition.permissions for grant in user.current_grants())


def holds_everywhere(user: "User", permission: Permission) -> bool:
    """Whether a grant without any scope carries `permission`: what administering the workspace asks for."""
    return any(
        permission in grant.role_definition.permissions and grant.is_unscoped
        for grant in user.current_grants()
    )


def require(user: "User", permission: Permission) -> None:
    """Raises NotAllowed unless `user` may do this in the whole workspace."""
    if not holds_everywhere(user, permission):
        raise NotAllowed(str(_REFUSALS.get(permission, _("Your role does not allow this."))))


_REFUSALS: "dict[Permission, str | Promise]" = {
    Permission.MANAGE_PEOPLE: _("Only an administrator may manage people, roles and teams."),
    Permission.MANAGE_WORKSPACE: _("Only an administrator may change the workspace."),
    Permission.VIEW_AUDIT: _(
        "Only an administrator or an auditor of the whole workspace sees the audit log."
    ),
    Permission.VIEW_SENT_MAIL: _("Only an administrator sees the mail that was sent and received."),
}
