"""That a column is one of many numbers, told to the database as one array."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Lookup, Q, QuerySet


class Among(Lookup):
    """That a column is in a list, which is one parameter however long it is."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY(list)`."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)


class _OneOf(Func):
    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY("


def one_of(path: str, rows: "QuerySet[Any]", field: str = "pk") -> Q:
    """That the column at `path` is one of what `rows` have in `field`: found first, then looked up by an index.

    As a subquery the database may think of many, and read the whole table for them.
    """
    return Q(_OneOf(F(path), ArraySubquery(rows.order_by().values(field))))
