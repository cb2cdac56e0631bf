"""Who may know of a number or of an outside issue: always by the relationships behind it."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import Confidentiality, Reach
from core.arrays import one_of
from relationships import kinds
from relationships.querysets import near_enough, viewing_grants, visible_relationships

if TYPE_CHECKING:
    from accounts.models import RoleGrant, User

M = TypeVar("M", bound=models.Model)


def _relationships_of(user: "User") -> "models.QuerySet[Any]":
    return apps.get_model("relationships", "Relationship").objects.filter(visible_relationships(user))


def _ways_to_relationships_apart(user: "User") -> list[Q]:
    """Where to look for relationships of which `user` may know though not all who share a grant do.

    They are for named people only, or of a kind with a sight of its own. Each way is one that an index answers;
    together they lead to all that there are, and `visible_relationships` decides on what they lead to.
    """
    access = apps.get_model("relationships", "ConfidentialAccess").objects.filter(user_id=user.pk)
    few = Q(confidentiality__gte=Confidentiality.CONFIDENTIAL)
    ways = [few & Q(owner_id=user.pk), few & Q(pk__in=access.values("relationship_id"))]
    for kind, sight in kinds.registry.closed:
        of_kind = Q(kind=kind.slug)
        if any(kind.is_open_to(grant.role) for grant in user.current_grants()):
            ways.append(of_kind)
        ways += [of_kind & _is_named_in(kind, path, user) for path in sight.people]
    return ways


def _is_named_in(kind: kinds.Kind, path: str, user: "User") -> Q:
    """What `_names` says, told from the user: the rows that name them are looked up first."""
    profile, _, field = path.rpartition("__")
    named = {f"{field}_id": user.pk}
    if not profile:
        return Q(**named)
    return Q(pk__in=apps.get_model(kind.profile).objects.filter(**named).values("relationship_id"))


class CellQuerySet(models.QuerySet[M]):
    """Filters over what is added up for all that share a sight."""

    def visible_to(self, user: "User") -> "CellQuerySet[M]":
        """The cells of relationships that `user` may know of, each relationship in one of them.

        A shared cell carries the very columns by which sight decides, so the condition on relationships holds
        of it as it stands. Whoever sees all of a kind reads the cells in which all of it is added up, and the
        shared ones for what is restricted alone. What is decided one relationship at a time has a cell of its
        own: they are found from what the user owns, is named for or reaches among the kinds with a sight of their
        own.
        """
        condition = _shared(user)
        for way in _ways_to_relationships_apart(user):
            rows = _relationships_of(user).filter(way)
            condition |= one_of("relationship_id", rows)
        return self.filter(condition)


def _shared(user: "User") -> Q:
    """The cells of many relationships: whole ones where the user sees everything, else those of each sight."""
    each = Q(relationship=None, is_whole=False) & visible_relationships(user)
    seen = [grant for grant in viewing_grants(user) if _is_whole(grant)]
    if not seen:
        return each
    if any(not grant.kind and not grant.business_unit_id for grant in seen):
        return Q(is_whole=True) | each & Q(confidentiality=Confidentiality.RESTRICTED) & near_enough(user)
    scopes = [{"kind": grant.kind, "business_unit_id": grant.business_unit_id} for grant in seen]
    whole = reduce(or_, [Q(**{name: value for name, value in scope.items() if value}) for scope in scopes])
    return Q(is_whole=True) & whole | each & ~(whole & Q(confidentiality__lte=Confidentiality.INTERNAL))


def _is_whole(grant: "RoleGrant") -> bool:
    """Whether it opens everything of its scope, up to internal, whoever owns it."""
    is_open = not grant.kind or kinds.registry.get(grant.kind).is_open_to(grant.role)
    return not grant.team_id and grant.role_definition.reach is Reach.ALL and is_open


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
