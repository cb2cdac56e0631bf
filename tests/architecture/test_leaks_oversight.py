"""The pages of oversight tell whoever administers no more of a hidden role than all other pages do."""

from datetime import timedelta

import pytest

from accounts.operations.workspace import Workspace
from oversight.models import Erasure, SubjectExport
from oversight.operations.retention import set_rule
from tests.api import ApiClient
from tests.architecture.test_leaks import NOBODYS, TWO, Case, add_hidden_role, world_of
from tests.doors import answer, signed_in
from tests.factories import NOW, make_person, make_relationship

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
    "api/v1/parties/{party}/personal-data/",
    "api/v1/erasures/",
    "api/v1/subject-exports/",
    "api/v1/retention-rules/",
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


OF_ONE = ("erasures/{}/", "subject-exports/{}/", "subject-exports/{}/content/")
OF_PARTY = ("personal-data", "subject-exports", "erasures", "legal-hold", "legal-hold/lifting")


def test_what_was_asked_for_somebody_unknown_is_told_by_no_call(workspace: Workspace) -> None:
    with world_of(TWO[1]) as world:
        viewer = world.viewers["administrator"]
        hidden = make_relationship("staff", actor=world.seller, party=make_person("Zebra"))
        given = {"party": hidden.party, "requested_at": NOW, "requested_by": world.seller}
        erasure = Erasure.objects.create(basis="asked", **given)
        export = SubjectExport.objects.create(**given)
        api = ApiClient(viewer)
        assert [api.call("get", place).json()["results"] for place in ("erasures/", "subject-exports/")] == [
            [],
            [],
        ]
        for place, number in zip(OF_ONE, (erasure.pk, export.pk, export.pk), strict=True):
            answers = [api.call("get", place.format(pk)) for pk in (number, NOBODYS)]
            assert [(each.status_code, each.json()) for each in answers] == [(404, answers[0].json())] * 2
        for what in OF_PARTY:
            verb, said = ("get", None) if what == "personal-data" else ("post", BODIES.get(what, {}))
            answers = [api.call(verb, f"parties/{pk}/{what}/", said) for pk in (hidden.party_id, NOBODYS)]
            assert [(each.status_code, each.json()) for each in answers] == [(404, answers[0].json())] * 2
        for what in ("confirmation", "cancellation"):
            answers = [api.call("post", f"erasures/{pk}/{what}/", {}) for pk in (erasure.pk, NOBODYS)]
            assert [(each.status_code, each.json()) for each in answers] == [(404, answers[0].json())] * 2
        rule = set_rule(actor=viewer, data="people", kind="", days=30, now=NOW - timedelta(days=400))
        assert "Zebra" not in api.call("get", f"retention-rules/{rule.pk}/due/").content.decode()


BODIES: dict[str, dict[str, str]] = {
    "erasures": {"basis": "asked"},
    "legal-hold": {"reason": "A claim"},
    "legal-hold/lifting": {"reason": "Over"},
}
