"""Mails to people outside: exactly those who are named get one, and each outcome is written down."""

import email
import threading
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage as ReceivedMessage
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry
from accounts.operations.workspace import Workspace
from cases.models import Case
from cases.operations.mails import Answer, mail_answer
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import Delivery, Notification, OutboxMessage, OutgoingMail, SuppressedAddress
from messaging.operations.outbox import LEASE, RETRY_AFTER, send_due
from messaging.operations.outgoing_mail import UNDO_WINDOW, take_back
from messaging.operations.suppressions import lift_suppression, suppress
from messaging.operations.taking_in import ensure_mailbox, take_in
from messaging.queries.outgoing_mail import thread_about
from messaging.registry import Mailed, registry
from tests.api import ApiClient
from tests.factories import make_case, make_mail, make_relationship, make_user
from tests.messaging.conftest import Post
from tests.messaging.mail import mail_of, parts, stored

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GONE = NOW + UNDO_WINDOW


@pytest.fixture(autouse=True)
def mail_server(post: Post, settings: Settings, workspace: Workspace) -> None:
    settings.SMTP_URL, settings.DEFAULT_FROM_EMAIL = post.url, "Relman <us@relman.example>"


@pytest.fixture
def case() -> Case:
    owner = make_user(name='Olga "O" Owner')
    return make_case(make_relationship(owner=owner), actor=owner, now=NOW - timedelta(hours=1))


def write(case: Case, **fields: Any) -> OutgoingMail:
    return make_mail(case, **{"now": NOW} | fields)


def opened(envelope: Envelope) -> ReceivedMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, ReceivedMessage)
    return message


def outcomes(mail: OutgoingMail) -> dict[str, str]:
    return dict(mail.outbox.deliveries.order_by("pk").values_list("recipient", "outcome"))


def test_a_mail_leaves_after_a_moment_to_everybody_whom_it_names_and_nobody_else(
    post: Post, case: Case
) -> None:
    to, cc = ["ana@b.example", "ANA@b.example"], [" bo@b.example ", "Ana@b.example"]
    mail = write(case, to=to, cc=cc, body="Grüße,\nOlga", key="k")
    assert write(case, to=to, cc=cc, key="k") == mail
    assert outcomes(mail) == {"ana@b.example": "held_back", "bo@b.example": "held_back"}
    assert (send_due(now=GONE - timedelta(seconds=1)), post.received) == (0, [])
    assert send_due(now=GONE) == 1
    [envelope] = post.received
    assert envelope.rcpt_tos == ["ana@b.example", "bo@b.example"]
    message = opened(envelope)
    assert (message["To"], message["Cc"], message["Bcc"]) == ("ana@b.example", "bo@b.example", None)
    assert message["From"] == "Olga O Owner <us@relman.example>"
    assert message["Subject"] == f"Re: Cracked trays [{case.ref}]"
    assert message["Message-ID"] == mail.message_id
    assert mail.message_id.endswith(f".{case.ref}@relman.example>")
    assert (message["In-Reply-To"], message["References"]) == (None, None)
    assert message.get_content().split() == ["Grüße,", "Olga"]
    mail.refresh_from_db()
    assert (mail.left_at, mail.outbox.state, mail.is_held) == (GONE, "sent", False)
    assert outcomes(mail) == {"ana@b.example": "accepted", "bo@b.example": "accepted"}


def test_answers_go_on_from_each_other_and_from_what_came_back(post: Post, case: Case) -> None:
    boss = make_user("administrator")
    first = write(case, to=["ana@b.example"], cc=["bo@b.example"])
    assert thread_about("case", case.pk).to == ()  # it has not left
    send_due(now=GONE)
    thread = thread_about("case", case.pk)
    assert (list(thread.to), list(thread.cc)) == (["ana@b.example"], ["bo@b.example"])
    second = write(case, now=GONE)
    send_due(now=GONE + UNDO_WINDOW)
    message = opened(post.received[1])
    assert (message["In-Reply-To"], message["References"]) == (first.message_id, first.message_id)
    assert message["Reply-To"] is None
    told = {
        "From": "Bo <bo@b.example>", "To": "us@relman.example, desk@relman.example, cy@b.example",
        "Cc": "Ana <ana@b.example>", "Message_ID": "<theirs@b.example>", "In_Reply_To": second.message_id,
        "References": f"{first.message_id} {second.message_id}",
    }  # fmt: skip
    desk = ensure_mailbox(actor=boss, address="desk@relman.example", now=NOW)
    came = stored(mail_of(**told))
    assert take_in(actor=boss, mailbox=desk, mail=came, now=GONE + timedelta(hours=1)).outcome == "imported"
    machine = told | {
        "From": "ana@b.example",
        "Message_ID": "<away@b.example>",
        "Auto_Submitted": "auto-replied",
    }
    take_in(actor=boss, mailbox=desk, mail=stored(mail_of(**machine)), now=GONE + timedelta(minutes=90))
    thread = thread_about("case", case.pk)
    assert (list(thread.to), list(thread.cc)) == (["bo@b.example"], ["cy@b.example", "ana@b.example"])
    third = mail_answer(
        actor=case.owner, case=case, answer=Answer("Yes.", thread.to), now=GONE + timedelta(hours=2)
    )
    assert (third.in_reply_to, third.outbox.reply_to) == ("<theirs@b.example>", ["desk@relman.example"])
    assert third.references == [first.message_id, second.message_id, "<theirs@b.example>"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"to": []}, "to"),
        ({"to": ["nobody"]}, "to"),
        ({"to": [f"a@{'ü' * 60}.example"]}, "to"),
        ({"cc": ["a@b.example\nBcc: x@y.example"]}, "cc"),
        ({"to": ["us@relman.example"]}, "to"),
        ({"cc": [f"n{number}@b.example" for number in range(50)]}, "cc"),
        ({"send_at": NOW}, "send_at"),
        ({"send_at": NOW + timedelta(days=400)}, "send_at"),
        ({"body": " "}, "body"),
        ({"promise": "Call"}, "promise_due_date"),
        ({"promise": "Call\x00", "promise_due_date": NOW.date()}, "promise"),
        ({"to": ["gone@b.example"], "cc": ["gone@b.example"]}, "to"),
    ],
)
def test_a_mail_that_cannot_go_is_refused_with_the_reason(
    case: Case, fields: dict[str, Any], wrong: str
) -> None:
    suppress(actor=make_user("administrator"), address="gone@b.example", reason="bounced", now=NOW)
    with pytest.raises(Invalid) as refused:
        write(case, **fields)
    assert list(refused.value.errors) == [wrong]
    assert OutboxMessage.objects.count() == 0


def test_a_mail_is_taken_back_until_it_leaves(post: Post, case: Case) -> None:
    mail, other = write(case), make_user("auditor")
    with pytest.raises(NotAllowed):
        take_back(actor=other, mail_id=mail.pk, now=NOW)
    with pytest.raises(Missing):
        take_back(actor=make_user("representative"), mail_id=mail.pk, now=NOW)
    back = take_back(actor=case.owner, mail_id=mail.pk, now=NOW)
    assert (back.taken_back_by, back.is_held, outcomes(back)) == (
        case.owner,
        False,
        {"ana@brightwater.example": "taken_back"},
    )
    assert (send_due(now=GONE), post.received, back.outbox.state) == (0, [], "stopped")
    late = write(case, key="2", to=["a@bücher.example", "a@xn--bcher-kva.example"])
    assert outcomes(late) == {"a@xn--bcher-kva.example": "held_back"}
    OutboxMessage.objects.filter(pk=late.outbox_id).update(state="sending")
    for each in (mail, late):
        with pytest.raises(Conflict, match="any more"):
            take_back(actor=case.owner, mail_id=each.pk, now=NOW)


def test_what_the_server_wants_later_is_tried_again_and_what_it_refuses_is_final(
    post: Post, case: Case
) -> None:
    mail = write(case, to=["ana@b.example"], cc=["full@b.example", "none@b.example"])
    post.to_recipient = {"full@b.example": "452 Full", "none@b.example": "550 5.1.1 No such user"}
    send_due(now=GONE)
    assert outcomes(mail) == {
        "ana@b.example": "accepted",
        "full@b.example": "waiting",
        "none@b.example": "refused",
    }
    post.to_recipient = {}
    with pytest.raises(Conflict):
        take_back(actor=case.owner, mail_id=mail.pk, now=GONE)  # it has been said already
    send_due(now=GONE + RETRY_AFTER[0])
    assert [each.rcpt_tos for each in post.received] == [["ana@b.example"], ["full@b.example"]]
    assert outcomes(mail)["full@b.example"] == "accepted"
    assert Delivery.objects.filter(message=mail.outbox).count() == 3
    assert Notification.objects.filter(topic="case_mail_failed", user=case.owner).count() == 1


def test_a_sender_that_stops_while_sending_sends_once_more_and_no_third_time(post: Post, case: Case) -> None:
    mail, moment = write(case), GONE
    for _crash in range(3):
        send_due(now=moment)
        Delivery.objects.filter(message=mail.outbox).update(outcome="waiting")
        OutboxMessage.objects.update(state="sending", claimed_at=moment, finished_at=None)
        moment += LEASE
    ids = [opened(envelope)["Message-ID"] for envelope in post.received]
    assert ids == [mail.message_id] * 2
    mail.outbox.refresh_from_db()
    assert mail.outbox.lost_claims == 2
    send_due(now=moment)
    mail.outbox.refresh_from_db()
    assert (mail.outbox.state, outcomes(mail)) == ("failed", {"ana@brightwater.example": "refused"})
    told = ApiClient(case.owner).call("get", f"outgoing-mails/{mail.pk}/").json()
    assert told["maybe_twice"] is True
    assert case.messages.filter(sort="ours").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once_and_count_one_answer(post: Post, case: Case) -> None:
    for number in range(8):
        write(case, to=[f"n{number}@b.example"])
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        send_due(now=GONE)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(envelope.rcpt_tos[0] for envelope in post.received) == [f"n{n}@b.example" for n in range(8)]
    assert case.messages.filter(sort="ours").count() == 8


def test_a_suppressed_address_gets_nothing_and_an_opt_out_of_news_stops_no_answer(
    post: Post, case: Case
) -> None:
    boss = make_user("administrator")
    suppress(actor=boss, address="News@b.example", reason="no_news", now=NOW)
    suppress(actor=boss, address="Gone@b.example", reason="bounced", note="550", now=NOW)
    mail = write(case, to=["news@b.example"], cc=["gone@b.example", "late@b.example"])
    assert outcomes(mail)["gone@b.example"] == "suppressed"
    suppress(actor=boss, address="late@b.example", reason="unwanted", now=NOW)
    send_due(now=GONE)
    assert [envelope.rcpt_tos for envelope in post.received] == [["news@b.example"]]
    assert outcomes(mail) == {
        "news@b.example": "accepted",
        "gone@b.example": "suppressed",
        "late@b.example": "suppressed",
    }
    stopped = write(case, to=["ana@b.example"])
    suppress(actor=boss, address="ana@b.example", reason="unwanted", now=NOW)
    send_due(now=GONE)
    stopped.outbox.refresh_from_db()
    assert (stopped.outbox.state, len(post.received)) == ("stopped", 1)
    assert case.messages.filter(sort="ours").count() == 1  # what nobody gets is no answer
    partly = write(case, to=["dan@b.example"], cc=["eve@b.example"])
    post.to_recipient = {"eve@b.example": "452 Full"}
    send_due(now=GONE)
    suppress(actor=boss, address="eve@b.example", reason="bounced", now=NOW)
    send_due(now=GONE + RETRY_AFTER[0])
    partly.outbox.refresh_from_db()
    assert (partly.outbox.state, outcomes(partly)) == (
        "sent",
        {"dan@b.example": "accepted", "eve@b.example": "suppressed"},
    )
    row = SuppressedAddress.objects.get(address="gone@b.example")
    lift_suppression(actor=boss, suppression_id=row.pk, now=NOW)
    with pytest.raises(Missing):
        lift_suppression(actor=boss, suppression_id=row.pk, now=NOW)
    verbs = AuditEntry.objects.filter(subject_type="suppressedaddress", subject_id=row.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["address_suppressed", "suppression_lifted"]


@pytest.mark.parametrize("copy", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(("status", "is_gone"), [("5.1.1", True), ("5.2.2", False)])
def test_a_report_is_believed_that_names_a_mail_of_ours_and_who_was_sent_it(
    post: Post, case: Case, copy: str, status: str, is_gone: bool
) -> None:
    mail = write(case, to=["ana@b.example"], cc=["bo@b.example"])
    send_due(now=GONE)
    desk = ensure_mailbox(actor=case.owner, address="desk@relman.example", now=NOW)

    def report(about: str, whom: str, action: str = "failed") -> None:
        told = f"Reporting-MTA: dns; b.example\r\n\r\nFinal-Recipient: rfc822; {whom}\r\nAction: {action}\r\n"
        told += f"Status: {status}\r\n"
        head = f"Message-ID: {about}\r\nSubject: x\r\n\r\n"
        raw = parts(
            b"Content-Type: message/delivery-status\r\n\r\n" + told.encode(),
            f"Content-Type: {copy}\r\n\r\n{head}".encode(),
            kind="report",
            From="MAILER-DAEMON@b.example",
            Message_ID=f"<{whom.replace('@', '.')}.{action}.{about.strip('<>')}>",
        )
        assert take_in(actor=case.owner, mailbox=desk, mail=stored(raw), now=GONE).outcome == "imported"

    report("<guessed@relman.example>", "ana@b.example")
    report(mail.message_id, "eve@b..example")
    report(mail.message_id, "ana@b.example", "delayed")
    assert outcomes(mail) == {"ana@b.example": "accepted", "bo@b.example": "accepted"}
    report(mail.message_id, "Bo@b.example")
    assert outcomes(mail) == {"ana@b.example": "accepted", "bo@b.example": "bounced"}
    rows = SuppressedAddress.objects.values_list("address", "reason", "note", "added_by")
    assert list(rows) == ([("bo@b.example", "bounced", status, None)] if is_gone else [])
    assert Notification.objects.filter(topic="case_mail_failed", user=case.owner).count() == 1


def test_only_administrators_say_who_gets_no_mail() -> None:
    with pytest.raises(NotAllowed):
        suppress(actor=make_user(), address="a@b.example", reason="bounced", now=NOW)
    boss = make_user("administrator")
    with pytest.raises(Invalid) as refused:
        suppress(actor=boss, address="a", reason="b", note="x" * 401, now=NOW)
    assert sorted(refused.value.errors) == ["address", "note", "reason"]
    client = ApiClient(boss)
    said = {"address": "A@b.example", "reason": "bounced", "note": "550"}
    made = [client.call("post", "suppressed-addresses/", said).json() for _ in range(2)]
    assert (made[0], made[0]["address"]) == (made[1], "a@b.example")
    found = client.call("get", "suppressed-addresses/?q=B.EX").json()["results"]
    assert [row["id"] for row in found] == [made[0]["id"]]
    gone = client.call("delete", f"suppressed-addresses/{made[0]['id']}/", If_Match="*")
    assert (gone.status_code, SuppressedAddress.objects.count()) == (204, 0)


def test_the_page_of_suppressed_addresses_adds_and_lifts(client: Client) -> None:
    client.force_login(make_user("administrator"))
    page = "/suppressed-addresses/"
    assert "Mail goes to every address" in client.get(page).content.decode()
    wrong = client.post(page, {"address": "nobody", "reason": "unwanted"})
    assert (wrong.status_code, "is not an e-mail address" in wrong.content.decode()) == (422, True)
    assert client.post(page, {"address": "a@b.example", "reason": "unwanted"}).status_code == 302
    row = SuppressedAddress.objects.get()
    assert "They want no mail of any sort" in client.get(page + "?q=b.ex").content.decode()
    assert "No such address" in client.get(page + "?q=zebra").content.decode()
    assert client.post(f"{page}{row.pk}/lifting/").status_code == 302
    assert SuppressedAddress.objects.count() == 0
    client.force_login(make_user())
    assert client.get(page).status_code == 403


def test_the_pages_of_mail_show_every_recipient_to_whom_may_know_of_the_case(
    client: Client, case: Case, settings: Settings
) -> None:
    settings.SMTP_URL = ""
    client.force_login(case.owner)
    page = "/outgoing-mail/"
    assert "No mail yet" in client.get(page).content.decode()
    mail = write(case, to=["ana@b.example"], cc=["bo@b.example"])
    held = client.get(f"{page}{mail.pk}/").content.decode()
    assert [words in held for words in ("ana@b.example", "bo@b.example", "Take it back")] == [True] * 3
    send_due(now=GONE)
    kept = client.get(f"{page}{mail.pk}/").content.decode()
    assert ("nothing left this machine" in kept, "Take it back" in kept) == (True, False)
    assert outcomes(mail) == {"ana@b.example": "kept", "bo@b.example": "kept"}
    assert case.ref in client.get(page + "?q=bo@").content.decode()
    assert "No such mail" in client.get(page + "?q=zebra").content.decode()
    other = write(case, now=GONE)
    back = client.post(f"{page}{other.pk}/withdrawals/")
    assert (back.status_code, back["Location"]) == (302, f"/cases/{case.pk}/")
    assert "Taken back" in client.get(f"{page}{other.pk}/").content.decode()
    secret = make_case(case.relationship, actor=case.owner, confidentiality=3)
    few = write(secret)
    stranger = make_user("administrator")
    client.force_login(stranger)
    assert client.get(f"{page}{few.pk}/").status_code == 404
    assert client.get(f"/sent-mail/{few.outbox_id}/").status_code == 404
    assert client.get(f"/sent-mail/{mail.outbox_id}/").status_code == 200
    assert list(OutgoingMail.objects.visible_to(stranger).order_by("pk")) == [mail, other]


def test_a_mail_that_cannot_be_written_down_is_not_sent_and_holds_up_no_other(
    post: Post, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = write(case, to=["ana@b.example"]), write(case, to=["bo@b.example"])
    known = registry.mailed["case"]

    def left(mail: OutgoingMail, now: datetime) -> None:
        if mail == broken:
            raise ZeroDivisionError
        known.left(mail, now)

    def failed(mail: OutgoingMail, now: datetime) -> None:
        raise Case.DoesNotExist

    monkeypatch.setitem(registry.mailed, "case", Mailed(known.place, left, known.taken_back, failed))
    assert send_due(now=GONE) == 2
    assert [envelope.rcpt_tos for envelope in post.received] == [["bo@b.example"]]
    assert (outcomes(broken), outcomes(fine)) == ({"ana@b.example": "stopped"}, {"bo@b.example": "accepted"})


def test_mails_are_about_things_of_which_somebody_said_who_may_know_of_them() -> None:
    known = registry.mailed["case"]
    registry.add_mailed("case", known)
    with pytest.raises(ValueError, match="nobody said"):
        registry.add_mailed("weather", known)
    other = Mailed("/x/%d/", known.left, known.taken_back, known.failed)
    with pytest.raises(ValueError, match="two things"):
        registry.add_mailed("case", other)
