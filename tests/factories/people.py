"""Colleagues, teams and business units."""

from datetime import UTC, datetime
from itertools import count

from accounts.models import BusinessUnit, RoleGrant, Team, TeamMembership, User
from accounts.operations.workspace import ensure_workspace

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)

_numbers = count(1)


def make_business_unit(name: str = "", **fields: object) -> BusinessUnit:
    """A business unit beside the default one."""
    workspace = ensure_workspace(now=NOW)
    return BusinessUnit.objects.create(
        name=name or f"Unit {next(_numbers)}", currency=workspace.currency, **fields
    )


def make_team(name: str = "", business_unit: BusinessUnit | None = None, lead: User | None = None) -> Team:
    """A team, of the default business unit unless another is given."""
    unit = business_unit or ensure_workspace(now=NOW).business_unit
    return Team.objects.create(name=name or f"Team {next(_numbers)}", business_unit=unit, lead=lead)


def make_user(
    role: str = "relationship_manager",
    kind: str = "",
    *,
    name: str = "",
    email: str = "",
    password: str | None = None,
    business_unit: BusinessUnit | None = None,
    team: Team | None = None,
    member_of: Team | None = None,
    **fields: object,
) -> User:
    """A colleague with one role, in the scope given; `role=""` for none. `member_of` is a team they are in."""
    workspace = ensure_workspace(now=NOW)
    number = next(_numbers)
    user = User.objects.create_user(
        email or f"colleague{number}@example.org",
        name or f"Colleague {number}",
        password,
        date_joined=NOW,
        **fields,
    )
    if role:
        RoleGrant.objects.create(
            user=user,
            role=role,
            kind=kind,
            team=team,
            business_unit=business_unit,
            granted_at=NOW,
            granted_by=workspace.system_actor,
        )
    if member_of is not None:
        TeamMembership.objects.create(user=user, team=member_of, started_at=NOW)
    return user
