"""What beat sends."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django_celery_beat.models import PeriodicTask

from relman import heartbeats
from relman.beat import Scheduler
from relman.celery import app
from relman.schedule import BEAT_SCHEDULE
from relman.tasks import heartbeat

OFTEN = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat drops old connections between looks; a test's own must last until it is rolled back."""
    monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)


def test_every_entry_names_a_task_that_a_worker_knows() -> None:
    app.autodiscover_tasks(force=True)
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} - set(app.tasks) == set()


@pytest.mark.django_db
def test_the_schedule_is_copied_into_the_database_once_and_what_is_sent_often_expires() -> None:
    for _ in range(2):
        Scheduler(app=app)
    rows = {row.name: row for row in PeriodicTask.objects.select_related("interval")}
    assert set(BEAT_SCHEDULE) <= set(rows)
    assert len(rows) == PeriodicTask.objects.count()
    often = [row for row in rows.values() if row.interval and row.interval.schedule.run_every < OFTEN]
    assert often
    assert {row.name: row.expire_seconds for row in often} == {
        row.name: row.interval.schedule.run_every.total_seconds() for row in often
    }


@pytest.mark.django_db
def test_beat_says_that_it_is_alive_with_every_look() -> None:
    heartbeats.forget()
    scheduler = Scheduler(app=app)
    scheduler._schedule = {}
    assert scheduler.tick() > 0
    age = heartbeats.ages()["beat"]
    assert age is not None
    assert age < 5


@pytest.mark.django_db
def test_beat_goes_on_without_a_broker(settings: LazySettings) -> None:
    scheduler = Scheduler(app=app)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert scheduler.tick() > 0


def test_the_heartbeat_task_is_the_workers_proof_of_work() -> None:
    heartbeats.forget()
    heartbeat()
    ages = heartbeats.ages()
    assert ages["task"] is not None
    assert (ages["worker"], ages["beat"]) == (None, None)
