"""Files about a relationship: what is taken, who may see it, and that its bytes are kept once and nowhere else."""

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace, ensure_workspace
from core.file_names import clean_name, type_by_name, why_not_taken
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Document, Event
from relationships.operations import document_contents
from relationships.operations.document_contents import place_of, sweep_contents
from relationships.operations.documents import add_document, note_reading, remove_document
from relationships.queries.documents import documents_page
from relationships.tasks import sweep_documents
from tests.factories import NOW, make_document, make_relationship, make_user

pytestmark = pytest.mark.django_db

CONFIDENTIAL = Confidentiality.CONFIDENTIAL


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def refused(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        make_document(**given)
    return caught.value.errors


def test_a_file_is_kept_by_its_content_and_told_on_the_timeline(workspace: Workspace, folder: Path) -> None:
    actor = make_user()
    relationship = make_relationship(owner=actor)
    made = make_document(
        relationship, actor=actor, name="Frame contract.pdf", content=b"words", note=" The signed one "
    )
    kept = (made.name, made.content_type, made.size_bytes, made.note, made.uploaded_at, made.uploaded_by)
    assert kept == ("Frame contract.pdf", "application/pdf", 5, "The signed one", NOW, actor)
    assert made.sha256 == hashlib.sha256(b"words").hexdigest()
    assert made.file.name == f"documents/{made.sha256[:2]}/{made.sha256}"
    assert (folder / made.file.name).read_bytes() == b"words"
    assert (folder / made.file.name).stat().st_mode & 0o777 == 0o600
    event = Event.objects.get(verb="document_added")
    assert (event.subject_type, event.subject_id, event.data) == (
        "document",
        made.pk,
        {"what": "Frame contract.pdf", "size_bytes": 5},
    )


def test_the_same_content_is_told_and_not_doubled(workspace: Workspace, folder: Path) -> None:
    actor = make_user(name="Amara Osei")
    relationship = make_relationship(owner=actor)
    make_document(relationship, actor=actor, name="a.pdf", content=b"same")
    assert refused(relationship=relationship, name="b.pdf", content=b"same") == {
        "file": ["b.pdf: This very file is here already, as “a.pdf”, added by Amara Osei on 2026-03-18."]
    }
    make_document(make_relationship(), name="c.pdf", content=b"same")
    assert Document.objects.count() == 2
    assert on_disk(folder) == [b"same"]


def test_a_form_sent_twice_adds_one_document(workspace: Workspace) -> None:
    actor = make_user()
    relationship = make_relationship(owner=actor)
    given: dict[str, Any] = {"actor": actor, "content": b"x", "idempotency_key": "k1"}
    first = make_document(relationship, **given)
    assert make_document(relationship, **given) == first
    with pytest.raises(Conflict):
        make_relationship(actor=actor, idempotency_key="k1")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "a.txt", "content": b""}, "a.txt: The file is empty."),
        (
            {"name": "a.txt", "content": b"12345678901"},
            "a.txt: The file is too large; at most 10\xa0bytes are taken.",
        ),
        ({"name": " . ", "content": b"x"}, "The file needs a name."),
        ({"name": "run me.EXE", "content": b"x"}, "run me.EXE: Programs are not taken, and “.exe” is one."),
        (
            {"name": "holiday.jpg", "content": b"\x7fELF..."},
            "holiday.jpg: Programs are not taken, and this is one, whatever its name says.",
        ),
    ],
)
def test_what_is_not_taken_is_named_and_leaves_nothing(
    workspace: Workspace, folder: Path, settings: LazySettings, given: dict[str, Any], words: str
) -> None:
    settings.DOCUMENT_MAX_BYTES = 10
    relationship = make_relationship()
    assert refused(relationship=relationship, **given) == {"file": [words]}
    assert (Document.objects.count(), on_disk(folder)) == (0, [])


def test_everything_wrong_is_said_at_once(workspace: Workspace) -> None:
    found = refused(relationship=make_relationship(), content=b"", note="x" * 301, confidentiality=9)
    assert sorted(found) == ["confidentiality", "file", "note"]


def test_a_file_of_exactly_the_limit_is_taken(workspace: Workspace, settings: LazySettings) -> None:
    settings.DOCUMENT_MAX_BYTES = document_contents.PIECE + 10
    assert make_document(content=b"x" * (document_contents.PIECE + 10)).size_bytes == 65_546


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\Users\\amara\\Offer 12.pdf", "Offer 12.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc\r.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  two   spaces .pdf. ", "two spaces .pdf"),
        (".htaccess", "htaccess"),
        ('a<b>:"c"|?*.txt', "a_b___c____.txt"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 198),
        ("..", ""),
    ],
)
def test_a_name_is_kept_without_what_no_name_may_hold(given: str, name: str) -> None:
    assert clean_name(given) == name


@pytest.mark.parametrize(
    ("name", "start", "taken"),
    [
        ("a.pdf", b"%PDF", True),
        ("MZ notes.txt", b"MZ is how it starts", True),
        ("a.txt", b"MZ\x90\x00\x03", False),
        ("a", b"#!/bin/sh", False),
        ("a.docm", b"PK", True),
        ("a.pdf.scr", b"", False),
        ("a.sh", b"", False),
    ],
)
def test_programs_are_known_by_their_ending_and_by_how_they_begin(
    name: str, start: bytes, taken: bool
) -> None:
    assert (why_not_taken(name, start) == "") is taken


def test_a_type_is_told_by_the_ending_alone() -> None:
    assert [type_by_name(name) for name in ("a.png", "a.unheard")] == [
        "image/png",
        "application/octet-stream",
    ]


def test_only_those_who_log_may_add(workspace: Workspace, folder: Path) -> None:
    relationship = make_relationship("customers")
    with pytest.raises(NotAllowed):
        make_document(relationship, actor=make_user("auditor"))
    with pytest.raises(Missing):
        make_document(relationship, actor=make_user(kind="suppliers"))
    assert on_disk(folder) == []


def seen_by(*users: User) -> list[int]:
    return [Document.objects.visible_to(user).count() for user in users]


def test_a_confidential_document_is_for_whoever_added_it_and_the_owner(workspace: Workspace) -> None:
    owner, adder, other, outsider = (
        make_user(),
        make_user(),
        make_user("administrator"),
        make_user(kind="press"),
    )
    relationship = make_relationship(owner=owner)
    made = make_document(relationship, actor=adder, confidentiality=CONFIDENTIAL, content=b"secret")
    assert seen_by(owner, adder, other, outsider) == [1, 1, 0, 0]
    assert [
        Event.objects.visible_to(user).filter(subject_type="document").count()
        for user in (owner, adder, other)
    ] == [1, 1, 0]
    with pytest.raises(Missing):
        note_reading(actor=other, document=made, now=NOW)
    with pytest.raises(Missing):
        remove_document(actor=other, document=made, now=NOW, reason="x")


def test_nobody_learns_from_adding_a_file_that_it_is_there_in_confidence(workspace: Workspace) -> None:
    owner, adder, other = make_user(), make_user(), make_user()
    relationship = make_relationship(owner=owner)
    given: dict[str, Any] = {"content": b"secret", "confidentiality": CONFIDENTIAL}
    make_document(relationship, actor=adder, **given)
    make_document(relationship, actor=other, **given)
    assert seen_by(owner, adder, other) == [2, 1, 1]
    assert list(refused(relationship=relationship, actor=adder, **given)) == ["file"]
    assert list(refused(relationship=relationship, actor=owner, **given)) == ["file"]


def test_the_database_holds_an_open_content_once(workspace: Workspace) -> None:
    made = make_document()
    made.pk, made.uploaded_by = None, make_user()
    with pytest.raises(IntegrityError, match="an_open_document_once"), transaction.atomic():
        made.save(force_insert=True)


def test_reading_what_is_confidential_is_on_the_security_record(workspace: Workspace) -> None:
    owner = make_user()
    plain = make_document(make_relationship(owner=owner), actor=owner)
    confidential = make_relationship(actor=owner, confidentiality=CONFIDENTIAL)
    secret = make_document(confidential, actor=owner)
    for document in (plain, secret):
        note_reading(actor=owner, document=document, now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.data) == (
        "document_read",
        secret.pk,
        {"relationship": confidential.pk},
    )


def test_a_removed_document_is_nobodys_and_may_be_added_again(workspace: Workspace, folder: Path) -> None:
    adder, manager, daily = make_user("representative"), make_user(), make_user("representative")
    relationship = make_relationship(owner=adder)
    made = make_document(relationship, actor=adder, content=b"same", name="old.pdf")
    given: dict[str, Any] = {"document": made, "now": NOW}
    with pytest.raises(Invalid) as wrong:
        remove_document(actor=manager, reason=" ", **given)
    assert list(wrong.value.errors) == ["reason"]
    with pytest.raises(Missing):
        remove_document(actor=daily, reason="x", **given)
    remove_document(actor=adder, reason="The wrong one", **given)
    assert seen_by(adder, manager) == [0, 0]
    assert on_disk(folder) == [b"same"]
    made.refresh_from_db()
    assert (made.removed_at, made.removed_by, made.removed_reason) == (NOW, adder, "The wrong one")
    event = Event.objects.get(verb="document_removed")
    assert (event.reason, event.data["what"]) == ("The wrong one", "old.pdf")
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["document_removed"]
    with pytest.raises(Missing):
        remove_document(actor=manager, reason="again", **given)
    again = make_document(relationship, actor=manager, content=b"same")
    assert seen_by(adder) == [1]
    with pytest.raises(NotAllowed):
        remove_document(actor=adder, document=again, now=NOW, reason="Not mine")
    remove_document(actor=manager, document=again, now=NOW, reason="Mine")


def test_what_is_refused_after_it_was_written_is_gone_again(workspace: Workspace, folder: Path) -> None:
    actor = make_user()
    relationship = make_relationship(owner=actor)
    make_document(relationship, actor=actor, content=b"there before")
    hidden, other = make_user(), make_user()
    make_document(relationship, actor=hidden, content=b"twice", confidentiality=CONFIDENTIAL)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE relationships_event ADD CONSTRAINT hush CHECK (verb = '') NOT VALID")
    for content in (b"new", b"twice"):
        with pytest.raises(IntegrityError, match="hush"), transaction.atomic():
            make_document(relationship, actor=actor if content == b"new" else other, content=content)
    assert on_disk(folder) == [b"there before", b"twice"]


class Breaking(BytesIO):
    """Bytes that can be read once and break off the second time."""

    reads = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.reads += 1
        return super().seek(offset, whence)

    def read(self, size: int | None = -1) -> bytes:
        if self.reads > 1:
            raise OSError("connection lost")
        return super().read(size)


def test_a_file_that_breaks_off_leaves_nothing(workspace: Workspace, folder: Path) -> None:
    actor = make_user()
    with pytest.raises(OSError, match="connection lost"), transaction.atomic():
        add_document(
            actor=actor,
            relationship=make_relationship(owner=actor),
            name="a.pdf",
            content=Breaking(b"half"),
            now=NOW,
        )
    assert (on_disk(folder), Document.objects.count()) == ([], 0)


def leave_over(content: bytes) -> None:
    """A whole transaction is taken back after a document was added in it."""
    with transaction.atomic():
        make_document(make_relationship(), content=content)
        transaction.set_rollback(True)


def test_contents_that_nothing_names_are_swept_after_a_day(workspace: Workspace, folder: Path) -> None:
    kept = make_document(content=b"kept")
    leave_over(b"left over")
    assert on_disk(folder) == [b"kept", b"left over"]
    for path in folder.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert sweep_contents(now=NOW) == 0
    with time_machine.travel(NOW + document_contents.LEFT_OVER, tick=False):
        assert sweep_documents() == 0
    with time_machine.travel(NOW + 2 * document_contents.LEFT_OVER, tick=False):
        assert sweep_documents() == 1
    assert on_disk(folder) == [b"kept"]
    assert (folder / place_of(kept.sha256)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_content_taken_up_again_while_it_is_swept_stays(folder: Path) -> None:
    ensure_workspace(now=NOW)
    relationship = make_relationship()
    leave_over(b"again")
    path = next(path for path in folder.rglob("*") if path.is_file())
    make_document(relationship, content=b"again")
    assert document_contents._sweep(path) == 0
    assert on_disk(folder) == [b"again"]


@pytest.mark.django_db(transaction=True)
def test_two_that_bring_the_same_content_wait_for_each_other(folder: Path) -> None:
    ensure_workspace(now=NOW)
    relationship = make_relationship()
    other = connection.copy()
    try:
        with transaction.atomic():
            made = make_document(relationship, content=b"same")
            with other.cursor() as cursor:
                key = f"documents/{made.sha256}"
                cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
                assert cursor.fetchone() == (False,)
    finally:
        other.close()


def test_documents_are_paged_newest_first(workspace: Workspace) -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    names = [make_document(relationship, actor=viewer).name for _ in range(3)]
    make_document(make_relationship())
    first = documents_page(viewer=viewer, relationship=relationship, limit=2)
    second = documents_page(viewer=viewer, relationship=relationship, limit=2, cursor=first.next)
    assert [row.name for row in [*first.rows, *second.rows]] == names[::-1]
    assert (first.previous, second.next) == ("", "")
