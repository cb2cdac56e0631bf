"""Free labels on relationships, one list of them for the whole workspace."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from relationships.enums import TagColour
from relationships.models.relationship import Relationship
from relationships.querysets import InRelationshipQuerySet


class Tag(models.Model):
    """A label. Its very name may tell: who knows of it is decided by what it is on (`queries.tags.seen_tags`).

    One that is offered is part of the workspace's vocabulary, known to everybody.
    """

    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=8, choices=TagColour.choices, default=TagColour.PLAIN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="a_tag_has_its_name_alone")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a relationship."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="taggings", db_index=False
    )
    tagged_at = models.DateTimeField()
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = InRelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["relationship", "tag"], name="a_tag_is_on_a_relationship_once")
        ]
        indexes = [models.Index(fields=["tag", "relationship"], name="tagging_by_tag")]
