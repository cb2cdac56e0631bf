"""`/healthz` and `/readyz`."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client

from relman import heartbeats
from relman.readiness import IDLE_SECONDS, SILENT_SECONDS


@pytest.fixture(autouse=True)
def no_signs_of_life() -> None:
    heartbeats.forget()


def age(part: heartbeats.Part, seconds: int) -> None:
    """Make a stamp look as old as `seconds`, by the broker's own clock."""
    heartbeats.stamp(part)
    with heartbeats._client() as client:
        client.expire(f"relman:heartbeat:{part}", heartbeats.REMEMBERED_SECONDS - seconds)


def ask(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz")
    parts = json.loads(response.content)["parts"]
    assert {name: state["ok"] for name, state in parts.items()} == {
        name: not state["why"] for name, state in parts.items()
    }
    return response.status_code, {name: state["why"] for name, state in parts.items()}


def test_health_answers_without_database_or_broker(client: Client) -> None:
    """No `db` fixture: a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_every_part_is_fine(client: Client) -> None:
    for part in ("worker", "task", "beat"):
        heartbeats.stamp(part)
    status, reasons = ask(client)
    assert status == 200
    assert reasons == {"database": "", "migrations": "", "broker": "", "worker": "", "beat": ""}


@pytest.mark.django_db
def test_a_part_without_a_sign_of_life_is_named(client: Client) -> None:
    heartbeats.stamp("worker")
    status, reasons = ask(client)
    assert status == 503
    assert reasons["worker"] == ""
    assert reasons["beat"] == "Celery beat has given no sign of life within a day."


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(SILENT_SECONDS - 2, 200), (SILENT_SECONDS + 2, 503)])
def test_a_worker_that_fell_silent_is_down(client: Client, seconds: int, status: int) -> None:
    heartbeats.stamp("beat")
    age("worker", seconds)
    assert ask(client)[0] == status


@pytest.mark.django_db
def test_a_worker_that_lives_but_takes_no_work_is_down(client: Client) -> None:
    heartbeats.stamp("beat")
    heartbeats.stamp("worker")
    age("task", IDLE_SECONDS + 5)
    status, reasons = ask(client)
    assert status == 503
    assert reasons["worker"].startswith(
        "The Celery worker is alive but has finished no heartbeat task for 30"
    )


@pytest.mark.django_db
def test_work_left_undone_is_not_held_against_the_worker_while_beat_sends_none(client: Client) -> None:
    heartbeats.stamp("worker")
    age("beat", 1000)
    age("task", 1000)
    assert ask(client)[1]["worker"] == ""


@pytest.mark.django_db
def test_a_broker_that_does_not_answer_is_named(client: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, reasons = ask(client)
    assert status == 503
    assert reasons["broker"] == "The broker does not answer."
    assert reasons["database"] == ""


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'django_celery_beat'")
    status, reasons = ask(client)
    assert status == 503
    assert reasons["migrations"].startswith("Not applied: django_celery_beat.")


@pytest.mark.django_db
def test_readiness_asks_the_database_little(
    client: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    ask(client)  # what is on disk is read once
    with django_assert_max_num_queries(3):
        ask(client)


def test_the_broker_is_the_server_that_the_cache_uses() -> None:
    assert (
        settings.CELERY_BROKER_URL.split("://")[1].split("?")[0]
        == settings.REDIS_URL.split("://")[1].split("?")[0]
    )
