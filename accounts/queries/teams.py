"""In whose teams people are."""

from collections.abc import Collection

from accounts.models import Team, TeamMembership


def teams_of(user_ids: Collection[int]) -> dict[int, list[Team]]:
    """The open teams that each of these people is in now, with lead and business unit, the oldest first."""
    found: dict[int, list[Team]] = {user_id: [] for user_id in user_ids}
    memberships = TeamMembership.objects.filter(user_id__in=user_ids, ended_at=None, team__closed_at=None)
    for membership in memberships.select_related("team__lead", "team__business_unit").order_by("id"):
        found[membership.user_id].append(membership.team)
    return found
