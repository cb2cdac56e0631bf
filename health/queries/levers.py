"""What would move a score: for each component the next step and what it brings, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from health.queries.explanation import Explanation, Line
from health.queries.repairs import Repair, in_words
from relationships.models import Relationship

AT_BEST = Decimal("99.5")
"""From these points on a component is as good as it gets."""


@dataclass(frozen=True)
class Lever:
    """A component that a step of ours would improve."""

    line: Line
    repair: Repair


@dataclass(frozen=True)
class Levers:
    """The components that can be moved, most points first, and those that cannot, with the reason in words."""

    moving: list[Lever]
    still: list[tuple[str, str]]


def levers(*, viewer: User, relationship: Relationship, said: Explanation, now: datetime) -> Levers:
    """Every component of an explanation, once. At most two queries: the best step is in words already."""
    others = {relationship.pk: said.candidates[1:]}
    repairs = [said.repair] if said.repair else []
    repairs += in_words(others, viewer=viewer, now=now)[relationship.pk]
    lines = {line.key: line for line in said.lines}
    moving = [Lever(lines[repair.key], repair) for repair in repairs]
    taken = {repair.key for repair in repairs}
    return Levers(moving, _still([line for line in said.lines if line.key not in taken]))


def _still(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The others gathered by why no step is named for them: (why, components)."""
    gathered: dict[str, list[str]] = {}
    for line in lines:
        gathered.setdefault(_why_not(line), []).append(str(line.label))
    return [(why, ", ".join(labels)) for why, labels in gathered.items()]


def _why_not(line: Line) -> str:
    if line.points is None:
        return _("Not counted yet, for lack of evidence")
    if line.points >= AT_BEST:
        return _("As good as it gets")
    return _("No single step of ours moves it now")
