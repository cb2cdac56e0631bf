"""Parties that may be one, side by side, with what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.linkage.comparators import COMPARATORS
from analytics.linkage.values import Role
from core.refusals import Missing
from exchange.models import DuplicateCandidate
from relationships.enums import ContactPointKind
from relationships.models import Party, PartyIdentifier

SHOWN = 20
POINTS = (
    (_("E-mail"), ContactPointKind.EMAIL, Role.EMAIL),
    (_("Phone"), ContactPointKind.PHONE, Role.PHONE),
    (_("Web address"), ContactPointKind.URL, Role.WEBSITE),
    (_("Postal address"), ContactPointKind.POSTAL, Role.ADDRESS),
)


@dataclass(frozen=True)
class Line:
    """One thing of both: what each says of it, and whether that is equal or only alike."""

    label: "str | Promise"
    first: str
    second: str
    is_equal: bool
    is_alike: bool


@dataclass(frozen=True)
class Pair:
    """Two parties side by side."""

    pk: int
    first: Party
    second: Party
    lines: list[Line]

    @property
    def equal(self) -> int:
        """How many things are equal."""
        return sum(line.is_equal for line in self.lines)

    @property
    def alike(self) -> int:
        """How many are alike, though not equal."""
        return sum(line.is_alike for line in self.lines)


@dataclass(frozen=True)
class Candidates:
    """The likeliest pairs, and whether there are more than these."""

    pairs: list[Pair]
    has_more: bool


def open_candidates(viewer: User) -> QuerySet[DuplicateCandidate]:
    """Pairs not decided on, of which the viewer may know of both."""
    seen = Party.objects.visible_to(viewer)
    return DuplicateCandidate.objects.filter(dismissed_at=None, first__in=seen, second__in=seen)


def likeliest_candidates(*, viewer: User) -> Candidates:
    """The twenty likeliest pairs that the viewer may know of."""
    found = list(_with_both(open_candidates(viewer)).order_by("-score", "pk")[: SHOWN + 1])
    return Candidates([pair_of(candidate) for candidate in found[:SHOWN]], len(found) > SHOWN)


def candidate_with_both(*, viewer: User, candidate_id: int) -> DuplicateCandidate:
    """One pair not decided on; raises Missing when the viewer may not know of both."""
    found = _with_both(open_candidates(viewer)).filter(pk=candidate_id).first()
    if found is None:
        raise Missing(gettext("There is no such pair to decide on."))
    return found


def _with_both(rows: QuerySet[DuplicateCandidate]) -> QuerySet[DuplicateCandidate]:
    return (
        rows.select_related("first", "second")
        .prefetch_related("first__contact_points", "second__contact_points")
        .prefetch_related("first__identifiers", "second__identifiers")
    )


def pair_of(candidate: DuplicateCandidate) -> Pair:
    """Both side by side, line by line."""
    first, second = candidate.first, candidate.second
    lines = [
        _line(_("Name"), Role.NAME, [first.name], [second.name]),
        _line(_("Place"), Role.PLACE, [first.place], [second.place]),
        _line(_("Country"), Role.CATEGORY, [first.country], [second.country]),
        *(_line(label, role, _points(first, kind), _points(second, kind)) for label, kind, role in POINTS),
        _line(_("Registration number"), Role.IDENTIFIER, _numbers(first), _numbers(second)),
    ]
    told = [line for line in lines if line.first or line.second]
    return Pair(candidate.pk, first, second, told)


def _line(label: "str | Promise", role: Role, first: Sequence[str], second: Sequence[str]) -> Line:
    level, top = _likeness(role, first, second)
    return Line(label, ", ".join(first), ", ".join(second), level == top, 0 < level < top)


def _likeness(role: Role, first: Sequence[str], second: Sequence[str]) -> tuple[int, int]:
    """The best level between a value of each, and the level of equality."""
    column = COMPARATORS[role](role, [*first, *second])
    if not first or not second:
        return -1, column.top
    one, other = np.meshgrid(np.arange(len(first)), len(first) + np.arange(len(second)))
    return int(column.levels(one.ravel(), other.ravel()).max()), column.top


def _points(party: Party, kind: ContactPointKind) -> list[str]:
    return [point.value for point in party.contact_points.all() if point.kind == kind]


def _numbers(party: Party) -> list[str]:
    return [found.value for found in party.identifiers.all() if found.scheme == PartyIdentifier.REGISTRATION]
