"""The people of the workspace as its administrators list them."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Invitation, RoleGrant, TeamMembership, User
from core.refusals import Missing


@dataclass(frozen=True)
class PeoplePage:
    """People by name; `after` is the id to go on from, None at the end."""

    people: list[User]
    after: int | None


def people_page(*, q: str = "", former: bool = False, after: str = "", limit: int = 50) -> PeoplePage:
    """Active people, or those who left, with `open_grants` and `open_memberships`; `q` is part of a name."""
    chosen = User.objects.filter(is_system=False, is_active=not former)
    for word in q.split():
        chosen = chosen.filter(Q(name__icontains=word) | Q(email__icontains=word))
    last = User.objects.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    if last is not None:
        chosen = chosen.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(
        chosen.prefetch_related(open_grants(), open_memberships()).order_by("name", "id")[: limit + 1]
    )
    return PeoplePage(people=found[:limit], after=found[limit - 1].pk if len(found) > limit else None)


def open_grants() -> "Prefetch[str]":
    """The roles held now, with their scopes, as `open_grants` of each user."""
    held = RoleGrant.objects.filter(ended_at=None).select_related("team", "business_unit").order_by("id")
    return Prefetch("grants", queryset=held, to_attr="open_grants")


def open_memberships() -> "Prefetch[str]":
    """The teams somebody is in now, as `open_memberships` of each user."""
    held = TeamMembership.objects.filter(ended_at=None, team__closed_at=None)
    return Prefetch(
        "memberships", queryset=held.select_related("team").order_by("id"), to_attr="open_memberships"
    )


def person_of(user_id: int) -> User:
    """One person, with open roles and teams. Raises Missing."""
    found = User.objects.filter(is_system=False).select_related("deactivated_by")
    chosen = found.prefetch_related(open_grants(), open_memberships()).filter(pk=user_id).first()
    if chosen is None:
        raise Missing(_("There is no such person."))
    return chosen


def grant_of(grant_id: int) -> RoleGrant:
    """One role that was given. Raises Missing."""
    grant = RoleGrant.objects.select_related("user").filter(pk=grant_id).first()
    if grant is None:
        raise Missing(_("There is no such role."))
    return grant


def invitation_of(invitation_id: int) -> Invitation:
    """One invitation. Raises Missing."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise Missing(_("There is no such invitation."))
    return invitation


def waiting_invitations() -> QuerySet[Invitation]:
    """Invitations that were neither accepted nor revoked, newest first; `expires_at` tells the dead ones."""
    unanswered = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    return unanswered.select_related("team", "business_unit", "invited_by").order_by("-invited_at", "-id")
