"""Names of cases: CAS-2026-000042, counted anew each year, without gaps."""

from django.db import connection

TAKE = """
INSERT INTO cases_caseyear (year, last_number) VALUES (%(year)s, %(count)s)
ON CONFLICT (year) DO UPDATE SET last_number = cases_caseyear.last_number + %(count)s
RETURNING last_number
"""

GIVE_BACK = """
UPDATE cases_caseyear held SET last_number = COALESCE((
    SELECT max(split_part(ref, '-', 3)::int) FROM cases_case WHERE starts_with(ref, 'CAS-' || held.year || '-')), 0);
DELETE FROM cases_caseyear WHERE last_number = 0
"""


def take_ref(year: int) -> str:
    """The next name of the year. Whoever opens another case waits until this one is written or given up."""
    return f"CAS-{year}-{take_numbers(year, 1):06d}"


def take_numbers(year: int, count: int) -> int:
    """The first of the next `count` numbers of the year, all of which are then taken."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"year": year, "count": count})
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def give_back_numbers() -> None:
    """The last number of each year is that of its last case again: cases went, and nobody has counted on since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT year FROM cases_caseyear ORDER BY year FOR UPDATE")
        cursor.execute(GIVE_BACK)
