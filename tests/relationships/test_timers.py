"""What runs by the clock: repeatable, and out of the way of whoever is at work."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from accounts.operations.workspace import Workspace, ensure_workspace
from relationships.models import Commitment, Submission
from relationships.operations.due_promises import miss_due
from relationships.tasks import forget_submissions, miss_due_commitments
from relman.celery import app
from relman.schedule import BEAT_SCHEDULE
from tests.factories import NOW, make_commitment, make_party, make_relationship, make_user

LATER = NOW + timedelta(days=60)


@pytest.mark.django_db
def test_the_timer_misses_everything_that_is_due(workspace: Workspace) -> None:
    relationship = make_relationship()
    for _ in range(3):
        make_commitment(relationship)
    with time_machine.travel(LATER, tick=False):
        miss_due_commitments()
        miss_due_commitments()
    assert list(Commitment.objects.values_list("state", "missed_at")) == [("missed", LATER)] * 3


@pytest.mark.django_db
def test_old_keys_are_forgotten_and_their_rows_stay(workspace: Workspace) -> None:
    party = make_party("A", idempotency_key="old", now=NOW)
    make_party("B", idempotency_key="new", now=LATER)
    with time_machine.travel(LATER, tick=False):
        assert forget_submissions() == 1
    assert list(Submission.objects.values_list("key", flat=True)) == ["new"]
    party.refresh_from_db()


def test_beat_knows_every_timer_by_a_name_that_exists() -> None:
    app.loader.import_default_modules()
    ours = [entry["task"] for name, entry in BEAT_SCHEDULE.items() if name.startswith("relationships.")]
    assert sorted(ours) == [
        "relationships.tasks.end_due_access",
        "relationships.tasks.expire_consents",
        "relationships.tasks.forget_drafts",
        "relationships.tasks.forget_submissions",
        "relationships.tasks.miss_due_commitments",
        "relationships.tasks.queue_unscanned",
        "relationships.tasks.read_documents",
        "relationships.tasks.remind_of_promises",
        "relationships.tasks.return_books",
        "relationships.tasks.scan_documents",
        "relationships.tasks.sweep_documents",
        "relationships.tasks.tell_guests",
    ]
    assert set(ours) <= set(app.tasks)


@pytest.mark.django_db(transaction=True)
def test_a_promise_that_somebody_is_working_on_is_left_for_next_time() -> None:
    ensure_workspace(now=NOW)
    relationship = make_relationship(actor=make_user("administrator"))
    busy, free = make_commitment(relationship), make_commitment(relationship)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM relationships_commitment WHERE id = %s FOR UPDATE", [busy.pk])
            with transaction.atomic():
                assert miss_due(now=LATER) == 1
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert miss_due(now=LATER) == 1
    states: dict[int, Any] = dict(Commitment.objects.values_list("id", "state"))
    assert states == {busy.pk: "missed", free.pk: "missed"}
