"""Nothing leaks by the workspace's own fields and by tags: no list, file, record or call tells of a hidden role."""

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import CustomValue, Relationship, Tag, Tagging
from tests.api import ApiClient
from tests.architecture.test_leaks import EVERY, Case, World, add_hidden_role, world_of
from tests.doors import Answer, answer, signed_in
from tests.factories import NOW, make_field, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

ASKED = (
    "?f_secret=zebra",
    "?if=f_secret:filled",
    "?f_rank=5",
    "?sort=-f_rank",
    "?sort=f_secret",
    "?tag=zebra",
    "?if=tag:filled",
    "?if1=f_rank:least:5&if1=tag:is:zebra&any=1",
)


def hold(relationship_id: int, kind: str, words: str, rank: int, actor: User) -> None:
    """Gives a relationship values of two fields of its kind, and a tag."""
    for type_, label, value in (("text", "Secret", {"text": words}), ("whole", "Rank", {"number": rank})):
        field = make_field(type_, label=label, kind=kind, actor=actor)
        CustomValue.objects.create(field=field, relationship_id=relationship_id, **value)
    tag = Tag.objects.create(name=words, created_at=NOW, created_by=actor)
    Tagging.objects.create(tag=tag, relationship_id=relationship_id, tagged_at=NOW, tagged_by=actor)


def told(world: World, viewer: User, hidden_id: int) -> dict[str, Answer]:
    """What the doors say of fields and tags to somebody."""
    client, here = signed_in(viewer), f"/{world.case.base}/"
    found = {
        page + ask: answer(client, "get", page + ask) for page in (here, f"{here}export.csv") for ask in ASKED
    }
    record = f"{here}{world.shown['relationship_id']}/"
    found |= {page: answer(client, "get", page) for page in (record, f"{record}about/", f"{record}tags/")}
    hidden = f"/{world.case.hidden}/"
    found |= {place: answer(client, "get", place.format(hidden_id)) for place in (f"{hidden}{{}}/tags/",)}
    api = ApiClient(viewer)
    for call in (
        "tags/",
        f"custom-fields/?kind={world.case.hidden}",
        *(f"{world.case.base}/{ask}" for ask in ASKED),
    ):
        response = api.call("get", call)
        found[call] = response.status_code, response.content.decode()
    return found


@pytest.mark.parametrize("case", EVERY[:6], ids=str)
def test_fields_and_tags_of_a_hidden_role_are_told_by_no_door(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        outsider = make_user("administrator")
        hold(world.shown["relationship_id"], case.base, "otter", 3, outsider)
        viewer = next(iter(world.viewers.values()))
        before = told(world, viewer, 999_999)
        hidden = add_hidden_role(world)["relationship_id"]
        hold(hidden, case.hidden, "zebra", 9, outsider)
        double = Relationship.objects.filter(kind=case.hidden).exclude(pk=hidden).latest("pk")
        after = told(world, viewer, hidden)
        assert double.pk != hidden
        assert {name: words for name, words in after.items() if words != before[name]} == {}
        assert not any("zebra" in words for name, (_status, words) in after.items() if "zebra" not in name)
        assert before[f"/{case.hidden}/{{}}/tags/"][0] == 404
