"""What an investor holds, how fresh that is known, and how often we have met."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from accounts.models import User
from investors.models import Investor
from relationships.models import Interaction, Relationship
from relationships.queries.relationship_list import today_of

STALE_DAYS = 90
"""A register older than a quarter is no longer taken for what they hold today."""
MET = ("meeting", "visit")


@dataclass(frozen=True)
class Holding:
    """The register's last word, how many days old it is, and the meetings of the last 365 days."""

    investor: Investor
    days_old: int | None
    meetings: int
    last_met_at: datetime | None

    @property
    def is_stale(self) -> bool:
        """Whether the register should be looked at again."""
        return self.days_old is not None and self.days_old > STALE_DAYS


def holding(*, viewer: User, relationship: Relationship, now: datetime) -> Holding:
    """Two queries: the profile, and the meetings that the viewer may know of."""
    investor = Investor.objects.get(relationship=relationship)
    met = (
        Interaction.objects.visible_to(viewer)
        .current()
        .filter(relationship=relationship, channel__in=MET, happened_at__gt=now - timedelta(days=365))
        .aggregate(number=Count("pk"), last=Max("happened_at"))
    )
    known = investor.holding_date
    return Holding(
        investor=investor,
        days_old=(today_of(viewer, now) - known).days if known else None,
        meetings=met["number"],
        last_met_at=met["last"],
    )
