"""Declares, in a migration, that a table is append-only; and unlocks it for the few operations entitled."""

from django.db import connection
from django.db.migrations import RunSQL

ENTITLED = frozenset({"erase", "merge", "revert_import", "remove_sample"})


def append_only(table: str, *changeable: str) -> RunSQL:
    """A migration operation: `table` refuses DELETE, and UPDATE of any column but those `changeable`."""
    arguments = ", ".join(f"'{column}'" for column in changeable)
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION relman_append_only({arguments})",
        f"DROP TRIGGER {table}_append_only ON {table}",
    )


def unlock_append_only(operation: str) -> None:
    """Lets the rest of this transaction change append-only rows, in the name of an entitled operation.

    Raises ValueError for an operation that is not entitled. Nothing outside the transaction is affected.
    """
    if operation not in ENTITLED:
        raise ValueError(f"{operation!r} may not change append-only rows")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('relman.unlock', %s, true)", [operation])
