"""Statements that a page asks again and again: put into SQL once, then asked with other values.

The ORM takes longer to write what a record is made of than the database to find it, and it writes the same each
time but for a few numbers. So it writes them with numbers that no row has, and those are exchanged.
"""

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

from accounts.models import User
from relationships.models import Relationship

M = TypeVar("M", bound=Model)
K = TypeVar("K")

FIRST = -(2**50)
ROW, PARTY, VIEWER = FIRST - 1, FIRST - 2, FIRST - 3
"""Stand for the relationship, its party and the viewer."""

SLOTS = tuple(FIRST - 10 - number for number in range(32))
"""Stand for the members of a list."""

MOST_KEPT = 200
_kept: dict[Hashable, Any] = {}


def kept(key: Hashable, make: Callable[[], K]) -> K:
    """What `make` gave for the key when it was first asked for; the key holds all that it depends on."""
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = make()
    found: K = _kept[key]
    return found


def anyone_like(viewer: User) -> User:
    """Somebody who holds what the viewer holds, for statements that serve all who do (`rights_of`)."""
    viewer.current_grants(), viewer.current_team_ids()
    found = copy(viewer)
    found.pk = VIEWER
    return found


def any_row(viewer: User, *, is_owner: bool) -> Relationship:
    """A relationship that stands for any, whether it is the viewer's own or not."""
    owned = {"owner_id": viewer.pk} if is_owner else {}
    return Relationship(pk=ROW, party_id=PARTY, **owned)


def values_of(viewer: User, relationship: Relationship) -> dict[int, int]:
    """What takes the place of the stand-ins on the record of a relationship."""
    return {VIEWER: viewer.pk, ROW: relationship.pk, PARTY: relationship.party_id}


def exchanged(params: tuple[Any, ...], values: Mapping[int, int]) -> tuple[Any, ...]:
    """The parameters with values in place of what stands for them; raises KeyError for what has none."""
    return tuple(values[param] if type(param) is int and param < FIRST else param for param in params)


def slots(ids: "set[int]") -> dict[int, int]:
    """The ids of a list in the places of `SLOTS`, the last one in all that are left. At least one, at most 32."""
    listed = sorted(ids)
    return dict(zip(SLOTS, listed + [listed[-1]] * (len(SLOTS) - len(listed)), strict=True))


class KeptRows(Generic[M]):
    """A queryset of models that was put into SQL with stand-ins."""

    def __init__(self, rows: "QuerySet[M]") -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(rows.db)
        self.sql, self.params = self.compiler.as_sql()

    def ask(self, values: Mapping[int, int]) -> list[M]:
        """The rows for these values."""
        rows = self.rows.all()
        rows.query = _Written(self, exchanged(tuple(self.params), values))  # type: ignore[assignment]  # all that rows ask of it
        return list(rows)


class _Written:
    """Stands for a query where rows are read: gives a compiler that has its SQL already."""

    values_select = ()

    def __init__(self, held: KeptRows[Any], params: tuple[Any, ...]) -> None:
        self.held, self.params = held, params

    def get_compiler(self, using: str, **_more: Any) -> Any:
        """A compiler of this connection with the values of this asking."""
        compiler: Any = copy(self.held.compiler)
        compiler.connection, compiler.using = connections[using], using
        compiler.as_sql = lambda *_given, **_more: (self.held.sql, self.params)
        return compiler
