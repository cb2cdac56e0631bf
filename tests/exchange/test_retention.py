"""What is kept of imports goes when its time is over; who imported what, when and how much stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict
from exchange.models import ChangedRow, HeldRow, ImportJob, ImportRun
from exchange.operations.jobs import want_reversal
from exchange.operations.revert import revert_import
from oversight.operations.erasures import hold_for_law
from oversight.operations.retention import carry_out_due, set_rule
from oversight.queries.retention import due_rows, due_seen
from relationships.models import Party
from relationships.registry import Registry, Retained
from tests.doors import signed_in, words_of
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=200)
MAPPING: dict[str, Any] = {
    "dataset": "parties",
    "columns": {"ref": "No", "name": "Name", "email": "E-Mail"},
    "constants": {"kind": "customers"},
}


@pytest.fixture
def boss(workspace: Workspace, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = settings.HOME = tmp_path
    return make_user("administrator", name="Boss")


def file_of(actor: User, name: str, **given: Any) -> ImportJob:
    job = ImportJob(
        actor=actor, dataset="parties", kind="customers", name=name, size=3, created_at=NOW, **given
    )
    job.file.save(f"{name}.upload", ContentFile(b"a,b"))
    return job


def test_files_held_rows_and_values_before_go_and_the_history_stays(
    boss: User, bring: Bring, django_capture_on_commit_callbacks: Any
) -> None:
    bring("No,Name,E-Mail\n1,Acme,a@acme.example\n", actor=boss, **MAPPING)
    bring("No,Name,E-Mail\n1,Acme Ltd,a@acme.example\n2,Bolt,nobody\n", actor=boss, **MAPPING)
    first, second = ImportRun.objects.order_by("pk")
    ImportRun.objects.filter(pk=second.pk).update(job=file_of(boss, "in.csv"))
    lost, waiting = file_of(boss, "lost.csv"), file_of(boss, "waiting.csv", queued_at=NOW)
    names = {job.name: job.file.name for job in ImportJob.objects.all()}
    assert (HeldRow.objects.get().value, ChangedRow.objects.filter(run=second).exists()) == ("nobody", True)
    rules = [set_rule(actor=boss, data=data, kind="", days=90, now=NOW) for data in ("imports", "uploads")]
    other = set_rule(actor=boss, data="imports", kind="suppliers", days=90, now=NOW)
    assert list(due_rows(rules[0], LATER)) == [first, second]
    assert (due_rows(other, LATER).count(), due_seen(rules[1], make_user(), LATER).count()) == (0, 0)
    hold_for_law(actor=boss, party=Party.objects.get(name="Acme Ltd"), reason="Claim", now=NOW)
    client = signed_in(boss)
    with time_machine.travel(LATER, tick=False):
        pages = [client.get(f"/administration/retention/{rule.pk}/").content.decode() for rule in rules]
        assert (f'"/imports/{second.pk}/"' in pages[0], f'"/imports/{first.pk}/"' in pages[0]) == (
            True,
            False,
        )
        assert f'"/imports/files/{lost.pk}/"' in pages[1]
        with django_capture_on_commit_callbacks(execute=True):
            assert carry_out_due(now=LATER) == 2
    assert not HeldRow.objects.exists()
    assert not ChangedRow.objects.filter(run=second).exists()
    assert list(ImportJob.objects.all()) == [waiting]
    kept = {name: default_storage.exists(place) for name, place in names.items()}
    assert kept == {"in.csv": False, "lost.csv": False, "waiting.csv": True}
    second = ImportRun.objects.get(pk=second.pk)
    assert (second.purged_at, second.actor, second.imported_at, second.job) == (LATER, boss, NOW, None)
    assert (second.report["rows"], second.report["held"], second.report["held_rows"]) == (2, 1, [])
    page = client.get(f"/imports/{second.pk}/")
    assert "It cannot be reverted." in words_of(page)
    assert f"/imports/{second.pk}/reversal/" not in page.content.decode()
    assert f"/imports/{second.pk}/held/" not in page.content.decode()
    for refuse in (want_reversal, revert_import):
        with pytest.raises(Conflict, match="kept for a time that is over"):
            refuse(actor=boss, run=second, now=LATER)
    want_reversal(actor=boss, run=first, now=LATER)
    assert carry_out_due(now=LATER + timedelta(days=2)) == 0


def test_two_things_are_not_kept_under_one_name() -> None:
    own = Registry()
    kept = Retained("papers", Party.objects.filter, print, Party.objects.visible_to, dict)
    own.add_retained(kept, kept)
    with pytest.raises(ValueError, match="two things are kept as 'papers'"):
        own.add_retained(Retained("papers", Party.objects.all, print, Party.objects.visible_to, dict))
