"""Our own people: enough of them, in teams, with the roles that a real company would give them."""

from datetime import datetime, timedelta

from accounts.models import Team, TeamMembership, User
from accounts.operations.roles import add_grant
from accounts.operations.workspace import Workspace, ensure_workspace
from benchmarks.scale.plan import Cast, declared, zipf
from benchmarks.scale.words import FAMILY, GIVEN

DOMAIN = "scale.relman.example"
FEWEST_TEAMS, TEAM_OF = 12, 12
"""How many teams there are at least, and how many owners one has in a large company."""

FEWEST_OWNERS = 60
EACH = 1_000
"""Relationships that one owner looks after on average in a large company; the busiest has sixteen times as many."""

SLOPE = 0.5

MANAGER, REPRESENTATIVE, EXECUTIVE, ADMINISTRATOR = (
    f"{role}@{DOMAIN}" for role in ("manager", "representative", "executive", "administrator")
)


def hire(now: datetime, relationships: int) -> Cast:
    """One of each role that the benches sign in as, and owners in teams; the first own the most.

    Nobody of them can sign in until a password is set.
    """
    many = max(FEWEST_OWNERS, relationships // EACH)
    workspace = ensure_workspace(now=now)
    teams = max(FEWEST_TEAMS, many // TEAM_OF)
    staff = _Staff(workspace, joined=now - timedelta(days=2_000), teams=teams)
    staff.engage(ADMINISTRATOR, "Ada Keeper", "administrator", None)
    staff.engage(EXECUTIVE, "Edith Chair", "executive", None)
    owners = [
        staff.engage(MANAGER, "Mark Manager", "relationship_manager", 0),
        staff.engage(REPRESENTATIVE, "Rita Field", "representative", 0),
    ]
    slugs = [kind.slug for kind in declared()]
    for number in range(len(owners), many):
        name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[-1 - number % len(FAMILY)]}"
        role = "relationship_manager" if number % 4 == 0 else "representative"
        kind = slugs[number % len(slugs)] if number % 3 == 0 else ""
        owners.append(staff.engage(f"owner{number}@{DOMAIN}", name, role, number % teams, kind))
    members = [0, 0, *(number % teams for number in range(2, many))]
    return Cast(
        unit=workspace.business_unit,
        system=workspace.system_actor,
        owners=owners,
        teams=[staff.teams[member].pk for member in members],
        shares=zipf(many, SLOPE),
    )


class _Staff:
    """Engages people into teams."""

    def __init__(self, workspace: Workspace, joined: datetime, teams: int) -> None:
        self.workspace, self.joined = workspace, joined
        self.teams = [
            Team.objects.create(name=f"Team {number + 1}", business_unit=workspace.business_unit)
            for number in range(teams)
        ]

    def engage(self, address: str, name: str, role: str, team: int | None, kind: str = "") -> User:
        user = User.objects.create_user(address, name, date_joined=self.joined)
        add_grant(actor=self.workspace.system_actor, user=user, role=role, kind=kind, now=self.joined)
        if team is not None:
            TeamMembership.objects.create(user=user, team=self.teams[team], started_at=self.joined)
        return user
