"""What many people may do, read at once."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import RoleGrant, Team, TeamMembership, User


def people_with_rights(*, and_also: Iterable[int] = ()) -> list[User]:
    """Everybody who works here and those users beside, by name. Three queries.

    Asking one of them for roles or teams runs no further query.
    """
    wanted = Q(is_active=True, is_system=False) | Q(pk__in=list(and_also))
    people = list(User.objects.filter(wanted).order_by("name", "id"))
    grants: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in RoleGrant.objects.filter(ended_at=None).order_by("id"):
        grants[grant.user_id].append(grant)
    teams: dict[int, set[int]] = defaultdict(set)
    members = TeamMembership.objects.filter(ended_at=None, team__closed_at=None)
    leads = Team.objects.filter(closed_at=None, lead__isnull=False)
    for user_id, team_id in members.values_list("user_id", "team_id").union(
        leads.values_list("lead_id", "id")
    ):
        teams[user_id].add(team_id)
    for person in people:
        person._current_grants = grants[person.pk] if person.is_active else []
        person._current_team_ids = sorted(teams[person.pk])
    return people


def with_scopes(user: User) -> User:
    """The user, whose roles then name their teams and business units without a further query. One query."""
    grants = user.grants.filter(ended_at=None).select_related("team", "business_unit").order_by("id")
    user._current_grants = list(grants) if user.is_active else []
    return user
