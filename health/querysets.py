"""Who may know of what health has found: whoever may know of the relationship and of what it was found in."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from relationships.querysets import InRelationshipQuerySet, open_within, said_openly

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


def _within(cause: str) -> Q:
    """The condition on an alert that its cause is of its own relationship: what is seen of one is of the other."""
    return Q(**{f"{cause}__relationship": F("relationship")})


class AlertQuerySet(InRelationshipQuerySet[M]):
    """Filters over alerts."""

    def visible_to(self, user: "User") -> "AlertQuerySet[M]":
        """Of visible relationships, and not about talk, a promise or a tie that the viewer may not know of."""
        talk = _within("interaction") & open_within(user, "actor", at="interaction__")
        promise = _within("commitment") & said_openly(
            user, "commitment__made_in", "relationship__owner_id", "commitment__owner_id"
        )
        return (
            super()
            .visible_to(user)
            .filter(  # type: ignore[return-value]  # filter keeps the class
                Q(interaction=None) | talk, Q(commitment=None) | promise, Q(link=None) | _ties_known(user)
            )
        )

    def unsettled(self) -> "AlertQuerySet[M]":
        """Not yet judged to be right or wrong."""
        return self.filter(state__in=["open", "acknowledged", "acted"])
