"""The pages, the API and the command of mail that came in: what they show, to whom, and that it is only ever text."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from messaging.models import InboundMessage
from messaging.queries.received_mail import mailboxes, received_page
from relationships.operations.contact_points import add_contact_point
from tests.api import ApiClient
from tests.factories import NOW, make_relationship, make_user
from tests.messaging.mail import box, brought, file, mail_of, parts

pytestmark = pytest.mark.django_db
ODD = parts(
    b"Content-Type: text/html\r\n\r\n<p>Pay <b>now</b><script>alert(1)</script><img src='http://spy.example/p'>",
    file("run.exe", b"MZ"),
    Subject="<i>Urgent</i>",
    Message_ID="<odd@x>",
)


@pytest.fixture
def boss(client: Client) -> User:
    found = make_user("administrator", name="Ann Lee", email="ann@firm.example")
    client.force_login(found)
    return found


def test_without_mail_the_page_says_how_it_comes(client: Client, boss: User) -> None:
    assert "manage.py ingest mail" in client.get("/received-mail/").content.decode()


def test_the_list_says_what_is_held_and_is_narrowed(client: Client, boss: User) -> None:
    brought(boss, mail_of())
    assert "Everything that came was taken in." in client.get("/received-mail/").content.decode()
    held = brought(boss, b"no mail at all").message
    brought(boss, mail_of(From="Ann Lee <ann@evil.example>", Message_ID="<2@x>", Subject="Forged"))
    page = client.get("/received-mail/").content.decode()
    assert ("Held: 1" in page, "Sender not proven" in page, page.index("Forged") < page.index("Trays")) == (
        True,
        True,
        True,
    )
    other = box(boss, address="press@firm.example")
    assert [(each.address, each.held) for each in mailboxes()] == [
        (other.address, 0),
        ("sales@firm.example", 1),
    ]
    narrowed = client.get("/received-mail/?outcome=held").content.decode()
    assert (f"/received-mail/{held.pk}/" in narrowed, "Trays" in narrowed, "It is no mail" in narrowed) == (
        True,
        False,
        True,
    )
    assert "Trays" in client.get("/received-mail/?q=ANA@acme+tray").content.decode()
    assert "No such mail" in client.get("/received-mail/?q=zzz").content.decode()
    assert "Trays" in client.get("/received-mail/?q=%00tray").content.decode()


def test_a_mail_is_shown_as_text_with_its_marks_files_and_head(client: Client, boss: User) -> None:
    row = brought(boss, ODD).message
    other = brought(boss, mail_of(Message_ID="<odd@x>")).message
    answer = brought(boss, mail_of(Message_ID="<3@x>", In_Reply_To="<odd@x>", Subject="Re: that")).message
    page = client.get(f"/received-mail/{row.pk}/").content.decode()
    for words in (
        "Pay now",
        "&lt;i&gt;Urgent",
        "Had scripts or forms",
        "Kept back: It is a program.",
        "multipart/mixed",
    ):
        assert words in page
    assert ("alert(1)" in page, "spy.example" in page) == (False, False)
    assert (f"/received-mail/{other.pk}/" in page, f"/received-mail/{answer.pk}/" in page) == (True, True)
    bare = brought(boss, mail_of(), box(boss, "metadata", "hr@firm.example")).message
    assert "does not keep the words" in client.get(f"/received-mail/{bare.pk}/").content.decode()


def test_a_known_sender_is_named_to_those_who_may_know_of_them(client: Client, boss: User) -> None:
    acme = make_relationship("customers", actor=boss, name="Acme Bakery").party
    add_contact_point(actor=boss, party=acme, kind="email", value="ana@acme.example", now=NOW)
    row = brought(boss, mail_of()).message
    for address in ("/received-mail/", f"/received-mail/{row.pk}/"):
        assert "Acme Bakery" in client.get(address).content.decode()
    _page, lines = received_page(make_user("representative", "suppliers"), outcome="", q="", cursor="")
    assert [each.line for each in lines] == [None]


def test_a_held_mail_is_read_again_by_a_button(client: Client, boss: User) -> None:
    row = brought(boss, b"no mail").message
    assert "Read it again" in client.get(f"/received-mail/{row.pk}/").content.decode()
    answer = client.post(f"/received-mail/{row.pk}/readings/", follow=True)
    assert "The mail is held as before." in answer.content.decode()
    row.refresh_from_db()
    assert row.attempts == 2
    unkept = brought(boss, b"no mail", box(boss, "metadata", "hr@firm.example")).message
    assert "bring the file again" in client.get(f"/received-mail/{unkept.pk}/").content.decode()


@pytest.mark.parametrize("role", ["executive", "relationship_manager", "representative", "auditor", "hr"])
def test_nobody_else_sees_mail(client: Client, role: str) -> None:
    row = brought(make_user("administrator"), mail_of(Subject="Secret trays")).message
    viewer = make_user(role)
    client.force_login(viewer)
    api = ApiClient(viewer)
    answers = [client.get("/received-mail/"), client.get(f"/received-mail/{row.pk}/")]
    answers += [api.call("get", place) for place in ("received-mail/", f"received-mail/{row.pk}/")]
    answers += [
        client.post(f"/received-mail/{row.pk}/readings/"),
        api.call("post", f"received-mail/{row.pk}/readings/", {}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert not any("Secret" in answer.content.decode() for answer in answers)


def test_the_api_tells_the_same(boss: User) -> None:
    row, held = brought(boss, ODD).message, brought(boss, b"no mail").message
    api = ApiClient(boss)
    rows = api.call("get", "received-mail/").json()["results"]
    assert [(each["id"], each["outcome"], each["reason"]) for each in rows] == [
        (held.pk, "held", "not_a_message"),
        (row.pk, "imported", ""),
    ]
    assert [each["id"] for each in api.call("get", "received-mail/?outcome=held").json()["results"]] == [
        held.pk
    ]
    told = api.call("get", f"received-mail/{row.pk}/").json()
    assert told["mail"]["sender"] == {"name": "Ana Ruiz", "address": "ana@acme.example"}
    assert (told["text"], told["files"][0]["kept_back"], told["to"]) == (
        "Pay now",
        "program",
        [{"name": "Sales", "address": "sales@firm.example"}],
    )
    again = api.call("post", f"received-mail/{held.pk}/readings/", {})
    assert (again.status_code, again.json()["outcome"], again.json()["attempts"]) == (200, "held", 2)
    assert api.call("post", f"received-mail/{row.pk}/readings/", {}).status_code == 409
    assert api.call("get", "received-mail/999999/").status_code == 404


def test_the_command_tells_what_became_of_each_mail(workspace: object, tmp_path: Path) -> None:
    for name, raw in (("1.eml", mail_of()), ("2.eml", mail_of(b"Else")), ("3.eml", b"no mail")):
        (tmp_path / name).write_bytes(raw)
    out, report = io.StringIO(), tmp_path / "report.json"
    given = [str(tmp_path / f"{number}.eml") for number in (1, 2, 3)]
    call_command(
        "ingest", "mail", *given, "--report", str(report), "--mailbox", "a@b.example", "--dry-run", stdout=out
    )
    assert "This was a dry run: nothing was changed." in out.getvalue()
    call_command("ingest", "mail", *given, "--report", str(report), "--mailbox", "a@b.example", stdout=out)
    assert json.loads(report.read_text()) == {
        "messages": 3,
        "imported": 2,
        "duplicates": 0,
        "variants": 1,
        "held": 1,
        "held_by_reason": {"not_a_message": 1},
    }
    assert "3 mails: 2 imported, 0 there already, 1 held." in out.getvalue()
    call_command("ingest", "mail", *given, "--report", "-", "--mailbox", "a@b.example", stdout=out)
    assert '"duplicates": 2' in out.getvalue()
    assert InboundMessage.objects.count() == 3
    with pytest.raises(CommandError, match="nowhere"):
        call_command("ingest", "mail", "/nowhere")
    with pytest.raises(CommandError, match="stays so"):
        call_command("ingest", "mail", given[0], "--mailbox", "a@b.example", "--privacy", "metadata")
