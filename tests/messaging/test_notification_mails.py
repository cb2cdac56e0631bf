"""Letters of what concerns somebody: at once, with the daily mail, after the quiet hours; over a real mail server."""

from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.conf import settings as ours
from django.db import connection
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace, ensure_workspace
from messaging.models import Notification, NotificationChoice, OutboxMessage
from messaging.operations.notification_mails import mail_due
from messaging.operations.notifications import Telling, choose_channels, mark_read, tell
from messaging.operations.outbox import send_due
from messaging.registry import registry
from messaging.tasks import mail_notifications
from relationships.models import Relationship
from tests.factories import NOW, make_user
from tests.messaging.conftest import Post, make_firm

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_user("representative", name="Olga", email="olga@example.org", time_zone="Europe/Paris")


def told(
    reader: User, name: str, topic: str = "handover", now: datetime = NOW, **given: object
) -> Relationship:
    about = make_firm(owner=reader, name=name, **given)
    tell(topic=topic, tellings=[Telling(reader.pk, "relationship", about.pk)], actor=None, now=now)
    return about


def letters() -> list[tuple[str, str]]:
    return [(letter.subject, letter.body_text) for letter in OutboxMessage.objects.order_by("pk")]


def test_a_letter_at_once_arrives_over_smtp_and_only_once(olga: User, post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url
    acme = told(olga, "Acme")
    assert [mail_due(now=NOW), mail_due(now=NOW)] == [1, 0]
    send_due(now=NOW)
    (envelope,) = post.received
    assert isinstance(envelope.content, bytes)
    letter = message_from_bytes(envelope.content)
    assert (envelope.rcpt_tos, letter["Subject"]) == (["olga@example.org"], "A book was handed over to you")
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert f"Acme\r\n  http://localhost:8000/customers/{acme.pk}/" in body.decode().replace(
        "\n", "\r\n"
    ).replace("\r\r", "\r")


def test_what_is_due_together_is_one_letter(olga: User) -> None:
    told(olga, "Acme")
    told(olga, "Beta", "mention")
    told(make_user(email="tom@example.org"), "Gamma")
    assert mail_due(now=NOW) == 2
    (subject, body), (other, _words) = letters()
    assert (subject, other) == ("2 things that concern you", "A book was handed over to you")
    assert [word in body for word in ("Acme", "Beta", "Gamma", "Somebody named you")] == [
        True,
        True,
        False,
        True,
    ]


def test_everybody_gets_their_letter_in_their_own_language(olga: User) -> None:
    told(olga, "Acme")
    told(make_user(email="tom@example.org", language="de"), "Beta")
    assert mail_due(now=NOW) == 2
    (plain, _words), (german, body) = letters()
    with translation.override("de"):
        wanted = registry.topic("handover").words({})
    assert (plain, german) == ("A book was handed over to you", wanted)
    assert wanted != plain
    assert "Guten Tag" in body
    assert translation.get_language() == ours.LANGUAGE_CODE


def test_the_daily_mail_comes_at_the_hour_of_the_reader_s_zone_and_only_if_there_is_something(
    olga: User,
) -> None:
    told(olga, "Acme", "alert")
    told(olga, "Beta", "review")
    eight = datetime(2026, 3, 19, 7, 0, tzinfo=UTC)  # in Paris
    assert [
        mail_due(now=eight - timedelta(seconds=1)),
        mail_due(now=eight),
        mail_due(now=eight + 24 * HOUR),
    ] == [
        0,
        1,
        0,
    ]
    assert letters()[0][0] == "2 things that concern you"


def test_what_comes_at_night_waits_for_the_morning(olga: User) -> None:
    night = datetime(2026, 3, 18, 22, 0, tzinfo=UTC)
    told(olga, "Acme", now=night)
    assert Notification.objects.get().mail_due_at == datetime(2026, 3, 19, 6, 0, tzinfo=UTC)
    assert [mail_due(now=night), mail_due(now=night + 8 * HOUR)] == [0, 1]


def test_what_was_read_lost_or_too_old_is_not_mailed(olga: User) -> None:
    told(olga, "Acme")
    mark_read(actor=olga, notification_ids=Notification.objects.values_list("pk", flat=True), now=NOW)
    lost = told(olga, "Beta")
    Relationship.objects.filter(pk=lost.pk).update(owner=make_user())
    told(olga, "Gamma", now=NOW - timedelta(days=3))
    assert mail_due(now=NOW) == 0
    assert not Notification.objects.to_mail().exists()
    assert letters() == []


def test_who_has_left_gets_no_letter(olga: User) -> None:
    told(olga, "Acme")
    User.objects.filter(pk=olga.pk).update(is_active=False, deactivated_at=NOW)
    assert (mail_due(now=NOW), letters()) == (0, [])


def test_the_words_of_what_is_for_few_people_stay_in_the_house(olga: User) -> None:
    told(olga, "Merger", confidentiality=Confidentiality.CONFIDENTIAL)
    mail_due(now=NOW)
    ((_subject, body),) = letters()
    assert ("Merger" in body, "It is for few people only" in body) == (False, True)


def test_a_group_says_in_its_letter_how_many(olga: User) -> None:
    many = [make_firm(owner=olga, name=f"Firm {number}") for number in range(6)]
    tell(
        topic="handover",
        tellings=[Telling(olga.pk, "relationship", each.pk) for each in many],
        actor=None,
        now=NOW,
    )
    mail_due(now=NOW)
    assert "Firm 0\n  and 5 more" in letters()[0][1]


def test_the_task_mails_what_is_due(olga: User) -> None:
    choose_channels(actor=olga, given=NotificationChoice(digest_at=time(12)), now=NOW)
    told(olga, "Acme")
    with time_machine.travel(NOW, tick=False):
        assert [mail_notifications(), mail_notifications()] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_rows_that_another_worker_holds_are_left_to_it() -> None:
    ensure_workspace(now=NOW)
    told(make_user("administrator"), "Acme")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM messaging_notification FOR UPDATE")
            assert mail_due(now=NOW) == 0
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert mail_due(now=NOW) == 1
