"""The people who work here: made, corrected, let go with nothing left in their hands, and taken back."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.identity import clean_address, clean_name, clean_words
from accounts.operations.letters import send_letter
from accounts.operations.open_items import refuse_while_in_hand
from accounts.operations.roles import keep_an_administrator, lock_administrators
from accounts.operations.sessions import end_every_session
from accounts.permissions import require
from core.languages import spoken_to
from core.refusals import Conflict, Invalid


def add_user(*, email: str, name: str, password: str, time_zone: str, now: datetime) -> User:
    """A user who can sign in, for operations that have checked the right to and the values."""
    user = User.objects.create_user(email, name, password, time_zone=time_zone, date_joined=now)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def edit_user(*, actor: User, user: User, name: str, email: str, job_title: str, now: datetime) -> User:
    """Corrects somebody's name, address or job title. Raises NotAllowed, Invalid, Conflict."""
    require(actor, Permission.MANAGE_PEOPLE)
    held = _person(user)
    errors: dict[str, str] = {}
    held.name = clean_name(name, errors)
    held.job_title = clean_words(job_title, errors, "job_title")
    address = clean_address(email, errors, but=held)
    if errors:
        raise Invalid(errors)
    moved = address != held.email
    held.email = address
    held.save(update_fields=["name", "job_title", "email"])
    if moved:
        EmailAddress.objects.filter(user=held).delete()
        EmailAddress.objects.create(user=held, email=address, verified=True, primary=True)
    _audit(actor, held, "user_edited", now, address_changed=moved)
    return held


@transaction.atomic
def deactivate_user(*, actor: User, user: User, now: datetime) -> User:
    """Lets somebody go: they are signed out everywhere and can no longer sign in; what they wrote stays.

    Raises NotAllowed, and Conflict for oneself, the last administrator, somebody already gone, or somebody
    with open work in hand (`missing` names it).
    """
    require(actor, Permission.MANAGE_PEOPLE)
    lock_administrators()
    held = _person(user)
    if held.pk == actor.pk:
        raise Conflict(_("You cannot deactivate yourself. Ask another administrator."))
    if not held.is_active:
        raise Conflict(_("%(name)s has been deactivated already.") % {"name": held.name})
    keep_an_administrator(without=held)
    refuse_while_in_hand(actor=actor, of="user", owner_id=held.pk, name=held.name)
    held.is_active = False
    held.deactivated_at = now
    held.deactivated_by = actor
    held.save(update_fields=["is_active", "deactivated_at", "deactivated_by"])
    end_every_session(user=held)
    _audit(actor, held, "user_deactivated", now)
    return held


@transaction.atomic
def reactivate_user(*, actor: User, user: User, now: datetime) -> User:
    """Takes somebody back with the roles that they still hold. Raises NotAllowed, Conflict when active."""
    require(actor, Permission.MANAGE_PEOPLE)
    held = _person(user)
    if held.is_active:
        raise Conflict(_("%(name)s is active already.") % {"name": held.name})
    held.is_active = True
    held.deactivated_at = None
    held.deactivated_by = None
    held.save(update_fields=["is_active", "deactivated_at", "deactivated_by"])
    _audit(actor, held, "user_reactivated", now)
    return held


@transaction.atomic
def remove_proofs(*, actor: User, user: User, now: datetime) -> User:
    """Takes away somebody's authenticator app, passkeys and recovery codes, all lost with their phone or key.

    They are signed out everywhere and told by mail. Raises NotAllowed, Conflict for oneself (that is done in
    one's own settings, after the password) and when there are none.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    held = _person(user)
    if held.pk == actor.pk:
        raise Conflict(_("Change your own proofs in your settings."))
    removed, _by_model = Authenticator.objects.filter(user=held).delete()
    if not removed:
        raise Conflict(_("%(name)s has no second proofs.") % {"name": held.name})
    end_every_session(user=held)
    with spoken_to(held.language, held.time_zone):
        send_letter(to=held.email, template="proofs_removed", context={"user": held, "actor": actor})
    _audit(actor, held, "proofs_removed", now)
    return held


def _person(user: User) -> User:
    """The user, locked; the system itself is nobody to be edited."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.is_system:
        raise Conflict(_("Relman itself is not a person and stays as it is."))
    return held


def _audit(actor: User, user: User, verb: str, now: datetime, **data: bool) -> None:
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="user", subject_id=user.pk, data=dict(data)
    )
