"""Briefs and the dashboard's figures by the API, through the reader's rights."""

from typing import Any

import pytest
import time_machine

from accounts.models import User
from dashboards.models import Brief, BriefDecision, BriefReading
from dashboards.operations.briefs import make_brief
from dashboards.queries.standing import standing
from relationships.models import FollowUp, Relationship
from tests.api import ApiClient
from tests.dashboards.portfolio import summed, talked
from tests.dashboards.test_briefs import boss, week
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
NOBODYS = 999_999
__all__ = ["boss", "week"]


@pytest.fixture
def manager(workspace: object) -> User:
    return make_user("relationship_manager")


@pytest.fixture
def client(manager: User) -> ApiClient:
    return ApiClient(manager)


@pytest.fixture
def brief(week: dict[str, Relationship]) -> Brief:
    return make_brief(now=NOW)


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def wrong(response: Any) -> list[str]:
    return [entry["field"] for entry in ok(response, 422)["errors"]]


def test_a_brief_is_told_as_far_as_its_reader_may_know(
    client: ApiClient, manager: User, brief: Brief, week: dict[str, Relationship]
) -> None:
    listed = ok(client.call("get", "briefs/"))["results"]
    assert [(row["id"], row["week"], row["sha256"], row["readers"]) for row in listed] == [
        (brief.pk, "2026-03-16", brief.sha256, 0)
    ]
    told = ok(client.call("get", f"briefs/{brief.pk}/"))
    assert told == ok(client.call("get", f"briefs/{brief.pk}/"))
    assert BriefReading.objects.get(brief=brief).reader == manager
    assert ok(client.call("get", "briefs/"))["results"][0]["readers"] == 1
    assert (told["sha256"], told["week"]) == (brief.sha256, "2026-03-16")
    moves = {kind["kind"]: kind for kind in told["moves"]}
    assert [move["relationship"]["id"] for move in moves["customers"]["fallen"]] == [week["fell"].pk]
    assert [line["component"] for line in moves["customers"]["fallen"][0]["lines"]] == ["activity"]
    assert moves["customers"]["fallen"][0]["after"] == 41.3
    assert [move["relationship"]["id"] for move in moves["suppliers"]["risen"]] == [week["rose"].pk]
    assert [row["relationship"]["id"] for row in told["deciding"]] == [week["fell"].pk]
    assert [row["what"] for row in told["broken"]] == ["Send the samples"]
    assert "Secret" not in str(told)
    assert {kind["kind"] for kind in told["standing"]["kinds"]} <= {"customers", "suppliers"}


def test_a_figure_opens_to_its_rows(client: ApiClient, brief: Brief, week: dict[str, Relationship]) -> None:
    here = f"briefs/{brief.pk}/rows/"
    rows = ok(client.call("get", f"{here}?kind=customers&band=at_risk"))["results"]
    assert [(row["relationship"]["id"], row["status"], row["score"]) for row in rows] == [
        (week["fell"].pk, "at_risk", 41.26)
    ]
    assert ok(client.call("get", f"{here}?kind=customers&band=healthy"))["results"] == []
    assert [
        row["relationship"]["id"] for row in ok(client.call("get", f"{here}?kind=suppliers"))["results"]
    ] == [week["rose"].pk]
    assert wrong(client.call("get", here)) == ["kind"]
    one = ok(client.call("get", f"{here}{week['fell'].pk}/"))
    assert (one["score"], one["before"], one["status"]) == (41.3, 80.0, "at_risk")
    assert [part["component"] for part in one["parts"]] == ["activity"]
    for number in (week["secret"].pk, NOBODYS):
        assert client.call("get", f"{here}{number}/").status_code == 404


def test_a_decision_is_recorded_once_with_its_follow_up(
    client: ApiClient, brief: Brief, week: dict[str, Relationship]
) -> None:
    here = f"briefs/{brief.pk}/decisions/"
    said = {"what": "See them", "relationship": week["fell"].pk, "due_date": "2026-03-30"}
    with time_machine.travel(NOW, tick=False):
        made = ok(client.call("post", here, said, Idempotency_Key="one"), 201)
        again = client.call("post", here, said, Idempotency_Key="one")
    assert (again.headers["Idempotency-Replayed"], ok(again, 201)) == ("true", made)
    decision = BriefDecision.objects.get()
    assert (made["id"], made["relationship"]["id"]) == (decision.pk, week["fell"].pk)
    assert made["follow_up"]["id"] == FollowUp.objects.get(what="See them").pk
    told = ok(client.call("get", f"briefs/{brief.pk}/"))["decisions"]
    assert [row["what"] for row in told] == ["See them"]


def test_what_is_no_decision_is_refused_by_its_field(
    client: ApiClient, brief: Brief, week: dict[str, Relationship]
) -> None:
    here = f"briefs/{brief.pk}/decisions/"
    assert wrong(client.call("post", here, {"what": " "})) == ["what"]
    assert wrong(client.call("post", here, {"what": "x", "due_date": "2026-03-30"})) == ["due_date"]
    for number in (week["secret"].pk, NOBODYS):
        assert wrong(client.call("post", here, {"what": "x", "relationship": number})) == ["relationship"]
    assert client.call("post", f"briefs/{NOBODYS}/decisions/", {"what": "x"}).status_code == 404
    assert client.call("get", f"briefs/{NOBODYS}/").status_code == 404
    auditor = ApiClient(make_user("auditor"))
    assert auditor.call("post", here, {"what": "x"}).status_code == 403
    assert BriefDecision.objects.count() == 0
    nobody = ApiClient(make_user(""))
    for place in ("briefs/", f"briefs/{brief.pk}/", f"briefs/{brief.pk}/rows/?kind=customers"):
        assert nobody.call("get", place).status_code == 403


def test_the_figures_of_the_dashboard_are_told(client: ApiClient, manager: User) -> None:
    talked("customers", manager, falling=True, name="Fell", value=900)
    talked("suppliers", manager, name="Stood")
    summed("customers", "suppliers")
    found = standing(viewer=manager, now=NOW, weeks=4)
    with time_machine.travel(NOW, tick=False):
        told = ok(client.call("get", "standing/?weeks=4"))
        movers = ok(client.call("get", "movers/?weeks=4&kind=customers"))
        none = ok(client.call("get", f"movers/?owner={NOBODYS}&health=healthy&team=1"))
    assert told["mean"] == float(found.mean or 0) > 0
    assert [kind["kind"] for kind in told["kinds"]] == ["customers", "suppliers"]
    assert len(told["kinds"][0]["line"]) == len(told["weeks"]) + 1
    assert sum(line["points"] for line in told["moved_by"]) == pytest.approx(told["change"])
    assert {row["relationship"]["name"] for row in movers["fallen"]} <= {"Fell"}
    assert none == {"fallen": [], "risen": []}
    assert wrong(client.call("get", "standing/?weeks=5")) == ["weeks"]
    assert wrong(client.call("get", "movers/?kind=none")) == ["kind"]


def test_the_portfolio_is_told_as_its_table(client: ApiClient, manager: User) -> None:
    worth = talked("customers", manager, falling=True, name="Fell", value=900)
    talked("suppliers", manager, name="Stood")
    make_relationship("staff", name="Secret", actor=make_user("hr"))
    rows = ok(client.call("get", "portfolio/"))["rows"]
    assert [(row["relationship"]["name"], row["kind"]) for row in rows] == [
        ("Fell", "customers"),
        ("Stood", "suppliers"),
    ]
    assert (rows[0]["value_a_year"]["amount"], rows[0]["owner"]["id"]) == ("900.00", manager.pk)
    assert rows[1]["value_a_year"] is None
    narrowed = ok(client.call("get", f"portfolio/?kind=customers&owner={manager.pk}"))["rows"]
    assert [row["relationship"]["id"] for row in narrowed] == [worth.pk]
    assert ok(client.call("get", f"portfolio/?team={NOBODYS}"))["rows"] == []
    assert wrong(client.call("get", "portfolio/?health=none&weeks=4")) == ["weeks"]
    without_money = ok(ApiClient(make_user("hr", "customers")).call("get", "portfolio/"))["rows"]
    assert [(row["relationship"]["name"], row["value_a_year"]) for row in without_money] == [("Fell", None)]
