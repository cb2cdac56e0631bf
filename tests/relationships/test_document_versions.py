"""A document that changes: every content that it had stays, and whoever may know of it may fetch each."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import Confidentiality
from accounts.models import AuditEntry
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, Missing, NotAllowed
from relationships.models import Document, DocumentVersion, Event, MergeStep
from relationships.operations.document_contents import _named, let_go
from relationships.operations.documents import open_document, open_version, remove_document
from relationships.operations.merging import merge_parties, unmerge
from tests.api import BASE, ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_document, make_relationship, make_user, make_version

pytestmark = pytest.mark.django_db
CONFIDENTIAL = Confidentiality.CONFIDENTIAL


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept_of(document: Document) -> list[tuple[int, str, bytes, str]]:
    rows = DocumentVersion.objects.filter(document=document).order_by("number")
    return [(row.number, row.name, row.file.read(), row.reason) for row in rows]


def test_a_new_version_is_what_the_document_shows_and_the_earlier_ones_stay(workspace: Workspace) -> None:
    adder, other = make_user(), make_user()
    made = make_document(make_relationship(), actor=adder, name="Terms.txt", content=b"30 days")
    make_version(made, actor=other, name="Terms 2.pdf", content=b"14 days", reason=" They asked ")
    found = Document.objects.get()
    shown = (found.name, found.content_type, found.size_bytes, found.version, found.uploaded_by)
    assert shown == ("Terms 2.pdf", "application/pdf", 7, 2, adder)
    assert open_document(actor=other, document=found, now=NOW).read() == b"14 days"
    assert kept_of(found) == [(1, "Terms.txt", b"30 days", ""), (2, "Terms 2.pdf", b"14 days", "They asked")]
    event = Event.objects.get(verb="document_version_added")
    assert (event.actor, event.reason, event.data) == (
        other,
        "They asked",
        {"what": "Terms 2.pdf", "size_bytes": 7, "version": 2},
    )


def test_what_it_is_already_changes_nothing_and_what_it_was_before_is_a_version(workspace: Workspace) -> None:
    actor = make_user()
    made = make_document(make_relationship(), actor=actor, content=b"first")
    assert make_version(made, actor=actor, content=b"first", name="other.txt").version == 1
    assert (Event.objects.filter(verb="document_version_added").count(), kept_of(made)[0][1]) == (
        0,
        made.name,
    )
    make_version(made, actor=actor, content=b"second")
    assert make_version(made, actor=actor, content=b"first").version == 3
    assert [content for _n, _name, content, _why in kept_of(made)] == [b"first", b"second", b"first"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": b""}, "file"),
        ({"name": "run.exe"}, "file"),
        ({"content": b"taken"}, "file"),
        ({"reason": "x" * 401}, "reason"),
    ],
)
def test_what_no_document_may_be_is_no_version_either(
    workspace: Workspace, given: dict[str, Any], field: str
) -> None:
    actor = make_user()
    relationship = make_relationship()
    make_document(relationship, actor=actor, content=b"taken")
    made = make_document(relationship, actor=actor)
    with pytest.raises(Invalid) as caught:
        make_version(made, actor=actor, **given)
    assert list(caught.value.errors) == [field]
    assert [number for number, *_rest in kept_of(made)] == [1]


def test_only_those_who_may_add_documents_bring_versions(workspace: Workspace) -> None:
    owner = make_user()
    made = make_document(make_relationship(owner=owner), actor=owner, confidentiality=CONFIDENTIAL)
    with pytest.raises(Missing):
        make_version(made, actor=make_user("administrator"))
    plain = make_document(make_relationship())
    with pytest.raises(NotAllowed):
        make_version(plain, actor=make_user("auditor"))


def test_a_version_in_the_open_may_be_what_somebody_keeps_in_confidence(workspace: Workspace) -> None:
    """Nobody learns from a refusal that it is there."""
    owner, adder, other = make_user(), make_user(), make_user()
    relationship = make_relationship(owner=owner)
    make_document(relationship, actor=adder, content=b"secret", confidentiality=CONFIDENTIAL)
    plain = make_document(relationship, actor=adder)
    assert make_version(plain, actor=other, content=b"secret").version == 2


def test_an_earlier_version_is_fetched_by_whoever_may_know_of_the_document(workspace: Workspace) -> None:
    owner = make_user()
    relationship = make_relationship(actor=owner, owner=owner, confidentiality=CONFIDENTIAL)
    made = make_document(relationship, actor=owner, content=b"first")
    make_version(made, actor=owner, content=b"second")
    assert open_version(actor=owner, document=made, number=1, now=NOW).file.read() == b"first"
    entry = AuditEntry.objects.get(verb="document_read")
    assert (entry.subject_id, entry.data) == (made.pk, {"relationship": relationship.pk})
    for actor, number in ((owner, 3), (make_user(kind="suppliers"), 1)):
        with pytest.raises(Missing):
            open_version(actor=actor, document=made, number=number, now=NOW)
    assert DocumentVersion.objects.visible_to(owner).count() == 2
    remove_document(actor=owner, document=made, now=NOW, reason="Old")
    assert DocumentVersion.objects.visible_to(owner).count() == 0
    with pytest.raises(Missing):
        open_version(actor=owner, document=made, number=1, now=NOW)


def test_a_content_goes_when_no_version_of_any_document_has_it(
    workspace: Workspace, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    actor = make_user()
    made = make_document(make_relationship(), actor=actor, content=b"shared")
    make_version(made, actor=actor, content=b"next")
    other = make_document(make_relationship(), actor=actor, content=b"shared")
    place = str(other.file)
    for expected in (True, False):
        with django_capture_on_commit_callbacks(execute=True):
            Document.objects.filter(pk=other.pk).update(file="")
            DocumentVersion.objects.filter(document=other).update(file="")
            let_go([place])
        assert (folder / place).exists() is expected
        DocumentVersion.objects.filter(file=place).update(file="")


def test_versions_of_a_document_that_a_merge_sets_aside_come_back_with_it(workspace: Workspace) -> None:
    actor = make_user("administrator")
    kept, gone = (make_relationship(owner=actor, name=name) for name in ("Acme", "Acme Ltd"))
    make_document(kept, actor=actor, content=b"same")
    made = make_document(gone, actor=actor, content=b"earlier")
    make_version(made, actor=actor, content=b"same")
    digest = DocumentVersion.objects.get(document=made, number=1).sha256
    record = merge_parties(actor=actor, keep=kept.party, drop=gone.party, choices={}, now=NOW)
    assert MergeStep.objects.filter(model="relationships.documentversion").count() == 1
    assert (DocumentVersion.objects.filter(document=made.pk).count(), _named({digest})) == (0, {digest})
    unmerge(actor=actor, record=record, now=NOW)
    assert [content for _n, _name, content, _why in kept_of(made)] == [b"earlier", b"same"]


def test_a_number_is_given_once(workspace: Workspace) -> None:
    version = DocumentVersion.objects.get(document=make_document())
    version.pk = None
    with pytest.raises(IntegrityError, match="own_number"), transaction.atomic():
        version.save(force_insert=True)


def test_the_page_tells_of_every_version_and_takes_the_next(folder: Path) -> None:
    viewer = make_user(name="Amara Osei")
    made = make_document(make_relationship(owner=viewer), actor=viewer, name="Terms.txt", content=b"a")
    client, here = signed_in(viewer), f"/documents/{made.pk}/"
    address = f"{here}versions/new/"
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    given = {"file": SimpleUploadedFile("Terms.txt", b"b"), "reason": "Signed by both"}
    assert client.post(address, given).headers["Location"] == f"{here}preview/"
    page = words_of(client.get(f"{here}preview/"))
    for words in ("New version added", "Versions 2", "2: Terms.txt", "1: Terms.txt", "Signed by both"):
        assert words in page
    client.post(address, {"file": SimpleUploadedFile("x.txt", b"b")})
    assert "nothing changed" in words_of(client.get(f"{here}preview/"))
    refused = client.post(address, {"file": SimpleUploadedFile("x.exe", b"c")}, HTTP_HX_REQUEST="true")
    assert (refused.status_code, "Programs are not taken" in words_of(refused)) == (422, True)
    fetched = client.get(f"{here}versions/1/")
    assert (b"".join(fetched.streaming_content), fetched.headers["Content-Disposition"]) == (
        b"a",
        'attachment; filename="Terms.txt"',
    )
    reader = signed_in(make_user("auditor"))
    assert (reader.get(address).status_code, client.get(f"{here}versions/9/").status_code) == (403, 404)
    page = reader.get(f"{here}preview/").content.decode()
    assert ("versions/new/" in page, "removal/" in page, "versions/1/" in page) == (False, False, True)


def test_the_api_tells_of_versions_takes_the_next_and_gives_each(workspace: Workspace) -> None:
    viewer = make_user()
    made = make_document(make_relationship(owner=viewer), actor=viewer, name="a.txt", content=b"a")
    client, here = ApiClient(viewer), f"documents/{made.pk}/versions/"
    given = {"file": SimpleUploadedFile("b.txt", b"bb"), "reason": "Longer"}
    sent = client.post(f"{BASE}{here}uploads/", given, headers=client.own)
    assert (sent.status_code, sent.json()["version"], sent.json()["name"]) == (201, 2, "b.txt")
    rows = client.call("get", here).json()["results"]
    assert [(row["number"], row["reason"], row["size_bytes"]) for row in rows] == [
        (2, "Longer", 2),
        (1, "", 1),
    ]
    assert b"".join(client.call("get", f"{here}1/content/").streaming_content) == b"a"
    assert client.call("get", f"{here}3/content/").status_code == 404
