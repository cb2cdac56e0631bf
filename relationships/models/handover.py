"""A book that changes hands: who had it, who has it now, and what each receiver must know of each relationship."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.models.party import Party
from relationships.models.relationship import Relationship
from relationships.querysets import HandoverQuerySet, InRelationshipQuerySet


class Handover(models.Model):
    """Everything that somebody had in hand went to others at one moment."""

    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers")
    reason = models.CharField(max_length=400)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returns_date = models.DateField(
        null=True, blank=True, help_text=_("For an absence: the day it comes back.")
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    moved = models.JSONField(
        default=dict,
        db_default={},
        help_text=_("For an absence: the ids of what went, each with who got it."),
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["leaver", "-handed_at"], name="handover_by_leaver"),
            models.Index(
                fields=["returns_date", "id"],
                name="handover_to_return",
                condition=Q(returns_date__isnull=False, returned_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(returns_date__isnull=False),
                name="only_an_absence_comes_back",
            )
        ]


class HandoverPack(models.Model):
    """One relationship of a handover: its receiver, what the leaver wants them to know, and their acceptance."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="packs")
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="handover_packs")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handover_packs"
    )
    note = models.CharField(
        max_length=400, blank=True, help_text=_("What to know, and what not to raise, from who had it.")
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["receiver"], condition=Q(accepted_at=None), name="handover_pack_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "relationship"], name="one_pack_per_handover_and_relationship"
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(noted_by__isnull=False), name="a_handover_note_has_its_writer"
            ),
        ]


class HandoverMail(models.Model):
    """How they are told who looks after them now: as it was changed before it went, and that it went."""

    pack = models.OneToOneField(HandoverPack, on_delete=models.CASCADE, related_name="mail")
    person = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.EmailField(max_length=320)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    edited_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="an_introduction_is_sent_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.subject
