"""What somebody still has in hand here: before they go, it is handed over."""

from django.utils.translation import ngettext

from accounts.registry import OpenItems
from relationships.models import Commitment, FollowUp, Relationship


def _relationships(number: int) -> str:
    return ngettext("%(n)d open relationship", "%(n)d open relationships", number) % {"n": number}


def _promises(number: int) -> str:
    return ngettext("%(n)d open promise", "%(n)d open promises", number) % {"n": number}


def _follow_ups(number: int) -> str:
    return ngettext("%(n)d open follow-up", "%(n)d open follow-ups", number) % {"n": number}


OPEN_ITEMS = (
    OpenItems(
        "relationships",
        "user",
        lambda holder: Relationship.objects.open().filter(owner_id=holder).count(),
        _relationships,
        position=10,
    ),
    OpenItems(
        "commitments",
        "user",
        lambda holder: Commitment.objects.open().filter(owner_id=holder).count(),
        _promises,
        lambda holder: f"/commitments/?owner={holder}",
        position=20,
    ),
    OpenItems(
        "follow_ups",
        "user",
        lambda holder: FollowUp.objects.open().filter(assignee_id=holder).count(),
        _follow_ups,
        position=30,
    ),
    OpenItems(
        "team_relationships",
        "team",
        lambda holder: Relationship.objects.open().filter(team_id=holder).count(),
        _relationships,
    ),
    OpenItems(
        "unit_relationships",
        "business_unit",
        lambda holder: Relationship.objects.open().filter(business_unit_id=holder).count(),
        _relationships,
    ),
)
