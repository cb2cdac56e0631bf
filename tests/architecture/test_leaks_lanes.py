"""Nothing leaks by the other shapes of a list: columns, cards, headings, numbers and days tell of no hidden role."""

import re

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.filters import encode_list
from relationships.queries.relationship_list import ListQuery, Shape
from tests.architecture.test_leaks import EVERY, Case, World, add_hidden_role, world_of
from tests.doors import Answer, answer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

PAGES = (
    "board/",
    "board/?group=owner",
    "board/?group=health&sort=health",
    "board/lane/?lane=active",
    "board/lane/?lane=active&sort=-contact",
    "calendar/",
    "calendar/?span=agenda",
    "?group=stage",
    "?group=owner&sort=-next",
    "views/?group=owner&total=1&g=1&g=2&g=3",
    "total/?group=stage&g=active&g=prospect&g=",
)


def told(world: World, viewer: User, hidden_id: int) -> dict[str, Answer]:
    """What the shapes of the list say to somebody, and what comes of moving a card that they may not know of."""
    client = signed_in(viewer)
    found = {
        f"{kind}/{page}": answer(client, "get", f"/{kind}/{page}")
        for kind in (world.case.base, world.case.hidden)
        for page in PAGES
    }
    word = encode_list(ListQuery(world.case.hidden, shape=Shape.BOARD))
    for method in ("get", "post"):
        place = f"/{world.case.hidden}/{hidden_id}/moves/stage/?list={word}&to=active&was="
        found[f"{method} a move"] = answer(client, method, place)
    return found


@pytest.mark.parametrize("case", EVERY[:6:2], ids=str)
def test_the_shapes_of_a_list_tell_nothing_of_a_hidden_role(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        viewer = next(iter(world.viewers.values()))
        before = told(world, viewer, 999_999)
        hidden = add_hidden_role(world)["relationship_id"]
        after = told(world, viewer, hidden)
        assert {name: words for name, words in after.items() if words != before[name]} == {}
        assert re.search(r'class="pcard"', after[f"{world.case.base}/board/"][1])
