"""Whom it concerns: the kernel's operations tell people of what is theirs now, what broke, and who named them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Value
from django.db.models.fields import TextField
from django.db.models.functions import Concat

from accounts.models import User
from messaging.operations.notifications import Telling, tell
from relationships.enums import Tells
from relationships.models import Commitment, FollowUp, HandoverPack, Interaction, Relationship
from relationships.operations.events import acting

M = TypeVar("M", bound=Model)


def tell_assigned(relationships: Sequence[Relationship], *, actor: User, now: datetime) -> None:
    """Their owners hear that they are theirs now."""
    _tell_each(Tells.ASSIGNED, relationships, lambda row: row.owner_id, actor, now)


def tell_planned(follow_ups: Sequence[FollowUp], *, actor: User, now: datetime) -> None:
    """Whoever is to do them hears of them."""
    _tell_each(Tells.FOLLOW_UP, follow_ups, lambda row: row.assignee_id, actor, now)


def tell_promised(promises: Sequence[Commitment], *, actor: User, now: datetime) -> None:
    """Whoever looks after them hears of them."""
    _tell_each(Tells.PROMISE, promises, lambda row: row.owner_id, actor, now)


def tell_broken(promises: Sequence[Commitment], *, actor: User, now: datetime) -> None:
    """Whoever looks after them hears that their day went by."""
    _tell_each(Tells.PROMISE_BROKEN, promises, lambda row: row.owner_id, actor, now)


def tell_handed_over(packs: Sequence[HandoverPack], *, actor: User, now: datetime) -> None:
    """Each receiver hears of the book that waits for them."""
    _tell_each(Tells.HANDOVER, packs, lambda row: row.receiver_id, actor, now)


def tell_accepted(packs: Sequence[HandoverPack], *, actor: User, now: datetime) -> None:
    """Whoever handed over hears that it was accepted."""
    _tell_each(Tells.HANDOVER_ACCEPTED, packs, lambda row: row.handover.handed_by_id, actor, now)


def tell_named(interaction: Interaction, *, actor: User, now: datetime) -> None:
    """Colleagues whom the words name with an @ before their whole name hear of it."""
    if "@" not in interaction.body:
        return
    people = User.objects.filter(is_active=True, is_system=False, is_service=False)
    named = people.alias(said=Value(interaction.body, TextField())).filter(
        said__icontains=Concat(Value("@"), "name")
    )
    tellings = [
        Telling(pk, "interaction", interaction.pk) for pk in named.order_by("pk").values_list("pk", flat=True)
    ]
    tell(topic=Tells.MENTION, tellings=tellings, actor=acting(actor), now=now)


def _tell_each(topic: Tells, rows: Sequence[M], whom: Callable[[M], int], actor: User, now: datetime) -> None:
    tellings = [Telling(whom(row), row._meta.model_name or "", row.pk) for row in rows]
    tell(topic=topic, tellings=tellings, actor=acting(actor), now=now)
