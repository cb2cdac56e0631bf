"""Due messages reach a mail server, once, and each recipient's outcome is written down."""

import email
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage as ReceivedMessage

import pytest
from aiosmtpd.smtp import Envelope
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from messaging.models import Delivery, OutboxMessage
from messaging.operations.outbox import LEASE, RETRY_AFTER, enqueue_message, send_due
from tests.messaging.conftest import Post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_server(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = post.url


def queue(*to: str, key: str = "", html: str = "", **fields: list[str]) -> OutboxMessage:
    message = EmailMultiAlternatives(
        "Grüße",
        "Good morning, Zoë.",
        "Relman <us@relman.example>",
        list(to) or ["ann@firm.example"],
        **fields,
    )
    if html:
        message.attach_alternative(html, "text/html")
    return enqueue_message(message=message, actor=None, now=NOW, key=key)


def opened(envelope: Envelope) -> ReceivedMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, ReceivedMessage)
    return message


def outcomes(message: OutboxMessage) -> dict[str, tuple[str, str]]:
    return {d.recipient: (d.outcome, d.detail) for d in Delivery.objects.filter(message=message)}


def test_an_accepted_message_arrives_whole(post: Post) -> None:
    row = queue("Ann <ann@firm.example>", cc=["bob@firm.example"], bcc=["eve@firm.example"])
    assert send_due(now=NOW + timedelta(seconds=5)) == 1
    [envelope] = post.received
    assert envelope.mail_from == "us@relman.example"
    assert envelope.rcpt_tos == ["ann@firm.example", "bob@firm.example", "eve@firm.example"]
    message = opened(envelope)
    assert (message["Subject"], message["To"], message["Cc"], message["Bcc"]) == (
        "Grüße",
        "Ann <ann@firm.example>",
        "bob@firm.example",
        None,
    )
    assert message["Message-ID"] == row.message_id
    assert message["Date"].datetime == NOW
    assert message.get_content_type() == "text/plain"
    assert message.get_content().strip() == "Good morning, Zoë."
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 1, "")
    assert row.finished_at == NOW + timedelta(seconds=5)
    assert outcomes(row) == dict.fromkeys(
        ("ann@firm.example", "bob@firm.example", "eve@firm.example"), ("accepted", "")
    )


def test_html_travels_beside_the_text(post: Post) -> None:
    queue(html="<p>Good <b>morning</b></p>")
    send_due(now=NOW)
    parts = {
        part.get_content_type(): part.get_content().strip() for part in opened(post.received[0]).iter_parts()
    }
    assert parts == {"text/plain": "Good morning, Zoë.", "text/html": "<p>Good <b>morning</b></p>"}


def test_a_message_is_not_sent_before_it_is_due(post: Post) -> None:
    queue()
    assert send_due(now=NOW - timedelta(seconds=1)) == 0
    assert post.received == []


def test_messages_leave_in_the_order_of_their_due_times_and_within_the_limit(post: Post) -> None:
    for name in ("a", "b", "c"):
        queue(f"{name}@firm.example")
    assert send_due(now=NOW, limit=2) == 2
    assert [envelope.rcpt_tos for envelope in post.received] == [["a@firm.example"], ["b@firm.example"]]


def test_a_refused_recipient_does_not_keep_the_others_waiting(post: Post) -> None:
    post.to_recipient = {"gone@firm.example": "550 5.1.1 No such mailbox"}
    row = queue("ann@firm.example", "gone@firm.example")
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("sent", "550 5.1.1 No such mailbox")
    assert outcomes(row) == {
        "ann@firm.example": ("accepted", ""),
        "gone@firm.example": ("refused", "550 5.1.1 No such mailbox"),
    }


def test_a_message_that_nobody_takes_has_failed_and_is_not_tried_again(post: Post) -> None:
    post.to_recipient = {"gone@firm.example": "550 5.1.1 No such mailbox"}
    row = queue("gone@firm.example")
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, outcomes(row)) == (
        "failed",
        {"gone@firm.example": ("refused", "550 5.1.1 No such mailbox")},
    )
    assert send_due(now=NOW + timedelta(days=3)) == 0


def test_a_message_refused_for_its_content_has_failed_for_everybody(post: Post) -> None:
    post.to_messages = ["554 5.6.0 Message refused"]
    row = queue("ann@firm.example", "bob@firm.example")
    send_due(now=NOW)
    row.refresh_from_db()
    assert row.state == "failed"
    assert set(outcomes(row).values()) == {("refused", "554 5.6.0 Message refused")}


def test_a_sender_that_the_server_refuses_has_failed(post: Post) -> None:
    post.to_sender = "550 5.7.1 You may not send from there"
    row = queue()
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("failed", "550 5.7.1 You may not send from there")


def test_a_temporary_failure_is_tried_again_later_and_succeeds(post: Post) -> None:
    post.to_messages = ["451 4.3.0 Try again"]
    row = queue()
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.due_at, row.last_error) == ("queued", NOW + RETRY_AFTER[0], "451 4.3.0 Try again")
    assert outcomes(row) == {}
    assert send_due(now=NOW + timedelta(seconds=59)) == 0
    assert send_due(now=NOW + timedelta(seconds=60)) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 2, "")
    assert outcomes(row) == {"ann@firm.example": ("accepted", "")}


def test_who_has_it_already_does_not_get_it_again(post: Post) -> None:
    post.to_recipient = {"full@firm.example": "452 4.2.2 Mailbox full"}
    row = queue("ann@firm.example", "full@firm.example")
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, outcomes(row)) == ("queued", {"ann@firm.example": ("accepted", "")})
    post.to_recipient = {}
    send_due(now=NOW + RETRY_AFTER[0])
    assert [envelope.rcpt_tos for envelope in post.received] == [["ann@firm.example"], ["full@firm.example"]]
    row.refresh_from_db()
    assert (row.state, len(outcomes(row))) == ("sent", 2)


def test_after_the_last_attempt_it_says_that_it_was_given_up(post: Post) -> None:
    post.to_recipient = {"ann@firm.example": "450 4.2.0 Come back"}
    row = queue()
    moment = NOW
    for wait in RETRY_AFTER:
        assert send_due(now=moment) == 1
        row.refresh_from_db()
        assert (row.state, row.due_at) == ("queued", moment + wait)
        moment = row.due_at
    assert send_due(now=moment) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.finished_at) == ("failed", 9, moment)
    assert outcomes(row) == {
        "ann@firm.example": ("refused", "Given up after 9 attempts. Last answer: 450 4.2.0 Come back")
    }


def test_a_message_that_kills_its_sender_is_given_up_in_the_end(post: Post) -> None:
    row = queue()
    OutboxMessage.objects.filter(pk=row.pk).update(state="sending", claimed_at=NOW - LEASE, attempts=9)
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, post.received) == ("failed", [])
    assert outcomes(row)["ann@firm.example"][0] == "refused"


def test_a_crash_after_acceptance_sends_it_again_under_the_same_id(post: Post) -> None:
    row = queue()
    send_due(now=NOW)
    Delivery.objects.all().delete()  # as if the process had died before it wrote down the outcome
    OutboxMessage.objects.filter(pk=row.pk).update(state="sending", claimed_at=NOW, finished_at=None)
    assert send_due(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert send_due(now=NOW + LEASE) == 1
    assert [opened(envelope)["Message-ID"] for envelope in post.received] == [row.message_id] * 2
    row.refresh_from_db()
    assert (row.state, outcomes(row)) == ("sent", {"ann@firm.example": ("accepted", "")})


def test_without_a_mail_server_a_message_is_kept_and_nothing_leaves(post: Post, settings: Settings) -> None:
    settings.SMTP_URL = ""
    row = queue("ann@firm.example", cc=["bob@firm.example"])
    assert send_due(now=NOW) == 1
    row.refresh_from_db()
    assert (row.state, row.finished_at, post.received) == ("kept", NOW, [])
    assert outcomes(row) == {"ann@firm.example": ("kept", ""), "bob@firm.example": ("kept", "")}
    settings.SMTP_URL = post.url
    assert send_due(now=NOW) == 0


def test_an_address_in_another_script_goes_out_as_its_wire_form(post: Post) -> None:
    row = queue("ann@bücher.example")
    send_due(now=NOW)
    assert post.received[0].rcpt_tos == ["ann@xn--bcher-kva.example"]
    assert outcomes(row) == {"ann@xn--bcher-kva.example": ("accepted", "")}


@pytest.mark.parametrize("answer", ["250 OK", "554 5.6.0 Message refused"])
def test_a_message_that_has_left_keeps_no_link_that_opens_a_door(post: Post, answer: str) -> None:
    link = f"http://localhost:8000/invitation/{'aB-_' * 10}/"
    words = f"Follow {link} or see http://localhost:8000/settings/ and http://elsewhere.example/{'x' * 30}/."
    message = EmailMultiAlternatives("S", words, "us@relman.example", ["ann@firm.example"])
    message.attach_alternative(f'<a href="{link}">Join</a>', "text/html")
    row = enqueue_message(message=message, actor=None, now=NOW)
    post.to_messages = [answer]
    send_due(now=NOW)
    assert [link in str(envelope.content) for envelope in post.received] == [True] * len(post.received)
    row.refresh_from_db()
    assert row.body_text == words.replace("aB-_" * 10, "…")
    assert row.body_html == '<a href="http://localhost:8000/invitation/…/">Join</a>'


def test_a_message_that_stays_here_keeps_its_link(settings: Settings) -> None:
    settings.SMTP_URL = ""
    words = f"Follow http://localhost:8000/invitation/{'aB-_' * 10}/"
    message = EmailMultiAlternatives("S", words, "us@relman.example", ["ann@firm.example"])
    row = enqueue_message(message=message, actor=None, now=NOW)
    send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.body_text) == ("kept", words)
