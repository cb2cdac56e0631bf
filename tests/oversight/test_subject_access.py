"""Subject access: everything about a person, for machines and to read, and nothing that is others' to give."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.operations.outbox import enqueue_message
from oversight.models import SubjectExport
from oversight.operations.subject_access import (
    fetch_export,
    put_together,
    put_together_waiting,
    request_export,
)
from relationships.models import Party, Purpose, Relationship
from relationships.operations.consents import record_consent
from relationships.operations.contact_points import add_contact_point
from tests.exchange.pages import make_run
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: Workspace, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path
    return make_user("administrator", name="Boss")


@pytest.fixture
def zoe(boss: User) -> Party:
    zoe, ben = make_person("Zoe Quill"), make_person("Ben Other")
    add_contact_point(actor=boss, party=zoe, kind="email", value="zoe@example.org", now=NOW)
    firm = make_relationship(name="Brightwater Care", owner=boss)
    make_link(firm.party, zoe, "employs")
    make_interaction(firm, actor=boss, people=[zoe, ben], body="Ben Other spoke for Zoe.")
    make_interaction(firm, actor=boss, people=[ben], body="Without her.")
    own = Relationship.objects.create(
        party=zoe, kind="customers", business_unit=firm.business_unit, owner=boss, stage="active",
        party_name=zoe.name, cadence_days=30, opened_at=NOW, created_at=NOW, created_by=boss,
    )  # fmt: skip
    make_interaction(own, actor=boss, body="Her knee is better.")
    make_commitment(own, actor=boss, what="Send the bill")
    make_document(own, actor=boss, name="bill 1.txt", content=b"Dear Zoe")
    purpose = Purpose.objects.get(slug="events")
    record_consent(actor=boss, party=zoe, purpose=purpose, state="given", door="email", now=NOW)
    enqueue_message(
        message=EmailMessage("Hi", "Text", "us@x.example", ["zoe@example.org"]), actor=boss, now=NOW
    )
    make_run(boss, 1, "customers", "Zoe Quill")
    make_run(boss, 1, "staff", "Quill, Zoe")
    return zoe


def contents(export: SubjectExport) -> dict[str, Any]:
    with default_storage.open(str(export.file)) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        read = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: json.loads(content) if name.endswith(".json") else content.decode()
        for name, content in read.items()
    }


def made(boss: User, zoe: Party) -> SubjectExport:
    export = request_export(actor=boss, party=zoe, now=NOW)
    assert put_together_waiting(now=NOW) == 1
    export.refresh_from_db()
    return export


def test_everything_about_a_person_is_told_and_nothing_about_others(boss: User, zoe: Party) -> None:
    export = made(boss, zoe)
    found = contents(export)
    assert (export.finished_at, export.expires_at) == (NOW, NOW + timedelta(days=7))
    assert 0 < export.tables_done == export.tables
    bodies = {row["body"]: row["names_others"] for row in found["data/relationships.Interaction.json"]}
    assert bodies == {"Ben Other spoke for Zoe.": True, "Her knee is better.": False}
    assert [row["value"] for row in found["data/relationships.ContactPoint.json"]] == ["zoe@example.org"]
    assert [row["state"] for row in found["data/relationships.Consent.json"]] == ["given"]
    assert [row["what"] for row in found["data/relationships.Commitment.json"]] == ["Send the bill"]
    assert [row["subject"] for row in found["data/messaging.OutboxMessage.json"]] == ["Hi"]
    assert {row["value"] for row in found["data/exchange.HeldRow.json"]} == {
        "Zoe Quill"
    }  # not the staff list
    [paper] = [name for name in found if name.startswith("documents/")]
    assert (paper.endswith("-bill_1.txt"), found[paper]) == (True, "Dear Zoe")
    page = found["index.html"]
    assert all(words in page for words in ("Her knee is better.", "names somebody else", paper))


def test_what_who_asks_may_not_know_of_is_not_in_it(boss: User, zoe: Party) -> None:
    Relationship.objects.filter(party=zoe).update(confidentiality=4, owner=make_user())
    found = contents(made(boss, zoe))
    assert "Her knee" not in json.dumps(found)
    assert "data/relationships.Commitment.json" not in found
    assert "data/relationships.Relationship.json" not in found


def test_it_is_fetched_by_who_may_and_goes_again(boss: User, zoe: Party) -> None:
    export = made(boss, zoe)
    with fetch_export(actor=boss, export=export, now=NOW) as file:
        assert file.read(2) == b"PK"
    verbs = AuditEntry.objects.filter(verb__startswith="subject_access").order_by("pk")
    assert [(entry.verb, entry.subject_id) for entry in verbs] == [
        ("subject_access_requested", zoe.pk),
        ("subject_access_fetched", zoe.pk),
    ]
    with pytest.raises(NotAllowed):
        fetch_export(actor=make_user("auditor"), export=export, now=NOW)
    later, place = NOW + timedelta(days=8), str(export.file)
    with pytest.raises(Missing):
        fetch_export(actor=boss, export=export, now=later)
    assert put_together_waiting(now=later) == 0
    assert (SubjectExport.objects.get().file.name, default_storage.exists(place)) == ("", False)


def test_it_is_asked_for_once_and_of_people_alone(boss: User, zoe: Party) -> None:
    export = request_export(actor=boss, party=zoe, now=NOW)
    with pytest.raises(Conflict):
        request_export(actor=boss, party=zoe, now=NOW)
    with pytest.raises(Invalid, match="Only a person has a right"):
        request_export(actor=boss, party=make_party("Firm"), now=NOW)
    with pytest.raises(NotAllowed):
        request_export(actor=make_user(), party=zoe, now=NOW)
    with pytest.raises(Missing):
        request_export(actor=boss, party=make_person("Few", confidentiality=3, actor=make_user()), now=NOW)
    assert [put_together(export_id=export.pk, now=NOW) for _ in range(2)] == [True, False]


def test_the_pages_ask_for_it_and_hand_it_out(boss: User, zoe: Party, client: Client) -> None:
    client.force_login(boss)
    assert client.post(f"/administration/privacy/people/{zoe.pk}/exports/").status_code == 302
    export = SubjectExport.objects.get()
    place = f"/administration/privacy/exports/{export.pk}/file/"
    assert client.post(place).status_code == 404
    assert put_together(export_id=export.pk, now=NOW)
    export.refresh_from_db()
    export.expires_at = NOW + timedelta(days=36_500)
    export.save()
    assert "Fetch" in client.get("/administration/privacy/").content.decode()
    answer = client.post(place)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="subject-access-{export.pk}.zip"'
