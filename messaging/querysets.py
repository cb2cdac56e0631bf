"""Whose notifications they are and which of them still may be told; who may know of a mail to people outside."""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from messaging.registry import registry

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class NotificationQuerySet(models.QuerySet[M]):
    """Filters over notifications."""

    def visible_to(self, user: "User") -> "NotificationQuerySet[M]":
        """One's own, about things that one may know of at this moment: a lost right takes its notifications along."""
        known = Q(pk__in=[])
        for subject_type, subject in registry.subjects.items():
            seen = subject.visible(user).order_by().filter(pk=OuterRef("subject_id"))
            known |= Q(subject_type=subject_type) & Q(Exists(seen))
        return self.filter(known, user=user)

    def unread(self) -> "NotificationQuerySet[M]":
        """Not yet read."""
        return self.filter(read_at=None)

    def to_mail(self) -> "NotificationQuerySet[M]":
        """Those that wait for their mail, whenever that is due."""
        return self.filter(mail_due_at__isnull=False, mail_settled_at=None)


class OutgoingMailQuerySet(models.QuerySet[M]):
    """Filters over mails to people outside."""

    def visible_to(self, user: "User") -> "OutgoingMailQuerySet[M]":
        """Those about things that one may know of at this moment."""
        known = Q(pk__in=[])
        for subject_type in registry.mailed:
            seen = registry.subjects[subject_type].visible(user).order_by().filter(pk=OuterRef("subject_id"))
            known |= Q(subject_type=subject_type) & Q(Exists(seen))
        return self.filter(known)

    def about(self, subject_type: str, subject_id: int) -> "OutgoingMailQuerySet[M]":
        """Those about one thing."""
        return self.filter(subject_type=subject_type, subject_id=subject_id)
