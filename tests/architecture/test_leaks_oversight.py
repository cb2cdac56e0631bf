"""The pages of oversight tell whoever administers no more of a hidden role than all other pages do."""

import pytest

from accounts.operations.workspace import Workspace
from tests.architecture.test_leaks import TWO, Case, add_hidden_role, world_of
from tests.doors import answer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

PAGES = (
    "administration/audit/?book=relationships",
    "administration/audit/?book=relationships&party={party}",
    "administration/audit/?party={party}",
    "administration/sight/?person={viewer}",
    "administration/sight/?person={viewer}&q=twin",
    "administration/sight/?person={viewer}&q=ana",
    "administration/sight/{viewer}/parties/{party}/",
    "administration/rights/?person={viewer}",
    "api/v1/audit/events/?limit=100",
    "api/v1/audit/entries/?party={party}",
    "administration/privacy/",
    "administration/privacy/people/{party}/",
    "administration/retention/",
)
FOR_ALL = ("parties/{party}/consents/", "api/v1/parties/{party}/consents/", "api/v1/parties/{party}/leaves/")


@pytest.mark.parametrize("case", TWO, ids=str)
def test_oversight_is_the_same_whether_or_not_there_is_a_role_one_may_not_know(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        viewer = world.viewers[case.roles[0]]
        client = signed_in(viewer)
        pages = ["/" + page.format(viewer=viewer.pk, party=world.party.pk) for page in (*PAGES, *FOR_ALL)]
        before = {page: answer(client, "get", page) for page in pages}
        add_hidden_role(world)
        assert [page for page in pages if answer(client, "get", page) != before[page]] == []
        allowed = {200} if case.roles[0] == "administrator" else {403}
        assert {before[page][0] for page in pages[: len(PAGES)]} == allowed
        assert {before[page][0] for page in pages[len(PAGES) :]} == {200}
