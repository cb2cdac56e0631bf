"""Whom it concerns: owners hear of alerts and of reviews that are due, and a second person of what waits for them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q

from accounts.enums import Permission
from accounts.models import User
from accounts.queries.rights import people_with_rights
from health.enums import Rule, Tells
from health.models import Alert, Proposal, Review
from messaging.operations.notifications import Telling, tell
from relationships.permissions import may_in


def tell_raised(*, now: datetime) -> int:
    """Owners hear of the alerts that were raised at this very moment.

    Whose own promise was missed hears of that from the promise, and not once more.
    """
    raised = Alert.objects.unsettled().filter(opened_at=now)
    own = Q(rule=Rule.MISSED_PROMISE, commitment__owner=F("relationship__owner"))
    told = [
        Telling(owner_id, "alert", pk, key=f"alert:{pk}")
        for pk, owner_id in raised.exclude(own).order_by("pk").values_list("pk", "relationship__owner_id")
    ]
    return tell(topic=Tells.ALERT, tellings=told, actor=None, now=now)


def tell_due(review_ids: Collection[int], *, now: datetime) -> int:
    """Owners hear of the reviews that have become due."""
    due = Review.objects.filter(pk__in=review_ids).order_by("due_date", "pk")
    told = [
        Telling(owner_id, "review", pk, key=f"review:{pk}")
        for pk, owner_id in due.values_list("pk", "relationship__owner_id")
    ]
    return tell(topic=Tells.REVIEW, tellings=told, actor=None, now=now)


def ask_second_person(
    about: Proposal | Review, *, actor: User, besides: Collection[int], now: datetime
) -> int:
    """Who may approve it hears that it waits: who leads the team, else everybody else with the right."""
    relationship = about.relationship
    able = [
        person
        for person in people_with_rights()
        if person.pk not in {actor.pk, *besides}
        and may_in(person, Permission.MANAGE_RELATIONSHIPS, relationship)
    ]
    lead = relationship.team.lead_id if relationship.team else None
    chosen = [person for person in able if person.pk == lead] or able
    told = [Telling(person.pk, about._meta.model_name or "", about.pk) for person in chosen]
    return tell(topic=Tells.APPROVAL, tellings=told, actor=actor, now=now)


def tell_approved(about: Proposal | Review, *, asked_by: int | None, actor: User, now: datetime) -> int:
    """Who asked hears that a second person agreed."""
    told = [Telling(asked_by, about._meta.model_name or "", about.pk)] if asked_by else []
    return tell(topic=Tells.APPROVED, tellings=told, actor=actor, now=now)
