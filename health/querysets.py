"""Who may know of what health has found: whoever may know of the relationship and of what it was found in."""

from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from relationships.querysets import InRelationshipQuerySet

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class AlertQuerySet(InRelationshipQuerySet[M]):
    """Filters over alerts."""

    def visible_to(self, user: "User") -> "AlertQuerySet[M]":
        """Of visible relationships, and not about talk, a promise or a tie that the viewer may not know of."""
        seen = super().visible_to(user)
        causes = Q()
        for name, model in (
            ("interaction", "Interaction"),
            ("commitment", "Commitment"),
            ("link", "PartyLink"),
        ):
            rows = apps.get_model("relationships", model)._default_manager
            causes &= Q(**{name: None}) | Q(**{f"{name}__in": rows.visible_to(user)})
        return seen.filter(causes)  # type: ignore[return-value]  # filter keeps the class

    def unsettled(self) -> "AlertQuerySet[M]":
        """Not yet judged to be right or wrong."""
        return self.filter(state__in=["open", "acknowledged", "acted"])
