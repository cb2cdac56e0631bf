"""Names of cases: CAS-2026-000042, counted anew each year, without gaps."""

from django.db import connection

TAKE = """
INSERT INTO cases_caseyear (year, last_number) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last_number = cases_caseyear.last_number + 1
RETURNING last_number
"""


def take_ref(year: int) -> str:
    """The next name of the year. Whoever opens another case waits until this one is written or given up."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [year])
        (number,) = cursor.fetchone()
    return f"CAS-{year}-{number:06d}"
