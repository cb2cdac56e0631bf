"""A brief as one reader may know it, and the archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import holds_everywhere
from dashboards.models import Brief, BriefDecision, OutsideIssue
from dashboards.queries.standing import Standing, standing
from relationships.models import Commitment, Relationship
from relationships.queries.reach import kinds_reached

SHOWN = 5
BROKEN_SHOWN = 10


@dataclass(frozen=True)
class Move:
    """A relationship whose score moved in the week, with what moved it by component, the greatest first."""

    relationship: Relationship
    before: Decimal
    after: Decimal
    lines: list[tuple[str, Decimal]]

    @property
    def change(self) -> Decimal:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True)
class KindMoves:
    """The greatest moves of a kind each way, as far as the reader may know of them."""

    kind: Any  # relationships.kinds.Kind
    fallen: list[Move]
    risen: list[Move]


@dataclass(frozen=True)
class ReaderBrief:
    """What the reader may know of a brief. Scores are those of then, names and owners those of today."""

    brief: Brief
    standing: Standing
    moves: list[KindMoves]
    broken: list[Commitment]
    deciding: list[tuple[Relationship, Decimal]]
    outside: list[tuple[OutsideIssue, str]]
    decisions: list[BriefDecision]


def archive() -> "QuerySet[Brief]":
    """All briefs, the newest first, with how many have read each."""
    return Brief.objects.annotate(readers=Count("readings")).defer("facts").order_by("-week")


def brief_for(*, viewer: User, brief: Brief, now: datetime) -> ReaderBrief:
    """The brief through the reader's rights: rows out of their sight are left out, sums are of what is in it."""
    facts = brief.facts
    ids = {move["relationship"] for move in facts["moves"]}
    ids |= {row["relationship"] for row in facts["deciding"]}
    seen = Relationship.objects.visible_to(viewer).select_related("owner").in_bulk(list(ids))
    promises = Commitment.objects.visible_to(viewer).select_related("relationship", "owner")
    broken = promises.in_bulk([row["commitment"] for row in facts["broken"]])
    reached = [kind.slug for kind in kinds_reached(viewer)]
    states = {row["issue"]: row["state"] for row in facts["outside"]}
    issues = OutsideIssue.objects.visible_to(viewer, reached).select_related("owner").in_bulk(list(states))
    decisions = BriefDecision.objects.visible_to(
        viewer, sees_all=holds_everywhere(viewer, Permission.VIEW_RELATIONSHIPS)
    ).filter(brief=brief)
    return ReaderBrief(
        brief=brief,
        standing=standing(viewer=viewer, now=now, weeks=1, week=brief.week, with_lines=False),
        moves=_moves(facts, seen, viewer),
        broken=[broken[pk] for pk in sorted(broken)],
        deciding=[
            (seen[row["relationship"]], Decimal(row["score"]) / 10)
            for row in facts["deciding"]
            if row["relationship"] in seen
        ],
        outside=[(issues[pk], state) for pk, state in states.items() if pk in issues],
        decisions=list(
            decisions.select_related("decided_by", "relationship", "follow_up").order_by("decided_at", "pk")
        ),
    )


def _moves(facts: Mapping[str, Any], seen: Mapping[int, Relationship], viewer: User) -> list[KindMoves]:
    found = []
    for kind in kinds_reached(viewer):
        rows = [
            _move(move, seen[move["relationship"]])
            for move in facts["moves"]
            if move["kind"] == kind.slug and move["relationship"] in seen
        ]
        fallen = [row for row in rows if row.change < 0][:SHOWN]
        risen = [row for row in reversed(rows) if row.change > 0][:SHOWN]
        if rows:
            found.append(KindMoves(kind, fallen, risen))
    return found


def _move(move: Mapping[str, Any], relationship: Relationship) -> Move:
    lines = [(key, Decimal(points) / 10) for key, points in move["lines"].items() if points]
    return Move(
        relationship=relationship,
        before=Decimal(move["before"]) / 10,
        after=Decimal(move["after"]) / 10,
        lines=sorted(lines, key=lambda line: (-abs(line[1]), line[0])),
    )
