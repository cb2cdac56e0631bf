"""Where a body of the community stands, and how our word to it was kept."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from community.models import Body
from relationships.models import Relationship
from relationships.queries.commitment_ledger import LedgerQuery, Rate, kept_rates
from relationships.queries.relationship_list import today_of

SOON_DAYS = 90


@dataclass(frozen=True)
class Standing:
    """The body, how our promises to it were kept, and the days until its term ends (negative: has ended)."""

    body: Body
    kept: Rate
    days_of_term: int | None

    @property
    def term_is_ending(self) -> bool:
        """Whether new people will soon speak for it, or already do."""
        return self.days_of_term is not None and self.days_of_term <= SOON_DAYS


def standing(*, viewer: User, relationship: Relationship, now: datetime) -> Standing:
    """The profile and the promises that the viewer may know of."""
    body = Body.objects.get(relationship=relationship)
    query = LedgerQuery(relationship_id=relationship.pk)
    ours, _theirs = kept_rates(viewer=viewer, query=query, now=now)
    return Standing(body, ours, _days(body.term_ends_date, today_of(viewer, now)))


def _days(until: date | None, today: date) -> int | None:
    return (until - today).days if until else None
