"""The owner that stands beside a relationship's facts is the relationship's, whoever changes it and by what door."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.operations.workspace import Workspace, ensure_workspace
from core.refusals import Conflict, Invalid, Missing
from relationships.models import BulkChange, MergeRecord, Relationship, RelationshipState
from relationships.operations.bulk_changes import assign_many, undo_bulk
from relationships.operations.handovers import hand_over
from relationships.operations.merging import merge_parties, unmerge
from relationships.operations.relationships import assign_relationships
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
STEPS = (
    "assign", "hand_over", "assign_many", "undo_bulk", "merge", "unmerge", "write", "write_back", "set_owner_of_facts",
)  # fmt: skip


def astray() -> list[tuple[int, int, int]]:
    """Facts with an owner who is not the relationship's."""
    rows = RelationshipState.objects.exclude(owner=F("relationship__owner"))
    return list(rows.values_list("pk", "owner_id", "relationship__owner_id"))


class Book:
    """Three customers of one person, two others who may get them, and somebody who may do everything."""

    def __init__(self) -> None:
        ensure_workspace(now=NOW)
        self.boss = make_user("administrator")
        self.people = [make_user() for _ in range(3)]
        for name in ("Tea", "Tea Ltd", "Coffee"):
            make_relationship(name=name, actor=self.boss, owner=self.people[0])
        self.remembered = list(RelationshipState.objects.all())

    def do(self, step: str, number: int) -> None:
        """One step with one of those there are; what is impossible is refused and changes nothing."""
        rows = list(Relationship.objects.order_by("pk"))
        row, person = rows[number % len(rows)], self.people[number % 3]
        verbs: dict[str, Callable[[], object]] = {
            "assign": lambda: assign_relationships(
                actor=self.boss, relationship_ids=[row.pk], owner=person, now=LATER, reason="x"
            ),
            "hand_over": lambda: hand_over(
                actor=self.boss, leaver=row.owner, receiver=person, reason="x", now=LATER
            ),
            "assign_many": lambda: assign_many(
                actor=self.boss, kind="customers", relationship_ids=[each.pk for each in rows], owner=person,
                now=LATER, words="x", reason="x",
            ),
            "undo_bulk": lambda: [
                undo_bulk(actor=self.boss, change_id=change.pk, now=LATER)
                for change in BulkChange.objects.filter(undone_at=None)
            ],
            "merge": lambda: self.merge(rows, "drop" if number % 2 else "keep"),
            "unmerge": lambda: [
                unmerge(actor=self.boss, record=record, now=LATER)
                for record in MergeRecord.objects.filter(undone_at=None).order_by("-pk")
            ],
            "write": lambda: Relationship.objects.filter(pk=row.pk).update(owner=person),
            "write_back": lambda: [
                state.save()
                for state in self.remembered
                if Relationship.objects.filter(pk=state.pk).exists()
            ],
            "set_owner_of_facts": lambda: RelationshipState.objects.update(owner=person),
        }  # fmt: skip
        with suppress(Conflict, Invalid, Missing):
            verbs[step]()

    def merge(self, rows: list[Relationship], owner: str) -> None:
        if len(rows) > 1:
            merge_parties(
                actor=self.boss, keep=rows[0].party, drop=rows[1].party, now=LATER,
                choices={f"relationship:{rows[0].pk}:owner": owner},
            )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 8)), min_size=1, max_size=10))
def test_it_follows_every_change_of_hands(steps: list[tuple[str, int]]) -> None:
    book = Book()
    for step, number in steps:
        book.do(step, number)
        assert astray() == [], step


@pytest.mark.parametrize("step", STEPS)
def test_each_door_is_one_by_which_somebody_comes(step: str) -> None:
    book = Book()
    for earlier in {"undo_bulk": ["assign_many"], "unmerge": ["write", "merge"]}.get(step, []):
        book.do(earlier, 1)
    before = owners()
    book.do(step, 1)
    assert astray() == []
    assert (owners() == before) is (step in ("write_back", "set_owner_of_facts"))


def owners() -> dict[int, int]:
    return dict(RelationshipState.objects.values_list("pk", "owner_id"))


def test_facts_that_are_added_without_an_owner_get_the_relationships(workspace: Workspace) -> None:
    relationship = make_relationship(owner=make_user())
    RelationshipState.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO relationships_relationshipstate (relationship_id, kind, next_touch_reason, open_commitments,"
            " open_follow_ups, open_problems, health_status, health_weeks, value_tier, value_currency)"
            " VALUES (%s, 'customers', '', 0, 0, 0, '', '{}', '', '')",
            [relationship.pk],
        )
    assert owners() == {relationship.pk: relationship.owner_id}
