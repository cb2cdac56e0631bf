"""Statements that a page asks again and again: put into SQL once, then asked with other values.

The ORM takes longer to write what a record is made of than the database to find it, and the database longer to
plan it; both do the same each time but for a few numbers. So statements are written with numbers that no row has,
which the database takes as parameters.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from hashlib import md5
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection, connections
from django.db.models import F, Model, QuerySet

from accounts.models import User
from core.arrays import Among
from relationships.models import Relationship

M = TypeVar("M", bound=Model)
K = TypeVar("K")

FIRST = -(2**50)
ROW, PARTY, VIEWER = FIRST - 1, FIRST - 2, FIRST - 3
"""Stand for the relationship, its party and the viewer."""


def places(number: int) -> tuple[int, ...]:
    """Stand for the members of a list of so many."""
    return tuple(FIRST - 10 - place for place in range(number))


LISTED = FIRST - 9
"""Alone in a list stands for a list of numbers of any length; to be compared by `Among`."""
ONE_LISTED = re.compile(rf"ARRAY\[ ?{LISTED}\]")

SLOTS = places(32)
"""Stand for the members of a list of any length up to this."""

FIRST_TEXT, LONG = 0xE000, 3
"""Letters that nobody writes stand for a text: one of them for a text shorter than LONG, else so many."""

FIRST_PLACE = FIRST - 1_000
"""Numbers from here on stand for whole texts while a statement is written."""

GENERIC = "SET LOCAL plan_cache_mode = force_generic_plan; "
BY_STEPS = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; "
"""Settings for what finds few rows by a text, which the database cannot know when it plans for any text."""

NO_TEXTS: Mapping[str, str] = MappingProxyType({})
TEXT = re.compile(f"[{chr(FIRST_TEXT)}-{chr(FIRST_TEXT + 255)}]+")


def stand_in(number: int, text: str) -> str:
    """What stands for the text in a statement; `number` tells apart those of one statement, up to 256."""
    return chr(FIRST_TEXT + number) * min(len(text), LONG)


def put_into(param: Any, numbers: Mapping[int, int], texts: Mapping[str, str]) -> Any:
    """A parameter of a statement with what takes the place of its stand-ins.

    One with a `%` is a pattern of LIKE, in which a text stands for itself alone.
    """
    if type(param) is int:
        return numbers.get(param, param)
    if not isinstance(param, str):
        return param
    is_pattern = "%" in param
    return TEXT.sub(lambda met: _literal(texts[met[0]]) if is_pattern else texts[met[0]], param)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


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


class Statement:
    """SQL with stand-ins, which the database plans once for each connection and then only carries out.

    Planning took it several times as long as finding what a page needs. All other values are written into the
    text, so that partial indexes are still found. `settings` are those under which it is planned.
    """

    def __init__(self, sql: str, params: tuple[Any, ...], settings: str = "") -> None:
        self.stands = sorted({param for param in params if type(param) is int and param < FIRST})
        self.is_listed, self.settings = [LISTED] in params, f"{GENERIC}{settings}"
        self.written_texts = sorted({param for param in params if type(param) is str and TEXT.search(param)})
        places = {text: FIRST_PLACE - number for number, text in enumerate(self.written_texts)}
        with connection.cursor() as cursor:
            put = [places.get(param, param) if type(param) is str else param for param in params]
            text: str = cursor.mogrify(sql, put).decode()
        text = ONE_LISTED.sub(f"${len(self.stands) + 1}::bigint[]", text)
        for number, stand in enumerate(self.stands, 1):
            text = text.replace(str(stand), f"${number}::bigint")
        for number, place in enumerate(places.values(), len(self.stands) + self.is_listed + 1):
            text = text.replace(str(place), f"${number}::text")
        self.text, self.name = text, f"kept_{md5(text.encode(), usedforsecurity=False).hexdigest()}"

    def call(
        self, values: Mapping[int, int], listed: Sequence[int] = (), texts: Mapping[str, str] = NO_TEXTS
    ) -> str:
        """What to execute, without parameters; raises KeyError for a stand-in without a value."""
        given = [str(int(values[stand])) for stand in self.stands]
        if self.is_listed:
            given.append(f"'{{{','.join(map(str, map(int, listed)))}}}'")
        self._prepare()
        if self.written_texts:
            told = [put_into(text, {}, texts) for text in self.written_texts]
            with connection.cursor() as cursor:
                given.append(cursor.mogrify(", ".join(["%s"] * len(told)), told).decode())
        return f"{self.settings}EXECUTE {self.name}{'(' + ', '.join(given) + ')' if given else ''}"

    def _prepare(self) -> None:
        """Brings the statement to this connection, once."""
        connection.ensure_connection()
        prepared = _prepared.setdefault(connection.connection, set())
        if self.name not in prepared:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {self.text}")
            prepared.add(self.name)

    def written(self, values: Mapping[int, int]) -> str:
        """The statement with the values in it, to be planned like any other."""
        text = self.text
        for number, stand in reversed(list(enumerate(self.stands, 1))):
            text = text.replace(f"${number}::bigint", str(int(values[stand])))
        return text


_prepared: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


def slots(ids: "set[int]") -> dict[int, int]:
    """The ids of a list in the places of `SLOTS`, the last one in all that are left. At least one, at most 32."""
    listed = sorted(ids)
    return dict(zip(SLOTS, listed + [listed[-1]] * (len(SLOTS) - len(listed)), strict=True))


class KeptRows(Generic[M]):
    """A queryset of models that was put into SQL with stand-ins."""

    def __init__(self, rows: "QuerySet[M]") -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(rows.db)
        self.statement = Statement(*self.compiler.as_sql())
        columns = [column for column, *_more in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def ask(self, values: Mapping[int, int], listed: Sequence[int] = ()) -> list[M]:
        """The rows for these values."""
        rows = self.rows.all()
        rows.query = _Written(self, self.statement.call(values, listed))  # type: ignore[assignment]  # all that rows ask of it
        return list(rows)


def rows_in_order(key: Hashable, rows: "Callable[[], QuerySet[M]]", ids: Sequence[int]) -> list[M]:
    """The rows with these ids, in the order of the ids; one that is gone by now is left out.

    `rows` gives all that there are, read as they are to be read. What many tables are put together from is planned
    for longer than it is read: a page of a list is chosen from few of them, and then read here.
    """
    statement: KeptRows[M] = kept(key, lambda: KeptRows(rows().filter(Among(F("pk"), [LISTED]))))
    found = {row.pk: row for row in statement.ask({}, ids)}
    return [found[pk] for pk in ids if pk in found]


class _Written:
    """Stands for a query where rows are read: gives a compiler that has its SQL already."""

    values_select = ()

    def __init__(self, held: KeptRows[Any], sql: str) -> None:
        self.held, self.sql = held, sql

    def get_compiler(self, using: str, **_more: Any) -> Any:
        """A compiler of this thread's connection that has nothing left to write."""
        compiler: Any = copy(self.held.compiler)
        compiler.connection, compiler.using = connections[using], using
        compiler.as_sql = lambda *_given, **_more: (self.sql, None)
        compiler.get_converters = lambda _columns: self.held.converters
        return compiler
