"""What has been in the trash for thirty days goes for good, unless the law or a consent has it kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Missing
from oversight.operations import trash
from oversight.operations.erasures import erase_person, hold_for_law, lift_hold
from oversight.tasks import purge_trash
from relationships.models import Document, DocumentVersion, Purpose, Relationship, SavedView
from relationships.operations.consents import Proof, record_consent
from relationships.operations.documents import remove_document
from relationships.operations.saved_views import remove_view, save_view
from relationships.operations.trash import restore_document
from tests.factories import NOW, make_document, make_person, make_relationship, make_user, make_version

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def boss(workspace: Workspace, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = settings.HOME = tmp_path
    return make_user("administrator", name="Boss")


def removed(boss: User, **given: Any) -> Document:
    document = make_document(make_relationship(), actor=boss, note="Note", **given)
    make_version(document, actor=boss, reason="Signed")
    remove_document(actor=boss, document=document, now=NOW, reason="Old")
    return document


def files(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "documents").rglob("*"))


def test_what_was_removed_goes_after_thirty_days_with_its_files(
    boss: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(trash, "BATCH", 1)
    gone = [removed(boss), removed(boss)]
    make_document(make_relationship(), actor=boss)
    given = {"kind": "customers", "address": "", "now": NOW}
    for name in ("Mine", "Kept"):
        save_view(actor=boss, name=name, **given)
    remove_view(actor=boss, view=SavedView.objects.get(name="Mine"), now=NOW)
    with time_machine.travel(LATER - timedelta(seconds=1), tick=False):
        assert purge_trash() == 0
    assert files(tmp_path) == 5
    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert purge_trash() == 2
    assert files(tmp_path) == 1
    rows = Document.objects.filter(pk__in=[each.pk for each in gone])
    kept = [(row.name, row.file.name, row.note, row.full_text, row.purged_at) for row in rows]
    assert kept == [(each.name, "", "", "", LATER) for each in gone]
    versions = DocumentVersion.objects.filter(document__in=gone).values_list("file", "reason")
    assert set(versions) == {("", "")}
    assert AuditEntry.objects.filter(verb="document_purged").count() == 2
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Kept"]
    with pytest.raises(Missing):
        restore_document(actor=boss, document=gone[0], now=LATER)
    assert trash.purge_due(now=LATER) == 0


def test_a_legal_hold_and_a_consent_keep_what_was_removed(boss: User) -> None:
    role = make_relationship(owner=boss)
    person = make_person("Ana Ruiz", works_for=role.party)
    Relationship.objects.filter(pk=role.pk).update(party=person)
    paper = make_document(role, actor=boss)
    remove_document(actor=boss, document=paper, now=NOW, reason="Old")
    other = make_relationship(owner=boss)
    client = make_person("Ben Okri", works_for=other.party)
    proof = make_document(other, actor=boss)
    given = {"purpose": Purpose.objects.get(slug="service"), "state": "given", "door": "letter"}
    record_consent(actor=boss, party=client, proof=Proof(document=proof), now=NOW, **given)
    remove_document(actor=boss, document=proof, now=NOW, reason="Old")
    hold = hold_for_law(actor=boss, party=person, reason="A dispute", now=NOW)
    assert trash.purge_due(now=LATER) == 0
    lift_hold(actor=boss, hold=hold, reason="Settled", now=LATER)
    assert trash.purge_due(now=LATER) == 1
    paper.refresh_from_db()
    assert paper.purged_at == LATER


def test_what_was_erased_is_in_nobodys_trash(boss: User) -> None:
    role = make_relationship(owner=boss)
    person = make_person("Ana Ruiz", works_for=role.party)
    Relationship.objects.filter(pk=role.pk).update(party=person)
    make_document(role, actor=boss)
    gone = make_document(role, actor=boss)
    remove_document(actor=boss, document=gone, now=NOW, reason="Old")
    erase_person(party=person, actor=boss, now=LATER)
    assert Document.objects.in_trash_of(boss).count() == 0
    assert set(Document.objects.values_list("purged_at", flat=True)) == {LATER}
