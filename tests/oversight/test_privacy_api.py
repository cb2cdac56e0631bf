"""Privacy and retention by the API: what administrators do by the pages, with the same rights and refusals."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from oversight.models import Erasure, SubjectExport
from oversight.operations.erasures import carry_out_confirmed
from oversight.operations.retention import set_rule
from oversight.operations.subject_access import put_together_waiting
from relationships.models import Interaction, Party, Relationship
from relationships.operations.contact_points import add_contact_point
from tests.api import ApiClient
from tests.factories import NOW, make_interaction, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_kept(workspace: Workspace, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = settings.HOME = tmp_path


@pytest.fixture
def boss() -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def client(boss: User) -> ApiClient:
    return ApiClient(boss)


@pytest.fixture
def zoe(boss: User) -> Party:
    zoe = make_person("Zoe Quill")
    add_contact_point(actor=boss, party=zoe, kind="email", value="zoe@example.org", now=NOW)
    make_interaction(make_relationship(owner=boss), actor=boss, people=[zoe], body="Zoe Quill spoke.")
    return zoe


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.json()
    return {each["field"]: each["reason"] for each in response.json()["errors"]}


def test_subject_access_is_asked_for_put_together_and_fetched(client: ApiClient, zoe: Party) -> None:
    place = f"parties/{zoe.pk}/subject-exports/"
    first = client.call("post", place, {}, Idempotency_Key="a")
    again = client.call("post", place, {}, Idempotency_Key="a")
    assert (first.status_code, again.json()) == (201, first.json())
    assert client.call("post", place, {}).status_code == 409
    asked = first.json()
    assert (asked["party"], asked["finished_at"]) == ({"id": zoe.pk, "name": "Zoe Quill"}, None)
    file = f"subject-exports/{asked['id']}/"
    assert client.call("get", f"{file}content/").status_code == 404
    assert put_together_waiting(now=timezone.now()) == 1
    told = client.call("get", file).json()
    assert (told["tables_done"], told["expires_at"] is None) == (told["tables"], False)
    response = client.call("get", f"{file}content/")
    assert response["Content-Disposition"] == f'attachment; filename="subject-access-{asked["id"]}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert "Zoe Quill" in archive.read("index.html").decode()
    assert AuditEntry.objects.filter(verb="subject_access_fetched", subject_id=zoe.pk).count() == 1
    assert [each["id"] for each in client.call("get", "subject-exports/").json()["results"]] == [asked["id"]]
    firm = Relationship.objects.get().party
    assert "party" in errors(client.call("post", f"parties/{firm.pk}/subject-exports/", {}))


def test_an_erasure_says_what_stays_and_why_and_wants_two_people(client: ApiClient, zoe: Party) -> None:
    known = client.call("get", f"parties/{zoe.pk}/personal-data/").json()
    assert (known["party"]["name"], known["legal_hold"]) == ("Zoe Quill", None)
    assert {fate["goes"] for fate in known["fates"]} == {True, False}
    assert any("stays" in fate["kept"] for fate in known["fates"] if not fate["goes"])
    place = f"parties/{zoe.pk}/erasures/"
    assert set(errors(client.call("post", place, {"basis": "whim"}))) == {"basis"}
    said = {"basis": "asked", "reason": "Letter of 2 March"}
    asked = client.call("post", place, said, Idempotency_Key="e").json()
    assert client.call("post", place, said, Idempotency_Key="e").json() == asked
    assert (asked["state"], asked["reason"], asked["confirmed_by"]) == (
        "requested",
        "Letter of 2 March",
        None,
    )
    assert client.call("post", place, said).status_code == 409
    one = f"erasures/{asked['id']}/"
    assert client.call("post", f"{one}confirmation/", {}).status_code == 403  # by whoever asked
    second = ApiClient(make_user("administrator", name="Second"))
    confirmed = second.call("post", f"{one}confirmation/", {}).json()
    assert (confirmed["state"], confirmed["confirmed_by"]["name"]) == ("confirmed", "Second")
    assert client.call("post", f"{one}cancellation/", {}).status_code == 409
    assert carry_out_confirmed(now=timezone.now()) == 1
    told = client.call("get", one).json()
    assert (told["state"], told["party"]["name"]) == ("done", f"Erased person {zoe.pk}")
    assert told["summary"]["relationships.Party"] == {"went": 0, "changed": 1}
    assert "Zoe" not in Interaction.objects.get().body


def test_an_erasure_can_be_called_off_and_a_legal_hold_keeps_it_from_being_asked_for(
    client: ApiClient, zoe: Party
) -> None:
    place = f"parties/{zoe.pk}/erasures/"
    asked = client.call("post", place, {"basis": "not_needed"}).json()
    off = client.call("post", f"erasures/{asked['id']}/cancellation/", {}).json()
    assert (off["state"], off["cancelled_at"] is None) == ("cancelled", False)
    hold = f"parties/{zoe.pk}/legal-hold/"
    assert client.call("post", f"{hold}lifting/", {"reason": "None"}).status_code == 404
    assert set(errors(client.call("post", hold, {"reason": ""}))) == {"reason"}
    assert client.call("post", hold, {"reason": "A claim"}).json()["reason"] == "A claim"
    assert client.call("post", hold, {"reason": "Again"}).status_code == 409
    assert client.call("get", f"parties/{zoe.pk}/personal-data/").json()["legal_hold"]["reason"] == "A claim"
    assert client.call("post", place, {"basis": "asked"}).status_code == 409
    assert client.call("post", f"{hold}lifting/", {"reason": "Settled"}).json()["legal_hold"] is None
    assert client.call("post", place, {"basis": "asked"}).status_code == 201
    assert [each["state"] for each in client.call("get", "erasures/").json()["results"]] == [
        "requested",
        "cancelled",
    ]


def test_rules_of_retention_are_set_looked_at_and_ended(client: ApiClient, boss: User) -> None:
    role = make_relationship(owner=boss, name="Brightwater Care")
    make_interaction(role, actor=boss, body="Words")
    long_ago = timezone.now() - timedelta(days=200)
    Relationship.objects.filter(pk=role.pk).update(opened_at=long_ago, closed_at=long_ago, closed_by=boss)
    said = {"data": "talk", "kind": "customers", "days": 90}
    rule = client.call("post", "retention-rules/", said, Idempotency_Key="r").json()
    assert client.call("post", "retention-rules/", said, Idempotency_Key="r").json() == rule
    assert (rule["days"], rule["last_done"], rule["ended_at"]) == (90, None, None)
    assert client.call("post", "retention-rules/", said).status_code == 409
    wrong = client.call("post", "retention-rules/", {"data": "all", "kind": "pets", "days": 3})
    assert set(errors(wrong)) == {"data", "kind", "days"}
    assert "kind" in errors(client.call("post", "retention-rules/", said | {"data": "people"}))
    one = f"retention-rules/{rule['id']}/"
    [due] = client.call("get", f"{one}due/").json()["results"]
    assert (due["name"], due["url"]) == ("Brightwater Care", f"/customers/{role.pk}/")
    assert Interaction.objects.get().body == "Words"
    people = set_rule(actor=boss, data="people", kind="", days=36_000, now=NOW)
    assert client.call("get", f"retention-rules/{people.pk}/due/").json()["results"] == []
    assert client.call("post", f"{one}ending/", {}).json()["ended_at"] is not None
    assert client.call("post", f"{one}ending/", {}).status_code == 409
    listed = client.call("get", "retention-rules/").json()["results"]
    assert [each["id"] for each in listed] == [people.pk]
    assert client.call("get", one).json()["ended_at"] is not None


def test_who_does_not_administer_is_refused_and_a_token_needs_the_scope(boss: User, zoe: Party) -> None:
    erasure = Erasure.objects.create(party=zoe, basis="asked", requested_at=NOW, requested_by=boss)
    export = SubjectExport.objects.create(party=zoe, requested_at=NOW, requested_by=boss)
    rule = set_rule(actor=boss, data="talk", kind="", days=90, now=NOW)
    read = [
        "erasures/", "subject-exports/", "retention-rules/", f"erasures/{erasure.pk}/", f"subject-exports/{export.pk}/",
        f"subject-exports/{export.pk}/content/", f"retention-rules/{rule.pk}/", f"retention-rules/{rule.pk}/due/",
        f"parties/{zoe.pk}/personal-data/",
    ]  # fmt: skip
    written: dict[str, dict[str, Any]] = {
        f"parties/{zoe.pk}/erasures/": {"basis": "asked"},
        f"parties/{zoe.pk}/subject-exports/": {},
        f"parties/{zoe.pk}/legal-hold/": {"reason": "A claim"},
        f"parties/{zoe.pk}/legal-hold/lifting/": {"reason": "A claim"},
        f"erasures/{erasure.pk}/confirmation/": {},
        f"erasures/{erasure.pk}/cancellation/": {},
        f"retention-rules/{rule.pk}/ending/": {},
        "retention-rules/": {"data": "documents", "days": 90},
    }
    for client in (ApiClient(make_user("executive")), ApiClient(boss, ["workspace:write"])):
        assert {client.call("get", place).status_code for place in read} == {403}
        assert {client.call("post", place, said).status_code for place, said in written.items()} == {403}
    reader = ApiClient(boss, ["privacy:read"])
    assert {reader.call("post", place, said).status_code for place, said in written.items()} == {403}
    assert {reader.call("get", place).status_code for place in read} == {200, 404}  # 404: no file yet
    erasure.refresh_from_db()
    assert erasure.state == "requested"
