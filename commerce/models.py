"""Dated facts of trade between us and a party: what was ordered, returned and for how much."""

from django.db import models
from django.db.models import Q

from commerce.enums import FitOutcome, LineKind, OrderSide
from core.money import AmountField, CurrencyCodeField
from relationships.models import Relationship
from relationships.querysets import InRelationshipQuerySet


class Product(models.Model):
    """Something that is bought, as a source names it."""

    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=120)
    name = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "ref"], name="a_source_names_a_product_once")
        ]

    def __str__(self) -> str:
        return self.name or self.ref


class Order(models.Model):
    """One order, invoice or credit note of a relationship. A source's row without a reference is its own order."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="orders")
    side = models.CharField(max_length=8, choices=OrderSide.choices, default=OrderSide.THEY_BUY)
    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=200)
    ordered_at = models.DateTimeField()
    currency = CurrencyCodeField()
    amount = AmountField(default=0)
    country = models.CharField(max_length=80, blank=True)

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-ordered_at", "-id"], name="order_by_relationship")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "ref", "relationship"], name="a_source_names_an_order_once_per_relationship"
            )
        ]

    def __str__(self) -> str:
        return self.own_ref

    @property
    def own_ref(self) -> str:
        """The source's reference; empty for a row that had none and is known by the key of its values."""
        key, sign, occurrence = self.ref.rpartition(":")
        return "" if sign and len(key) == 64 and occurrence.isdigit() else self.ref


class OrderLine(models.Model):
    """A line of an order; its key is the source, its own values or references, and its occurrence among equals."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="order_lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="lines")
    kind = models.CharField(max_length=6, choices=LineKind.choices)
    line_ref = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    unit_price = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    amount = AmountField()
    currency = CurrencyCodeField()
    ordered_at = models.DateTimeField()
    source = models.CharField(max_length=60)
    source_key = models.CharField(
        max_length=64, help_text="SHA-256 of the row's references or else its values."
    )
    occurrence = models.PositiveIntegerField(default=1)

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "ordered_at"], name="order_line_by_relationship")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key", "occurrence"], name="an_order_line_is_imported_once"
            )
        ]


class Payment(models.Model):
    """Money that we paid: a dated fact of a relationship, as somebody's ledger lists it. Below zero it came back.

    A line of a ledger is a payment: one document may be paid in several, of equal amounts too.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="payments")
    paid_date = models.DateField()
    amount = AmountField()
    currency = CurrencyCodeField()
    ref = models.CharField(max_length=120, blank=True, help_text="The ledger's number of the document.")
    payee = models.CharField(max_length=200, help_text="Who was paid, as the ledger writes it.")
    description = models.TextField(blank=True)
    expense_type = models.TextField(blank=True)
    expense_area = models.TextField(blank=True)
    body = models.CharField(max_length=200, blank=True, help_text="Who paid, where the ledger says so.")
    source = models.CharField(max_length=60)
    source_key = models.CharField(
        max_length=64, help_text="SHA-256 of the row's own identifier or else its values."
    )
    occurrence = models.PositiveIntegerField(default=1)

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-paid_date", "-id"], name="payment_by_relationship")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key", "occurrence"], name="a_payment_is_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def what_for(self) -> list[str]:
        """What the ledger says of it, the telling first: description, sort and area of spending, who paid."""
        said = [self.description, self.expense_type, self.expense_area, self.body]
        return list(dict.fromkeys(part for part in said if part)) or ["–"]


class PurchaseFact(models.Model):
    """What the purchase models and RFM need of a relationship, rolled up from its orders (days collapsed)."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="purchases"
    )
    currency = CurrencyCodeField()
    first_date = models.DateField()
    last_date = models.DateField()
    purchase_days = models.PositiveIntegerField(help_text="Days with a sale; repeat purchases are one fewer.")
    amount = AmountField(help_text="Net of returns.")
    amount_year = AmountField(help_text="Net of returns, in the last 365 days.")
    repeat_mean = models.FloatField(null=True, help_text="Mean spend of repeat purchase days.")
    recency_score = models.PositiveSmallIntegerField(null=True)
    frequency_score = models.PositiveSmallIntegerField(null=True)
    monetary_score = models.PositiveSmallIntegerField(null=True)
    rfm_cell = models.CharField(max_length=24, blank=True)
    alive_probability = models.FloatField(null=True)
    expected_purchases_year = models.FloatField(null=True)
    lifetime_value = AmountField(null=True, help_text="CLV over 52 weeks.")
    value_percentile = models.FloatField(
        null=True, help_text="Share of the kind's other relationships that are worth less, 0 to 1."
    )
    computed_at = models.DateTimeField()


class ModelFit(models.Model):
    """A fit of a purchase model on one kind's relationships; the last accepted one is in use."""

    model = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    until_date = models.DateField()
    customers = models.PositiveIntegerField()
    currency = CurrencyCodeField(
        blank=True, db_default="", help_text="Of spend; empty for models of purchases."
    )
    parameters = models.JSONField()
    log_likelihood = models.FloatField(null=True)
    outcome = models.CharField(max_length=8, choices=FitOutcome.choices)
    reason = models.CharField(max_length=300, blank=True)
    fitted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "model", "-fitted_at"],
                condition=Q(outcome="accepted"),
                name="model_fit_in_use",
            )
        ]
