"""The made-up workspace is one that the product could have come to by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count

from benchmarks.scale.copying import _Stream, without_indexes
from benchmarks.scale.fill import FILLED, fill
from benchmarks.scale.plan import Size
from relationships import kinds
from relationships.models import (
    Commitment,
    Event,
    FollowUp,
    Interaction,
    Party,
    PartyLink,
    Relationship,
    RelationshipState,
)
from relationships.operations.next_touch import refresh_next_touch
from relationships.operations.state import recompute_contact, recount
from tests.factories import make_party

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 3, 2, tzinfo=UTC)

SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'p', 'c')
UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) ORDER BY 1, 2, 3
"""


def shape() -> list[tuple[str, str, str]]:
    """Keys and indexes; the condition of a partial one is spelt anew whenever it is made from its own words."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE, [list(FILLED), list(FILLED)])
        return [(table, name, words.partition(" WHERE ")[0]) for table, name, words in cursor.fetchall()]


def make(relationships: int = 400, interactions: int = 3_000, seed: int = 7) -> None:
    fill(
        Size(relationships, interactions, seed, UNTIL),
        progress=lambda what, done, total: None,
        step=lambda words: None,
    )


def contents() -> list[list[tuple[object, ...]]]:
    return [
        list(Party.objects.order_by("id").values_list("kind", "name", "place", "created_at")),
        list(Relationship.objects.order_by("id").values_list("kind", "stage", "party_name", "owner__email")),
        list(
            Interaction.objects.order_by("id").values_list("relationship__party_name", "happened_at", "body")
        ),
        list(Commitment.objects.order_by("id").values_list("what", "current_due_date", "state")),
        list(RelationshipState.objects.order_by("pk").values_list("next_touch_date", "value_amount")),
    ]


def test_every_registered_kind_is_there_with_profile_and_state() -> None:
    make()
    found = dict(Relationship.objects.values_list("kind").annotate(n=Count("id")).values_list("kind", "n"))
    assert sorted(found) == sorted(kinds.registry.slugs)
    assert sum(found.values()) == 400 == RelationshipState.objects.count()
    for kind in kinds.registry:
        assert apps.get_model(kind.profile).objects.count() == found[kind.slug], kind.slug
    assert Interaction.objects.count() == 3_000
    assert Event.objects.filter(verb="interaction_logged").count() == 3_000
    assert FollowUp.objects.exists()
    assert PartyLink.objects.exists()


def test_one_relationship_has_far_more_contacts_than_any_other() -> None:
    make()
    counts = list(
        Relationship.objects.annotate(n=Count("interactions")).order_by("-n", "id").values_list("id", "n")[:2]
    )
    assert counts[0][0] == Relationship.objects.order_by("id").values_list("id", flat=True)[0]
    assert counts[0][1] > 2 * counts[1][1]


def test_states_say_what_the_rows_say() -> None:
    make()
    names = [field.attname for field in RelationshipState._meta.concrete_fields]
    before = list(RelationshipState.objects.order_by("pk").values_list(*names))
    ids = [row[0] for row in before]
    recount(ids)
    recompute_contact(ids)
    refresh_next_touch(ids, now=UNTIL)
    assert list(RelationshipState.objects.order_by("pk").values_list(*names)) == before


def test_indexes_and_keys_are_all_back() -> None:
    before = shape()
    with without_indexes(["relationships_relationshipstate"]):
        assert len(shape()) < len(before)
        make(50, 100)
    assert shape() == before


def test_the_same_seed_makes_the_same_workspace_and_another_another() -> None:
    made = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            make(120, 500, seed)
            made.append(contents())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert [ours != theirs for ours, theirs in zip(made[0], made[2], strict=True)] == [True] * 5


def test_new_rows_can_be_added_afterwards() -> None:
    make(50, 100)
    before = Party.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert make_party(name="Somebody real").pk > before


def test_the_command_says_why_it_does_nothing() -> None:
    make_party(name="Somebody real")
    before = shape()
    with pytest.raises(CommandError, match=r"1 parties already\. Made-up ones go into an empty one only"):
        call_command("scale", relationships=10, interactions=10, stdout=StringIO())
    assert (Party.objects.count(), shape()) == (1, before)
    with pytest.raises(CommandError, match="--relationships is 0"):
        call_command("scale", relationships=0, interactions=10, stdout=StringIO())


def test_copy_takes_rows_a_piece_at_a_time() -> None:
    taken = []

    def rows() -> Iterator[str]:
        for number in range(1_000):
            taken.append(number)
            yield f"{number}"

    stream = _Stream(rows(), "\n")
    assert stream.read(20) == "".join(f"{number}\n" for number in range(10))
    assert len(taken) == 10
