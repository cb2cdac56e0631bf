"""The timeline is read once, whatever order transactions commit in."""

import time
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from automation.models import EventReader, SeenEvent
from automation.operations.reading import first_event_since, read_events, skip_events
from relationships.models import Event
from tests.factories import NOW, make_interaction, make_relationship, make_user


def read() -> list[int]:
    with transaction.atomic():
        return [event.pk for event in read_events(reader="test")]


def others_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname <> current_database() AND backend_xid IS NOT NULL"
        )
        return bool(cursor.fetchone()[0])


def until_settled(event_id: int, *, skips: bool = False) -> None:
    """Reads on until it has settled: transactions of other databases of the same server hold it up, too."""
    until = time.monotonic() + 15
    while EventReader.objects.get().settled_id != event_id:
        if time.monotonic() > until:
            assert others_write()
            pytest.skip("a test of another process holds a transaction")
        with transaction.atomic():
            if skips:
                skip_events(reader="test")
            else:
                assert read_events(reader="test") == []


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_with_an_early_number_is_read_all_the_same() -> None:
    user = make_user("administrator")
    relationship = make_relationship(owner=user)
    assert read() == []
    written, may_commit = Signal(), Signal()
    slow: list[int] = []

    def write_slowly() -> None:
        with transaction.atomic():
            make_interaction(relationship, actor=user)
            slow.append(Event.objects.order_by("-pk").values_list("pk", flat=True)[0])
            written.set()
            may_commit.wait(10)
        connection.close()

    other = make_relationship(owner=user)
    before = read()
    thread = Thread(target=write_slowly)
    thread.start()
    written.wait(10)
    make_interaction(other, actor=user)
    quick = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert quick > slow[0]
    assert read() == [quick]
    assert [read() for _ in range(4)] == [[]] * 4
    assert EventReader.objects.get().settled_id < slow[0]
    may_commit.set()
    thread.join(10)
    assert read() == [slow[0]]
    until_settled(quick)
    assert SeenEvent.objects.count() == 0
    assert before


@pytest.mark.django_db(transaction=True)
def test_while_one_reads_another_reads_nothing() -> None:
    make_relationship(owner=make_user("administrator"))
    read()
    held, may_end = Signal(), Signal()

    def hold() -> None:
        with transaction.atomic():
            read_events(reader="test")
            held.set()
            may_end.wait(10)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    held.wait(10)
    make_relationship(owner=make_user("administrator"))
    assert read() == []
    with transaction.atomic():
        skip_events(reader="test")
    may_end.set()
    thread.join(10)
    assert len(read()) > 0


@pytest.mark.django_db(transaction=True)
def test_what_nobody_listens_to_is_gone_past() -> None:
    user = make_user("administrator")
    with transaction.atomic():
        skip_events(reader="test")
    make_relationship(owner=user)
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    until_settled(newest, skips=True)
    assert read() == []


@pytest.mark.django_db
def test_the_first_event_since_a_moment_is_found_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.operations.reading.OVERLAP", 0)
    user = make_user("administrator")
    relationship = make_relationship(owner=user, now=NOW)
    last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    later = NOW.replace(hour=NOW.hour + 1)
    make_interaction(relationship, actor=user, now=later, happened_at=NOW)
    assert first_event_since(later) == last
    assert first_event_since(NOW.replace(year=NOW.year + 1)) == last + 1
