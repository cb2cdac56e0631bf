"""Rows that an import kept aside: shown, downloaded, corrected where they stand."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from commerce.models import Payment
from core.refusals import Conflict
from exchange.models import HeldRow, ImportRun
from exchange.operations.contacts import ingest_contacts
from exchange.operations.corrections import correct_held
from exchange.operations.source_files import SourceFile
from relationships.models import ContactPoint, Party, Relationship
from tests.doors import words_of
from tests.exchange.conftest import Bring
from tests.exchange.pages import make_run
from tests.factories import NOW, make_party, make_user

ROWS = "Ref;Kunde;E-Mail;Umsatz\n1;Acme;kein-at;5\n2;;b@b.example;6\n3;Zo;=1+1;7\n4;Gut;g@g.example;8\n"
LIST: dict[str, Any] = {
    "dataset": "parties",
    "delimiter": ";",
    "columns": {"ref": 1, "name": 2, "email": 3},
    "constants": {"kind": "customers"},
}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def run(manager: User, bring: Bring) -> ImportRun:
    bring(ROWS, actor=manager, **LIST)
    return ImportRun.objects.get()


def held(row: int) -> HeldRow:
    return HeldRow.objects.get(row=row)


def test_held_rows_are_listed_with_reason_column_and_value(manager: User, run: ImportRun) -> None:
    page = words_of(signed_in(manager).get(f"/imports/{run.pk}/held/"))
    assert "Row 2 E-Mail “kein-at” The value does not have the form that the field needs. Correct" in page
    assert "Row 3 Kunde A value that is needed is missing." in page
    assert "3 rows wait to be corrected." in words_of(signed_in(manager).get(f"/imports/{run.pk}/"))


def test_held_rows_are_downloaded_with_their_cells_and_no_formula(manager: User, run: ImportRun) -> None:
    answer = signed_in(manager).get(f"/imports/{run.pk}/held.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "File,Row,Column,Value,Reason,Ref,Kunde,E-Mail,Umsatz"
    assert lines[3] == (
        "file1.csv,4,E-Mail,'=1+1,The value does not have the form that the field needs.,3,Zo,'=1+1,7"
    )


def test_a_row_is_corrected_where_it_stands(manager: User, run: ImportRun) -> None:
    client, address = signed_in(manager), f"/imports/held/{held(2).pk}/"
    form = client.get(address, **HTMX)
    assert form.templates[0].name == "exchange/_held_form.html"
    assert "Umsatz: 5" in words_of(form)
    cells = {"ref": "1", "name": "Acme", "email": "still no address"}
    refused = client.post(address, cells, **HTMX)
    assert refused.status_code == 422
    assert "“still no address”: The value does not have the form that the field needs." in words_of(refused)
    assert Party.objects.filter(name="Acme").count() == 0
    done = client.post(address, cells | {"email": "a@acme.example"}, **HTMX)
    assert words_of(done) == "Row 2 Corrected: it is in now. Imported"
    assert ContactPoint.objects.get(party__name="Acme").value == "a@acme.example"
    assert Relationship.objects.get(party_name="Acme").kind == "customers"
    assert (ImportRun.objects.count(), held(2).resolved_at is not None, held(3).resolved_at) == (
        1,
        True,
        None,
    )
    entry = AuditEntry.objects.filter(verb="held_row_corrected").get()
    assert (entry.subject_id, entry.data) == (run.pk, {"row": 2})
    assert client.post(address, cells, **HTMX).status_code == 409


def test_a_row_is_corrected_on_a_page_of_its_own_without_a_script(manager: User, run: ImportRun) -> None:
    client, address = signed_in(manager), f"/imports/held/{held(3).pk}/"
    assert client.get(address).templates[0].name == "exchange/held_correct.html"
    done = client.post(address, {"ref": "2", "name": "Bo", "email": "b@b.example"})
    assert (done.status_code, done.url) == (302, f"/imports/{run.pk}/held/")
    assert Party.objects.filter(name="Bo").count() == 1


def test_a_value_that_somebody_has_can_be_taken_in_on_purpose(manager: User, bring: Bring) -> None:
    bring("Ref;Kunde;E-Mail\n1;Acme;a@a.example\n2;Acme too;a@a.example\n", actor=manager, **LIST)
    client, address = signed_in(manager), f"/imports/held/{held(3).pk}/"
    cells = {"ref": "2", "name": "Acme too", "email": "a@a.example"}
    assert "Another party has this value already." in words_of(client.post(address, cells))
    client.post(address, cells | {"accept_equal": "on"})
    assert Party.objects.filter(name="Acme too").count() == 1
    assert AuditEntry.objects.get(verb="held_row_corrected").data == {"row": 3, "equal_accepted": True}


def test_a_payment_is_corrected_by_the_mapping_that_held_it(manager: User, bring: Bring) -> None:
    columns = {"supplier": "Payee", "paid_date": "Date", "amount": "Sum"}
    bring(
        "Date,Payee,Sum\n31/12/2025,Acme,5\n41/12/2025,Acme,7\n",
        actor=manager,
        dataset="payments",
        columns=columns,
        date_format="%d/%m/%Y",
    )
    row = held(3)
    given = {"supplier": "Acme", "paid_date": "30/12/2025", "amount": "7"}
    correct_held(actor=manager, held=row, cells=given, now=NOW)
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [5, 7]
    assert Relationship.objects.count() == 1
    with pytest.raises(Conflict):
        correct_held(actor=manager, held=row, cells=given, now=NOW)


def test_a_card_is_corrected_line_by_line(manager: User, tmp_path: Any) -> None:
    path = tmp_path / "cards.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:3.0\nUID:7\nNOTE:Nobody\nEND:VCARD\n")
    make_party("Somebody").contact_points.create(
        kind="email", value="s@s.example", normalised="s@s.example", created_at=NOW
    )
    ingest_contacts(actor=manager, files=[SourceFile("cards.vcf", path)], now=NOW)
    client, row = signed_in(manager), HeldRow.objects.get()
    address = f"/imports/held/{row.pk}/"
    assert "UID:7\nNOTE:Nobody" in client.get(address).content.decode()
    again = client.post(address, {"card": "UID:7\nNOTE:Nobody"})
    assert "“FN”: A value that is needed is missing." in words_of(again)
    equal = client.post(address, {"card": "UID:7\nFN:Ana\nEMAIL:s@s.example"})
    assert "“s@s.example”: Another party has this value already." in words_of(equal)
    client.post(address, {"card": "UID:7\nFN:Ana"})
    assert Party.objects.filter(name="Ana").count() == 1
    rows = b"".join(client.get(f"/imports/{row.run_id}/held.csv").streaming_content)
    assert rows == b""


def test_an_import_of_before_columns_were_noted_says_so(manager: User, run: ImportRun) -> None:
    ImportRun.objects.update(labels=[])
    with pytest.raises(Conflict, match="did not note its columns"):
        correct_held(actor=manager, held=held(2), cells={}, now=NOW)


def test_what_was_held_for_what_one_may_know_of_is_for_that_person_alone(manager: User) -> None:
    run = make_run(manager, 1)
    hidden = HeldRow.objects.filter(run=run).latest("id")
    HeldRow.objects.filter(pk=hidden.pk).update(reason="equal_value", value="secret@x.example")
    own, other = signed_in(manager), signed_in(make_user("relationship_manager", kind="customers"))
    seen = [
        (
            "secret@x.example" in words_of(client.get(f"/imports/{run.pk}/held/")),
            client.get(f"/imports/held/{hidden.pk}/").status_code,
            b"secret" in b"".join(client.get(f"/imports/{run.pk}/held.csv").streaming_content),
        )
        for client in (own, other)
    ]
    assert seen == [(True, 200, True), (False, 404, False)]
    ImportRun.objects.update(report=run.report | {"held_by_reason": {"equal_value": 1, "too_long": 2}})
    words = "Another party has this value already."
    told = [words in words_of(client.get(f"/imports/{run.pk}/")) for client in (own, other)]
    assert told == [True, False]
    stranger = signed_in(make_user("relationship_manager", kind="suppliers"))
    assert stranger.get(f"/imports/held/{run.held_rows.earliest('id').pk}/").status_code == 404
    assert stranger.get(f"/imports/{run.pk}/held.csv").status_code == 404
