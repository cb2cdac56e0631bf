"""The API of oversight."""

import pytest

from accounts.operations.audit import record_audit
from accounts.operations.workspace import Workspace
from tests.api import ApiClient
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db


def test_the_record_is_read_by_who_may(workspace: Workspace) -> None:
    auditor = make_user("auditor")
    record_audit(actor_id=7, verb="t_x", now=NOW, subject_type="team", subject_id=3, data={"n": 1})
    client = ApiClient(auditor)
    [row] = client.call("get", "audit/entries/?verb=t_x&actor=7").json()["results"]
    assert {**row, "id": 0} == {
        "id": 0,
        "at": "2026-03-18T10:00:00Z",
        "actor_id": 7,
        "verb": "t_x",
        "subject_type": "team",
        "subject_id": 3,
        "data": {"n": 1},
        "ip": None,
    }
    assert client.call("get", "audit/entries/?verb=T X").status_code == 422
    assert ApiClient(make_user("executive")).call("get", "audit/entries/").status_code == 403


def test_what_happened_is_read_as_far_as_one_may_know_of_it(workspace: Workspace) -> None:
    auditor = make_user("auditor", "customers")
    whole = make_user("auditor")
    role = make_relationship(name="Brightwater Care")
    client = ApiClient(whole)
    asked = f"audit/events/?party={role.party_id}&verb=relationship_opened"
    [row] = client.call("get", asked).json()["results"]
    assert (row["party"]["name"], row["relationship_id"]) == ("Brightwater Care", role.pk)
    assert ApiClient(auditor).call("get", asked).status_code == 403


def test_rights_and_sight_are_told_with_their_reasons(workspace: Workspace) -> None:
    auditor, seller = make_user("auditor"), make_user("representative", "customers")
    role, other = make_relationship(owner=seller), make_relationship("suppliers")
    client = ApiClient(auditor)
    grant = {"role": "representative", "kind": "customers", "team_id": None, "business_unit_id": None}
    assert client.call("get", f"users/{seller.pk}/sight/{role.pk}/").json() == {
        "sees": True,
        "reach": [{"code": "by_role", "grant": grant}],
        "opened": [{"code": "open_class", "grant": None}],
    }
    assert client.call("get", f"users/{seller.pk}/sight/{other.pk}/").json()["sees"] is False
    rights = {
        row["permission"]: row for row in client.call("get", f"users/{seller.pk}/rights/").json()["rights"]
    }
    assert rights["log_interactions"]["kinds"]["customers"] == [grant]
    assert rights["log_interactions"]["kinds"]["suppliers"] == []
    assert (rights["view_audit"]["everywhere"], rights["view_audit"]["kinds"]) == (False, {})
    assert ApiClient(seller).call("get", f"users/{seller.pk}/rights/").status_code == 403
