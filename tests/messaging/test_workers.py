"""Several senders at work: each message once, and nothing is lost with the broker or a worker."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from messaging.models import Delivery, OutboxMessage
from messaging.operations.outbox import LEASE, enqueue_message, send_due
from messaging.tasks import send_outbox
from relman.celery import app
from tests.messaging.conftest import Post

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def queue(name: str) -> OutboxMessage:
    message = EmailMessage("Hello", "Words.", "us@relman.example", [f"{name}@firm.example"])
    return enqueue_message(message=message, actor=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_message(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url
    for number in range(24):
        queue(f"n{number}")
    start = threading.Barrier(2)
    handled: list[int] = []

    def work() -> None:
        start.wait()
        handled.append(send_due(now=NOW))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = Counter(envelope.rcpt_tos[0] for envelope in post.received)
    assert received == {f"n{number}@firm.example": 1 for number in range(24)}
    assert sum(handled) == 24
    assert Delivery.objects.count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_worker_holds_is_passed_over() -> None:
    first, second = queue("first"), queue("second")
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=first.pk)
        thread = threading.Thread(target=lambda: (send_due(now=NOW), connection.close()))
        thread.start()
        thread.join()
    assert dict(OutboxMessage.objects.values_list("pk", "state")) == {first.pk: "queued", second.pk: "kept"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_claim_writes_nothing(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url
    row = queue("slow")

    def take_over() -> None:
        OutboxMessage.objects.filter(pk=row.pk).update(claimed_at=NOW + LEASE)
        connection.close()

    post.before_taking = take_over
    send_due(now=NOW)
    row.refresh_from_db()
    assert (len(post.received), row.state, row.claimed_at) == (1, "sending", NOW + LEASE)
    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_the_task_sends_what_is_due(settings: Settings) -> None:
    row = queue("ann")
    assert send_outbox.apply().get() == 1
    row.refresh_from_db()
    assert row.state == "kept"


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_the_sender() -> None:
    with app.connection_for_write() as broker:
        channel = broker.default_channel
        channel.queue_purge("celery")
        queue("ann")
        received = channel.basic_get("celery", no_ack=True)
    assert received is not None
    assert received.headers["task"] == "messaging.tasks.send_outbox"


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_row_is_there_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    url = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:9/0"
    app._pool = None
    app.amqp._producer_pool = None
    try:
        row = queue("ann")
    finally:
        app.conf.broker_url = url
        app._pool = None
        app.amqp._producer_pool = None
    row.refresh_from_db()
    assert row.state == "queued"
