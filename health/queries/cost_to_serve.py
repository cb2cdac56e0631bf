"""What a relationship costs to serve: logged hours at the unit's rate, what we conceded, and what we wrote off."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from relationships.enums import ValueCategory, ValueSide
from relationships.models import Interaction, Relationship, ValueEntry

YEAR = timedelta(days=365)
CONCESSIONS = (ValueCategory.DISCOUNT, ValueCategory.PRICE, ValueCategory.SUPPORT)
"""What they gain because we give it up. Our work is not among them: it is counted by the hour."""


@dataclass(frozen=True)
class CostToServe:
    """Four quarters of it in the unit's currency.

    `hours` come from the `timed` of all `talks`: those that say how long they took. `rate` is None where the unit
    has none. A sum of entries is None where some are in another currency: these are not added.
    """

    hours: float
    timed: int
    talks: int
    rate: Decimal | None
    concessions: Decimal | None
    write_offs: Decimal | None

    @property
    def total(self) -> Decimal | None:
        """All three; None while one of them is not known."""
        if self.rate is None or self.concessions is None or self.write_offs is None:
            return None
        return Decimal(str(self.hours)) * self.rate + self.concessions + self.write_offs


def cost_to_serve(relationship: Relationship, *, now: datetime) -> CostToServe:
    """The cost of the last four quarters, in two queries. `relationship` comes with its business unit."""
    talks = Interaction.objects.filter(
        relationship=relationship, superseded_at=None, happened_at__gt=now - YEAR, happened_at__lte=now
    ).aggregate(minutes=Sum("duration_minutes"), timed=Count("duration_minutes"), every=Count("pk"))
    today = now.astimezone(UTC).date()
    conceded = Q(side=ValueSide.TO_THEM, category__in=CONCESSIONS)
    written_off = Q(side=ValueSide.TO_US, category=ValueCategory.WRITE_OFF)
    abroad = ~Q(currency=relationship.business_unit.currency_id)
    entries = ValueEntry.objects.filter(
        relationship=relationship, value_date__gt=today - YEAR, value_date__lte=today
    ).aggregate(
        concessions=Sum("amount", filter=conceded),
        write_offs=Sum("amount", filter=written_off),
        conceded_abroad=Count("pk", filter=conceded & abroad),
        written_off_abroad=Count("pk", filter=written_off & abroad),
    )
    zero = Decimal(0)
    return CostToServe(
        hours=round((talks["minutes"] or 0) / 60, 1),
        timed=talks["timed"],
        talks=talks["every"],
        rate=relationship.business_unit.hour_rate,
        concessions=None if entries["conceded_abroad"] else entries["concessions"] or zero,
        write_offs=None if entries["written_off_abroad"] else -(entries["write_offs"] or zero),
    )
