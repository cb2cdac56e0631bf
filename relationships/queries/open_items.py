"""What somebody still has in hand here: before they go, it is handed over."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from accounts.models import User
from accounts.registry import OpenItems
from relationships import kinds
from relationships.models import Commitment, FollowUp, Relationship


def _relationships(number: int) -> str:
    return ngettext("%(n)d open relationship", "%(n)d open relationships", number) % {"n": number}


def _promises(number: int) -> str:
    return ngettext("%(n)d open promise", "%(n)d open promises", number) % {"n": number}


def _follow_ups(number: int) -> str:
    return ngettext("%(n)d open follow-up", "%(n)d open follow-ups", number) % {"n": number}


def _not_closed(rows: "QuerySet[Any]", viewer: User | None) -> "QuerySet[Any]":
    """Without what belongs to a closed kind out of the viewer's sight; nobody in particular counts all."""
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    if viewer is None or not closed:
        return rows
    seen = Relationship.objects.visible_to(viewer).filter(kind__in=closed)
    if rows.model is Relationship:
        return rows.filter(~Q(kind__in=closed) | Q(pk__in=seen))
    return rows.filter(~Q(relationship__kind__in=closed) | Q(relationship__in=seen))


OPEN_ITEMS = (
    OpenItems(
        "relationships",
        "user",
        lambda holder, viewer: _not_closed(Relationship.objects.open().filter(owner_id=holder), viewer),
        _relationships,
        position=10,
    ),
    OpenItems(
        "commitments",
        "user",
        lambda holder, viewer: _not_closed(Commitment.objects.open().filter(owner_id=holder), viewer),
        _promises,
        lambda holder: f"/commitments/?owner={holder}",
        position=20,
    ),
    OpenItems(
        "follow_ups",
        "user",
        lambda holder, viewer: _not_closed(FollowUp.objects.open().filter(assignee_id=holder), viewer),
        _follow_ups,
        position=30,
    ),
    OpenItems(
        "team_relationships",
        "team",
        lambda holder, viewer: _not_closed(Relationship.objects.open().filter(team_id=holder), viewer),
        _relationships,
    ),
    OpenItems(
        "unit_relationships",
        "business_unit",
        lambda holder, viewer: _not_closed(
            Relationship.objects.open().filter(business_unit_id=holder), viewer
        ),
        _relationships,
    ),
)
