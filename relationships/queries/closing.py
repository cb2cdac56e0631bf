"""What is still open in a relationship that is to be closed, and where it could go."""

from dataclasses import dataclass

from accounts.enums import Permission
from accounts.models import User
from relationships.models import Commitment, FollowUp, Relationship
from relationships.permissions import may_in


@dataclass(frozen=True)
class Closing:
    """Open promises and follow-ups that the viewer may know of, and the relationships that can take them over."""

    promises: list[Commitment]
    follow_ups: list[FollowUp]
    heirs: list[Relationship]


def closing(*, viewer: User, relationship: Relationship) -> Closing:
    """Everything that is to be decided, the earliest due first.

    What can take over: other open relationships of the same party that keep as much from people as this one
    does, and in which the viewer may manage promises and follow-ups.
    """
    promises = relationship.commitments.open().visible_to(viewer).select_related("owner", "person")
    plans = relationship.follow_ups.open().visible_to(viewer).select_related("assignee", "person")
    others = Relationship.objects.visible_to(viewer).open().filter(party_id=relationship.party_id)
    allowed = others.exclude(pk=relationship.pk).filter(confidentiality__gte=relationship.confidentiality)
    return Closing(
        promises=list(promises.order_by("current_due_date", "id")),
        follow_ups=list(plans.order_by("due_date", "id")),
        heirs=[
            other
            for other in allowed.select_related("business_unit").order_by("kind", "id")
            if may_in(viewer, Permission.MANAGE_COMMITMENTS, other)
            and may_in(viewer, Permission.MANAGE_FOLLOW_UPS, other)
        ],
    )
