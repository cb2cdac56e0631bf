"""Who may know of what is for named people only."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Missing
from relationships.enums import Verb
from relationships.models import ConfidentialAccess, Relationship
from relationships.operations.access import check_colleague, hold_relationship
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems


@transaction.atomic
def name_access(
    *, actor: User, relationship: Relationship, user: User, now: datetime, reason: str
) -> ConfidentialAccess:
    """Names somebody who may know of a confidential relationship, and why.

    Refused for somebody who could not see it even then, because their role does not reach it.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    problems = Problems()
    words = problems.text("reason", reason, most=300, required=True)
    problems.refuse()
    if held.confidential_access.filter(user=user).exists():
        raise Conflict(_("%(name)s is named already.") % {"name": user.name})
    access = ConfidentialAccess.objects.create(
        relationship=held, user=user, granted_at=now, granted_by=actor, reason=words
    )
    check_colleague("user", user, [held], problems)
    problems.refuse()
    _tell(held, Verb.ACCESS_NAMED, user, actor, now, words)
    return access


@transaction.atomic
def end_access(*, actor: User, access: ConfidentialAccess, now: datetime) -> None:
    """Somebody need not know of a confidential relationship any more."""
    held = hold_relationship(actor, access.relationship_id, Permission.MANAGE_RELATIONSHIPS)
    found = held.confidential_access.select_related("user").filter(pk=access.pk).first()
    if found is None:
        raise Missing(_("There is no such access."))
    found.delete()
    _tell(held, Verb.ACCESS_ENDED, found.user, actor, now, "")


def _tell(held: Relationship, verb: Verb, user: User, actor: User, now: datetime, reason: str) -> None:
    """On the timeline for people, and in the security record."""
    record_event(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        reason=reason,
        data={"user": user.name},
    )
    record_audit(
        actor_id=actor.pk,
        verb=verb.value,
        now=now,
        subject_type="relationship",
        subject_id=held.pk,
        data={"user": user.pk},
    )
