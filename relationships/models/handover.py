"""A book that changes hands: who had it, who has it now, and what each receiver must know of each relationship."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.models.relationship import Relationship
from relationships.querysets import HandoverQuerySet, InRelationshipQuerySet


class Handover(models.Model):
    """Everything that somebody had in hand went to others at one moment."""

    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers")
    reason = models.CharField(max_length=400)
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = HandoverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["leaver", "-handed_at"], name="handover_by_leaver")]


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
