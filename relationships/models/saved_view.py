"""A list as somebody wants to find it again."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """What the list of a kind is narrowed by, sorted by and made of, under a name.

    `address` are the parameters of the list. A shared view shows everybody what they themselves may know of.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    address = models.TextField(blank=True)
    shared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "name", "id"],
                condition=Q(removed_at=None, shared_at__isnull=False),
                name="saved_view_shared",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                condition=Q(removed_at=None),
                name="a_view_is_called_so_once_per_owner_and_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ViewPin(models.Model):
    """A saved view that stands among somebody's tabs, in an order of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="view_pins")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="pins")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="a_view_is_pinned_once_per_user")
        ]
