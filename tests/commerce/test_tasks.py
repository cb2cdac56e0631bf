"""What the worker does with purchases: in a process that exits, and without ever loading the models' libraries."""

import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from commerce.models import ModelFit, PurchaseFact
from commerce.tasks import refit_models, refresh_purchases
from core.apart import Failed, run_apart
from tests.factories import NOW, make_order, make_relationship

LOADED = """
import importlib, sys
from relman.celery import OFTEN, app
app.loader.import_default_modules()
[importlib.import_module(name) for name in OFTEN]
print(sorted({name.partition(".")[0] for name in sys.modules} & {"commerce", "lifetimes", "numpy", "scipy"}))
"""


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is started finds the database of the tests."""
    facts = connection.settings_dict
    who, host = f"{facts['USER']}:{facts['PASSWORD']}", quote(facts["HOST"], safe="")
    where = f"{facts['NAME']}?host={host}&port={facts['PORT'] or 5432}"
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{who}@/{where}")


@pytest.mark.django_db(transaction=True)
def test_the_tasks_work_in_a_process_of_their_own(workspace: object, apart: None) -> None:
    relationship = make_relationship()
    make_order(relationship, NOW.date() - timedelta(days=20))
    refresh_purchases()
    assert PurchaseFact.objects.get(relationship=relationship).purchase_days == 1
    assert ModelFit.objects.count() == 3
    refit_models()
    assert ModelFit.objects.count() == 6


def test_a_process_that_fails_is_an_error_of_the_task_in_its_own_words() -> None:
    with pytest.raises(Failed) as wrong:
        run_apart("purchases", "--all")
    assert str(wrong.value).endswith("error: unrecognized arguments: --all")
    with pytest.raises(Failed) as late:
        run_apart("purchases", seconds=0.01)
    assert str(late.value) == "purchases: not done after 0.01 seconds, and ended"


def test_a_worker_that_has_loaded_its_tasks_has_not_loaded_the_models_libraries() -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "['commerce', 'numpy']"
