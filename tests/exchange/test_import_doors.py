"""What stands in the way of an import by the page: rights, others at work, odd files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from kombu.exceptions import OperationalError

from accounts.models import RoleGrant, User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, NotAllowed
from exchange.enums import Wanted
from exchange.models import ImportJob, ImportRun
from exchange.operations import jobs, work
from exchange.operations.jobs import Answers, settle_columns, take_upload, want, want_reversal
from exchange.operations.previews import preview
from exchange.queries.field_labels import offered_fields
from exchange.tasks import carry_out_imports
from tests.exchange.pages import make_job, make_run
from tests.factories import NOW, make_business_unit, make_user

SEEN = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def files_kept(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


def upload(actor: User, text: str, dataset: str = "parties", kind: str = "customers") -> ImportJob:
    content = ContentFile(text.encode(), name="list.csv")
    return take_upload(actor=actor, dataset=dataset, kind=kind, name="list.csv", content=content, now=NOW)


@contextmanager
def held_elsewhere(statement: str, *given: Any) -> Iterator[None]:
    """An advisory lock that another session has."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_lock({statement})", given)
            yield
    finally:
        other.close()


def test_who_may_not_import_sends_nothing_and_what_nobody_knows_is_refused(manager: User) -> None:
    with pytest.raises(NotAllowed):
        upload(make_user("finance"), "name\nAcme\n")
    with pytest.raises(Invalid, match="Say what the rows are"):
        upload(manager, "name\nAcme\n", dataset="nothing")


def test_people_of_a_kind_that_are_persons_come_in_as_persons(workspace: Workspace) -> None:
    job = upload(make_user("hr"), "name\nAna Ruiz\n", kind="staff")
    assert job.settings["constants"] == {"kind": "staff", "party_kind": "person"}


def test_parties_of_no_kind_have_no_profile(manager: User) -> None:
    job = upload(manager, "name\nAcme\n", kind="")
    assert job.settings["constants"] == {}
    fields = [name for name, _label in offered_fields("parties", "")]
    assert [name for name in fields if name.startswith("profile.")] == []
    assert ("identifier.registration", "Registration number") in offered_fields("parties", "customers")


def test_what_is_not_said_of_values_is_found(manager: User) -> None:
    job = upload(manager, 'Supplier,Date paid,Amount\nAcme,2026-02-01,"1.234,50"\n', "payments", "suppliers")
    found = job.layout
    layout = Answers(found["encoding"], found["delimiter"], found["header_row"], job.settings["columns"])
    assert settle_columns(actor=manager, job=job, answers=layout)
    assert job.settings["decimal"] == ","


def test_a_preview_ends_after_two_hundred_rows_and_holds_one_with_a_cell_beyond_all_measure(
    manager: User,
) -> None:
    rows = [f"Party {n},Leeds" for n in range(250)]
    rows[1] = f"Long,{'x' * 140_000}"
    found = preview(actor=manager, job=upload(manager, "\n".join(["name,place", *rows])), now=NOW)
    assert (found.rows[-1].number, found.held, found.rows[1].number) == (201, 1, 3)


def test_a_file_that_is_not_on_this_machine_is_said_so(manager: User) -> None:
    with pytest.raises(Invalid, match="The file is not on this machine"):
        preview(actor=manager, job=make_job(manager), now=NOW)


def test_what_another_worker_has_is_left_to_it(manager: User) -> None:
    job, run = upload(manager, "name\nAcme\n"), make_run(manager, 0)
    want(actor=manager, job=job, wanted=Wanted.TRIAL, now=NOW)
    want_reversal(actor=manager, run=run, now=NOW)
    with held_elsewhere("%s, %s", work.LOCK, job.pk), held_elsewhere("%s, %s", work.REVERT_LOCK, run.pk):
        assert carry_out_imports() == 0
    assert carry_out_imports() == 2


def test_a_worker_is_woken_and_without_a_broker_the_row_waits(
    manager: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []

    def away(**options: Any) -> None:
        asked.append(options)
        raise OperationalError

    monkeypatch.setattr(jobs.carry_out_imports, "apply_async", away)
    job = upload(manager, "name\nAcme\n")
    with django_capture_on_commit_callbacks(execute=True):
        want(actor=manager, job=job, wanted=Wanted.TRIAL, now=NOW)
    assert (asked, ImportJob.objects.get(pk=job.pk).is_working) == ([{"retry": False}], True)
    monkeypatch.setattr(jobs.carry_out_imports, "apply_async", lambda **options: asked.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        want_reversal(actor=manager, run=make_run(manager, 0), now=NOW)
    assert len(asked) == 2


def test_an_import_is_seen_within_the_unit_that_a_role_is_for(workspace: Workspace, manager: User) -> None:
    run, unit = make_run(manager, 0), make_business_unit()
    colleague = make_user("relationship_manager")
    RoleGrant.objects.filter(user=colleague).update(business_unit=unit)
    ImportRun.objects.update(business_unit=workspace.business_unit)
    assert list(ImportRun.objects.visible_to(colleague)) == []
    ImportRun.objects.update(business_unit=unit)
    assert list(ImportRun.objects.visible_to(colleague)) == [run]
    assert list(ImportRun.objects.visible_to(workspace.system_actor)) == [run]
    assert list(ImportRun.objects.visible_to(make_user("finance"))) == []


def test_how_far_it_is_is_written_beside_the_import(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.operations.staging.TOLD_EVERY", 1)
    job = upload(manager, "name\nAcme\nBo\n")
    want(actor=manager, job=job, wanted=Wanted.TRIAL, now=NOW)
    assert carry_out_imports() == 1
    job.refresh_from_db()
    assert (job.trial["rows"], job.told) == (2, "")
