"""Giving and ending roles. A right is never switched on for one person: it comes with a role, in a scope."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, RoleGrant, Team, User
from accounts.operations.audit import record_audit
from accounts.permissions import ROLES, require
from accounts.registry import registry
from core.refusals import Conflict, Invalid

ADMINISTRATOR = "administrator"


@transaction.atomic
def grant_role(
    *,
    actor: User,
    user: User,
    role: str,
    now: datetime,
    kind: str = "",
    team: Team | None = None,
    business_unit: BusinessUnit | None = None,
) -> RoleGrant:
    """Gives `user` a role within a kind, a team and a business unit (each empty: everywhere).

    Raises NotAllowed, Invalid for a role or scope that makes no sense, Conflict when they hold it already.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    if not user.is_active or user.is_system:
        raise Conflict(_("%(name)s is not active; nobody can be given a role then.") % {"name": user.name})
    check_scope(role=role, kind=kind, team=team, business_unit=business_unit)
    return add_grant(
        actor=actor, user=user, role=role, now=now, kind=kind, team=team, business_unit=business_unit
    )


def check_scope(*, role: str, kind: str, team: Team | None, business_unit: BusinessUnit | None) -> None:
    """Raises Invalid, field by field, for a role that is none or a scope that it cannot be held in."""
    errors = {}
    if role not in ROLES:
        errors["role"] = _("There is no role called “%(role)s”.") % {"role": role}
    if kind and kind not in dict(registry.kind_choices()):
        errors["kind"] = _("There is no kind of relationship called “%(kind)s”.") % {"kind": kind}
    if team and team.closed_at:
        errors["team"] = _("The team %(team)s is closed.") % {"team": team.name}
    if business_unit and business_unit.closed_at:
        errors["business_unit"] = _("The business unit %(unit)s is closed.") % {"unit": business_unit.name}
    if team and business_unit and team.business_unit_id != business_unit.pk:
        errors["team"] = _("%(team)s belongs to another business unit than %(unit)s.") % {
            "team": team.name,
            "unit": business_unit.name,
        }
    if role == ADMINISTRATOR and (kind or team or business_unit):
        errors["role"] = _("An administrator runs the whole workspace; leave kind, team and unit empty.")
    if errors:
        raise Invalid(errors)


def add_grant(
    *,
    actor: User,
    user: User,
    role: str,
    now: datetime,
    kind: str = "",
    team: Team | None = None,
    business_unit: BusinessUnit | None = None,
) -> RoleGrant:
    """Writes the grant, for operations that have checked the right to; Conflict when it is held already."""
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                user=user,
                role=role,
                kind=kind,
                team=team,
                business_unit=business_unit,
                granted_at=now,
                granted_by=actor,
            )
    except IntegrityError:
        raise Conflict(_("%(name)s holds this role in this scope already.") % {"name": user.name}) from None
    _audit(actor, grant, "role_granted", now)
    return grant


@transaction.atomic
def end_grant(*, actor: User, grant: RoleGrant, now: datetime) -> RoleGrant:
    """Ends a role. Raises NotAllowed, Conflict when it has ended or is the last administrator's."""
    require(actor, Permission.MANAGE_PEOPLE)
    if grant.role == ADMINISTRATOR:
        lock_administrators()
    held = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if held.ended_at is not None:
        raise Conflict(_("This role has been ended already."))
    if held.role == ADMINISTRATOR:
        keep_an_administrator(without=held.user)
    held.ended_at = now
    held.ended_by = actor
    held.save(update_fields=["ended_at", "ended_by"])
    _audit(actor, held, "role_ended", now)
    return held


def lock_administrators() -> None:
    """Holds every administrator's grant until the transaction ends, so that two cannot remove each other.

    Comes before any other lock: all who need it queue here instead of waiting for one another.
    """
    grants = RoleGrant.objects.select_for_update().filter(role=ADMINISTRATOR, ended_at=None)
    list(grants.order_by("id").values_list("id", flat=True))


def keep_an_administrator(*, without: User) -> None:
    """Raises Conflict unless an active administrator remains `without` that user. Wants the lock."""
    grants = RoleGrant.objects.filter(role=ADMINISTRATOR, ended_at=None, user__is_active=True)
    if not grants.exclude(user_id=without.pk).exists():
        raise Conflict(
            _("%(name)s is the only administrator. Make somebody else one first.") % {"name": without.name}
        )


def _audit(actor: User, grant: RoleGrant, verb: str, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="user",
        subject_id=grant.user_id,
        data={
            "grant": grant.pk,
            "role": grant.role,
            "kind": grant.kind,
            "team": grant.team_id,
            "business_unit": grant.business_unit_id,
        },
    )
