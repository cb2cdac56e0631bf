"""What a person, team or business unit must hand over before it goes.

Counted over everything, also what the asking administrator may not see: a relationship for named people only
must not be left without its owner either. Only the number is told.
"""

from django.utils.translation import ngettext

from accounts.registry import OpenItems
from relationships.models import Commitment, FollowUp, Relationship


def _relationships(number: int) -> str:
    return ngettext("%(n)s open relationship", "%(n)s open relationships", number) % {"n": f"{number:,}"}


def _follow_ups(number: int) -> str:
    return ngettext("%(n)s open follow-up", "%(n)s open follow-ups", number) % {"n": f"{number:,}"}


def _commitments(number: int) -> str:
    return ngettext("%(n)s open commitment", "%(n)s open commitments", number) % {"n": f"{number:,}"}


IN_HAND = (
    OpenItems(
        key="owned_relationships",
        of="user",
        count=lambda pk: Relationship.objects.open().filter(owner_id=pk).count(),
        words=_relationships,
        position=100,
    ),
    OpenItems(
        key="assigned_follow_ups",
        of="user",
        count=lambda pk: FollowUp.objects.open().filter(assignee_id=pk).count(),
        words=_follow_ups,
        position=200,
    ),
    OpenItems(
        key="owned_commitments",
        of="user",
        count=lambda pk: Commitment.objects.open().filter(owner_id=pk).count(),
        words=_commitments,
        position=300,
    ),
    OpenItems(
        key="team_relationships",
        of="team",
        count=lambda pk: Relationship.objects.open().filter(team_id=pk).count(),
        words=_relationships,
    ),
    OpenItems(
        key="unit_relationships",
        of="business_unit",
        count=lambda pk: Relationship.objects.open().filter(business_unit_id=pk).count(),
        words=_relationships,
    ),
)
