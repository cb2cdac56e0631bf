"""What is kept about a relationship beside talk and promises: the timeline, value entries, documents."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from core.money import AmountField, CurrencyCodeField
from relationships.enums import TextProblem, TextState, ValueBasis, ValueSide
from relationships.models.party import Party, Words
from relationships.models.relationship import Relationship
from relationships.querysets import DocumentQuerySet, EventQuerySet, InRelationshipQuerySet


class Event(models.Model):
    """One line of the timeline: something happened, who did it, when, and why. Append-only."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("relationship"), F("happened_at").desc(), F("id").desc(), name="event_timeline"),
            models.Index(
                F("party"),
                F("happened_at").desc(),
                F("id").desc(),
                condition=Q(relationship=None),
                name="event_of_party_alone",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="event_by_subject"),
        ]


class ValueEntry(models.Model):
    """Value that went one way or the other, from the books or estimated. Append-only; cancel by reversing."""

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="value_entries")
    side = models.CharField(max_length=7, choices=ValueSide.choices)
    category = models.CharField(max_length=60)
    amount = AmountField()
    low = AmountField(null=True, blank=True, help_text=_("Of an estimate; none: as sure as the amount."))
    high = AmountField(null=True, blank=True)
    currency = CurrencyCodeField()
    value_date = models.DateField()
    basis = models.CharField(max_length=8, choices=ValueBasis.choices)
    estimator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["relationship", "-value_date"], name="value_entry_by_relationship")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(basis="estimate") | Q(estimator__isnull=False),
                name="an_estimate_names_its_estimator",
            ),
            models.CheckConstraint(
                condition=Q(low=None, high=None) | Q(low__lte=F("amount"), high__gte=F("amount")),
                name="an_estimate_lies_in_its_range",
            ),
        ]


class DocumentManager(models.Manager["Document"]):
    """Documents without their text, which is as long as all else of a page together."""

    def get_queryset(self) -> "models.QuerySet[Document]":
        """As ever, but for the text."""
        return super().get_queryset().defer("full_text")


class Document(models.Model):
    """A file about a relationship; the same content is kept once, whoever added it where.

    A removed one is in the trash, where nobody can fetch it, and can be put back; after some weeks its content goes
    for good. The row stays, so that what the timeline says of it can still be proved. Name, type, size, digest and
    file are those of its newest version; who added it, and when, is of the first. `full_text` is long and seldom
    wanted: it is not loaded unless asked for.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="documents/")
    note = models.CharField(max_length=300, blank=True)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, db_default=1)
    full_text = models.TextField(blank=True, db_default="", help_text=_("The note, then what the file says."))
    text_state = models.CharField(
        max_length=12, choices=TextState.choices, default=TextState.WAITING, db_default=TextState.WAITING
    )
    text_problem = models.CharField(max_length=12, choices=TextProblem.choices, blank=True, db_default="")
    text_due_at = models.DateTimeField(null=True, blank=True)
    text_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_reason = models.CharField(max_length=400, blank=True, db_default="")
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentManager.from_queryset(DocumentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "sha256"],
                condition=Q(removed_at=None, confidentiality__lte=Confidentiality.INTERNAL),
                name="an_open_document_once_per_relationship",
            ),
            models.UniqueConstraint(
                fields=["relationship", "sha256", "uploaded_by"],
                condition=Q(removed_at=None, confidentiality__gt=Confidentiality.INTERNAL),
                name="a_document_for_few_once_per_relationship_and_uploader",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, removed_reason="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_reason="")),
                name="a_removed_document_was_removed_by_someone_who_said_why",
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(removed_at__isnull=False),
                name="only_a_removed_document_is_purged",
            ),
            models.CheckConstraint(
                condition=Q(text_problem="") ^ Q(text_state=TextState.UNREADABLE),
                name="a_document_without_text_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["relationship", "uploaded_at"], name="document_by_relationship"),
            models.Index(fields=["sha256"], name="document_by_content"),
            models.Index(
                fields=["-removed_at", "-id"],
                condition=Q(removed_at__isnull=False, purged_at=None),
                name="document_trash",
            ),
            models.Index(
                fields=["text_due_at"], condition=Q(text_due_at__isnull=False), name="document_text_due"
            ),
            GinIndex(Words("name", "full_text"), condition=Q(removed_at=None), name="document_word_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A form that somebody sent, by the key that it carried: sent again, it gives what it gave the first time."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True, help_text=_("Set in the transaction that made it."))
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="a_form_is_taken_once_per_actor_and_key")
        ]
