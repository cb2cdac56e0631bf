"""How much hangs on a supplier, and how both sides keep their word."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from relationships.models import Relationship
from relationships.queries.commitment_ledger import LedgerQuery, Rate, kept_rates
from suppliers.models import Supplier

VITAL = 4


@dataclass(frozen=True)
class Supply:
    """The supplier, and the two rates of promises kept: ours, by which they judge us, and theirs."""

    supplier: Supplier
    ours: Rate
    theirs: Rate

    @property
    def is_fragile(self) -> bool:
        """Whether we depend on them without anybody to turn to."""
        return self.supplier.is_sole_source and self.supplier.criticality >= VITAL


def supply(*, viewer: User, relationship: Relationship, now: datetime) -> Supply:
    """The profile and the promises that the viewer may know of."""
    ours, theirs = kept_rates(viewer=viewer, query=LedgerQuery(relationship_id=relationship.pk), now=now)
    return Supply(Supplier.objects.get(relationship=relationship), ours, theirs)
