"""Since when somebody works here, and when we last sat down together."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from accounts.models import User
from relationships.models import Interaction, Relationship
from relationships.queries.relationship_list import today_of
from staff.models import Employee

SOON_DAYS = 60


@dataclass(frozen=True)
class EmploymentFacts:
    """The profile, whole years here, the one-to-ones of the last 90 days, and the days until a contract ends."""

    employee: Employee
    years: int | None
    talks: int
    last_talk_at: datetime | None
    days_of_contract: int | None

    @property
    def contract_is_ending(self) -> bool:
        """Whether it is time to speak of what comes after the contract, or past it."""
        return self.days_of_contract is not None and self.days_of_contract <= SOON_DAYS


def employment(*, viewer: User, relationship: Relationship, now: datetime) -> EmploymentFacts:
    """Two queries: the profile, and the meetings that the viewer may know of."""
    employee = Employee.objects.get(relationship=relationship)
    today = today_of(viewer, now)
    talks = (
        Interaction.objects.visible_to(viewer)
        .current()
        .filter(relationship=relationship, channel="meeting", happened_at__gt=now - timedelta(days=90))
        .aggregate(number=Count("pk"), last=Max("happened_at"))
    )
    ends = employee.contract_ends_date
    return EmploymentFacts(
        employee=employee,
        years=_years(employee.hired_date, today),
        talks=talks["number"],
        last_talk_at=talks["last"],
        days_of_contract=(ends - today).days if ends else None,
    )


def _years(since: date | None, today: date) -> int | None:
    """Whole years from a day to today; None without it, or when it is still to come."""
    if since is None or since > today:
        return None
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))
