"""How well an outlet's contacts are kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from press.models import Outlet
from relationships.models import Interaction, Relationship
from relationships.queries.relationship_list import today_of

STALE_DAYS = 180


@dataclass(frozen=True)
class Desk:
    """The outlet, how many days ago its contacts were verified, and when they last asked us something."""

    outlet: Outlet
    days_since_verified: int | None
    last_asked_at: datetime | None

    @property
    def is_stale(self) -> bool:
        """Whether the contacts want to be looked at again; never verified counts as stale."""
        return self.days_since_verified is None or self.days_since_verified > STALE_DAYS


def desk(*, viewer: User, relationship: Relationship, now: datetime) -> Desk:
    """Two queries: the profile, and what came in that the viewer may know of."""
    outlet = Outlet.objects.get(relationship=relationship)
    asked = (
        Interaction.objects.visible_to(viewer)
        .current()
        .filter(relationship=relationship, direction="in")
        .aggregate(last=Max("happened_at"))
    )
    known = outlet.verified_date
    return Desk(
        outlet=outlet,
        days_since_verified=(today_of(viewer, now) - known).days if known else None,
        last_asked_at=asked["last"],
    )
