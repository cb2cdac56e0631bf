"""The trash: removed documents that somebody may know of, put back by those who may, as they were."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Missing, NotAllowed
from relationships.models import Document, Event, SavedView
from relationships.operations.document_texts import read_due
from relationships.operations.documents import open_version, remove_document
from relationships.operations.saved_views import remove_view, save_view
from relationships.operations.trash import restore_document
from relationships.queries.search import search
from relationships.queries.trash import trash_page
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_document, make_relationship, make_user, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def removed(actor: User, **given: Any) -> Document:
    document = make_document(given.pop("relationship", None) or make_relationship(), actor=actor, **given)
    remove_document(actor=actor, document=document, now=NOW, reason="The wrong one")
    return document


def seen_by(viewer: User) -> list[tuple[str, bool]]:
    return [(each.document.name, each.may_restore) for each in trash_page(viewer=viewer)[0]]


def test_a_removed_document_is_put_back_with_all_its_versions(workspace: Workspace) -> None:
    actor = make_user()
    made = make_document(make_relationship(), actor=actor, name="a.txt", note="Note", content=b"otter")
    make_version(made, actor=actor, content=b"walrus")
    remove_document(actor=actor, document=made, now=NOW, reason="Old")
    assert read_due(now=NOW) == 0
    restore_document(actor=actor, document=made, now=NOW)
    found = Document.objects.visible_to(actor).get()
    assert (found.version, found.removed_at, found.removed_reason) == (2, None, "")
    assert open_version(actor=actor, document=found, number=1, now=NOW).file.read() == b"otter"
    assert read_due(now=NOW) == 1
    [group] = search(viewer=actor, typed="walrus", today=NOW.date()).groups
    assert group.found == 1
    assert Event.objects.get(verb="document_restored").data["what"] == "a.txt"
    assert AuditEntry.objects.get(verb="document_restored").subject_id == made.pk
    with pytest.raises(Missing):
        restore_document(actor=actor, document=made, now=NOW)


def test_the_trash_tells_of_what_one_may_know_and_who_may_put_it_back(workspace: Workspace) -> None:
    owner, daily, boss, outsider, auditor = (
        make_user(),
        make_user("representative"),
        make_user("administrator"),
        make_user(kind="suppliers"),
        make_user("auditor"),
    )
    relationship = make_relationship("customers", owner=daily)
    plain = removed(owner, relationship=relationship, name="plain.pdf")
    own = removed(daily, relationship=relationship, name="own.pdf")
    few = Confidentiality.CONFIDENTIAL
    secret = removed(owner, relationship=relationship, name="secret.pdf", confidentiality=few)
    assert seen_by(owner) == [("secret.pdf", True), ("own.pdf", True), ("plain.pdf", True)]
    assert seen_by(daily) == [("secret.pdf", False), ("own.pdf", True), ("plain.pdf", False)]
    assert seen_by(boss) == [("own.pdf", True), ("plain.pdf", True)]
    assert seen_by(auditor) == [("own.pdf", False), ("plain.pdf", False)]
    assert seen_by(outsider) == []
    for actor, document, refusal in (
        (boss, secret, Missing),
        (outsider, plain, Missing),
        (auditor, plain, NotAllowed),
        (daily, plain, NotAllowed),
    ):
        with pytest.raises(refusal):
            restore_document(actor=actor, document=document, now=NOW)
    restore_document(actor=daily, document=own, now=NOW)
    assert seen_by(auditor) == [("plain.pdf", False)]


def test_what_was_added_again_meanwhile_is_not_put_back_beside_it(workspace: Workspace) -> None:
    actor = make_user()
    relationship = make_relationship()
    gone = removed(actor, relationship=relationship, content=b"same")
    make_document(relationship, actor=actor, name="again.pdf", content=b"same")
    with pytest.raises(Conflict, match=r"here again, as “again\.pdf”"):
        restore_document(actor=actor, document=gone, now=NOW)


def test_the_page_puts_back_documents_and_views() -> None:
    viewer = make_user(name="Amara Osei")
    client = signed_in(viewer)
    with time_machine.travel(NOW, tick=False):
        assert "The trash is empty" in words_of(client.get("/trash/"))
        gone = removed(viewer, name="Old.pdf")
        view = save_view(actor=viewer, kind="customers", name="Mine", address="", now=NOW)
        remove_view(actor=viewer, view=view, now=NOW)
        page = words_of(client.get("/trash/"))
        for words in ("Old.pdf", "Amara Osei", "The wrong one", "Mine", "kept until"):
            assert words in page
        response = client.post(f"/documents/{gone.pk}/restoration/")
        assert response.headers["Location"] == f"/documents/{gone.pk}/preview/"
        assert "Old.pdf is back" in words_of(client.get(response.headers["Location"]))
        assert client.post(f"/documents/{gone.pk}/restoration/").status_code == 404
        client.post(f"/customers/views/{view.pk}/restoring/")
        assert SavedView.objects.get().removed_at is None


def test_the_api_tells_of_the_trash_and_puts_back(workspace: Workspace) -> None:
    viewer = make_user()
    gone = removed(viewer, name="Old.pdf")
    client = ApiClient(viewer)
    [row] = client.call("get", "trash/documents/").json()["results"]
    assert (row["id"], row["removed_reason"], row["removed_by"]["id"]) == (
        gone.pk,
        "The wrong one",
        viewer.pk,
    )
    assert row["kept_until"] > row["removed_at"]
    assert client.call("get", f"documents/{gone.pk}/content/").status_code == 404
    answer = client.call("post", f"documents/{gone.pk}/restoration/", {})
    assert (answer.status_code, answer.json()["name"]) == (200, "Old.pdf")
    assert client.call("post", f"documents/{gone.pk}/restoration/", {}).status_code == 404
