"""One formula, two triggers; and nothing is a number without evidence."""

from datetime import datetime, timedelta

import pytest

from accounts.operations.workspace import Workspace
from health.models import RelationshipScore
from health.operations.scoring import score
from relationships.models import Relationship
from tests.factories import make_commitment, make_interaction, make_relationship

pytestmark = pytest.mark.django_db


def talk(relationship: Relationship, now: datetime, *days: float, **fields: object) -> None:
    for ago in days:
        make_interaction(relationship, now=now, happened_at=now - timedelta(days=ago), **fields)


def stored() -> dict[int, tuple[object, ...]]:
    return {
        row[0]: row[1:]
        for row in RelationshipScore.objects.order_by("pk").values_list(
            "relationship_id", "score", "reference", "coverage", "parts", "shown"
        )
    }


@pytest.fixture
def suppliers(workspace: Workspace, now: datetime) -> list[Relationship]:
    """Seven of them with ever more to tell, from nothing at all to talk both ways, promises and complaints."""
    made = [make_relationship("suppliers", now=now - timedelta(days=400)) for _ in range(7)]
    talk(made[1], now, 3)
    talk(made[2], now, 1, 8, 15, 22, 30, 39, direction="out", tone=0.4)
    talk(made[3], now, 2, 3, 5, 44, 45, 100, tone=-0.6)
    for index in (4, 5, 6):
        talk(made[index], now, *range(index, 80, 7), tone=0.1 * index)
        talk(made[index], now, *range(index + 1, 80, 9), direction="out", channel="email")
    talk(made[5], now, 9, channel="email", problem_severity=4)
    talk(made[6], now, 50, channel="letter", problem_severity=2)
    for index in (2, 4, 5):
        make_commitment(
            made[index], now=now - timedelta(days=90), due_date=(now - timedelta(days=10 * index)).date()
        )
    return made


def test_a_touched_run_gives_to_the_last_bit_what_the_full_run_gave(
    suppliers: list[Relationship], now: datetime
) -> None:
    full = score(kind="suppliers", now=now)
    by_full_run = stored()
    RelationshipScore.objects.all().delete()

    for part in (suppliers[4:], suppliers[:1], suppliers[1:4]):
        score(kind="suppliers", now=now, relationship_ids=[relationship.pk for relationship in part])

    assert full.scored == full.changed == 7
    assert stored() == by_full_run
    assert sum(row[0] is not None for row in by_full_run.values()) >= 4
