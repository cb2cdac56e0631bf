"""How PostgreSQL is told to plan while health is computed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SETTINGS = {"work_mem": "'256MB'", "jit": "off", "enable_nestloop": "off"}
"""Room for the sums of a whole kind in memory; no compilation of a statement that runs once; and no nested loops.

After an import the tables have no statistics yet: the planner then expects three rows where there are thirty
thousand, and joins sums row by row, which takes hours instead of seconds.
"""


@contextmanager
def planned_for(*, everybody: bool) -> Iterator[None]:
    """Sets the planner for a statement about a whole kind, or about few rows (then loops over an index are right).

    Must run inside a transaction. What the transaction does afterwards is planned as before.
    """
    chosen = {name: value for name, value in SETTINGS.items() if everybody or name == "jit"}
    _set(chosen)
    yield
    _set(dict.fromkeys(chosen, "DEFAULT"))


def _set(values: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
