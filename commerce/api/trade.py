"""Orders, payments and value of a relationship, for those who may see money there."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, creates, one, reads
from accounts.enums import Area, Permission
from commerce.enums import OrderSide
from commerce.models import Order, OrderLine, Payment
from commerce.queries.orders import lines_of, orders_of
from commerce.queries.payments import payments_of
from core import keyset
from core.refusals import NotAllowed
from core.rest import fields
from relationships.enums import ValueBasis, ValueCategory, ValueSide
from relationships.models import Relationship, ValueEntry
from relationships.operations import value_entries
from relationships.operations.value_entries import Worth
from relationships.permissions import may_in

NEWEST = keyset.Order(keyset.SortKey("ordered_at", datetime.fromisoformat), descending=True)
LATEST = keyset.Order(keyset.SortKey("paid_date", date.fromisoformat), descending=True)
LAST_VALUED = keyset.Order(keyset.SortKey("value_date", date.fromisoformat), descending=True)


def with_money(call: Call, relationship_id: int) -> Relationship:
    """The relationship, when the viewer may know of it and of its money; raises Missing or NotAllowed."""
    found: Relationship = one(Relationship.objects.visible_to(call.viewer), relationship_id)
    if not may_in(call.viewer, Permission.VIEW_MONEY, found):
        raise NotAllowed(_("Your role does not show money here."))
    return found


class OrderOut(serializers.ModelSerializer[Order]):
    """One order, invoice or credit note."""

    side = serializers.ChoiceField(choices=OrderSide.choices)
    ordered_at = fields.Moment()
    ref = serializers.CharField(source="own_ref")
    returned_lines = serializers.IntegerField(source="returned")

    class Meta:
        model = Order
        fields = [
            "id",
            "side",
            "source",
            "ref",
            "ordered_at",
            "amount",
            "currency",
            "country",
            "returned_lines",
        ]


class OrderLineOut(serializers.ModelSerializer[OrderLine]):
    """A line of an order."""

    product = serializers.CharField(source="name", allow_null=True)

    class Meta:
        model = OrderLine
        fields = ["id", "kind", "product", "line_ref", "quantity", "unit_price", "amount", "currency"]


class OrderWithLines(OrderOut):
    """An order with everything on it."""

    lines = serializers.SerializerMethodField()

    class Meta(OrderOut.Meta):
        fields = [*OrderOut.Meta.fields, "lines"]

    def get_lines(self, order: Order) -> list[dict[str, Any]]:
        """As the source listed them; the first thousand."""
        rows: list[dict[str, Any]] = OrderLineOut(lines_of(order).order_by("id")[:1000], many=True).data
        return rows


class PaymentOut(serializers.ModelSerializer[Payment]):
    """Money that was paid."""

    class Meta:
        model = Payment
        fields = [
            "id", "paid_date", "amount", "currency", "ref", "payee", "description", "expense_type", "expense_area",
            "body", "source",
        ]  # fmt: skip


class ValueOut(serializers.ModelSerializer[ValueEntry]):
    """Value that went one way or the other."""

    side = serializers.ChoiceField(choices=ValueSide.choices)
    basis = serializers.ChoiceField(choices=ValueBasis.choices)
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    created_at = fields.Moment()

    class Meta:
        model = ValueEntry
        fields = [
            "id", "side", "category", "amount", "low", "high", "currency", "value_date", "basis", "note", "reverses",
            "created_at",
        ]  # fmt: skip


class ValueIn(fields.Body):
    """An amount, negative for a cost, with the range in which it is thought to lie."""

    side = fields.Choice(choices=ValueSide.values)
    category = fields.Choice(choices=ValueCategory.values)
    amount = fields.Amount()
    low = fields.Amount(required=False)
    high = fields.Amount(required=False)
    currency = fields.Text(most=3, words=True)
    value_date = fields.Day()
    basis = fields.Choice(choices=ValueBasis.values, required=False)
    note = fields.Text(most=300, required=False)


class Reversal(fields.Body):
    """Why it is taken back."""

    reason = fields.Text(most=300, words=True)


class Orders(Endpoint):
    """`/relationships/{relationship_id}/orders/`"""

    area, tag = Area.TRADE, "Trade"

    @reads(OrderOut, asks=fields.Paged)
    def get(self, call: Call, relationship_id: int) -> Rows:
        """The orders of a relationship, newest first."""
        return Rows(orders_of(with_money(call, relationship_id)), NEWEST)


class OneOrder(Endpoint):
    """`/relationships/{relationship_id}/orders/{order_id}/`"""

    area, tag = Area.TRADE, "Trade"

    @reads(OrderWithLines)
    def get(self, call: Call, relationship_id: int, order_id: int) -> Order:
        """One order with its lines."""
        return one(orders_of(with_money(call, relationship_id)), order_id)


class Payments(Endpoint):
    """`/relationships/{relationship_id}/payments/`"""

    area, tag = Area.TRADE, "Trade"

    @reads(PaymentOut, asks=fields.Paged)
    def get(self, call: Call, relationship_id: int) -> Rows:
        """What was paid in a relationship, latest first."""
        return Rows(payments_of(with_money(call, relationship_id)), LATEST)


class ValueEntries(Endpoint):
    """`/relationships/{relationship_id}/value-entries/`"""

    area, tag = Area.TRADE, "Trade"

    @reads(ValueOut, asks=fields.Paged)
    def get(self, call: Call, relationship_id: int) -> Rows:
        """What a relationship was worth to each side, latest first."""
        return Rows(ValueEntry.objects.filter(relationship=with_money(call, relationship_id)), LAST_VALUED)

    @creates(ValueOut, says=ValueIn)
    def post(self, call: Call, relationship_id: int) -> ValueEntry:
        """Note value that went one way."""
        said = dict(call.said)
        worth = Worth(**{name: said.pop(name, None) for name in ("amount", "currency", "low", "high")})
        relationship = with_money(call, relationship_id)
        return value_entries.record_value(
            actor=call.viewer, relationship=relationship, worth=worth, now=call.now, **said
        )


class ValueReversal(Endpoint):
    """`/value-entries/{entry_id}/reversal/`"""

    area, tag = Area.TRADE, "Trade"

    @acts(ValueOut, says=Reversal)
    def post(self, call: Call, entry_id: int) -> ValueEntry:
        """Take an entry back by one of the opposite amount."""
        found = one(ValueEntry.objects.visible_to(call.viewer), entry_id)
        return value_entries.reverse_value(actor=call.viewer, entry=found, now=call.now, **call.said)
