"""Who may know of a number or of an outside issue: always by the relationships behind it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from relationships.querysets import visible_relationships, ways_to_relationships_apart

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


def _relationships_of(user: "User") -> "models.QuerySet[Any]":
    return apps.get_model("relationships", "Relationship").objects.filter(visible_relationships(user))


class _OneOf(Func):
    """That a column is one of the ids that a subquery finds: these are found first, then looked up by an index."""

    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY("


class CellQuerySet(models.QuerySet[M]):
    """Filters over what is added up for all that share a sight."""

    def visible_to(self, user: "User") -> "CellQuerySet[M]":
        """The cells of relationships that `user` may know of, whole cells only.

        A shared cell carries the very columns by which sight decides, so the condition on relationships holds
        of it as it stands. What is decided one relationship at a time has a cell of its own: they are found from
        what the user owns, is named for or reaches among the kinds with a sight of their own.
        """
        condition = Q(relationship=None) & visible_relationships(user)
        for way in ways_to_relationships_apart(user):
            rows = _relationships_of(user).filter(way)
            condition |= Q(_OneOf(F("relationship_id"), ArraySubquery(rows.values("pk"))))
        return self.filter(condition)


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
