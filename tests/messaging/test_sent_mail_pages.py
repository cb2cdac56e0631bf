"""The sent mail pages: who sees them, what they show, and that a message is only ever text."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django.fixtures import Settings

from messaging.models import OutboxMessage
from messaging.operations.outbox import enqueue_message, send_due
from messaging.queries.sent_mail import sent_mail_page
from tests.factories.people import make_user
from tests.messaging.conftest import Post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user("administrator", name="Ann Lee"))
    return client


def queue(subject: str = "Hello", to: str = "ann@firm.example", minutes: int = 0) -> OutboxMessage:
    message = EmailMultiAlternatives(
        subject, "See http://localhost:8000/x/ <b>now</b>", "us@relman.example", [to]
    )
    message.attach_alternative("<script>alert(1)</script>", "text/html")
    return enqueue_message(message=message, actor=None, now=NOW + timedelta(minutes=minutes))


def test_without_mail_the_list_says_so(administrator: Client) -> None:
    page = administrator.get("/sent-mail/").content.decode()
    assert "No mail yet" in page
    assert "Nothing leaves this machine." in page


def test_the_newest_message_stands_first(administrator: Client) -> None:
    queue("Older")
    queue("Newer", minutes=1)
    page = administrator.get("/sent-mail/").content.decode()
    assert 0 < page.index("Newer") < page.index("Older")


def test_a_search_finds_subjects_and_recipients(administrator: Client) -> None:
    queue("Invitation", "tom@firm.example")
    queue("New password", "ann@firm.example")
    by_subject = administrator.get("/sent-mail/?q=%00invit").content.decode()
    by_recipient = administrator.get("/sent-mail/?q=ANN@").content.decode()
    assert ("Invitation" in by_subject, "New password" in by_subject) == (True, False)
    assert ("Invitation" in by_recipient, "New password" in by_recipient) == (False, True)
    assert "No message matches “zzz”" in administrator.get("/sent-mail/?q=zzz").content.decode()


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    viewer = make_user("administrator")
    rows = [queue(f"m{number}", minutes=number // 2) for number in range(7)]
    seen, before = [], ""
    for _ in range(4):
        page = sent_mail_page(viewer, before=before, limit=2)
        seen += [message.pk for message in page.messages]
        before = str(page.before or "")
    assert seen == [row.pk for row in reversed(rows)]
    assert before == ""


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "12345"])
def test_a_place_that_is_none_shows_the_first_page(before: str) -> None:
    row = queue()
    assert [message.pk for message in sent_mail_page(make_user("administrator"), before=before).messages] == [
        row.pk
    ]


def test_a_message_is_shown_as_text_with_links_and_never_as_html(administrator: Client) -> None:
    row = queue()
    page = administrator.get(f"/sent-mail/{row.pk}/").content.decode()
    assert '<a href="http://localhost:8000/x/" rel="nofollow">' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "alert(1)" not in page
    assert "It waits for the sender" in page


def test_what_became_of_a_message_is_told_for_each_recipient(
    administrator: Client, post: Post, settings: Settings
) -> None:
    settings.SMTP_URL = post.url
    post.to_recipient = {"gone@firm.example": "550 5.1.1 No such mailbox"}
    row = queue(to="gone@firm.example")
    send_due(now=NOW)
    page = administrator.get(f"/sent-mail/{row.pk}/").content.decode()
    assert "550 5.1.1 No such mailbox" in page
    assert "Refused by the mail server" in page
    assert "Nothing leaves this machine." not in administrator.get("/sent-mail/").content.decode()


def test_a_message_that_is_tried_again_says_when(
    administrator: Client, post: Post, settings: Settings
) -> None:
    settings.SMTP_URL = post.url
    post.to_messages = ["451 4.3.0 Try again"]
    row = queue()
    send_due(now=NOW)
    page = administrator.get(f"/sent-mail/{row.pk}/").content.decode()
    assert ("Trying again" in page, "Next attempt" in page, "451 4.3.0 Try again" in page) == (
        True,
        True,
        True,
    )


def test_a_message_that_is_none_is_not_found(administrator: Client) -> None:
    assert administrator.get("/sent-mail/1/").status_code == 404


@pytest.mark.parametrize("role", ["executive", "relationship_manager", "representative", "auditor", "hr"])
def test_others_see_no_mail(client: Client, role: str) -> None:
    row = queue("Secret link")
    client.force_login(make_user(role))
    for address in ("/sent-mail/", f"/sent-mail/{row.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, "Secret link" in answer.content.decode()) == (403, False)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/sent-mail/").headers["Location"] == "/account/login/?next=/sent-mail/"
