"""A message becomes a row in the caller's transaction, once per key."""

from datetime import UTC, datetime
from email.mime.base import MIMEBase

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from pytest_django.fixtures import Settings

from messaging.models import OutboxMessage
from messaging.operations.outbox import enqueue_message

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def letter(**changes: object) -> EmailMessage:
    fields = {"subject": "Hello", "body": "Words.", "from_email": "Relman <us@relman.example>"}
    return EmailMessage(**{**fields, "to": ["ann@firm.example"], **changes})


def test_a_message_is_kept_whole() -> None:
    message = EmailMultiAlternatives(
        "Hello",
        "Words.",
        "Relman <us@relman.example>",
        ["Ann <ann@firm.example>", "ANN@firm.example"],
        cc=["bob@firm.example"],
        bcc=["eve@firm.example"],
        reply_to=["desk@relman.example"],
        headers={"X-About": "42"},
    )
    message.attach_alternative("<p>Words.</p>", "text/html")
    row = enqueue_message(message=message, actor=None, now=NOW, key="hello-1", subject_ref="invitation:1")
    row.refresh_from_db()
    assert (row.to, row.cc, row.bcc) == (
        ["Ann <ann@firm.example>"],
        ["bob@firm.example"],
        ["eve@firm.example"],
    )
    assert (row.sender, row.reply_to) == ("Relman <us@relman.example>", ["desk@relman.example"])
    assert (row.subject, row.body_text, row.body_html) == ("Hello", "Words.", "<p>Words.</p>")
    assert (row.headers, row.subject_ref, row.state) == ({"X-About": "42"}, "invitation:1", "queued")
    assert (row.created_at, row.due_at, row.attempts) == (NOW, NOW, 0)
    assert row.message_id.endswith("@relman.example>")


def test_the_same_key_is_one_message() -> None:
    first = enqueue_message(message=letter(), actor=None, now=NOW, key="reset-7")
    again = enqueue_message(message=letter(subject="Changed"), actor=None, now=NOW, key="reset-7")
    assert again == first
    assert list(OutboxMessage.objects.values_list("subject", flat=True)) == ["Hello"]


def test_without_a_key_each_is_its_own_message() -> None:
    ids = {enqueue_message(message=letter(), actor=None, now=NOW).message_id for _ in range(2)}
    assert len(ids) == 2


def test_nothing_is_queued_when_the_change_is_rolled_back() -> None:
    with transaction.atomic():
        enqueue_message(message=letter(), actor=None, now=NOW)
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


def test_html_alone_gets_its_text_from_it() -> None:
    message = letter(body="<p>Good <b>morning</b></p>")
    message.content_subtype = "html"
    row = enqueue_message(message=message, actor=None, now=NOW)
    assert (row.body_text, row.body_html) == ("Good morning", "<p>Good <b>morning</b></p>")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": []}, "a message needs at least one recipient"),
        ({"to": ["nobody"]}, "'nobody' is not an e-mail address"),
        ({"body": "  \n"}, "a message needs words in plain text"),
        ({"body": "x" * (2 * 1024 * 1024 + 1)}, "a message is at most 2097152 bytes"),
        ({"attachments": [("a.txt", "x" * (1024 * 1024 + 1), "text/plain")]}, "are at most 1048576 bytes"),
        ({"attachments": [("a.txt", "x", "text/plain")] * 6}, "a message has at most 5 attachments"),
        ({"attachments": [("../a.txt", "x", "text/plain")]}, "'../a.txt' is not a file's name"),
        ({"attachments": [("a.txt", "x", "text/plain\nX: y")]}, "is not the type of a file"),
        ({"attachments": [MIMEBase("text", "plain")]}, "a name, its content and a type"),
        ({"subject": "One\nBcc: all@firm.example"}, "Header values can't contain newlines"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        enqueue_message(message=letter(**changes), actor=None, now=NOW)
    assert OutboxMessage.objects.count() == 0


def test_djangos_own_mail_goes_into_the_outbox(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "messaging.backends.OutboxEmailBackend"
    assert send_mail("Hello", "Words.", None, ["ann@firm.example"]) == 1
    assert OutboxMessage.objects.get().to == ["ann@firm.example"]
