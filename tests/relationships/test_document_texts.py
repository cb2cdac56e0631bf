"""Documents are found by what they say, by whoever may know of them, once a worker has read them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from core.apart import Failed, read_apart
from relationships.models import Document
from relationships.operations import document_texts
from relationships.operations.document_texts import LEASE, read_due
from relationships.operations.documents import remove_document
from relationships.queries import search as everything
from relationships.queries.search import search
from relationships.tasks import read_documents
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_document, make_relationship, make_user, make_version

pytestmark = pytest.mark.django_db
CONFIDENTIAL = Confidentiality.CONFIDENTIAL


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def found(viewer: User, typed: str) -> list[str]:
    groups = search(viewer=viewer, typed=typed, today=NOW.date(), group="documents").groups
    return [hit.row["title"] for group in groups for hit in group.hits]


def states() -> dict[str, tuple[str, str]]:
    rows = Document.objects.values_list("name", "text_state", "text_problem")
    return {name: (state, problem) for name, state, problem in rows}


def test_a_document_is_found_by_its_text_once_it_was_read(workspace: Workspace) -> None:
    viewer = make_user()
    make_document(make_relationship(), name="Terms.txt", note="The signed one", content=b"Liquidated damages")
    assert (found(viewer, "damages"), found(viewer, "signed")) == ([], ["Terms.txt"])
    assert (read_documents(), read_documents()) == (1, 0)
    assert states() == {"Terms.txt": ("read", "")}
    for typed in ("damages", "liquid dam", "signed damages", "terms damages", "DÁMAGES"):
        assert (typed, found(viewer, typed)) == (typed, ["Terms.txt"])
    assert found(viewer, "damages absent") == []


@pytest.mark.parametrize("few", [0, 1_000])
def test_what_a_document_says_is_found_by_those_alone_who_may_know_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(everything, "FEW", few)
    owner, colleague, outsider = make_user(), make_user("administrator"), make_user(kind="suppliers")
    relationship = make_relationship("customers", owner=owner)
    given: dict[str, Any] = {"actor": owner, "content": b"walrus"}
    make_document(relationship, name="secret.txt", confidentiality=CONFIDENTIAL, **given)
    gone = make_document(make_relationship("customers", owner=owner), name="gone.txt", **given)
    make_document(make_relationship("suppliers"), name="plain.txt", content=b"a walrus")
    read_due(now=NOW)
    remove_document(actor=owner, document=gone, now=NOW, reason="Old")
    assert found(owner, "walrus") == ["plain.txt", "secret.txt"]
    assert (found(colleague, "walrus"), found(outsider, "walrus")) == (["plain.txt"], ["plain.txt"])


def test_the_page_and_the_palette_find_it_and_the_api_says_that_it_was_read(workspace: Workspace) -> None:
    viewer = make_user()
    made = make_document(make_relationship(owner=viewer), actor=viewer, name="a.md", content=b"# Walrus")
    read_due(now=NOW)
    client = signed_in(viewer)
    for place in ("/search/?q=walrus", "/search/options/?q=walrus"):
        assert f"/documents/{made.pk}/preview/" in client.get(place).content.decode()
    assert "Found by its text" in words_of(client.get(f"/documents/{made.pk}/preview/"))
    answer = ApiClient(viewer).call("get", f"documents/{made.pk}/").json()
    assert (answer["text_state"], answer["text_problem"], "text" in answer) == ("read", "", False)


def test_a_new_version_is_found_by_what_it_says_and_no_more_by_what_was(workspace: Workspace) -> None:
    viewer = make_user()
    made = make_document(make_relationship(), actor=viewer, name="a.txt", note="Offer", content=b"otter")
    read_due(now=NOW)
    make_version(made, actor=viewer, content=b"walrus")
    assert (found(viewer, "otter"), states()["a.txt"]) == ([], ("waiting", ""))
    read_due(now=NOW)
    assert (found(viewer, "otter"), found(viewer, "walrus"), found(viewer, "offer")) == (
        [],
        ["a.txt"],
        ["a.txt"],
    )


def test_why_a_document_cannot_be_read_is_kept_with_it(workspace: Workspace, folder: Path) -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    made = {
        name: make_document(relationship, actor=viewer, name=name, content=content)
        for name, content in (("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.txt", b"lost"))
    }
    (folder / str(made["a.txt"].file)).unlink()
    assert read_due(now=NOW) == 2
    assert states() == {
        "a.pdf": ("unreadable", "damaged"),
        "a.png": ("unreadable", "other_sort"),
        "a.txt": ("unreadable", "lost"),
    }
    page = words_of(signed_in(viewer).get(f"/documents/{made['a.pdf'].pk}/preview/"))
    assert "Not found by its text: It is damaged, or not what its name says." in page
    Document.objects.filter(name="a.png").update(text_state="waiting", text_problem="", text_due_at=NOW)
    assert (read_due(now=NOW), states()["a.png"]) == (1, ("unreadable", "other_sort"))


def test_a_document_whose_reader_dies_is_tried_again_but_not_for_ever(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_document(name="a.txt")
    now = NOW
    with monkeypatch.context() as patch:
        patch.setattr(document_texts, "MEMORY", "no number")  # the process ends at once

        def die(_document: Document) -> None:
            raise KeyboardInterrupt

        patch.setattr(document_texts, "_read", die)
        for _ in range(document_texts.MOST_TRIES):
            with pytest.raises(KeyboardInterrupt):
                read_due(now=now)
            assert read_due(now=now) == 0
            now += LEASE
    assert (read_due(now=now), states()["a.txt"]) == (1, ("unreadable", "too_slow"))


def test_a_reader_that_fails_or_takes_too_long_is_ended(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value, problem in (("MEMORY", "no number", "too_large"), ("LONGEST", 0.001, "too_slow")):
        made = make_document(name=f"{name}.txt")
        with monkeypatch.context() as patch:
            patch.setattr(document_texts, name, value)
            read_due(now=NOW)
        made.refresh_from_db()
        assert made.text_problem == problem


def test_what_is_read_apart_knows_nothing_of_us(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    (tmp_path / "tells.py").write_text("import json, os; print(json.dumps(dict(os.environ)))")
    (tmp_path / "ends.py").write_text("raise SystemExit(3)")
    settings.BASE_DIR = tmp_path
    with (tmp_path / "tells.py").open("rb") as source:
        assert "DATABASE_URL" not in read_apart("tells", source=source, seconds=20)
        with pytest.raises(Failed, match="ends: ended with 3"):
            read_apart("ends", source=source, seconds=20)


def test_a_document_that_was_changed_while_it_was_read_waits_again(workspace: Workspace) -> None:
    actor = make_user()
    made = make_document(make_relationship(), actor=actor, name="a.txt", content=b"otter")
    taken = document_texts._take(NOW)
    assert taken == made
    make_version(made, actor=actor, content=b"walrus", now=NOW + timedelta(minutes=1))
    document_texts._read(taken)
    assert states()["a.txt"] == ("waiting", "")
