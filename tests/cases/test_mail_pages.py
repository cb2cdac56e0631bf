"""The pages and the API of mail in cases: whose it is, the mail as it came, what is done with a mailbox's mail."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from cases.models import MailDesk, MailFiling
from tests.api import ApiClient
from tests.cases.mails import came, make_customer, make_desk
from tests.cases.test_api import ok
from tests.factories import NOW, make_case, make_person, make_relationship, make_user
from tests.messaging.mail import box, file, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace, client: Client) -> User:
    found = make_user("administrator", name="Ann Lee", email="ann@firm.example")
    client.force_login(found)
    return found


def test_a_mail_is_matched_on_its_page(client: Client, boss: User) -> None:
    make_desk(boss)
    relationship = make_relationship(owner=boss)
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    case = make_case(relationship, actor=boss, subject="Trays broke")
    assert "Nothing waits" in client.get("/cases/mail/").content.decode()
    held = came(
        boss, parts(b"Content-Type: text/html\r\n\r\n<script>x</script>Where?", file("run.exe", b"MZ"))
    )
    assert "Mail to be matched: 1" in client.get("/cases/").content.decode()
    listed = client.get("/cases/mail/").content.decode()
    assert ("Nobody has this address" in listed, "/cases/mailboxes/" in listed) == (True, True)
    here = f"/cases/mail/{held.pk}/"
    page = client.get(here).content.decode()
    assert ("Whose is it?" in page, "Kept back: It is a program." in page, "<script>x" in page) == (
        True,
        True,
        False,
    )
    chosen = client.get(f"{here}?relationship={relationship.pk}").content.decode()
    assert (f"case-{case.pk}" in chosen, "Ana Ruiz" in chosen) == (True, True)
    assert client.post(here, {"relationship": relationship.pk, "what": "joke"}).status_code == 422
    said = {"relationship": relationship.pk, "what": f"case-{case.pk}", "person": ana.pk}
    assert client.post(here, said).headers["Location"] == f"/cases/{case.pk}/"
    assert client.get(here).status_code == 404
    whole = client.get(f"/cases/{case.pk}/").content.decode()
    assert (
        f"/cases/{case.pk}/received-mail/{held.pk}/" in whole,
        f"/cases/{case.pk}/received-mail/" in whole,
    ) == (
        True,
        True,
    )
    assert "Trays" in client.get(f"/cases/{case.pk}/received-mail/").content.decode()
    assert "Kept back" in client.get(f"/cases/{case.pk}/received-mail/{held.pk}/").content.decode()
    other = make_case(actor=boss)
    assert client.get(f"/cases/{other.pk}/received-mail/{held.pk}/").status_code == 404
    assert "Nobody has written" in client.get(f"/cases/{other.pk}/received-mail/").content.decode()
    for number, (said, state) in enumerate([({"again": "1"}, "waiting"), ({"drop": "1"}, "dropped")]):
        held = came(boss, From="Eve <eve@x.example>", Message_ID=f"<{number}@x>")
        client.post(f"/cases/mail/{held.pk}/settling/", said)
        held.refresh_from_db()
        assert held.state == state
    assert client.post("/cases/mail/999999/settling/", {}).status_code == 404
    again = came(boss, From="Tom <tom@x.example>", Message_ID="<t@x>")
    kept = {"relationship": relationship.pk, "what": "", "person": ""}
    assert client.post(f"/cases/mail/{again.pk}/", kept).headers["Location"] == "/cases/mail/"


def test_a_mail_of_somebody_with_several_relationships_offers_them(client: Client, boss: User) -> None:
    relationship, _ana = make_customer(boss)
    other = make_relationship("suppliers", party=relationship.party, owner=boss)
    make_desk(boss)
    page = client.get(f"/cases/mail/{came(boss).pk}/").content.decode()
    assert (f"?relationship={relationship.pk}" in page, f"?relationship={other.pk}" in page) == (True, True)


def test_mail_as_it_came_is_shown_to_who_may_know_of_the_case_alone(client: Client, boss: User) -> None:
    seller = make_user("relationship_manager", kind="customers")
    make_customer(seller)
    make_desk(boss)
    filed = came(boss)
    held = came(boss, From="Eve <eve@x.example>", Message_ID="<e@x>")
    pages = (f"/cases/{filed.case_id}/received-mail/", f"/cases/{filed.case_id}/received-mail/{filed.pk}/")
    client.force_login(seller)
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert (
        client.get(f"/cases/mail/{held.pk}/").status_code,
        client.get("/cases/mailboxes/").status_code,
    ) == (404, 403)
    assert "Eve" not in client.get("/cases/mail/").content.decode()
    client.force_login(make_user("relationship_manager", kind="suppliers"))
    assert [client.get(page).status_code for page in pages] == [404, 404]


def test_what_is_done_with_a_mailbox_is_set_on_its_page(client: Client, boss: User) -> None:
    assert "No mailboxes yet" in client.get("/cases/mailboxes/").content.decode()
    mailbox = box(boss)
    assert "nothing is done with it" in client.get("/cases/mailboxes/").content.decode()
    here = f"/cases/mailboxes/{mailbox.pk}/"
    assert client.get(here).status_code == 200
    assert client.post(here, {"does": "joke"}).status_code == 422
    assert (
        client.post(here, {"does": "cases", "case_type": "request"}).headers["Location"]
        == "/cases/mailboxes/"
    )
    assert MailDesk.objects.get().case_type == "request"
    came(boss)
    listed = client.get("/cases/mailboxes/").content.decode()
    assert ("Open a case: Request" in listed, "To be matched: 1" in listed) == (True, True)
    assert "only keep its mail" in client.get(here).content.decode()
    client.post(f"{here}ending/")
    assert MailDesk.objects.get().ended_at is not None
    assert client.get("/cases/mailboxes/999999/").status_code == 404


def test_mail_of_cases_by_the_api(boss: User) -> None:
    client, mailbox = ApiClient(boss), box(boss)
    made = ok(client.call("post", f"cases/mailboxes/{mailbox.pk}/desks/", {"does": "cases"}), 201)
    assert (made["mailbox"], made["agent"]["id"], made["case_type"]) == (
        "sales@firm.example",
        boss.pk,
        "question",
    )
    assert [each["id"] for each in ok(client.call("get", "cases/mailboxes/"))["results"]] == [made["id"]]
    MailDesk.objects.update(since=NOW.replace(year=2025))
    relationship = make_relationship(owner=boss)
    held = [came(boss, Message_ID=f"<{number}@x>") for number in range(3)]
    waiting = ok(client.call("get", "cases/mail/"))["results"]
    assert [(each["id"], each["why"], each["mail"]["subject"]) for each in waiting] == [
        (each.pk, "unknown", "Trays") for each in held
    ]
    ok(client.call("post", f"cases/mail/{held[0].pk}/matchings/", {}), 422)
    said = {"relationship": relationship.pk, "case_type": "problem"}
    filed = ok(client.call("post", f"cases/mail/{held[0].pk}/matchings/", said))
    assert filed["state"] == "opened"
    assert [
        each["id"] for each in ok(client.call("get", f"cases/{filed['case']}/received-mail/"))["results"]
    ] == [filed["id"]]
    assert ok(client.call("post", f"cases/mail/{held[1].pk}/readings/", {}))["state"] == "waiting"
    assert ok(client.call("post", f"cases/mail/{held[2].pk}/dismissals/", {}))["state"] == "dropped"
    assert client.call("post", f"cases/mailboxes/{mailbox.pk}/endings/", {}).status_code == 204
    seller = ApiClient(make_user("relationship_manager"))
    ok(seller.call("get", "cases/mailboxes/"), 403)
    ok(seller.call("post", f"cases/mailboxes/{mailbox.pk}/desks/", {"does": "cases"}), 403)
    ok(seller.call("post", f"cases/mail/{held[1].pk}/readings/", {}), 404)
    assert MailFiling.objects.filter(state="waiting").count() == 1
