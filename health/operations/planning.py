"""How PostgreSQL is told to plan while health is computed, and how a plan is kept for those that are asked often."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg2.extensions import AsIs

FOR_EVERYBODY = {"work_mem": "'256MB'", "jit": "off", "enable_nestloop": "off"}
"""Room for the sums of a whole kind in memory; no compilation of a statement that runs once; and no nested loops.

After an import the tables have no statistics yet: the planner then expects three rows where there are thirty
thousand, and joins sums row by row, which takes hours instead of seconds.
"""

FOR_SOME = {"jit": "off", "enable_seqscan": "off"}
"""Whoever asks for some reaches their rows by indexes. How many rows that are, the planner cannot tell from the
evidence it has not seen yet; it expected so many that it read everybody's instead.
"""

FEW = 20
"""For up to so many relationships, planning the statement takes longer than carrying it out."""

SOME = 2_000
"""For up to so many, planning is still a part of the work worth saving. More are planned for what they are."""

LISTED = "SELECT each::bigint FROM string_to_table({place}, ',') AS each"
"""How ids are given that are not few: of an array whose values it does not know the planner expects ten, and would
join hundreds row by row; of this it expects a thousand."""

MOST_KEPT = 40
"""Plans that a connection keeps: a few for each kind, and more only after scorecards were edited often."""

KEPT: "WeakKeyDictionary[object, set[str]]" = WeakKeyDictionary()
"""The names of the plans that each connection keeps."""

PER_RUN = {"as_of": "timestamptz", "ids": "bigint[]", "month_ago": "date"}
"""What differs from run to run; everything else is the scorecard's, and stands in the plan itself."""


def run_planned(cursor: Any, sql: str, params: Mapping[str, Any]) -> None:
    """Runs a statement about the relationships in `ids`: with a plan that the connection keeps, unless they are many.

    The statement speaks of them as `= ANY(%(ids)s)`.
    """
    ids = params["ids"]
    if not 0 < len(ids) <= SOME:
        cursor.execute(sql, params)
        return
    given = {name: kind for name, kind in PER_RUN.items() if name in params}
    places: dict[str, Any] = {name: f"${number}" for number, name in enumerate(given, 1)}
    if len(ids) > FEW:
        given["ids"], params = "text", {**params, "ids": ",".join(map(str, ids))}
        places["ids"] = LISTED.format(place=places["ids"])
    text = cursor.mogrify(sql, {**params, **{name: AsIs(place) for name, place in places.items()}})
    name = _keep(cursor, text, given)
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    cursor.execute(
        f"EXECUTE {name} ({', '.join(f'%({each})s::{kind}' for each, kind in given.items())})", params
    )


def _keep(cursor: Any, text: bytes, given: Mapping[str, str]) -> str:
    """The name under which the connection keeps the plan of a statement."""
    name = f"health_{blake2b(text, digest_size=12).hexdigest()}"
    kept = KEPT.setdefault(connection.connection, set())
    if name not in kept:
        if len(kept) >= MOST_KEPT:
            cursor.execute("; ".join(f"DEALLOCATE {old}" for old in kept))  # pages keep statements here too
            kept.clear()
        cursor.execute(f"PREPARE {name} ({', '.join(given.values())}) AS ".encode() + text)
        kept.add(name)
    return name


@contextmanager
def planned_for(*, everybody: bool) -> Iterator[None]:
    """Sets the planner for a statement about a whole kind, or about some relationships.

    Must run inside a transaction. What the transaction does afterwards is planned as before.
    """
    chosen = FOR_EVERYBODY if everybody else FOR_SOME
    _set(chosen)
    yield
    _set(dict.fromkeys(chosen, "DEFAULT"))


def _set(values: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
