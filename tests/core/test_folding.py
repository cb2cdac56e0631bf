"""How the database folds a name: without case and accents, and quickly."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
ONCE = "SELECT relman_fold(%s), lower(unaccent('public.unaccent'::regdictionary, %s))"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Garcia & Sons 24/7", "garcia & sons 24/7"),
        ("GARCÍA", "garcia"),
        ("Łódź Æther Straße", "lodz aether strasse"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("", ""),
        (None, None),
    ],
)
def test_case_and_accents_go_and_nothing_else(name: str | None, folded: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONCE, [name, name])
        assert cursor.fetchone() == (folded, folded)


def test_folding_is_written_out_in_the_query_and_still_found_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN (COSTS OFF) SELECT FROM relationships_party WHERE relman_fold(name) LIKE '%garc%'"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "party_name_search" in plan
    assert "octet_length" in plan
    assert "relman_fold(" not in plan
