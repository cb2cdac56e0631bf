"""The register of outside issues."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from dashboards.models import OutsideIssue
from dashboards.operations.outside_issues import edit_issue, move_issue, notice_issue
from dashboards.queries.outside_issues import issue_detail, issues
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


def notice(actor: User, **fields: Any) -> OutsideIssue:
    given = {
        "title": "Strike", "category": "supplier", "owner": actor, "since_date": TODAY,
        "next_look_date": TODAY + timedelta(days=3), "now": NOW,
    }  # fmt: skip
    return notice_issue(actor=actor, **given | fields)


def test_it_is_on_the_register_with_its_event_and_audit(boss: User) -> None:
    issue = notice(boss, title=" Strike ", kinds=["suppliers", "customers"])
    assert (issue.title, issue.kinds, issue.state) == ("Strike", ["customers", "suppliers"], "noticed")
    assert [(event.verb, event.state) for event in issue.events.all()] == [("noticed", "noticed")]
    assert AuditEntry.objects.get(verb="outside_issue_noticed").subject_id == issue.pk


def test_the_register_is_in_the_order_of_the_next_look(boss: User) -> None:
    later, sooner = notice(boss, next_look_date=TODAY + timedelta(days=9)), notice(boss)
    over = move_issue(
        actor=boss, issue=move_issue(actor=boss, issue=notice(boss), transition="watch", now=NOW),
        transition="end", now=NOW, note="Settled",
    )  # fmt: skip
    assert list(issues(viewer=boss)) == [sooner, later]
    assert list(issues(viewer=boss, closed=True)) == [over]
    assert (over.closed_at, over.next_look_date) == (NOW, None)
    with pytest.raises(Invalid) as refused:
        move_issue(actor=boss, issue=over, transition="reopen", now=NOW)
    assert list(refused.value.errors) == ["next_look_date"]
    again = move_issue(actor=boss, issue=over, transition="reopen", now=NOW, next_look_date=TODAY)
    assert (again.state, again.closed_at) == ("watched", None)
    with pytest.raises(Conflict):
        move_issue(actor=boss, issue=again, transition="reopen", now=NOW)


def test_only_those_see_it_who_see_all_that_it_touches(boss: User) -> None:
    seller, nobody = make_user(kind="suppliers"), make_user("")
    everybody, theirs = notice(boss), notice(boss, kinds=["suppliers"])
    notice(boss, kinds=["suppliers", "customers"])
    notice(boss, parties=[make_relationship("customers", owner=boss).party])
    mine = notice(boss, kinds=["customers"], owner=seller)
    assert set(issues(viewer=seller)) == {everybody, theirs, mine}
    assert list(issues(viewer=nobody)) == []
    assert len(issues(viewer=boss)) == 5


def test_what_is_wrong_is_said_by_field(boss: User) -> None:
    seller = make_user(kind="suppliers")
    hidden = make_relationship("customers", owner=boss).party
    with pytest.raises(Invalid) as refused:
        notice(seller, title=" ", category="x", kinds=["customers"], parties=[hidden], next_look_date=None)
    assert set(refused.value.errors) == {"title", "category", "kinds", "parties", "next_look_date"}
    with pytest.raises(Invalid, match="still works here"):
        notice(boss, owner=make_user(is_active=False, deactivated_at=NOW))
    with pytest.raises(NotAllowed):
        notice(make_user("auditor"))


def test_it_is_changed_by_whoever_saw_its_last_version(boss: User) -> None:
    party = make_relationship(owner=boss).party
    issue = notice(boss, parties=[party])
    changed = edit_issue(
        actor=boss, issue=issue, version=1, now=NOW, title="Long strike", kinds=["customers"]
    )
    assert (changed.title, changed.version, list(changed.parties.all())) == ("Long strike", 2, [party])
    with pytest.raises(Conflict):
        edit_issue(actor=boss, issue=issue, version=1, now=NOW, title="Other")
    with pytest.raises(TypeError):
        edit_issue(actor=boss, issue=issue, version=2, now=NOW, colour="red")
    assert list(edit_issue(actor=boss, issue=issue, version=2, now=NOW, parties=[]).parties.all()) == []


def test_out_of_sight_does_not_exist(boss: User) -> None:
    seller = make_user(kind="suppliers")
    issue = notice(boss, kinds=["customers"])
    with pytest.raises(Missing):
        move_issue(actor=seller, issue=issue, transition="watch", now=NOW)
    with pytest.raises(Missing):
        issue_detail(viewer=seller, issue_id=issue.pk)


def test_the_pages_notice_change_and_move(boss: User, client: Client) -> None:
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {
        "title": "New law", "category": "regulation", "impact": "high", "kinds": ["customers"], "owner": boss.pk,
        "since_date": "2026-03-01", "next_look_date": "2026-04-01",
    }  # fmt: skip
    assert client.get("/outside-issues/new/").status_code == 200
    assert client.post("/outside-issues/new/", form | {"title": ""}).status_code == 422
    assert client.post("/outside-issues/new/", form).status_code == 302
    issue = OutsideIssue.objects.get()
    here = f"/outside-issues/{issue.pk}/"
    assert b"New law" in client.get(here + "edit/").content
    assert client.post(here + "edit/", form | {"title": "The new law", "version": "1"}).status_code == 302
    assert client.post(here + "edit/", form | {"version": "1"}).status_code == 409
    assert client.post(here + "transitions/watch/", {"note": "Asked"}).status_code == 302
    assert client.post(here + "transitions/watch/", {"note": "x" * 500}).status_code == 422
    assert client.post(here + "transitions/nothing/").status_code == 404
    page = client.get(here).content
    assert b"Asked" in page
    assert b"The new law" in client.get("/outside-issues/").content
    assert b"The new law" not in client.get("/outside-issues/?status=closed").content


def test_who_may_not_manage_reads_only(boss: User, client: Client) -> None:
    issue = notice(boss)
    client.force_login(make_user("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"New outside issue" not in client.get("/outside-issues/").content
    assert client.get(f"/outside-issues/{issue.pk}/").status_code == 200
    for path in ("new/", f"{issue.pk}/edit/"):
        assert client.get(f"/outside-issues/{path}").status_code == 403


def test_the_form_names_parties_one_at_a_time_and_lets_them_go(boss: User, client: Client) -> None:
    first, second = (make_relationship(name=name, owner=boss).party for name in ("Halden", "Mill"))
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    said = {
        "title": "Strike", "category": "supplier", "impact": "low", "owner": boss.pk,
        "since_date": "2026-03-18", "next_look_date": "2026-03-20",
    }  # fmt: skip
    assert 'name="party_q"' in client.get("/outside-issues/new/").content.decode()
    assert client.post("/outside-issues/new/", said | {"party": 999_999}).status_code == 422
    here = client.post("/outside-issues/new/", said | {"party": first.pk}).headers["Location"]
    issue = OutsideIssue.objects.get()
    assert list(issue.parties.all()) == [first]
    assert "Halden" in client.get(f"{here}edit/").content.decode()
    both = said | {"version": 1, "parties": [first.pk], "party": second.pk}
    assert client.post(f"{here}edit/", both).status_code == 302
    assert set(issue.parties.all()) == {first, second}
    assert client.post(f"{here}edit/", said | {"version": 2, "parties": [second.pk]}).status_code == 302
    assert list(issue.parties.all()) == [second]
