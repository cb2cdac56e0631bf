"""The lists among the pages that list rows; see `tests/pages.py`."""

from collections.abc import Callable
from urllib.parse import urlencode

from accounts.models import User
from relationships.filters import encode_list
from relationships.operations.bulk_changes import change_many
from relationships.queries.relationship_list import ListQuery
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)


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


def _views(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/views/"


def _total(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/total/"


def _bulk_changes(viewer: User, rows: int) -> str:
    for stage in ("active", "lapsed", "prospect")[:rows]:
        found = [make_relationship(owner=viewer, stage="renewing").pk for _ in range(2)]
        change_many(
            actor=viewer, kind="customers", relationship_ids=found, field="stage", value=stage, words=stage,
            now=NOW,
        )  # fmt: skip
    return "/bulk-changes/"


def _conditions(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    word = encode_list(ListQuery("customers").narrowed(stage=("active", "lapsed", "prospect")[:rows]))
    return f"/customers/conditions/?list={word}"


def _columns(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/columns/"


def _chosen(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    columns = (
        "stage",
        "owner",
        "place",
        "c_segment",
        "value",
        "promises",
        "contact",
        "next",
        "health",
        "tag",
    )
    return f"/customers/?{urlencode([('col', key) for key in columns])}"


def _board(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/board/"


def _board_by_owner(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/board/?group=owner&sort=health"


def _board_lane(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/board/lane/?lane=prospect"


def _calendar(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/calendar/"


def _grouped(viewer: User, rows: int) -> str:
    busy_relationships(viewer, rows)
    return "/customers/?group=owner&sort=-contact"


def _whose(viewer: User, rows: int) -> str:
    for _ in range(rows):
        make_user()
    return "/colleagues/options/?owner_q="


LIST_PAGES: dict[str, Callable[[User, int], str]] = {
    "board_lane": _board_lane,
    "bulk_change_list": _bulk_changes,
    "list_calendar": _calendar,
    "list_chosen": _chosen,
    "list_columns": _columns,
    "list_conditions": _conditions,
    "list_grouped": _grouped,
    "relationship_board": _board,
    "relationship_board_by_owner": _board_by_owner,
    "relationship_list": _list,
    "relationship_total": _total,
    "relationship_views": _views,
    "whose_options": _whose,
}
