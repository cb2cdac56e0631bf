"""Migrations neither lock a busy table nor lose what older code still reads."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django_migration_linter import MigrationLinter

REWRITING = ["0013_parts_stand_in_arrays"]
"""Takes away what the migration before it has put into other columns; a run writes it anew every night."""

OURS = [config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]

LOOSENING = [
    "0006_a_removed_document_may_come_again",
    "0012_look_up_registration_numbers",
    "0025_versions_of_documents",
]
"""Replace a unique constraint by ones that follow from it; the linter sees only that some are added."""

FILLED = ["0034_find_what_needs_an_owner"]
"""Asks for a column that a trigger fills in where the code before it leaves it out."""


@pytest.mark.django_db
def test_no_migration_is_unsafe_to_run_beside_the_code_before_it() -> None:
    root = str(settings.BASE_DIR)
    known = [*LOOSENING, *REWRITING, *FILLED]
    linter = MigrationLinter(root, include_apps=OURS, ignore_name=known, no_cache=True, quiet=["ok"])
    linter.lint_all_migrations()
    assert linter.nb_total > 0
    assert linter.nb_erroneous == 0
