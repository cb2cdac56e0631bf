"""What somebody has begun to write and not yet logged."""

from django.conf import settings
from django.db import models

from relationships.enums import Channel
from relationships.models.relationship import Relationship


class ComposerDraft(models.Model):
    """The text in somebody's composer on a record. Nobody but its writer is ever shown it."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    body = models.TextField()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "relationship"], name="one_draft_per_writer_and_relationship"
            )
        ]
