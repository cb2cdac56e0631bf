"""Which imports somebody may know of."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from exchange.enums import BY_SIGHT
from exchange.permissions import import_grants
from relationships import kinds

if TYPE_CHECKING:
    from accounts.models import User
    from exchange.models import HeldRow, ImportRun  # noqa: F401  named in a type


class HeldRowQuerySet(QuerySet["HeldRow"]):
    """Rows that were kept aside, filtered the way pages ask for them."""

    def waiting(self) -> "HeldRowQuerySet":
        """Those that nobody has corrected yet."""
        return self.filter(resolved_at=None)

    def visible_to(self, user: "User", run: "ImportRun") -> "HeldRowQuerySet":
        """A run's rows; what is wrong with some of them only whoever imported them may know."""
        rows = self.filter(run=run)
        return rows if user.is_system or run.actor_id == user.pk else rows.exclude(reason__in=BY_SIGHT)


class ImportRunQuerySet(QuerySet["ImportRun"]):
    """Imports, filtered the way pages ask for them."""

    def visible_to(self, user: "User") -> "ImportRunQuerySet":
        """One's own, and those of a kind and unit into which one may import oneself.

        What belongs to no kind, as cards do, is seen by whoever imported it: nobody else's sight is known to be
        as wide.
        """
        if user.is_system:
            return self
        reached = Q(pk__in=[])
        for grant in (grants := import_grants(user)):
            open_kinds = [kind.slug for kind in kinds.registry if kind.is_open_to(grant.role)]
            limits: dict[str, Any] = {"kind": grant.kind} if grant.kind else {}
            if grant.business_unit_id is not None:
                limits["business_unit_id"] = grant.business_unit_id
            reached |= Q(kind__in=open_kinds, **limits)
        return self.filter(reached | Q(actor=user)) if grants else self.none()
