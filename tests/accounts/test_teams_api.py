"""Teams and business units by the API: read by whoever names them, changed by their administrators."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import AuditEntry, BusinessUnit, Team, TeamMembership, User
from accounts.operations.roles import grant_role
from tests.api import ApiClient
from tests.factories import NOW, make_business_unit, make_relationship, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
NOBODYS = 999_999


@pytest.fixture
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss() -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def client(boss: User) -> ApiClient:
    return ApiClient(boss)


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def wrong(response: Any) -> list[str]:
    return [entry["field"] for entry in ok(response, 422)["errors"]]


def test_a_team_is_made_led_joined_left_and_closed(client: ApiClient) -> None:
    unit, lea = make_business_unit("North"), make_user(name="Lea")
    made = ok(client.call("post", "teams/", {"name": " Key  accounts", "business_unit": unit.pk}), 201)
    assert (made["name"], made["business_unit"]["id"], made["lead"]) == ("Key accounts", unit.pk, None)
    here = f"teams/{made['id']}/"
    version = client.call("get", here).headers["ETag"]
    assert client.call("patch", here, {"lead": lea.pk}).status_code == 428
    led = ok(client.call("patch", here, {"lead": lea.pk}, If_Match=version))
    assert (led["name"], led["lead"]["name"]) == ("Key accounts", "Lea")
    assert client.call("patch", here, {"lead": None}, If_Match=version).status_code == 412
    assert ok(client.call("patch", here, {"name": "Keys"}, If_Match="*"))["lead"]["name"] == "Lea"
    joined = ok(client.call("post", f"{here}members/", {"user": lea.pk}), 201)
    assert ok(client.call("post", f"{here}members/", {"user": lea.pk}), 201) == joined
    assert ok(client.call("get", f"{here}members/"))["results"] == [joined]
    left = ok(client.call("post", f"memberships/{joined['id']}/ending/", {}))
    assert left["ended_at"] == "2026-03-18T10:00:00Z"
    assert client.call("post", f"memberships/{joined['id']}/ending/", {}).status_code == 409
    assert ok(client.call("get", f"{here}members/"))["results"] == []
    assert ok(client.call("post", f"{here}closure/", {}))["closed_at"] == "2026-03-18T10:00:00Z"
    assert client.call("patch", here, {"name": "Late"}, If_Match="*").status_code == 409
    verbs = AuditEntry.objects.filter(subject_type="team").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        "team_created",
        "team_edited",
        "team_edited",
        "team_member_added",
        "team_member_removed",
        "team_closed",
    ]


def test_what_hangs_on_a_team_or_a_unit_is_told_and_keeps_it_open(client: ApiClient, boss: User) -> None:
    unit = make_business_unit("North")
    team = make_team("Keys", business_unit=unit)
    make_relationship(team=team, business_unit=unit)
    rep = make_user("", name="Rep")
    grant_role(actor=boss, user=rep, role="representative", now=NOW, team=team)
    held = ok(client.call("get", f"teams/{team.pk}/holdings/"))
    assert [(role["user"]["name"], role["role"]) for role in held["roles"]] == [("Rep", "representative")]
    assert [each["count"] for each in held["in_hand"]] == [1]
    assert client.call("post", f"teams/{team.pk}/closure/", {}).status_code == 409
    assert [
        each["count"] for each in ok(client.call("get", f"business-units/{unit.pk}/holdings/"))["in_hand"]
    ]
    assert client.call("post", f"business-units/{unit.pk}/closure/", {}).status_code == 409
    assert Team.objects.get(pk=team.pk).closed_at is None


def test_a_unit_is_made_described_anew_made_the_default_and_closed(client: ApiClient) -> None:
    said = {"name": "Berlin", "currency": "EUR", "time_zone": "Europe/Berlin", "country": "DE"}
    week = {"0": [["09:00", "12:30"]]}
    made = ok(client.call("post", "business-units/", said | {"work_week": week, "hour_rate": "42.50"}), 201)
    assert (made["currency"], made["work_week"], made["hour_rate"]) == ("EUR", week, "42.50")
    here = f"business-units/{made['id']}/"
    version = client.call("get", here).headers["ETag"]
    changed = ok(client.call("patch", here, {"country": "AT"}, If_Match=version))
    assert (changed["country"], changed["name"], changed["work_week"]) == ("AT", "Berlin", week)
    assert changed["hour_rate"] == "42.50"
    assert ok(client.call("patch", here, {"hour_rate": None}, If_Match="*"))["hour_rate"] is None
    first = BusinessUnit.objects.get(is_default=True)
    assert ok(client.call("post", f"{here}default/", {}))["is_default"] is True
    assert client.call("post", f"{here}closure/", {}).status_code == 409
    assert ok(client.call("post", f"business-units/{first.pk}/closure/", {}))["closed_at"] is not None


def test_what_makes_no_team_and_no_unit_is_refused_by_its_field(client: ApiClient) -> None:
    team = make_team("Keys")
    gone = make_user("", name="Tom", is_active=False, deactivated_at=NOW)
    said = {"name": "keys", "business_unit": team.business_unit_id, "lead": gone.pk}
    assert wrong(client.call("post", "teams/", said)) == ["name", "lead"]
    assert wrong(client.call("post", "teams/", {"name": "", "business_unit": NOBODYS})) == [
        "name",
        "business_unit",
    ]
    assert client.call("post", f"teams/{team.pk}/members/", {"user": gone.pk}).status_code == 409
    unit = {"name": "Berlin", "currency": "XXX", "time_zone": "Europe/Berlin", "country": "Germany"}
    assert wrong(client.call("post", "business-units/", unit)) == ["currency", "country"]
    unit |= {"currency": "EUR", "country": "DE", "work_week": {"9": [["09:00", "17:00"]]}}
    assert wrong(client.call("post", "business-units/", unit)) == ["work_week"]
    assert wrong(client.call("post", "business-units/", unit | {"work_week": {"0": [["09:00"]]}})) == [
        "work_week.0.0"
    ]
    for place in ("teams", "business-units"):
        assert client.call("get", f"{place}/{NOBODYS}/").status_code == 404
        assert client.call("post", f"{place}/{NOBODYS}/closure/", {}).status_code == 404


def test_who_administers_nothing_reads_and_changes_nothing(boss: User) -> None:
    unit, lea = make_business_unit("North", hour_rate="42.50"), make_user(name="Lea")
    team = make_team("Keys", business_unit=unit)
    member = TeamMembership.objects.create(user=lea, team=team, started_at=NOW)
    client = ApiClient(make_user("relationship_manager"))
    assert ok(client.call("get", f"teams/{team.pk}/"))["name"] == "Keys"
    told = ok(client.call("get", f"business-units/{unit.pk}/"))
    assert (told["work_week"]["0"], told["hour_rate"]) == ([["09:00", "17:00"]], None)
    calls: list[tuple[str, str, dict[str, Any] | None]] = [
        ("get", f"teams/{team.pk}/members/", None),
        ("get", f"teams/{team.pk}/holdings/", None),
        ("get", f"business-units/{unit.pk}/holdings/", None),
        ("post", "teams/", {"name": "Mine", "business_unit": unit.pk}),
        ("patch", f"teams/{team.pk}/", {"name": "Mine"}),
        ("post", f"teams/{team.pk}/members/", {"user": lea.pk}),
        ("post", f"memberships/{member.pk}/ending/", {}),
        ("post", f"teams/{team.pk}/closure/", {}),
        ("post", "business-units/", {"name": "Mine", "currency": "GBP", "time_zone": "UTC", "country": "GB"}),
        ("patch", f"business-units/{unit.pk}/", {"name": "Mine"}),
        ("post", f"business-units/{unit.pk}/default/", {}),
        ("post", f"business-units/{unit.pk}/closure/", {}),
    ]
    reader = ApiClient(boss, scopes=["workspace:read"])
    for verb, place, body in calls:
        headers = {"If_Match": "*"} if verb == "patch" else {}
        assert client.call(verb, place, body, **headers).status_code == 403, place
        if body is not None:
            assert reader.call(verb, place, body, **headers).status_code == 403, place
    assert ok(reader.call("get", f"business-units/{unit.pk}/"))["hour_rate"] == "42.50"
    assert not Team.objects.filter(name="Mine").exists()
