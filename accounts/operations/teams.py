"""Teams: who looks after relationships together, and who leads."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.models import BusinessUnit, RoleGrant, Team, TeamMembership, User
from accounts.operations.audit import record_audit
from accounts.operations.identity import clean_words
from accounts.operations.open_items import refuse_while_in_hand
from accounts.permissions import require
from core.refusals import Conflict, Invalid


@transaction.atomic
def create_team(
    *, actor: User, name: str, business_unit: BusinessUnit, now: datetime, lead: User | None = None
) -> Team:
    """A new team of a business unit. Raises NotAllowed, Invalid."""
    require(actor, Permission.MANAGE_PEOPLE)
    name = _checked(name=name, business_unit=business_unit, lead=lead, team=None)
    team = Team.objects.create(name=name, business_unit=business_unit, lead=lead)
    _audit(actor, team, "team_created", now, lead=lead.pk if lead else None)
    return team


@transaction.atomic
def edit_team(*, actor: User, team: Team, name: str, lead: User | None, now: datetime) -> Team:
    """Renames a team or gives it another lead. Raises NotAllowed, Invalid, Conflict for a closed team."""
    require(actor, Permission.MANAGE_PEOPLE)
    team = _open_team(team)
    team.name = _checked(name=name, business_unit=team.business_unit, lead=lead, team=team)
    team.lead = lead
    team.save(update_fields=["name", "lead"])
    _audit(actor, team, "team_edited", now, lead=lead.pk if lead else None)
    return team


def _checked(*, name: str, business_unit: BusinessUnit, lead: User | None, team: Team | None) -> str:
    """The name without stray spaces; raises Invalid, field by field."""
    errors: dict[str, str] = {}
    name = clean_words(name, errors, "name")
    taken = Team.objects.filter(business_unit=business_unit, name__iexact=name)
    if not name:
        errors["name"] = _("A team needs a name.")
    elif not errors and (taken.exclude(pk=team.pk) if team else taken).exists():
        errors["name"] = _("%(unit)s has a team called %(name)s already.") % {
            "unit": business_unit.name,
            "name": name,
        }
    if business_unit.closed_at:
        errors["business_unit"] = _("The business unit %(unit)s is closed.") % {"unit": business_unit.name}
    if lead and (not lead.is_active or lead.is_system):
        errors["lead"] = _("%(name)s is not active and cannot lead a team.") % {"name": lead.name}
    if errors:
        raise Invalid(errors)
    return name


@transaction.atomic
def add_member(*, actor: User, team: Team, user: User, now: datetime) -> TeamMembership:
    """Puts somebody in a team; one who is in it already stays so. Raises NotAllowed, Conflict."""
    require(actor, Permission.MANAGE_PEOPLE)
    if not user.is_active or user.is_system:
        raise Conflict(_("%(name)s is not active and cannot join a team.") % {"name": user.name})
    return join(actor=actor, team=_open_team(team), user=user, now=now)


def join(*, actor: User, team: Team, user: User, now: datetime) -> TeamMembership:
    """Writes the membership, for operations that have checked the right to; once is enough."""
    membership, created = TeamMembership.objects.get_or_create(
        user=user, team=team, ended_at=None, defaults={"started_at": now}
    )
    if created:
        _audit(actor, team, "team_member_added", now, user=user.pk)
    return membership


@transaction.atomic
def end_membership(*, actor: User, membership: TeamMembership, now: datetime) -> TeamMembership:
    """Takes somebody out of a team. Raises NotAllowed, Conflict when they have left already."""
    require(actor, Permission.MANAGE_PEOPLE)
    held = TeamMembership.objects.select_for_update().select_related("team").get(pk=membership.pk)
    if held.ended_at is not None:
        raise Conflict(_("This membership has been ended already."))
    held.ended_at = max(now, held.started_at)
    held.save(update_fields=["ended_at"])
    _audit(actor, held.team, "team_member_removed", now, user=held.user_id)
    return held


@transaction.atomic
def close_team(*, actor: User, team: Team, now: datetime) -> Team:
    """Closes a team and ends its memberships.

    Raises NotAllowed, and Conflict while roles are limited to it: they would silently see nothing.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    team = _open_team(team)
    limited = RoleGrant.objects.filter(team=team, ended_at=None).count()
    if limited:
        words = ngettext(
            "%(count)s role is limited to %(team)s. End it first.",
            "%(count)s roles are limited to %(team)s. End them first.",
            limited,
        )
        raise Conflict(words % {"count": limited, "team": team.name})
    refuse_while_in_hand(actor=actor, of="team", owner_id=team.pk, name=team.name)
    team.memberships.filter(ended_at=None).update(ended_at=now)
    team.closed_at = now
    team.save(update_fields=["closed_at"])
    _audit(actor, team, "team_closed", now)
    return team


def _open_team(team: Team) -> Team:
    held = Team.objects.select_for_update(of=("self",)).select_related("business_unit").get(pk=team.pk)
    if held.closed_at is not None:
        raise Conflict(_("The team %(team)s is closed.") % {"team": held.name})
    return held


def _audit(actor: User, team: Team, verb: str, now: datetime, **data: int | None) -> None:
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="team", subject_id=team.pk, data=dict(data)
    )
