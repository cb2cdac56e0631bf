"""Imports by the API: the steps of the pages, the same refusals, the same sight."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.operations.workspace import Workspace
from exchange.enums import Dataset
from exchange.models import HeldRow, ImportJob, ImportRun
from exchange.queries.field_labels import offered_fields
from exchange.queries.headers import headers_of
from exchange.tasks import carry_out_imports
from relationships.models import Party, Relationship
from tests.api import BASE, ApiClient
from tests.exchange.pages import IMPORT_PAGES, MESSY, make_job, make_run
from tests.factories import make_relationship, make_user


@pytest.fixture(autouse=True)
def files_kept(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


@pytest.fixture
def client(manager: User) -> ApiClient:
    return ApiClient(manager)


def send(client: ApiClient, content: bytes, holds: str = "parties:customers", name: str = "list.csv") -> Any:
    body = {"file": SimpleUploadedFile(name, content), "holds": holds}
    return client.post(f"{BASE}imports/files/uploads/", body, headers=client.own)


def sent(client: ApiClient, content: bytes, holds: str = "parties:customers", name: str = "list.csv") -> Any:
    response = send(client, content, holds, name)
    assert response.status_code == 201, response.json()
    return response.json()


def read_as(client: ApiClient, file: dict[str, Any], **said: Any) -> Any:
    return client.call("patch", f"imports/files/{file['id']}/", said, If_Match="*")


def imported(client: ApiClient, file: dict[str, Any]) -> int:
    begun = client.call("post", f"imports/files/{file['id']}/carrying-out/", {})
    assert (begun.status_code, begun.json()["is_working"]) == (200, True)
    assert carry_out_imports() == 1
    told = client.call("get", f"imports/files/{file['id']}/").json()
    assert (told["refusal"], told["is_working"]) == ("", False)
    return int(told["import_id"])


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.json()
    return {each["field"]: each["reason"] for each in response.json()["errors"]}


def test_a_file_goes_all_the_way_in_and_its_held_rows_follow(client: ApiClient) -> None:
    file = sent(client, MESSY)
    assert (file["encoding"], file["delimiter"], file["header_row"]) == ("cp1252", ";", 3)
    assert file["columns"] == {"name": 1, "place": 2, "email": 3}
    assert [(each["number"], each["title"]) for each in file["found"]][:2] == [(1, "Name"), (2, "Ort")]
    assert {"name": "name", "label": "Name (needed)"} in file["fields_offered"]
    assert read_as(client, file, columns=file["columns"]).json()["columns"] == file["columns"]
    rows = client.call("get", f"imports/files/{file['id']}/preview/").json()
    assert [(row["number"], row["column"]) for row in rows["rows"]] == [
        (4, ""),
        (5, "E-Mail"),
        (6, "Name"),
        (7, ""),
    ]
    assert (rows["held"], rows["heads"][0], Party.objects.exists()) == (2, "Name", False)
    client.call("post", f"imports/files/{file['id']}/trial/", {})
    assert (carry_out_imports(), Party.objects.exists()) == (1, False)
    trial = client.call("get", f"imports/files/{file['id']}/").json()["trial"]
    assert (trial["rows"], trial["imported"], trial["held"]) == (4, 2, 2)
    import_id = imported(client, file)
    told = client.call("get", f"imports/{import_id}/").json()
    assert (told["files"], told["waiting"], told["columns"]["place"]) == (["list.csv"], 2, "Ort")
    assert (told["report"]["created"]["parties"], sum(told["report"]["held_by_reason"].values())) == (2, 2)
    held = client.call("get", f"imports/{import_id}/held-rows/").json()["results"]
    one = client.call("get", f"held-rows/{held[0]['id']}/").json()
    assert (one["fields_read"]["email"], one["import_id"], one["resolved_at"]) == ("kein-at", import_id, None)
    place = f"held-rows/{one['id']}/corrections/"
    assert "kein" in errors(client.call("post", place, {"cells": {"email": "kein"}}))["email"]
    assert "Possible: name" in errors(client.call("post", place, {"cells": {"nothing": "x"}}))["nothing"]
    given = {"cells": {"email": "brot@gross.example"}}
    first = client.call("post", place, given, Idempotency_Key="row-1")
    again = client.call("post", place, given, Idempotency_Key="row-1")
    assert (first.status_code, again.json()) == (200, first.json())
    assert client.call("post", place, given).status_code == 409
    assert Relationship.objects.filter(party_name="Bäckerei Groß").count() == 1
    assert HeldRow.objects.filter(run=import_id).waiting().count() == 1


def test_a_file_sent_twice_under_one_key_is_one_file(client: ApiClient) -> None:
    bodies = [{"file": SimpleUploadedFile("a.csv", b"name\nAcme\n"), "holds": "parties:"} for _ in range(2)]
    keyed = client.own | {"Idempotency-Key": "file-1"}
    ids = {client.post(f"{BASE}imports/files/uploads/", body, headers=keyed).json()["id"] for body in bodies}
    assert ids == set(ImportJob.objects.values_list("pk", flat=True))
    listed = client.call("get", "imports/files/").json()["results"]
    assert [(each["id"], each["name"], each["is_working"]) for each in listed] == [(*ids, "a.csv", False)]


def test_what_can_be_imported_is_offered_and_nothing_else_is_taken(
    client: ApiClient, workspace: Workspace
) -> None:
    offers = [each["holds"] for each in client.call("get", "imports/offers/").json()["offers"]]
    assert ("parties:customers" in offers, "contacts:" in offers, "payments:customers" in offers) == (
        True,
        True,
        False,
    )
    for holds in ("payments:customers", "parties:nobody", "nothing:customers", "x"):
        assert "holds" in errors(send(client, b"name\nAcme\n", holds))
    assert errors(send(client, b"PK\x03\x04rest"))["file"]
    seller = ApiClient(make_user("relationship_manager", kind="customers"))
    assert send(seller, b"name\nAcme\n", "parties:suppliers").status_code == 403
    finance = ApiClient(make_user("finance"))
    for place in ("imports/offers/", "imports/files/"):
        assert finance.call("get", place).status_code == 403
    assert send(finance, b"name\nAcme\n").status_code == 403
    assert not ImportJob.objects.exists()


def test_a_large_file_is_taken_and_one_beyond_the_limit_refused(client: ApiClient, settings: Any) -> None:
    large = b"name\n" + b"".join(b"Party %07d %s\n" % (n, b"x" * 80) for n in range(60_000))
    assert len(large) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert sent(client, large)["size"] == len(large)
    settings.IMPORT_MAX_BYTES = 1_000
    assert "larger than" in errors(send(client, b"name\n" + b"x" * 2_000))["file"]


def test_what_is_said_of_columns_is_refused_by_its_field(client: ApiClient) -> None:
    file = sent(client, b"Name,Other\nAcme,Bcme\n")
    assert errors(read_as(client, file, columns={"place": 1})) == {
        "columns.name": "Say which column is “Name”."
    }
    wrong = read_as(client, file, columns={"name": 1, "place": 1, "sector": 9, "nothing": 2})
    assert errors(wrong) == {
        "columns.place": "Column 1 is “Name” already.",
        "columns.sector": "The file has only 2 columns.",
        "columns.nothing": "There is no such field for this file.",
    }
    assert "header_row" in errors(read_as(client, file, header_row=9))
    assert "date_format" in errors(read_as(client, file, columns={"name": 1}, date_format="%Q"))
    assert "encoding" in errors(read_as(client, file, encoding="base64"))
    assert "currency" in errors(read_as(client, file, currency="EUR"))  # of parties nothing is paid
    assert "delimiter" in errors(read_as(client, file, delimiter="::"))
    unsaid = client.call("patch", f"imports/files/{file['id']}/", {"columns": {"name": 1}})
    assert unsaid.status_code == 428


def test_another_header_makes_other_columns_proposed_anew_or_told_at_once(client: ApiClient) -> None:
    file = sent(client, b"Name;Ort\nName;E-Mail\nAcme;a@acme.example\n")
    anew = read_as(client, file, header_row=2).json()
    assert (anew["header_row"], anew["columns"]) == (2, {"name": 1, "email": 2})
    told = read_as(client, file, header_row=0, columns={"name": 2}, decimal=",").json()
    assert (told["header_row"], told["columns"], told["decimal"]) == (0, {"name": 2}, ",")
    kept = read_as(client, file, date_format="%d/%m/%Y").json()
    assert (kept["columns"], kept["date_format"], kept["decimal"]) == ({"name": 2}, "%d/%m/%Y", ",")


def test_cards_have_no_columns_to_settle(client: ApiClient) -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Ana Ruiz\nEND:VCARD\n"
    file = sent(client, card, "contacts:", "cards.vcf")
    assert (file["columns"], file["fields_offered"]) == ({}, [])
    assert read_as(client, file, columns={"name": 1}).status_code == 409
    assert (
        client.call("get", f"imports/files/{file['id']}/preview/").json()["rows"][0]["cells"][0] == "Ana Ruiz"
    )
    assert ImportRun.objects.get(pk=imported(client, file)).report["imported"] == 1


def test_while_a_file_is_at_work_nothing_else_is_wanted_of_it(client: ApiClient, manager: User) -> None:
    file = sent(client, b"name\nAcme\n")
    client.call("post", f"imports/files/{file['id']}/trial/", {})
    for place in ("trial", "carrying-out"):
        assert client.call("post", f"imports/files/{file['id']}/{place}/", {}).status_code == 409
    lost = make_job(manager)
    assert "files" in errors(client.call("get", f"imports/files/{lost.pk}/preview/"))


def test_a_file_is_its_senders_and_an_import_theirs_who_may_import_such(client: ApiClient) -> None:
    file = sent(client, b"name\nAcme\n")
    import_id = imported(client, file)
    other = sent(client, b"name\nBo\n")
    seen = {}
    for kind in ("customers", "suppliers"):
        stranger = ApiClient(make_user("relationship_manager", kind=kind))
        places = (f"imports/files/{other['id']}/", f"imports/{import_id}/", f"imports/{import_id}/reversal/")
        seen[kind] = [stranger.call("get", place).status_code for place in places]
    assert seen == {"customers": [404, 200, 200], "suppliers": [404, 404, 404]}


def test_the_rows_behind_a_number_are_those_one_may_know_of(client: ApiClient, manager: User) -> None:
    run, relationship = make_run(manager, 0), make_relationship(owner=manager)
    run.created_rows.create(
        table_name="relationships_relationship", first=relationship.pk, last=relationship.pk
    )
    place = f"imports/{run.pk}/rows/?done=created&what="
    [row] = client.call("get", place + "customers").json()["results"]
    assert row == {
        "title": relationship.party_name,
        "url": f"/customers/{relationship.pk}/",
        "amount": None,
        "currency": "",
    }
    assert client.call("get", place + "nothing").status_code == 404
    assert "done" in errors(client.call("get", f"imports/{run.pk}/rows/?what=parties&done=x"))


def test_an_import_is_taken_back_and_the_three_buckets_told(client: ApiClient, manager: User) -> None:
    import_id = imported(client, sent(client, b"name,place\nAcme,Leeds\nBo,Hull\n"))
    place = f"imports/{import_id}/reversal/"
    before = client.call("get", place).json()
    assert {"label": "people and organisations", "value": 2} in before["would_do"]
    assert (before["reverted_at"], before["removed"]) == (None, [])
    assert client.call("post", place, {}).json()["revert_wanted_at"] is not None
    assert client.call("post", place, {}).status_code == 409
    assert carry_out_imports() == 1
    after = client.call("get", place).json()
    assert {"label": "people and organisations", "value": 2} in after["removed"]
    assert (after["kept_count"], after["conflicts"], after["would_do"], after["refusal"]) == (0, 0, [], "")
    assert client.call("get", f"imports/{import_id}/").json()["reverted_at"] is not None


def test_who_stays_and_what_is_in_conflict_is_named_as_far_as_one_may_know(client: ApiClient) -> None:
    administrator = make_user("administrator")
    IMPORT_PAGES["import_reverted"](administrator, 2)
    run = ImportRun.objects.latest("id")
    told = ApiClient(administrator).call("get", f"imports/{run.pk}/reversal/").json()
    assert (told["kept_count"], len(told["kept"]), told["put_back"], told["conflicts"]) == (2, 2, 1, 2)
    assert [each["fields_changed"] for each in told["conflicting"]] == ["Name", "Name"]


@pytest.mark.parametrize("dataset", [each.value for each in Dataset if each != Dataset.CONTACTS])
def test_every_field_that_is_proposed_is_one_that_is_offered(workspace: Workspace, dataset: str) -> None:
    offered = {name for name, _label in offered_fields(dataset, "customers")}
    assert set(dict(headers_of(dataset))) - offered == set()
