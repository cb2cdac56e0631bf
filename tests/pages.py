"""The pages that list rows: for each, how to make a number of rows and where the page is.

`tests/architecture/test_query_budgets.py` opens each with one row and with three and compares the number of
queries with `tests/query_counts.json`. Whoever adds a page adds a line here and there.
"""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from relationships.operations.commitments import renegotiate
from tests.factories import NOW, make_commitment, make_follow_up, make_interaction, make_relationship


def busy_relationships(viewer: User, rows: int) -> None:
    """Relationships of the viewer's, each with talk, a promise due today and a follow-up due today."""
    for _ in range(rows):
        relationship = make_relationship(owner=viewer)
        make_interaction(relationship, actor=viewer, problem_severity=4)
        make_commitment(relationship, actor=viewer)
        make_follow_up(relationship, actor=viewer)


def _list(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/?sort=health"


def _my_day(viewer: User, rows: int) -> str:
    for _ in range(rows):
        relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=60))
        made = {"actor": viewer, "made_at": NOW - timedelta(days=9)}
        make_interaction(relationship, actor=viewer, problem_severity=4)
        make_commitment(relationship, due_date=NOW.date() - timedelta(days=1), **made)
        make_commitment(relationship, due_date=NOW.date() + timedelta(days=5), direction="theirs", **made)
        make_follow_up(relationship, actor=viewer, due_date=NOW.date())
    return "/"


def _ledger(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/commitments/"


def _promise(viewer: User, rows: int) -> str:
    promise = make_commitment(make_relationship(owner=viewer), actor=viewer)
    for day in range(1, rows + 1):
        renegotiate(
            actor=viewer,
            commitment=promise,
            to_date=promise.original_due_date + timedelta(days=day),
            agreed_with="Ann",
            reason="Snow",
            now=NOW,
        )
    return f"/commitments/{promise.pk}/"


def _log(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/log/"


PAGES: dict[str, Callable[[User, int], str]] = {
    "commitment_detail": _promise,
    "commitment_list": _ledger,
    "log": _log,
    "my_day": _my_day,
    "relationship_list": _list,
}
