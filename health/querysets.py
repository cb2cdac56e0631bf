"""Who may know of what health has found: whoever may know of the relationship and of what it was found in."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from relationships.querysets import InRelationshipQuerySet

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


def _ties_known(user: "User") -> Q:
    """The condition on an alert of a relationship that `user` knows, that they may know who is tied to its party."""
    known = apps.get_model("relationships", "Party")._default_manager.beside_seen(user)
    ends = (("source", "target"), ("target", "source"))
    return reduce(
        or_,
        (
            Q(**{f"link__{here}_party": F("relationship__party")})
            & Q(Exists(known.filter(pk=OuterRef(f"link__{there}_party_id"))))
            for here, there in ends
        ),
    )


class AlertQuerySet(InRelationshipQuerySet[M]):
    """Filters over alerts."""

    def visible_to(self, user: "User") -> "AlertQuerySet[M]":
        """Of visible relationships, and not about talk, a promise or a tie that the viewer may not know of."""
        seen = super().visible_to(user)
        causes = Q()
        for name, model in (("interaction", "Interaction"), ("commitment", "Commitment")):
            rows = apps.get_model("relationships", model)._default_manager
            causes &= Q(**{name: None}) | Q(**{f"{name}__in": rows.visible_to(user)})
        return seen.filter(causes, Q(link=None) | _ties_known(user))  # type: ignore[return-value]  # filter keeps the class

    def unsettled(self) -> "AlertQuerySet[M]":
        """Not yet judged to be right or wrong."""
        return self.filter(state__in=["open", "acknowledged", "acted"])
