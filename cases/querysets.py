"""Who may know of a case: whoever may know of its relationship, and of one for few people those whom it names."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.enums import Permission
from accounts.permissions import holds_everywhere
from cases.enums import FOR_A_PERSON
from relationships.querysets import InRelationshipQuerySet, open_within

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class CaseQuerySet(InRelationshipQuerySet[M]):
    """Filters over cases."""

    def visible_to(self, user: "User") -> "CaseQuerySet[M]":
        """Of visible relationships, and not above internal unless the viewer has or opened it, or owns those."""
        return super().visible_to(user).filter(open_within(user, "owner") | Q(opened_by_id=user.pk))  # type: ignore[return-value]  # of this class

    def of_seen(self, relationship: Any, user: "User") -> "CaseQuerySet[M]":
        """Those of a relationship that `user` was found to know of, as `visible_to` gives them."""
        rows = self.filter(relationship_id=relationship.pk)
        if relationship.owner_id == user.pk:
            return rows
        return rows.filter(open_within(user, "owner") | Q(opened_by_id=user.pk))

    def open(self) -> "CaseQuerySet[M]":
        """Not ended in any way."""
        return self.filter(closed_at=None)

    def open_in(self, relationship: Any) -> "CaseQuerySet[M]":
        """Those of a relationship that are not ended, in the order of their opening."""
        return self.open().filter(relationship=relationship).order_by("opened_at", "id")


class CaseMessageQuerySet(models.QuerySet[M]):
    """Filters over what was said in cases, and over what files tell of them."""

    def visible_to(self, user: "User") -> "CaseMessageQuerySet[M]":
        """That of cases that the viewer may know of."""
        return self.filter(case__in=apps.get_model("cases", "Case").objects.visible_to(user))


class ClockQuerySet(models.QuerySet[M]):
    """Filters over clocks."""

    def open(self) -> "ClockQuerySet[M]":
        """Neither stopped nor cancelled: running, or paused."""
        return self.filter(stopped_at=None, cancelled_at=None)


class QuestionQuerySet(models.QuerySet[M]):
    """Filters over the questions of cases."""

    def visible_to(self, user: "User") -> "QuestionQuerySet[M]":
        """Those of cases that the viewer may know of."""
        return self.filter(case__in=apps.get_model("cases", "Case").objects.visible_to(user))

    def unanswered(self) -> "QuestionQuerySet[M]":
        """Still to be answered, or to be found to be none."""
        return self.filter(state__in=["proposed", "open"])

    def owed(self) -> "QuestionQuerySet[M]":
        """Unanswered, in cases that are open: in one that is over nobody waits any more."""
        return self.unanswered().filter(case__closed_at=None)


class FilingQuerySet(models.QuerySet[M]):
    """Filters over mails that are filed."""

    def visible_to(self, user: "User") -> "FilingQuerySet[M]":
        """Those of desks that the viewer works at; who may see every mail that came sees all of them."""
        if holds_everywhere(user, Permission.VIEW_SENT_MAIL):
            return self.all()
        return self.filter(Q(desk__owner_id=user.pk) | Q(desk__agent_id=user.pk))

    def for_a_person(self) -> "FilingQuerySet[M]":
        """What waits until somebody decides."""
        return self.filter(state__in=FOR_A_PERSON)
