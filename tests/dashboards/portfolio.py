"""Relationships with scores, added up."""

from datetime import timedelta
from decimal import Decimal

from accounts.enums import Confidentiality
from accounts.models import User
from dashboards.operations.cells import keep_sums
from health.operations.scoring import score_history
from relationships.models import Relationship, RelationshipState
from tests.factories import NOW, make_relationship
from tests.health.evidence import put


def talked(
    kind: str, owner: User, *, falling: bool = False, value: int | None = None, **fields: object
) -> Relationship:
    """A relationship with months of talk, of late with a complaint when `falling`."""
    relationship = make_relationship(kind, owner=owner, now=NOW - timedelta(days=300), **fields)
    put(relationship, *range(4, 120, 6), sentiment=0.5, reply_minutes=60)
    put(relationship, *range(5, 120, 7), direction="out", reply_minutes=60)
    if falling:
        put(relationship, 3, problem_severity=4, sentiment=-0.9)
        put(relationship, 1, 2, sentiment=-0.9)
    if value is not None:
        RelationshipState.objects.filter(relationship=relationship).update(
            value_amount=Decimal(value), value_currency="GBP"
        )
    return relationship


def summed(*kinds: str, weeks: int = 8) -> None:
    """Scores the past weeks of the kinds and adds them up."""
    for kind in kinds:
        score_history(kind=kind, now=NOW, weeks=weeks)
    keep_sums(now=NOW, weeks=weeks)


def sealed(relationship: Relationship) -> Relationship:
    """The relationship, for named people only."""
    relationship.confidentiality = Confidentiality.CONFIDENTIAL
    relationship.save(update_fields=["confidentiality"])
    return relationship
