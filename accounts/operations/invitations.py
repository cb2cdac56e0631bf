"""How people come: invited by mail with the role that they will have; they choose their own password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, Invitation, Team, User
from accounts.operations.audit import record_audit
from accounts.operations.identity import check_password, check_time_zone, clean_address, clean_name
from accounts.operations.letters import send_letter
from accounts.operations.people import add_user
from accounts.operations.roles import add_grant, check_scope
from accounts.operations.teams import join
from accounts.permissions import ROLES, require
from core.refusals import Conflict, Invalid, Missing
from core.tokens import new_token, token_hash

VALID_FOR = timedelta(days=7)


@transaction.atomic
def invite(
    *,
    actor: User,
    email: str,
    name: str,
    role: str,
    now: datetime,
    kind: str = "",
    team: Team | None = None,
    business_unit: BusinessUnit | None = None,
) -> Invitation:
    """Asks somebody to join with a role, by mail. Raises NotAllowed, Invalid (every wrong field at once)."""
    require(actor, Permission.MANAGE_PEOPLE)
    errors: dict[str, str] = {}
    name = clean_name(name, errors)
    email = clean_address(email, errors)
    errors |= _scope_errors(role, kind, team, business_unit)
    _make_room(email, errors, actor, now)
    if errors:
        raise Invalid(errors)
    token = new_token()
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        role=role,
        kind=kind,
        team=team,
        business_unit=business_unit,
        token_hash=token_hash(token),
        invited_at=now,
        invited_by=actor,
        expires_at=now + VALID_FOR,
    )
    _send(invitation, token)
    _audit(actor, invitation, "invitation_sent", now)
    return invitation


def _scope_errors(
    role: str, kind: str, team: Team | None, business_unit: BusinessUnit | None
) -> dict[str, str]:
    try:
        check_scope(role=role, kind=kind, team=team, business_unit=business_unit)
    except Invalid as refusal:
        return {field: " ".join(words) for field, words in refusal.errors.items()}
    return {}


def _make_room(email: str, errors: dict[str, str], actor: User, now: datetime) -> None:
    """An invitation that lies open already is an error; one that has run out makes way for the new one."""
    waiting = Invitation.objects.select_for_update().filter(email=email, accepted_at=None, revoked_at=None)
    for invitation in waiting:
        if invitation.is_open(now):
            errors["email"] = _("%(email)s has been invited already; send that invitation again instead.") % {
                "email": email
            }
        elif not errors:
            _revoke(invitation, actor, now)


@transaction.atomic
def resend_invitation(*, actor: User, invitation: Invitation, now: datetime) -> Invitation:
    """Sends the mail again with a new link, good for another seven days; the old link stops working.

    Raises NotAllowed, Conflict when it was accepted or revoked.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    held = _unanswered(invitation)
    token = new_token()
    held.token_hash = token_hash(token)
    held.expires_at = now + VALID_FOR
    held.save(update_fields=["token_hash", "expires_at"])
    _send(held, token)
    _audit(actor, held, "invitation_sent_again", now)
    return held


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation, now: datetime) -> Invitation:
    """Takes an invitation back. Raises NotAllowed, Conflict when it was accepted or revoked."""
    require(actor, Permission.MANAGE_PEOPLE)
    held = _unanswered(invitation)
    _revoke(held, actor, now)
    return held


def _revoke(invitation: Invitation, actor: User, now: datetime) -> None:
    invitation.revoked_at = now
    invitation.revoked_by = actor
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    _audit(actor, invitation, "invitation_revoked", now)


def open_invitation(*, token: str, now: datetime) -> Invitation:
    """The invitation that a link opens. Raises Missing, the same for every link that opens none."""
    return _opened(Invitation.objects.select_related("invited_by", "team", "business_unit"), token, now)


def _opened(invitations: QuerySet[Invitation], token: str, now: datetime) -> Invitation:
    invitation = invitations.filter(token_hash=token_hash(token)).first()
    if invitation is None or not invitation.is_open(now):
        raise Missing(_("This invitation does not work any more. Ask whoever invited you to send it again."))
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, time_zone: str, now: datetime) -> User:
    """Makes the invited person a user with the promised role, and a member of the promised team.

    Raises Missing for a link that opens nothing, Invalid.
    """
    invitation = _opened(Invitation.objects.select_for_update(), token, now)
    errors: dict[str, str] = {}
    name = clean_name(name, errors)
    clean_address(invitation.email, errors)
    check_time_zone(time_zone, errors)
    check_password(password, errors, user=User(email=invitation.email, name=name))
    if errors:
        raise Invalid(errors)
    user = add_user(email=invitation.email, name=name, password=password, time_zone=time_zone, now=now)
    invitation.accepted_at = now
    invitation.user = user
    invitation.save(update_fields=["accepted_at", "user"])
    _audit(user, invitation, "invitation_accepted", now)
    _give_what_was_promised(invitation, user, now)
    return user


def _give_what_was_promised(invitation: Invitation, user: User, now: datetime) -> None:
    add_grant(
        actor=invitation.invited_by,
        user=user,
        role=invitation.role,
        now=now,
        kind=invitation.kind,
        team=invitation.team,
        business_unit=invitation.business_unit,
    )
    if invitation.team and invitation.team.closed_at is None:
        join(actor=invitation.invited_by, team=invitation.team, user=user, now=now)


def _unanswered(invitation: Invitation) -> Invitation:
    held = (
        Invitation.objects.select_for_update(of=("self",)).select_related("invited_by").get(pk=invitation.pk)
    )
    if held.accepted_at is not None:
        raise Conflict(_("%(name)s has accepted this invitation.") % {"name": held.name})
    if held.revoked_at is not None:
        raise Conflict(_("The invitation of %(name)s has been revoked.") % {"name": held.name})
    return held


def _send(invitation: Invitation, token: str) -> None:
    send_letter(
        to=invitation.email,
        template="invitation",
        context={
            "invitation": invitation,
            "role_label": ROLES[invitation.role].label,
            "role_summary": ROLES[invitation.role].summary,
            "link": settings.BASE_URL + reverse("invitation_accept", args=[token]),
            "days": VALID_FOR.days,
        },
    )


def _audit(actor: User, invitation: Invitation, verb: str, now: datetime) -> None:
    record_audit(
        actor_id=actor.pk,
        verb=verb,
        now=now,
        subject_type="invitation",
        subject_id=invitation.pk,
        data={"role": invitation.role, "kind": invitation.kind, "team": invitation.team_id},
    )
