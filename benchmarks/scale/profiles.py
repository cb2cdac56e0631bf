"""A kind's own row of a relationship, whatever its fields: nothing here knows one kind from another."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from numpy.random import Generator

from benchmarks.scale.copying import NULL, Table, text
from benchmarks.scale.words import TRADES
from relationships.kinds import Kind

Draw = Callable[[Generator], str]
SHOWN_WORDS = 12


class Profiles:
    """The profile table of one kind: columns that its list shows are drawn, the others keep their defaults."""

    def __init__(self, kind: Kind, until: datetime) -> None:
        model = apps.get_model(kind.profile)
        own = model.__name__.lower()
        shown = {
            path[1] for column in kind.columns if len(path := column.path.split("__")) == 2 and path[0] == own
        }
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        drawn = {f.column: draw for f in fields if (draw := _draw(f, f.name in shown, until))}
        key = model._meta.pk.column
        self.table = Table(model, key, *drawn)
        self.name = self.table.name
        self._draws = list(drawn.values())

    def copy(self, ids: Iterable[int], rng: Generator) -> None:
        """Adds a row for each relationship."""
        self.table.copy("\t".join([str(pk), *(draw(rng) for draw in self._draws)]) for pk in ids)


def _draw(field: "models.Field[Any, Any]", shown: bool, until: datetime) -> Draw | None:
    """How the field is drawn; None where its default will do."""
    if field.is_relation or field.unique:
        return None
    values = [text(value) for value, _label in field.flatchoices if value not in ("", None)]
    if values:
        return lambda rng: values[int(rng.integers(len(values)))]
    if not shown:
        return None
    if isinstance(field, models.DateField):
        empty = NULL if field.null else text(until.date())
        return lambda rng: (
            text((until + timedelta(days=int(rng.integers(-300, 300)))).date())
            if rng.random() < 0.6
            else empty
        )
    if isinstance(field, models.CharField) and (field.max_length or 0) >= max(map(len, TRADES)):
        return lambda rng: TRADES[int(rng.integers(SHOWN_WORDS))]
    return None
