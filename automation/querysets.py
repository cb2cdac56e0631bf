"""Who may know of which endpoint and delivery."""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q

from accounts.enums import Permission
from accounts.permissions import holds_everywhere
from relationships.models import Event, Relationship

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class EndpointQuerySet(models.QuerySet[M]):
    """Filters over endpoints."""

    def visible_to(self, user: "User") -> "EndpointQuerySet[M]":
        """One's own, and those of programs for whoever looks after them; none that were removed."""
        own = Q(owner=user)
        if holds_everywhere(user, Permission.MANAGE_PEOPLE):
            own |= Q(owner__is_service=True)
        return self.filter(own, removed_at=None)

    def listening(self) -> "EndpointQuerySet[M]":
        """Those that are told of what happens."""
        return self.filter(removed_at=None, ended_at=None, owner__is_active=True)


class DeliveryQuerySet(models.QuerySet[M]):
    """Filters over deliveries."""

    def visible_to(self, user: "User") -> "DeliveryQuerySet[M]":
        """Trial calls, and calls that tell of events that `user` may know of: the log tells of no others."""
        events = Event.objects.visible_to(user)
        return self.filter(Q(event=None) | Q(event_id__in=events.values("pk")))


class RuleQuerySet(models.QuerySet[M]):
    """Filters over rules."""

    def visible_to(self, user: "User") -> "RuleQuerySet[M]":
        """One's own; all of them for whoever runs the workspace."""
        if holds_everywhere(user, Permission.MANAGE_WORKSPACE):
            return self.all()
        return self.filter(author=user)

    def listening(self) -> "RuleQuerySet[M]":
        """Those that are on and whose author still works here."""
        return self.filter(on_since__isnull=False, author__is_active=True)


class RuleRunQuerySet(models.QuerySet[M]):
    """Filters over what became of rules."""

    def visible_to(self, user: "User") -> "RuleRunQuerySet[M]":
        """Of relationships and events that `user` may know of."""
        seen = Relationship.objects.visible_to(user)
        events = Event.objects.visible_to(user)
        return self.filter(
            Q(event=None) | Q(event_id__in=events.values("pk")), relationship__in=seen.values("pk")
        )


class WebFormQuerySet(models.QuerySet[M]):
    """Filters over web forms."""

    def visible_to(self, user: "User") -> "WebFormQuerySet[M]":
        """One's own; all of them for whoever runs the workspace."""
        if holds_everywhere(user, Permission.MANAGE_WORKSPACE):
            return self.all()
        return self.filter(author=user)


class SentFormQuerySet(models.QuerySet[M]):
    """Filters over what visitors sent."""

    def visible_to(self, user: "User") -> "SentFormQuerySet[M]":
        """To the form's author what is of no relationship yet; else of those that `user` may know of."""
        seen = Relationship.objects.visible_to(user)
        return self.filter(Q(relationship=None, form__author=user) | Q(relationship__in=seen.values("pk")))
