"""Migrations neither lock a busy table nor lose what older code still reads."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps
from django.db.models import Model
from django_migration_linter import MigrationLinter

from relman.management.commands.migrate import GrowingState

REWRITING = ["0013_parts_stand_in_arrays"]
"""Takes away what the migration before it has put into other columns; a run writes it anew every night."""

OURS = [config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]

LOOSENING = [
    "0006_a_removed_document_may_come_again",
    "0012_look_up_registration_numbers",
    "0025_versions_of_documents",
]
"""Replace a unique constraint by ones that follow from it; the linter sees only that some are added."""

WIDER = ["0006_name_more_outcomes"]
"""Makes a column of text longer, which is no rewriting of the table and holds all that was in it."""

FILLED = ["0034_find_what_needs_an_owner"]
"""Asks for a column that a trigger fills in where the code before it leaves it out."""


@pytest.mark.django_db
def test_no_migration_is_unsafe_to_run_beside_the_code_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.migrations.graph.ProjectState", GrowingState)
    root = str(settings.BASE_DIR)
    known = [*LOOSENING, *REWRITING, *WIDER, *FILLED]
    linter = MigrationLinter(root, include_apps=OURS, ignore_name=known, no_cache=True, quiet=["ok"])
    linter.lint_all_migrations()
    assert linter.nb_total > 0
    assert linter.nb_erroneous == 0


def read_of(model: type[Model]) -> list[object]:
    """What is read of a model when its table is made or changed, with what is read of those that it points to."""
    about = model._meta
    fields = {
        field.name: (field.column, field.db_parameters(connection), field.null, pointed_to(field))
        for field in about.local_fields + about.local_many_to_many
    }
    return [about.db_table, fields, about.unique_together, about.indexes, about.constraints]


def pointed_to(field: Any) -> list[str]:
    """The table and columns that a field points to, and the one between."""
    if not field.is_relation:
        return []
    ends = [end.column for end in getattr(field, "foreign_related_fields", [])]
    through = field.remote_field.through if field.many_to_many else None  # nor has a model that ours replaces
    between = [through._meta.db_table] if through else []
    return [field.related_model._meta.db_table, *ends, *between]


def test_models_made_anew_one_by_one_are_those_made_all_at_once() -> None:
    """After many a migration what an operation reads is the same, whichever way the models were made."""
    graph = MigrationLoader(None).graph
    state = GrowingState()
    state.apps  # noqa: B018  made once; from here on it grows
    plan = dict.fromkeys(node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf))
    for number, node in enumerate(plan):
        state = graph.nodes[node].mutate_state(state, preserve=False)
        if number % 40 == 39 or number == len(plan) - 1:
            whole = StateApps(state.real_apps, state.models)
            for label, name in state.models:
                grown, fresh = (models.get_model(label, name) for models in (state.apps, whole))
                assert read_of(grown) == read_of(fresh), f"{label}.{name} after {node}"
