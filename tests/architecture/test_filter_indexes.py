"""No free text narrows a list unless an index finds its parts; and which rows a page has, an index alone says."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.operations.workspace import Workspace
from relationships import kinds
from relationships.queries.native_fields import column_choices
from relationships.queries.relationship_list import ListQuery, matching, narrow
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


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (ListQuery("customers"), "relationship_list_by_name"),
        (ListQuery("customers", q="garcia"), "relationship_list_by_name"),
        (ListQuery("customers", sort="health").narrowed(owner="me"), "state_list_by_health"),
    ],
    ids=["by name", "by a part of the name", "mine by health"],
)
def test_the_rows_of_a_page_are_chosen_within_the_index_it_is_sorted_by(
    workspace: Workspace, query: ListQuery, index: str
) -> None:
    rows = narrow(matching(viewer=make_user("administrator"), query=query, now=NOW), query.order)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off")
    plan = rows.order_by(query.order.key.path, "pk")[:26].explain(verbose=True)
    assert f"Index Only Scan using public.{index}" in plan or f"Index Only Scan using {index}" in plan, plan
