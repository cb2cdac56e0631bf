"""The pages that list rows: for each, how to make a number of rows and where the page is.

`tests/architecture/test_query_budgets.py` opens each with one row and with three and compares the number of
queries with `tests/query_counts.json`. Whoever adds a page adds a line here and there.
"""

from collections.abc import Callable

from accounts.models import User
from tests.factories import make_commitment, make_follow_up, make_interaction, make_relationship


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


PAGES: dict[str, Callable[[User, int], str]] = {
    "relationship_list": _list,
}
