"""Who may know of a number or of an outside issue: always by the relationships behind it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from relationships.querysets import visible_relationships

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


def _relationships_of(user: "User") -> "models.QuerySet[Any]":
    return apps.get_model("relationships", "Relationship").objects.filter(visible_relationships(user))


class HealthCellQuerySet(models.QuerySet[M]):
    """Filters over sums of health."""

    def visible_to(self, user: "User") -> "HealthCellQuerySet[M]":
        """The cells of relationships that `user` may know of, whole cells only.

        A shared cell carries the very columns by which sight decides, so the condition on relationships holds
        of it as it stands. What is decided one relationship at a time has a cell of its own.
        """
        shared = Q(relationship=None) & visible_relationships(user)
        return self.filter(shared | Q(relationship__in=_relationships_of(user)))


class OutsideIssueQuerySet(models.QuerySet[M]):
    """Filters over outside issues."""

    def visible_to(self, user: "User", kinds: Sequence[str]) -> "OutsideIssueQuerySet[M]":
        """The user's own, and those of which every kind is among `kinds` and every party in the user's sight.

        `kinds` are the kinds that the user reaches; somebody who reaches none has only their own.
        """
        own = Q(owner_id=user.pk) | Q(created_by_id=user.pk)
        if not kinds:
            return self.filter(own)
        named = apps.get_model("dashboards", "OutsideIssue").parties.through.objects
        parties = apps.get_model("relationships", "Party").objects.visible_to(user)
        hidden = named.filter(outsideissue_id=OuterRef("pk")).exclude(party__in=parties)
        return self.filter(own | Q(kinds__contained_by=list(kinds)) & ~Q(Exists(hidden)))

    def open(self) -> "OutsideIssueQuerySet[M]":
        """Neither over nor dismissed."""
        return self.filter(closed_at=None)


class BriefDecisionQuerySet(models.QuerySet[M]):
    """Filters over decisions."""

    def visible_to(self, user: "User", *, sees_all: bool) -> "BriefDecisionQuerySet[M]":
        """Those on visible relationships, the user's own, and with `sees_all` those on none."""
        general = Q(relationship=None) if sees_all else Q(pk__in=[])
        return self.filter(
            Q(relationship__in=_relationships_of(user))
            | Q(relationship=None, decided_by_id=user.pk)
            | general
        )
