"""Taking a person out of every table: rows about them go or lose their words, and other texts lose their name."""

import contextlib
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models import CharField, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Left
from psycopg2.sql import SQL, Identifier, Literal

from oversight.queries.identity import Identity
from oversight.registry import Table, our_models, table_of

Counted = dict[str, dict[str, int]]
LISTS = (ArrayField, models.JSONField)
LONGEST_READ = 64 * 1024 * 1024


def strike_out(identity: Identity) -> Counted:
    """Everything of one person, in the transaction at hand; gives by table how many rows went and changed.

    Again, it finds nothing more. Append-only tables must be unlocked. Files go once the transaction is kept.
    """
    counted: Counted = {}
    for model in our_models():
        table = table_of(model)
        went, changed = _rows_about(model, table, identity)
        named_went, named_changed = _rows_naming(model, table, identity)
        if went or changed or named_went or named_changed:
            counted[model._meta.label] = {"went": went + named_went, "changed": changed + named_changed}
    return counted


def rows_about(model: type[models.Model], table: Table, party_id: int) -> "models.QuerySet[Any]":
    """The rows of a table that are about a person."""
    condition = Q(pk__in=[])
    for path in table.about:
        condition |= Q(**{path: party_id})
    return model._base_manager.filter(condition)


def rows_naming(model: type[models.Model], table: Table, identity: Identity) -> list[Any]:
    """The rows of a table in whose words the person stands, read whole; found by one scan of the table."""
    columns = [model._meta.get_field(name) for name in table.searched]
    if not columns or not identity.loose:
        return []
    tests = [
        SQL("{}::text ~* {}").format(Identifier(str(column.column)), Literal(identity.loose))  # type: ignore[union-attr]
        for column in columns
    ]
    statement = SQL("SELECT {} FROM {} WHERE {}").format(
        Identifier(str(model._meta.pk.column)), Identifier(model._meta.db_table), SQL(" OR ").join(tests)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = [row[0] for row in cursor.fetchall()]
    rows = model._base_manager.filter(pk__in=found)
    return [row for row in rows if any(_named(row, column, identity) for column in columns)]


def _named(row: Any, column: Any, identity: Identity) -> bool:
    value = getattr(row, column.attname)
    return bool(identity.struck(value) != value)


def _rows_about(model: type[models.Model], table: Table, identity: Identity) -> tuple[int, int]:
    if not table.about:
        return 0, 0
    rows = rows_about(model, table, identity.number)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return 0, 0
    own = model._base_manager.filter(pk__in=ids)
    for name in table.files.split():
        _let_go(model, name, set(own.exclude(**{name: ""}).values_list(name, flat=True)), ids)
    if table.goes:
        return own._raw_delete(own.db), 0  # what hangs on it goes as well
    for name in table.names.split():
        own.exclude(**{name: ""}).update(**{name: identity.pseudonym})
    for name in table.words.split():
        _empty(own, model._meta.get_field(name), identity)
    for name in table.files.split():
        own.update(**{name: ""})
    return 0, len(ids)


def _empty(rows: "models.QuerySet[Any]", column: Any, identity: Identity) -> None:
    """Words give way to the token with the row's number, since some may not be there twice; lists to empty ones."""
    name = column.name
    if isinstance(column, LISTS):
        empty = column.get_default()
        filled = rows.exclude(**{f"{name}__isnull": True})
        filled.update(**{name: None if column.null else ([] if isinstance(empty, list) else {})})
        return
    words = Concat(Value(f"{identity.token}-"), Cast("pk", TextField()), output_field=CharField())
    fitting = Left(words, column.max_length) if column.max_length else words
    said = rows.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True})
    said.exclude(**{f"{name}__startswith": identity.token}).update(**{name: fitting})


def _rows_naming(model: type[models.Model], table: Table, identity: Identity) -> tuple[int, int]:
    found = rows_naming(model, table, identity)
    if not found:
        return 0, 0
    if table.goes_if_named:
        rows = model._base_manager.filter(pk__in=[row.pk for row in found])
        return rows.delete()[0] and len(found), 0
    columns = [model._meta.get_field(name) for name in table.searched]
    for row in found:
        values = {}
        for column in columns:
            if _named(row, column, identity):
                struck = identity.struck(getattr(row, column.attname))  # type: ignore[union-attr]
                most = getattr(column, "max_length", None)
                values[column.name] = struck[:most] if most and isinstance(struck, str) else struck
        model._base_manager.filter(pk=row.pk).update(**values)
    return 0, len(found)


def strike_files(identity: Identity) -> int:
    """Takes away files of tables that are about nobody in which the person stands, as imported lists; how many."""
    gone = 0
    for model in our_models():
        table = table_of(model)
        if table.about or not table.files:
            continue
        for row in model._base_manager.order_by("pk"):
            names = {name: str(getattr(row, name)) for name in table.files.split()}
            named = [each for each in names.values() if each and _stands_in(each, identity)]
            if named:
                for name, each in names.items():
                    _let_go(model, name, {each} - {""}, [row.pk])
                model._base_manager.filter(pk=row.pk).update(**dict.fromkeys(names, ""))
                gone += 1
    return gone


def _stands_in(name: str, identity: Identity) -> bool:
    if not default_storage.exists(name):
        return False
    with default_storage.open(name) as file:
        content = file.read(LONGEST_READ)
    for encoding in ("utf-8", "utf-16", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            if identity.exact.search(content.decode(encoding)):
                return True
    return False


def _let_go(model: type[models.Model], column: str, names: Iterable[str], ids: list[Any]) -> None:
    """Deletes files once the transaction is kept, unless another row has the same one."""
    for name in set(names):
        shared = model._base_manager.filter(**{column: name}).exclude(pk__in=ids).exists()
        if not shared:
            transaction.on_commit(lambda name=name: _delete(name))  # type: ignore[misc]  # bound now


def _delete(name: str) -> None:
    """A file that no row of any table names any more: a document's content may be an earlier one of another."""
    named = (
        model._base_manager.filter(**{column: name}).exists()
        for model in our_models()
        for column in table_of(model).files.split()
    )
    if not any(named):
        default_storage.delete(name)
