"""Documents of a hidden role are told by nothing: not by their text in the search, by the trash, or by versions."""

from io import BytesIO

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import Document, Relationship
from relationships.operations.document_texts import read_due
from relationships.operations.document_versions import add_version
from relationships.operations.documents import remove_document
from tests.api import ApiClient
from tests.architecture.test_leaks import NOBODYS, TWO, Case, World, add_hidden_role, world_of
from tests.doors import Answer, answer, signed_in
from tests.factories import NOW, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

ASKED = ("/search/?q={}", "/search/options/?q={}", "/search/?q={}&in=documents", "/trash/")
OF_ONE = ("preview/", "versions/1/", "versions/2/", "versions/new/", "")
CALLED = ("trash/documents/", "documents/{}/versions/", "documents/{}/versions/2/content/", "documents/{}/")


def file_papers(relationship_id: int, actor: User, words: str) -> dict[str, int]:
    """Two papers that say the words, in their second version: one in use, one in the trash."""
    relationship, ids = Relationship.objects.get(pk=relationship_id), {}
    for name in ("kept", "gone"):
        paper = make_document(relationship, actor=actor, name=f"{words} {name}.txt", note=words)
        content = BytesIO(f"all of it says {words} {name}".encode())
        add_version(actor=actor, document=paper, name=paper.name, content=content, reason=words, now=NOW)
        ids[name] = paper.pk
    read_due(now=NOW)
    gone = Document.objects.get(pk=ids["gone"])
    remove_document(actor=actor, document=gone, now=NOW, reason=words)
    return ids


def told(world: World, viewer: User) -> dict[str, Answer]:
    """What lists and searches say."""
    client, api = signed_in(viewer), ApiClient(viewer)
    asked = {page.format(words): "" for page in ASKED for words in ("otter", "zebra", "says")}
    found = {page: answer(client, "get", page) for page in asked}
    listed = api.call("get", CALLED[0])
    return found | {CALLED[0]: (listed.status_code, listed.content.decode())}


def of_one(viewer: User, number: int) -> dict[str, Answer]:
    """What the doors of one document say, its number left out."""
    client, api = signed_in(viewer), ApiClient(viewer)
    found = {page: answer(client, "get", f"/documents/{number}/{page}") for page in OF_ONE}
    found["restoration"] = answer(client, "post", f"/documents/{number}/restoration/")
    for call in CALLED[1:]:
        response = api.call("get", call.format(number))
        found[call] = (response.status_code, response.content.decode())
    response = api.call("post", f"documents/{number}/restoration/", {})
    found["api restoration"] = (response.status_code, response.content.decode())
    return {
        name: (status, words.replace(f"documents/{number}/", "")) for name, (status, words) in found.items()
    }


@pytest.mark.parametrize("case", TWO, ids=str)
def test_documents_of_a_hidden_role_are_told_by_no_door(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        viewer = User.objects.get(pk=next(iter(world.viewers.values())).pk)
        base = Relationship.objects.get(pk=world.shown["relationship_id"])
        shown = file_papers(base.pk, base.owner, "otter")
        before = told(world, viewer)
        hidden = file_papers(add_hidden_role(world)["relationship_id"], world.seller, "zebra")
        assert told(world, viewer) == before
        nothing = of_one(viewer, NOBODYS)
        assert {status for status, _words in nothing.values()} == {404}
        for number in hidden.values():
            assert of_one(viewer, number) == nothing
        assert ("kept.txt" in before["/search/?q=otter"][1], "gone.txt" in before["/trash/"][1]) == (
            True,
            True,
        )
        assert answer(signed_in(viewer), "get", f"/documents/{shown['kept']}/versions/2/")[0] == 200
        seen = told(world, User.objects.get(pk=world.seller.pk))
        assert ("kept.txt" in seen["/search/?q=zebra"][1], "gone.txt" in seen["/trash/"][1]) == (
            True,
            True,
        )
