"""Counts for pages: exact up to a bound, "more than that" beyond it, and several in one round trip."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from core.wording import figure

COUNT_CAP = 10_000
FIGURE_CAP = 999
"""For a figure beside a name, which says how much waits there; the list that it opens counts on."""


def capped_counts(*rows: "QuerySet[Any]", cap: int = COUNT_CAP) -> list[int]:
    """How many rows each queryset has, at most `cap + 1`, all in one query."""
    parts: list[str] = []
    params: list[Any] = []
    for queryset in rows:
        counted = queryset.order_by().values("pk")[: cap + 1]
        try:
            sql, own = counted.query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  a compiled queryset
        params += own
    if not params and set(parts) <= {"0"}:
        return [0] * len(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row: tuple[int, ...] = cursor.fetchone()
    return list(row)


def capped_words(number: int) -> str:
    """A capped count in words: 412, or “10,000+”."""
    return figure_words(number, COUNT_CAP)


def figure_words(number: int, cap: int = FIGURE_CAP) -> str:
    """A figure in words: 412, or “999+”."""
    return f"{figure(cap)}+" if number > cap else figure(number)
