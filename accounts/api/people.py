"""Colleagues and programs, for whoever names them in calls."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, one, reads
from accounts.enums import Area
from accounts.models import User
from core import keyset
from core.rest import fields

BY_NAME = keyset.Order(keyset.SortKey("name"))


class PersonOut(serializers.ModelSerializer[User]):
    """Somebody who works here, or a program."""

    class Meta:
        model = User
        fields = ["id", "name", "job_title", "is_active", "is_service"]


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
