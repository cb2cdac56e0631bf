"""What the API tells of places and people around the relationships."""

import pytest

from dashboards.models import OutsideIssue
from exchange.models import HeldRow, ImportRun
from tests.api import ApiClient
from tests.exchange.pages import IMPORT_PAGES
from tests.factories import make_team, make_user
from tests.overview_pages import OVERVIEWS

pytestmark = pytest.mark.django_db


def test_colleagues_are_told_and_the_system_is_none_of_them() -> None:
    user = make_user("administrator", name="Amara", member_of=make_team("North"))
    client = ApiClient(user)
    assert client.call("get", f"users/{user.pk}/").json() == {
        "id": user.pk,
        "name": "Amara",
        "job_title": "",
        "is_active": True,
        "is_service": False,
    }
    assert [row["name"] for row in client.call("get", "users/").json()["results"]] == ["Amara"]
    assert [row["name"] for row in client.call("get", "teams/").json()["results"]] == ["North"]


def test_outside_issues_are_told_open_and_closed() -> None:
    user = make_user("administrator")
    OVERVIEWS["outside_issue_list"](user, 1)
    client, issue = ApiClient(user), OutsideIssue.objects.get()
    assert client.call("get", f"outside-issues/{issue.pk}/").json()["title"] == issue.title
    assert len(client.call("get", "outside-issues/").json()["results"]) == 1
    assert client.call("get", "outside-issues/?closed=1").json()["results"] == []


def test_the_rows_that_an_import_held_are_told_with_their_reasons() -> None:
    user = make_user("administrator")
    IMPORT_PAGES["held_list"](user, 2)
    client, run = ApiClient(user), ImportRun.objects.latest("id")
    listed = client.call("get", "imports/").json()["results"]
    waiting = HeldRow.objects.filter(run=run, resolved_at=None).count()
    assert (listed[0]["id"], listed[0]["waiting"]) == (run.pk, waiting)
    held = client.call("get", f"imports/{run.pk}/held-rows/").json()["results"]
    assert {row["reason"] for row in held} == set(run.held_rows.values_list("reason", flat=True))
    assert len(held) == waiting >= 1
