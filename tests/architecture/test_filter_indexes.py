"""No free text is offered to narrow a list by unless an index finds its parts."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.operations.workspace import Workspace
from relationships import kinds
from relationships.queries.native_fields import column_choices
from relationships.queries.relationship_list import ListQuery, matching
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
TEXTS = [
    (kind.slug, column)
    for kind in kinds.registry
    for column in kind.filters
    if not column_choices(kind.slug, column.key)
]


def test_there_are_free_texts_to_narrow_lists_by() -> None:
    assert {column.key for _kind, column in TEXTS} == {"segment", "beat", "area", "department", "worksite"}


@pytest.mark.parametrize(("kind", "column"), TEXTS, ids=lambda value: getattr(value, "key", value))
def test_a_part_of_a_free_text_is_found_by_its_index(
    workspace: Workspace, kind: str, column: kinds.Column
) -> None:
    viewer = make_user("hr", kind="staff") if kind == "staff" else make_user("administrator")
    rows = matching(viewer=viewer, query=ListQuery(kind).narrowed(**{f"c_{column.key}": "coffee"}), now=NOW)
    name = column.path.rpartition("__")[2]
    table = apps.get_model(kinds.registry.get(kind).profile)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
            [table, f"%gin (relman_fold(%{name}%) gin_trgm_ops)%"],
        )
        (index,) = cursor.fetchone()
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_nestloop = off"
        )
    assert index in rows.explain()


def test_a_free_text_is_found_by_its_words_whatever_their_case_and_accents(workspace: Workspace) -> None:
    viewer = make_user("administrator")
    found = make_relationship(owner=viewer, profile={"segment": "Café and Restaurant"})
    make_relationship(owner=viewer, profile={"segment": "Hotel"})
    for asked in ("cafe", "RESTAURANT café", "and"):
        query = ListQuery("customers").narrowed(c_segment=asked)
        assert list(matching(viewer=viewer, query=query, now=NOW)) == [found], asked
    nobody = ListQuery("customers").narrowed(c_segment="cafe hotel")
    assert list(matching(viewer=viewer, query=nobody, now=NOW)) == []
