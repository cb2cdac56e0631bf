"""What a merge does to rows, table by table, written down as it is done; and how that is taken back.

Every statement both changes the rows and keeps what they were, so that rows never travel: a merge of thousands
costs as many statements as one of three. Keys are checked when the transaction ends, so order is free.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery

from relationships.enums import Carry, MergeAction
from relationships.models import MergeRecord, MergeStep
from relationships.registry import Carried

Model = type[models.Model]

STEP = """
INSERT INTO relationships_mergestep
    (record_id, action, model, field, from_id, to_id, ids, rows, rows_after)
SELECT %(record)s, %(action)s, %(model)s, %(field)s, %(from)s, %(to)s, array_agg(done.id ORDER BY done.id),
       COALESCE(jsonb_agg(done.row ORDER BY done.id) FILTER (WHERE done.row IS NOT NULL), '[]'), '[]'
FROM done HAVING count(*) > 0
"""
MOVE = "WITH done AS (UPDATE {table} SET {column} = %(to)s WHERE {where} RETURNING {pk} AS id, NULL::jsonb AS row)"
ASIDE = (
    "WITH done AS (DELETE FROM {table} t WHERE {pk} = ANY(%(ids)s) RETURNING {pk} AS id, to_jsonb(t) AS row)"
)
BLEND = (
    "UPDATE {table} kept SET {assigned} FROM {table} gone WHERE kept.{pk} = %(kept)s AND gone.{pk} = %(gone)s"
)
BEFORE = """
WITH done AS (
    SELECT wanted.id, to_jsonb(t) AS row FROM unnest(%(ids)s::bigint[]) wanted(id)
    LEFT JOIN {table} t ON t.{pk} = wanted.id)
"""
AFTER = """
UPDATE relationships_mergestep SET rows_after = (
    SELECT COALESCE(jsonb_agg(to_jsonb(t) ORDER BY t.{pk}), '[]') FROM {table} t
    WHERE t.{pk} = ANY(relationships_mergestep.ids))
WHERE id = %(step)s
"""
MOVE_BACK = "UPDATE {table} SET {column} = %(from)s WHERE {pk} = ANY(%(ids)s) AND {column} = %(to)s"
PUT_BACK = """
INSERT INTO {table} ({columns})
SELECT {values} FROM relationships_mergestep step, jsonb_array_elements(step.rows) kept(row),
     jsonb_populate_record(NULL::{table}, %(fresh)s::jsonb || kept.row) was
WHERE step.id = %(step)s AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(step.rows_after) after(row) WHERE after.row -> %(pk)s = kept.row -> %(pk)s)
ON CONFLICT DO NOTHING
"""
UNCHANGE = """
UPDATE {table} t SET {assigned}
FROM relationships_mergestep step, jsonb_array_elements(step.rows) before(row),
     jsonb_array_elements(step.rows_after) after(row), jsonb_populate_record(NULL::{table}, before.row) was
WHERE step.id = %(step)s AND before.row -> %(pk)s = after.row -> %(pk)s AND t.{pk} = was.{pk}
  AND before.row <> after.row
"""
ASSIGNED = """{column} = CASE WHEN to_jsonb(t) -> '{name}' = after.row -> '{name}' AND before.row ? '{name}'
    THEN was.{column} ELSE t.{column} END"""
UNMAKE = """
DELETE FROM {table} t USING relationships_mergestep step
WHERE step.id = %(step)s AND t.{pk} = ANY(step.ids) AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(step.rows) was(row) WHERE (was.row ->> %(pk)s)::bigint = t.{pk})
"""
TOUCHED = """
SELECT wanted.id FROM relationships_mergestep step
JOIN LATERAL unnest(step.ids) wanted(id) ON true
LEFT JOIN LATERAL jsonb_array_elements(step.rows_after) after(row) ON (after.row ->> %(pk)s)::bigint = wanted.id
LEFT JOIN {table} t ON t.{pk} = wanted.id
WHERE step.id = %(step)s AND to_jsonb(t) IS DISTINCT FROM after.row
"""


class Ledger:
    """Carries rows from one party or relationship to another, and keeps the account of it under a record."""

    def __init__(self, record: MergeRecord) -> None:
        self.record = record
        self._seen: set[tuple[Model, int]] = set()

    def carry(self, entry: Carried, *, keep_id: int, drop_id: int) -> None:
        """Does with the rows that name `drop_id` in a column what was registered of it."""
        model = apps.get_model(entry.model)
        if entry.rule is Carry.FORGET:
            model._base_manager.filter(**{f"{entry.column}_id": drop_id}).delete()
            return
        if entry.rewritten:
            self.before(model, [keep_id])
        if entry.rule is Carry.ASIDE:
            self.set_aside(model, _ids(model, Q(**{f"{entry.column}_id": drop_id})))
            return
        for pairs, changes in _twice(entry, model, keep_id, drop_id):
            if changes:
                self.change(model, [gone for gone, _kept in pairs], changes)
            else:
                self._join(entry, model, pairs)
        self.move(model, entry.column, from_id=drop_id, to_id=keep_id)

    def move(self, model: Model, column: str, *, from_id: int, to_id: int) -> None:
        """Has the rows that name the one name the other."""
        field = _column(model, column)
        told = {"action": MergeAction.MOVED, "field": column, "from": from_id, "to": to_id}
        self._step(model, MOVE, told, column=field, where=f"{field} = %(from)s")

    def set_aside(self, model: Model, ids: Iterable[int], *, alone: bool = False) -> None:
        """Takes rows out and keeps them whole, with what hangs on them unless they stand alone by now."""
        gone = sorted(ids)
        if not gone:
            return
        if not alone:
            for child, name in _hanging(model):
                self.set_aside(child, _ids(child, Q(**{f"{name}__in": gone})))
        self._step(model, ASIDE, {"action": MergeAction.ASIDE, "ids": gone})

    def before(self, model: Model, ids: Iterable[int]) -> None:
        """Keeps rows as they are now, changed afterwards or not; also that a row was not there."""
        fresh = sorted({pk for pk in ids if (model, pk) not in self._seen})
        self._seen |= {(model, pk) for pk in fresh}
        if fresh:
            self._step(model, BEFORE, {"action": MergeAction.CHANGED, "ids": fresh})

    def change(self, model: Model, ids: Sequence[int], values: Mapping[str, Any]) -> None:
        """Sets fields of rows."""
        self.before(model, ids)
        model._base_manager.filter(pk__in=ids).update(**values)

    def added(self, model: Model, ids: Iterable[int]) -> None:
        """Notes rows that the merge made; they go again when it is undone."""
        made = sorted(ids)
        if made:
            MergeStep.objects.create(
                record=self.record, action=MergeAction.ADDED, model=model._meta.label_lower, ids=made
            )

    def seal(self) -> None:
        """Keeps the changed rows as the merge leaves them, and has the database check every key now."""
        for step in MergeStep.objects.filter(record=self.record, action=MergeAction.CHANGED):
            _run(apps.get_model(step.model), AFTER, {"step": step.pk})
        _check_keys()

    def _join(self, entry: Carried, model: Model, pairs: Sequence[tuple[int, int]]) -> None:
        """Of each two rows that say the same one stands and the other is set aside, with what hangs on it."""
        for gone, kept in [_ranked(entry, model, pair) for pair in pairs]:
            for child, name in entry.onto:
                self.move(apps.get_model(child), name, from_id=gone, to_id=kept)
            if entry.blend:
                self.before(model, [kept])
                assigned = ", ".join(f"{_column(model, name)} = {sql}" for name, sql in entry.blend.items())
                _run(model, BLEND, {"gone": gone, "kept": kept}, assigned=assigned)
            self.set_aside(model, [gone])

    def _step(self, model: Model, doing: str, told: Mapping[str, Any], **names: str) -> None:
        facts = {"field": "", "from": None, "to": None, **told}
        facts |= {"record": self.record.pk, "model": model._meta.label_lower}
        _run(model, doing + STEP, facts, **names)


def take_back(record: MergeRecord) -> set[tuple[str, int]]:
    """Undoes everything that a record tells of; gives the rows, by model and id, that changed since the merge.

    What was changed since stays as it is, column by column. Rows that were removed since stay away.
    """
    steps = list(MergeStep.objects.filter(record=record).defer("rows", "rows_after").order_by("-pk"))
    by_action: dict[str, list[MergeStep]] = {action: [] for action in MergeAction.values}
    for step in steps:
        by_action[step.action].append(step)
    touched = {(step.model, pk) for step in by_action[MergeAction.CHANGED] for pk in _touched(step)}
    for step in by_action[MergeAction.ADDED]:
        apps.get_model(step.model)._base_manager.filter(pk__in=step.ids).delete()
    for step in by_action[MergeAction.MOVED]:
        model = apps.get_model(step.model)
        facts = {"from": step.from_id, "to": step.to_id, "ids": step.ids}
        _run(model, MOVE_BACK, facts, column=_column(model, step.field))
    for step in by_action[MergeAction.CHANGED]:
        _unchange(step)
    for step in [*by_action[MergeAction.ASIDE], *by_action[MergeAction.CHANGED]]:
        _put_back(step)
    _check_keys()
    return touched


def _put_back(step: MergeStep) -> None:
    """The rows that were taken out, as they were; a column that the table got since has its default."""
    model = apps.get_model(step.model)
    fields = model._meta.concrete_fields
    fresh = json.dumps({field.column: _default(field) for field in fields}, cls=DjangoJSONEncoder)
    columns = [_quoted(field.column) for field in fields]
    values = ", ".join(f"was.{column}" for column in columns)
    facts = {"step": step.pk, "fresh": fresh, "pk": _pk(model)}
    _run(model, PUT_BACK, facts, columns=", ".join(columns), values=values)


def _default(field: "models.Field[Any, Any]") -> Any:
    return field.get_default() if field.db_default is models.NOT_PROVIDED else field.db_default


def _unchange(step: MergeStep) -> None:
    model = apps.get_model(step.model)
    pk = _pk(model)
    others = [field.column for field in model._meta.concrete_fields if field.column != pk]
    assigned = ", ".join(ASSIGNED.format(column=_quoted(name), name=name) for name in others)
    _run(model, UNCHANGE, {"step": step.pk, "pk": pk}, assigned=assigned)
    _run(model, UNMAKE, {"step": step.pk, "pk": pk})


def _touched(step: MergeStep) -> list[int]:
    model = apps.get_model(step.model)
    with connection.cursor() as cursor:
        cursor.execute(_named(model, TOUCHED), {"step": step.pk, "pk": _pk(model)})
        return [row[0] for row in cursor.fetchall()]


def _twice(
    entry: Carried, model: Model, keep_id: int, drop_id: int
) -> Iterable[tuple[list[tuple[int, int]], Mapping[str, Any]]]:
    """Pairs of rows (that of the one that goes, that of the one kept) of which only one may stand, and what is
    changed in the first instead, if anything. Those that are set aside come first."""
    mine, theirs = Q(**{f"{entry.column}_id": drop_id}), Q(**{f"{entry.column}_id": keep_id})
    for names, condition, changes in _uniques(entry, model):
        same = {name: OuterRef(name) for name in names}
        other = model._base_manager.filter(condition, theirs, **same).order_by("pk").values("pk")[:1]
        found = model._base_manager.filter(condition, mine).annotate(kept_row=Subquery(other))
        pairs = list(found.filter(kept_row__isnull=False).order_by("pk").values_list("pk", "kept_row"))
        if pairs:
            yield pairs, changes


def _uniques(entry: Carried, model: Model) -> list[tuple[list[str], Q, Mapping[str, Any]]]:
    """The sets of further fields that may be there once for each value of the column."""
    found: list[tuple[list[str], Q, Mapping[str, Any]]] = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and entry.column in constraint.fields:
            others = [name for name in constraint.fields if name != entry.column]
            found.append((others, constraint.condition or Q(), entry.yields.get(constraint.name, {})))
    found += [
        ([name for name in together if name != entry.column], Q(), {})
        for together in model._meta.unique_together
        if entry.column in together
    ]
    if model._meta.get_field(entry.column).one_to_one:
        found.append(([], Q(), {}))
    if entry.once:
        found.append((list(entry.once), Q(), {}))
    return sorted(found, key=lambda unique: bool(unique[2]))


def _ranked(entry: Carried, model: Model, pair: tuple[int, int]) -> tuple[int, int]:
    """Which goes and which stands: the kept party's, unless the other one is further along."""
    name, order = entry.prefer
    if not name:
        return pair
    rows = model._base_manager.in_bulk(pair)
    gone, kept = (order.index(getattr(rows[pk], name)) for pk in pair)
    return pair if gone <= kept else (pair[1], pair[0])


def _hanging(model: Model) -> list[tuple[Model, str]]:
    """The tables whose rows go with a row of this one, and the key by which they hang on it."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE
    ]


def _ids(model: Model, condition: Q) -> list[int]:
    return list(model._base_manager.filter(condition).order_by("pk").values_list("pk", flat=True))


def _run(model: Model, statement: str, facts: Mapping[str, Any], **names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_named(model, statement, **names), facts)


def _named(model: Model, statement: str, **names: str) -> str:
    return statement.format(table=_quoted(model._meta.db_table), pk=_quoted(_pk(model)), **names)


def _check_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _pk(model: Model) -> str:
    return str(model._meta.pk.column)


def _column(model: Model, name: str) -> str:
    field: models.Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # a key, never a relation from elsewhere
    return _quoted(field.column or "")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
