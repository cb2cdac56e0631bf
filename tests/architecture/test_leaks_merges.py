"""Merging by the API tells nothing of a role that somebody may not know of: not by pairs, comparisons or merges."""

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import Party
from tests.api import ApiClient
from tests.architecture.test_leaks import NOBODYS, TWO, Case, add_hidden_role, world_of
from tests.exchange.pages import make_merge

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

SEEN = {"Viewer relationship_manager": [403, 200, 200], "Viewer administrator": [200, 200, 409]}
"""Who may import sees pairs; a party in the open is not of one class with somebody beside staff."""
Told = tuple[int, str]


def told(client: ApiClient, verb: str, place: str, body: object = None, but: object = "") -> Told:
    response = client.call(verb, place, body)
    return response.status_code, response.content.decode().replace(str(but), "")


def of_pair(client: ApiClient, number: int) -> list[Told]:
    here = f"duplicates/{number}/"
    return [told(client, "get", here), told(client, "post", f"{here}dismissal/", {})]


def of_merge(client: ApiClient, number: int) -> list[Told]:
    here = f"merges/{number}/"
    return [told(client, "get", here), told(client, "post", f"{here}undoing/", {})]


def of_party(client: ApiClient, keep: int, number: int) -> list[Told]:
    comparison = f"merges/comparison/?keep={keep}&drop={number}"
    body = {"keep": keep, "drop": number}
    return [told(client, "get", comparison, but=number), told(client, "post", "merges/", body, but=number)]


@pytest.mark.parametrize("case", TWO, ids=str)
def test_merging_tells_nothing_of_a_hidden_role(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        viewer = User.objects.get(pk=next(iter(world.viewers.values())).pk)
        client, keep, other = ApiClient(viewer), world.party.pk, Party.objects.get(name="Otter double").pk
        asked = ("duplicates/", "merges/", f"merges/comparison/?keep={keep}&drop={other}")
        before = [told(client, "get", place) for place in asked]
        assert [status for status, _words in before] == SEEN[viewer.name]
        hidden = add_hidden_role(world)
        double = Party.objects.get(name="Zebra double")
        merge = make_merge(double, User.objects.get(pk=world.seller.pk))
        assert [told(client, "get", place) for place in asked] == before
        assert of_pair(client, hidden["candidate_id"]) == of_pair(client, NOBODYS)
        assert of_merge(client, merge) == of_merge(client, NOBODYS)
        nothing = of_party(client, keep, NOBODYS)
        assert of_party(client, keep, double.pk) == nothing
        assert [status for status, _words in nothing] == [404, 422]
        assert (SEEN[viewer.name][0], of_pair(client, NOBODYS)[0][0]) in ((403, 403), (200, 404))
        seller = ApiClient(User.objects.get(pk=world.seller.pk))
        assert of_merge(seller, merge)[0][0] == 200
