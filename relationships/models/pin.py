"""What somebody wants at hand."""

from django.conf import settings
from django.db import models

from relationships.models.relationship import Relationship
from relationships.querysets import InRelationshipQuerySet


class Pin(models.Model):
    """A relationship that somebody has put at the top of where they search and jump, in an order of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pins")
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="pins")
    position = models.PositiveIntegerField()
    pinned_at = models.DateTimeField()

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "relationship"], name="a_relationship_is_pinned_once_per_user"
            )
        ]
        indexes = [models.Index(fields=["user", "position", "id"], name="pins_of_a_user")]
