"""Plans that a connection keeps for the few that are scored at once: the same result, planned once."""

from typing import Any

import pytest
from django.db import connection

from health.operations import planning
from health.operations.planning import FEW, SOME, planned_for, run_planned
from relationships.queries.kept import ROW, Statement

pytestmark = pytest.mark.django_db
SQL = """
SELECT count(*), sum(id * %(factor)s) FROM generate_series(0, 9999) AS each(id)
WHERE id = ANY(%(ids)s) AND %(as_of)s::timestamptz > 'epoch'
"""


def asked(ids: list[int], factor: int = 2) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        run_planned(cursor, SQL, {"ids": ids, "factor": factor, "as_of": "2026-03-18T12:00:00Z"})
        found: tuple[Any, ...] = cursor.fetchone()
    return found


def kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'health_%'")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(autouse=True)
def without_plans():
    with connection.cursor() as cursor:
        for name in kept():
            cursor.execute(f"DEALLOCATE {name}")
    planning.KEPT.clear()


def test_a_plan_for_few_is_kept_and_used_again_with_other_ids() -> None:
    assert (asked([1, 2]), asked([5]), len(kept())) == ((2, 6), (1, 10), 1)


def test_what_is_not_of_one_run_makes_another_plan() -> None:
    assert (asked([1], factor=2), asked([1], factor=3), len(kept())) == ((1, 2), (1, 3), 2)


def test_some_have_a_plan_of_their_own_which_expects_more_of_them() -> None:
    ids = list(range(FEW + 1))
    expected = [(1, 2), (FEW + 1, 2 * sum(ids)), (FEW + 2, 2 * sum([*ids, 500]))]
    assert [asked(these) for these in ([1], ids, [*ids, 500])] == expected
    assert len(kept()) == 2


def test_many_and_everybody_are_planned_for_what_they_are() -> None:
    ids = list(range(SOME + 1))
    assert (asked(ids), asked([]), kept()) == ((SOME + 1, 2 * sum(ids)), (0, None), [])


def test_no_more_plans_are_kept_than_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MOST_KEPT", 2)
    assert [asked([1], factor=factor) for factor in (2, 3, 4, 2)] == [(1, 2), (1, 3), (1, 4), (1, 2)]
    assert len(kept()) == 2


def test_making_room_leaves_what_pages_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MOST_KEPT", 1)
    page = Statement("SELECT id FROM accounts_user WHERE id = %s", (ROW,))
    with connection.cursor() as cursor:
        for factor in (2, 3):
            cursor.execute(page.call({ROW: 0}))
            assert cursor.fetchall() == []
            assert asked([1], factor=factor) == (1, factor)
        cursor.execute(page.call({ROW: 0}))
        assert cursor.fetchall() == []


@pytest.mark.parametrize(("everybody", "setting"), [(True, "enable_nestloop"), (False, "enable_seqscan")])
def test_the_planner_s_settings_end_with_the_block(everybody: bool, setting: str) -> None:
    with planned_for(everybody=everybody), connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == ("off",)
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == ("on",)
