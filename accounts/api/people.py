"""Colleagues, teams and business units, for whoever names them in calls."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, one, reads
from accounts.enums import Area
from accounts.models import BusinessUnit, Team, User
from core import keyset
from core.rest import fields

BY_NAME = keyset.Order(keyset.SortKey("name"))


class PersonOut(serializers.ModelSerializer[User]):
    """Somebody who works here, or a program."""

    class Meta:
        model = User
        fields = ["id", "name", "job_title", "is_active", "is_service"]


class TeamOut(serializers.ModelSerializer[Team]):
    """People who look after relationships together."""

    business_unit = fields.Ref()
    lead = fields.Ref(allow_null=True)
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = Team
        fields = ["id", "name", "business_unit", "lead", "closed_at"]


class UnitOut(serializers.ModelSerializer[BusinessUnit]):
    """A part of the company."""

    currency = serializers.CharField(source="currency_id")
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = BusinessUnit
        fields = ["id", "name", "currency", "time_zone", "country", "is_default", "closed_at"]


def people() -> Any:
    """Everybody but the system itself."""
    return User.objects.filter(is_system=False)


class People(Endpoint):
    """`/users/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(PersonOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Colleagues and programs, by name."""
        return Rows(people(), BY_NAME)


class OnePerson(Endpoint):
    """`/users/{user_id}/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(PersonOut)
    def get(self, call: Call, user_id: int) -> User:
        """One colleague or program."""
        return one(people(), user_id)


class Teams(Endpoint):
    """`/teams/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(TeamOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Teams, by name."""
        return Rows(Team.objects.select_related("business_unit", "lead"), BY_NAME)


class Units(Endpoint):
    """`/business-units/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(UnitOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Business units, by name."""
        return Rows(BusinessUnit.objects.all(), BY_NAME)
