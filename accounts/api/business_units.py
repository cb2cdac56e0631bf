"""Business units: whoever names them, when they work, and the changes that their administrators make."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, reads
from accounts.api.teams import InHandOut
from accounts.enums import Area, Permission
from accounts.models import BusinessUnit
from accounts.operations import business_units as operations
from accounts.operations.identity import NAME_LIMIT
from accounts.permissions import holds_everywhere, require
from accounts.queries.open_items import in_hand
from accounts.queries.workspace import unit_of
from core import keyset
from core.rest import fields

BY_NAME = keyset.Order(keyset.SortKey("name"))
MOST_SPANS = 24


class UnitOut(serializers.ModelSerializer[BusinessUnit]):
    """A part of the company."""

    currency = serializers.CharField(source="currency_id")
    closed_at = fields.Moment(allow_null=True)

    class Meta:
        model = BusinessUnit
        fields = ["id", "name", "currency", "time_zone", "country", "is_default", "closed_at"]


class WorkWeek(serializers.DictField):
    """Weekday (`0` is Monday) to spans of two clocks, `["09:00", "17:00"]`; days off are left out."""

    def __init__(self, **given: Any) -> None:
        span = serializers.ListField(child=fields.Text(most=5), min_length=2, max_length=2)
        super().__init__(child=serializers.ListField(child=span, max_length=MOST_SPANS), **given)


class UnitWithHours(UnitOut):
    """A part of the company with its working hours; what an hour costs is for who manages the workspace."""

    work_week = WorkWeek()
    hour_rate = serializers.SerializerMethodField()

    class Meta(UnitOut.Meta):
        fields = [*UnitOut.Meta.fields, "work_week", "hour_rate"]

    def get_hour_rate(self, unit: BusinessUnit) -> str | None:
        """In the unit's currency; null where nobody said, and for who does not manage the workspace."""
        if unit.hour_rate is None or not holds_everywhere(
            self.context["viewer"], Permission.MANAGE_WORKSPACE
        ):
            return None
        return f"{unit.hour_rate:.2f}"


class UnitHoldingsOut(serializers.Serializer[Any]):
    """What hangs on a unit: it is closed only once there is nothing."""

    in_hand = InHandOut(many=True)


class UnitIn(fields.Body):
    """A business unit; without working hours a new one works Monday to Friday, nine to five."""

    name = fields.Text(most=NAME_LIMIT, words=True)
    currency = fields.Text(most=3, words=True, help_text="One that the workspace keeps.")
    time_zone = fields.Text(most=64, words=True)
    country = fields.Text(most=64, words=True, help_text="ISO 3166, two letters; for public holidays.")
    work_week = WorkWeek(required=False)
    hour_rate = fields.Amount(required=False, allow_null=True)


def managed(call: Call, unit_id: int) -> BusinessUnit:
    """The unit, for who manages the workspace; raises NotAllowed and Missing."""
    require(call.viewer, Permission.MANAGE_WORKSPACE)
    return unit_of(unit_id)


class Units(Endpoint):
    """`/business-units/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(UnitOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Business units, by name."""
        return Rows(BusinessUnit.objects.all(), BY_NAME)

    @creates(UnitWithHours, says=UnitIn)
    def post(self, call: Call) -> BusinessUnit:
        """Make a business unit."""
        made = operations.create_business_unit(actor=call.viewer, now=call.now, **call.said)
        return unit_of(made.pk)


class OneUnit(Endpoint):
    """`/business-units/{unit_id}/`"""

    area, tag = Area.WORKSPACE, "People"

    def find(self, call: Call, unit_id: int) -> BusinessUnit:
        """The unit, for who manages the workspace."""
        return managed(call, unit_id)

    @reads(UnitWithHours)
    def get(self, call: Call, unit_id: int) -> BusinessUnit:
        """One business unit."""
        return unit_of(unit_id)

    @changes(UnitWithHours, says=UnitIn)
    def patch(self, call: Call, unit: BusinessUnit) -> BusinessUnit:
        """Describe a unit anew."""
        kept = ("name", "time_zone", "country", "hour_rate")
        told = {name: getattr(unit, name) for name in kept} | {"currency": unit.currency_id} | call.said
        operations.edit_business_unit(actor=call.viewer, unit=unit, now=call.now, **told)
        return unit_of(unit.pk)


class UnitHoldings(Endpoint):
    """`/business-units/{unit_id}/holdings/`"""

    area, tag = Area.WORKSPACE, "People"

    @reads(UnitHoldingsOut)
    def get(self, call: Call, unit_id: int) -> dict[str, Any]:
        """What a unit has in hand."""
        unit = managed(call, unit_id)
        return {"in_hand": in_hand(of="business_unit", owner_id=unit.pk, viewer=call.viewer)}


class UnitDefault(Endpoint):
    """`/business-units/{unit_id}/default/`"""

    area, tag = Area.WORKSPACE, "People"

    @acts(UnitOut, says=fields.Body)
    def post(self, call: Call, unit_id: int) -> BusinessUnit:
        """Have new relationships belong to this unit from now on."""
        return operations.make_default(actor=call.viewer, unit=managed(call, unit_id), now=call.now)


class UnitClosure(Endpoint):
    """`/business-units/{unit_id}/closure/`"""

    area, tag = Area.WORKSPACE, "People"

    @acts(UnitOut, says=fields.Body)
    def post(self, call: Call, unit_id: int) -> BusinessUnit:
        """Close a business unit."""
        unit = managed(call, unit_id)
        return operations.close_business_unit(actor=call.viewer, unit=unit, now=call.now)
