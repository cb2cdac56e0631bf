"""A file by the page: sent, understood, looked at, tried, imported."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from accounts.models import User
from accounts.operations.workspace import Workspace
from exchange.models import HeldRow, ImportJob, ImportRun, RememberedLayout
from exchange.tasks import carry_out_imports
from relationships.models import Party, Relationship
from tests.doors import words_of
from tests.exchange.pages import MESSY
from tests.factories import NOW, make_relationship, make_user


@pytest.fixture(autouse=True)
def files_kept(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send(client: Client, content: bytes, holds: str = "parties:customers", name: str = "kunden.csv") -> Any:
    return client.post("/imports/new/", {"file": SimpleUploadedFile(name, content), "holds": holds})


def sent(
    client: Client, content: bytes, holds: str = "parties:customers", name: str = "kunden.csv"
) -> ImportJob:
    response = send(client, content, holds, name)
    assert response.status_code == 302, words_of(response)
    return ImportJob.objects.latest("id")


def settled(client: Client, job: ImportJob, **said: str) -> Any:
    page = client.get(f"/imports/files/{job.pk}/columns/")
    form = page.context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: "" if value is None else value for name, value in given.items()}
    return client.post(f"/imports/files/{job.pk}/columns/", given | said)


def imported(client: Client, job: ImportJob) -> ImportRun:
    assert client.post(f"/imports/files/{job.pk}/carrying-out/").status_code == 302
    assert carry_out_imports() == 1
    job.refresh_from_db()
    assert job.refusal == ""
    return job.run


def test_a_messy_file_is_understood_looked_at_tried_and_imported(client: Client) -> None:
    job = sent(client, MESSY)
    found = job.layout
    assert (found["encoding"], found["delimiter"], found["header_row"]) == ("cp1252", ";", 3)
    assert job.settings["columns"] == {"name": 1, "place": 2, "email": 3}
    assert settled(client, job).url == f"/imports/files/{job.pk}/"
    rows = client.get(f"/imports/files/{job.pk}/preview/").context["preview"].rows
    assert [(row.number, row.column) for row in rows] == [(4, ""), (5, "E-Mail"), (6, "Name"), (7, "")]
    assert rows[0].cells == ["Müller & Söhne", "Köln", "info@mueller.example"]
    assert not Party.objects.exists()
    client.post(f"/imports/files/{job.pk}/trial/")
    assert "Waiting for a worker" in words_of(client.get(f"/imports/files/{job.pk}/"))
    assert carry_out_imports() == 1
    assert not Party.objects.exists()
    job.refresh_from_db()
    assert (job.trial["imported"], job.trial["held"]) == (2, 2)
    run = imported(client, job)
    assert set(Relationship.objects.values_list("party_name", flat=True)) == {"Müller & Söhne", "Zöllner AG"}
    assert HeldRow.objects.filter(run=run).count() == 2
    assert client.get(f"/imports/files/{job.pk}/").url == f"/imports/{run.pk}/"
    assert "New: customers 2" in words_of(client.get(f"/imports/{run.pk}/"))
    assert "kunden.csv Customers Mara" in words_of(client.get("/imports/"))


def test_the_same_file_again_is_said_to_change_nothing_and_read_as_before(client: Client) -> None:
    imported(client, sent(client, MESSY))
    again = sent(client, MESSY)
    assert again.layout["is_remembered"]
    assert "This very file is in already." in words_of(client.get(f"/imports/files/{again.pk}/"))
    run = imported(client, again)
    assert (run.report["created"]["parties"], run.report["updated"]) == (0, {"parties": 0})
    assert "Nothing was new." in words_of(client.get(f"/imports/{run.pk}/"))


def test_another_header_makes_other_columns_which_are_proposed_anew(client: Client) -> None:
    job = sent(client, b"Name;Ort\nName;E-Mail\nAcme;a@acme.example\n")
    assert job.layout["header_row"] == 1
    assert settled(client, job, header_row="2").url == f"/imports/files/{job.pk}/columns/"
    job.refresh_from_db()
    assert (job.layout["header_row"], job.settings["columns"]) == (2, {"name": 1, "email": 2})
    refused = settled(client, job, header_row="9")
    assert (refused.status_code, "The file has only 3 rows." in words_of(refused)) == (422, True)


def test_a_field_is_one_column_and_what_is_needed_must_be_one(client: Client) -> None:
    job = sent(client, b"Name,Other\nAcme,Bcme\n")
    twice = words_of(settled(client, job, column_2="name"))
    assert "“Name” is the column “Name” already." in twice
    none = settled(client, job, column_1="")
    assert (none.status_code, "Say which column is “Name”." in words_of(none)) == (422, True)


def test_what_somebody_says_of_values_stands_against_what_was_found(client: Client) -> None:
    job = sent(client, b"Supplier,Date paid,Amount\nAcme,01/02/2026,5\n", "payments:suppliers")
    assert job.settings["date_format"] == ""
    page = client.get(f"/imports/files/{job.pk}/")
    assert page.status_code == 200
    open_dates = client.get(f"/imports/files/{job.pk}/preview/")
    assert "This can be read day first or month first" in words_of(open_dates)
    settled(client, job, date_format="%m/%d/%Y", decimal=",", currency="eur")
    job.refresh_from_db()
    said = job.settings
    assert (said["date_format"], said["decimal"], said["thousands"]) == ("%m/%d/%Y", ",", ".")
    assert said["constants"] == {"kind": "suppliers", "currency": "EUR"}
    run = imported(client, job)
    assert (run.kind, run.report["imported"]) == ("suppliers", 1)
    assert RememberedLayout.objects.get().styles["date_format"] == "%m/%d/%Y"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04rest", "This is a spreadsheet or zip archive, not a text file."),
        (b"name,place\nAc\x00me,Leeds\n", "zero bytes"),
    ],
)
def test_what_is_no_table_is_refused_beside_the_field_and_not_kept(
    client: Client, settings: Any, content: bytes, words: str
) -> None:
    refused = send(client, content)
    assert (refused.status_code, words in words_of(refused)) == (422, True)
    assert not ImportJob.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused(client: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert "The file is larger than 0 MB" in words_of(send(client, b"name\n" + b"x" * 100))


def test_what_one_may_not_import_is_not_offered(workspace: Workspace) -> None:
    seller = make_user("relationship_manager", kind="customers")
    client = Client()
    client.force_login(seller, backend="allauth.account.auth_backends.AuthenticationBackend")
    offered = [value for value, _words in client.get("/imports/new/").context["form"].fields["holds"].choices]
    assert offered == [f"{what}:customers" for what in ("parties", "interactions", "cases", "purchases")]
    assert send(client, b"name\nAcme\n", "parties:suppliers").status_code == 422
    client.force_login(make_user("finance"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [client.get(path).status_code for path in ("/imports/", "/imports/new/")] == [403, 403]


def test_a_file_is_its_senders_alone_and_an_import_theirs_who_may_import_such(client: Client) -> None:
    job = sent(client, MESSY)
    run = imported(client, job)
    other = sent(client, b"name\nAcme\n")
    seen = {}
    for kind in ("customers", "suppliers"):
        user = make_user("relationship_manager", kind=kind)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        paths = (f"/imports/files/{other.pk}/", f"/imports/{run.pk}/")
        seen[kind] = [client.get(path).status_code for path in paths]
        seen[kind].append("kunden.csv" in words_of(client.get("/imports/")))
    assert seen == {"customers": [404, 200, True], "suppliers": [404, 404, False]}


def test_cards_are_looked_at_and_imported_without_columns(client: Client, manager: User) -> None:
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nUID:{n}\n{said}\nEND:VCARD\n"
        for n, said in (
            (1, "FN:Ana Ruiz\nEMAIL:ana@a.example\nTEL:+49 221 11"),
            (2, "NOTE:Nobody"),
            (3, "FN:Bo\nEMAIL:c@c.example"),
        )
    )
    party = make_relationship(owner=manager).party
    party.contact_points.create(
        kind="email", value="c@c.example", normalised="c@c.example", created_at=party.created_at
    )
    job = sent(client, cards.encode(), "contacts:", "cards.vcf")
    assert client.get(f"/imports/files/{job.pk}/columns/").url == f"/imports/files/{job.pk}/"
    rows = client.get(f"/imports/files/{job.pk}/preview/").context["preview"].rows
    assert [bool(row.wrong) for row in rows] == [False, True, True]
    assert rows[0].cells == ["Ana Ruiz", "ana@a.example", "+49 221 11", "", ""]
    run = imported(client, job)
    assert (run.report["imported"], run.report["held"], run.dataset) == (1, 2, "contacts")
    assert client.get(f"/imports/{run.pk}/").status_code == 200
    odd = sent(client, b'Name,E-mail\n"Bo" Li,bo@x.example\nCy,cy@x.example\n', "contacts:")
    rows = client.get(f"/imports/files/{odd.pk}/preview/").context["preview"].rows
    assert [(row.number, row.wrong) for row in rows] == [(2, "Its quotation marks do not match."), (3, "")]
    assert rows[0].cells[0] == '"Bo" Li,bo@x.example'


def test_how_far_it_is_is_asked_until_it_is_done(client: Client) -> None:
    job = sent(client, MESSY)
    client.post(f"/imports/files/{job.pk}/trial/")
    ImportJob.objects.update(told="25,000 rows read", attempts=1)
    waiting = client.get(f"/imports/files/{job.pk}/progress/")
    assert (waiting.status_code, "25,000 rows read" in words_of(waiting)) == (200, True)
    assert client.post(f"/imports/files/{job.pk}/trial/").status_code == 409
    carry_out_imports()
    ended = client.get(f"/imports/files/{job.pk}/progress/")
    assert (ended.status_code, ended["HX-Redirect"]) == (286, f"/imports/files/{job.pk}/")


def test_a_refusal_by_the_operation_is_told_and_the_file_can_be_tried_again(client: Client) -> None:
    job = sent(client, b'name,place\nAcme,"Leeds\n')
    client.post(f"/imports/files/{job.pk}/carrying-out/")
    carry_out_imports()
    page = words_of(client.get(f"/imports/files/{job.pk}/"))
    assert "A quotation mark is opened here and not closed" in page
    assert not ImportRun.objects.exists()


def test_a_worker_that_dies_is_followed_by_another_but_not_for_ever(client: Client) -> None:
    job = sent(client, MESSY)
    client.post(f"/imports/files/{job.pk}/carrying-out/")
    ImportJob.objects.update(attempts=3)
    assert carry_out_imports() == 1
    job.refresh_from_db()
    assert (job.refusal, job.is_working) == ("The import broke off 3 times and was given up.", False)
    run = imported(client, job)
    ImportJob.objects.update(finished_at=None)
    assert (carry_out_imports(), ImportRun.objects.get()) == (1, run)
    assert client.post(f"/imports/files/{job.pk}/carrying-out/").status_code == 409


def test_what_was_not_foreseen_is_told_and_changes_nothing(client: Client) -> None:
    job = sent(client, MESSY)
    client.post(f"/imports/files/{job.pk}/carrying-out/")
    ImportJob.objects.update(settings=[])
    carry_out_imports()
    job.refresh_from_db()
    assert job.refusal == "Something went wrong that was not foreseen. Nothing was changed."


def test_somebody_whose_right_ended_meanwhile_imports_nothing(client: Client, manager: User) -> None:
    job = sent(client, MESSY)
    client.post(f"/imports/files/{job.pk}/carrying-out/")
    User.objects.filter(pk=manager.pk).update(is_active=False, deactivated_at=NOW)
    carry_out_imports()
    job.refresh_from_db()
    assert job.refusal == "Your role does not allow importing here."


def test_a_spreadsheet_comes_in_as_its_table_and_is_kept_as_it_was_sent(client: Client) -> None:
    made, target = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in (["Unsere Kunden"], ["Name", "Ort"], ["Acme", "Leeds"]):
        sheet.append(row)
    made.save(target)
    job = sent(client, target.getvalue(), name="kunden.xlsx")
    assert job.original.read() == target.getvalue()
    assert (job.layout["header_row"], job.settings["columns"]) == (2, {"name": 1, "place": 2})
    assert imported(client, job).report["imported"] == 1
