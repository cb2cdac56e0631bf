"""Who may know of what is for named people only."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Missing
from relationships.enums import Verb
from relationships.models import ConfidentialAccess, Relationship
from relationships.operations.access import check_colleague, hold_relationship
from relationships.operations.due_promises import LocalToday
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems, local_day


@transaction.atomic
def name_access(
    *,
    actor: User,
    relationship: Relationship,
    user: User,
    now: datetime,
    reason: str,
    until_date: date | None = None,
) -> ConfidentialAccess:
    """Names somebody who may know of a confidential relationship, why, and until which day where its unit is.

    Refused for somebody who could not see it even then, because their role does not reach it.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    problems = Problems()
    words = problems.text("reason", reason, most=300, required=True)
    problems.day("until_date", until_date)
    if until_date is not None and until_date < local_day(now, held.business_unit):
        problems.add("until_date", _("This day is over already."))
    problems.refuse()
    if held.confidential_access.filter(user=user).exists():
        raise Conflict(_("%(name)s is named already.") % {"name": user.name})
    access = ConfidentialAccess.objects.create(
        relationship=held, user=user, granted_at=now, granted_by=actor, reason=words, until_date=until_date
    )
    check_colleague("user", user, [held], problems)
    problems.refuse()
    _tell(access, held, Verb.ACCESS_NAMED, actor, now)
    return access


@transaction.atomic
def end_access(*, actor: User, access: ConfidentialAccess, now: datetime) -> None:
    """Somebody need not know of a confidential relationship any more."""
    held = hold_relationship(actor, access.relationship_id, Permission.MANAGE_RELATIONSHIPS)
    found = held.confidential_access.select_related("user").filter(pk=access.pk).first()
    if found is None:
        raise Missing(_("There is no such access."))
    _tell(found, held, Verb.ACCESS_ENDED, actor, now)
    found.delete()


@transaction.atomic
def end_due(*, now: datetime, limit: int = 500) -> int:
    """Ends what was given until a day that is over where the business unit is; returns how many."""
    today = LocalToday(Value(now, DateTimeField()), F("relationship__business_unit__time_zone"))
    due = (
        ConfidentialAccess.objects.alias(today=today)
        .filter(until_date__lt=F("today"))
        .select_related("relationship__party", "user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("until_date", "id")[:limit]
    )
    actor = system_actor()
    ended = list(due)
    for access in ended:
        _tell(access, access.relationship, Verb.ACCESS_ENDED, actor, now)
    ConfidentialAccess.objects.filter(pk__in=[access.pk for access in ended]).delete()
    return len(ended)


def _tell(access: ConfidentialAccess, held: Relationship, verb: Verb, actor: User, now: datetime) -> None:
    """On the timeline for people, and in the security record."""
    until = access.until_date.isoformat() if access.until_date else ""
    named = verb == Verb.ACCESS_NAMED
    record_event(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        reason=access.reason if named else "",
        data={"user": access.user.name} | ({"until_date": until} if until else {}),
    )
    record_audit(
        actor_id=actor.pk,
        verb=verb.value,
        now=now,
        subject_type="relationship",
        subject_id=held.pk,
        data={"user": access.user_id, "until": until},
    )
