"""The pages of cases: the queue, one case, and everything that is done on them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from cases.models import Case
from cases.operations.cases import assign_case, edit_case
from cases.operations.due_clocks import tell_due
from cases.operations.messages import answer_case
from cases.operations.moves import move_case
from cases.operations.recounts import recount_open
from relationships.operations.interactions import correct_interaction
from tests.api import ApiClient
from tests.doors import words_of
from tests.factories import NOW, make_case, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user(name="Olive Owner")


@pytest.fixture
def client(owner: User) -> Any:
    made = Client()
    made.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        yield made


def test_a_case_is_opened_from_a_record(client: Client, owner: User) -> None:
    relationship = make_relationship(owner=owner, name="Brightwater")
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    record = client.get(f"/customers/{relationship.pk}/panels/").content.decode()
    place = f"/cases/new/?relationship={relationship.pk}"
    assert place in record
    assert "Who raised it" in words_of(client.get("/cases/new/"))
    assert "Brightwater" in words_of(client.get(place))
    said = {
        "relationship": relationship.pk, "type": "complaint", "channel": "call", "subject": "Cracked trays",
        "body": "Cracked.", "severity": "3", "person": ana.pk, "owner": owner.pk, "confidentiality": "1",
    }  # fmt: skip
    wrong = client.post("/cases/new/", said | {"subject": "", "raised_at": "2027-01-01T10:00"})
    assert wrong.status_code == 422
    late = client.post("/cases/new/", said | {"raised_at": "2027-01-01T10:00"})
    assert (late.status_code, "This lies in the future." in words_of(late)) == (422, True)
    made = client.post("/cases/new/", said)
    case = Case.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/cases/{case.pk}/")
    assert (case.person, case.severity, case.owner) == (ana, 3, owner)
    assert "Cracked trays" in words_of(client.get(f"/customers/{relationship.pk}/panels/"))


def test_a_case_goes_on_from_one_that_is_over(client: Client, owner: User) -> None:
    before = make_case(make_relationship(owner=owner), actor=owner, subject="Late again")
    page = client.get(f"/cases/new/?relationship={before.relationship_id}&follows={before.pk}")
    assert (before.ref in words_of(page), 'value="Late again"' in page.content.decode()) == (True, True)
    make_case(before.relationship, actor=owner, follows=before)
    assert "Goes on from" in words_of(client.get(f"/cases/{Case.objects.latest('id').pk}/"))


def test_the_queue_has_the_first_due_first_and_is_narrowed_by_its_address(
    client: Client, owner: User
) -> None:
    mine = make_case(make_relationship(owner=owner, name="Harbour"), actor=owner, severity=4, subject="Fire")
    theirs = make_case(
        make_relationship(name="Mill"), owner=make_user(name="Tom"), type="question", subject="Opening hours",
        now=NOW - timedelta(days=5),
    )  # fmt: skip
    rows = client.get("/cases/").context["lines"]
    assert [row["case"] for row in rows] == [theirs, mine]
    assert [row["clock"]["state"] for row in rows] == ["breached", "running"]
    asked = {
        "?owner=me": [mine], "?owner=team": [mine], f"?owner={theirs.owner_id}": [theirs], "?q=mill": [theirs],
        "?q=CAS-2026-000001": [mine], "?status=overdue": [theirs], "?status=ended": [], "?type=question": [theirs],
        "?severity=4": [mine], "?state=new&sort=-opened": [mine, theirs], "?kind=suppliers": [],
        f"?relationship={mine.relationship_id}": [mine], "?severity=x&kind=x&owner=x&sort=x": [theirs, mine],
    }  # fmt: skip
    found = {ask: [row["case"] for row in client.get(f"/cases/{ask}").context["lines"]] for ask in asked}
    assert found == asked
    narrowed = words_of(client.get(f"/cases/?owner={theirs.owner_id}&relationship={mine.relationship_id}"))
    assert ("Tom" in narrowed, "Harbour" in narrowed, "Nothing matches" in narrowed) == (True, True, True)
    part = client.get("/cases/?status=ended&q=nothing", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_nobody_waits_where_there_is_no_case(client: Client) -> None:
    assert "No open cases" in words_of(client.get("/cases/"))


def test_what_is_said_is_noted_on_the_page(client: Client, owner: User) -> None:
    case = make_case(make_relationship(owner=owner), actor=owner, type="question")
    place = f"/cases/{case.pk}/messages/"
    assert client.post(place, {"sort": "ours", "body": " ", "channel": "call"}).status_code == 422
    refused = client.post(place, {"sort": "ours", "body": "Soon", "channel": ""})
    assert (refused.status_code, "Soon" in refused.content.decode()) == (422, True)
    lost = client.post(place, {"sort": "note", "body": "Ask Jonas.", "promise": "Ring"})
    assert (lost.status_code, "does not take this" in words_of(lost)) == (422, True)
    told = {
        "sort": "ours",
        "body": "On Monday.",
        "channel": "call",
        "promise": "Ring",
        "promise_due_date": "2026-03-20",
    }
    for said in (
        {"sort": "note", "body": "Ask Jonas."},
        told,
        {"sort": "theirs", "body": "And then?", "channel": "email"},
        {"sort": "theirs", "body": "Thanks!", "channel": "email", "is_thanks": "on"},
    ):
        asked = client.get(f"/cases/{case.pk}/").content.decode()
        key = re.findall(r'name="idempotency_key" value="([^"]+)"', asked)[-1]
        for _ in range(2):  # the second time by somebody in a hurry
            assert client.post(place, said | {"idempotency_key": key}).status_code == 302
    assert case.messages.count() == 5
    page = words_of(client.get(f"/cases/{case.pk}/"))
    assert [words in page for words in ("Ask Jonas.", "On Monday.", "And then?", "Thanks!", "Ring")] == [
        True
    ] * 5
    assert ("Next answer" in page, "How the clocks count" in page) == (True, True)


def test_a_case_is_moved_changed_and_given_on_its_page(client: Client, owner: User) -> None:
    case = make_case(make_relationship(owner=owner), actor=owner)
    here = f"/cases/{case.pk}/"
    for name in ("acknowledge", "assess", "wait_complainant"):
        assert client.post(f"{here}transitions/{name}/").status_code == 302
    assert "Stands still" in words_of(client.get(here))
    for name in ("resume", "propose", "communicate"):
        assert client.post(f"{here}transitions/{name}/").status_code == 302
    assert client.get(f"{here}transitions/acknowledge/").status_code == 409
    assert "What was decided" in words_of(client.get(f"{here}transitions/close/"))
    close = {"cause_result": "none", "outcome": "New ones."}
    assert "They have not been answered yet" in words_of(client.post(f"{here}transitions/close/", close))
    answer_case(actor=owner, case=case, body="New ones.", channel="call", now=NOW)
    assert client.post(f"{here}transitions/close/", close).status_code == 302
    other = make_user()
    assert client.get(f"{here}assignment/").status_code == 200
    assert client.post(f"{here}assignment/", {"owner": ""}).status_code == 422
    assert client.post(f"{here}assignment/", {"owner": other.pk}).status_code == 302
    assert client.get(f"{here}edit/").status_code == 200
    changed = {"subject": "Broken", "severity": "4", "person": "", "version": "1"}
    assert client.post(f"{here}edit/", changed).status_code == 409
    assert client.post(f"{here}edit/", changed | {"version": "x"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.owner, case.subject, case.severity) == ("closed", other, "Broken", 4)
    page = words_of(client.get(here))
    assert [words in page for words in ("In time", "Open a case that follows it", "New ones.")] == [True] * 3


def test_a_case_that_is_over_another_way_asks_for_words_first(client: Client, owner: User) -> None:
    case = make_case(make_relationship(owner=owner), actor=owner)
    same = make_case(case.relationship, actor=owner)
    here = f"/cases/{case.pk}/transitions/"
    assert client.post(f"{here}withdraw/").status_code == 422
    assert same.ref in words_of(client.get(f"{here}mark_double/"))
    assert client.post(f"{here}mark_double/", {"other": same.pk}).status_code == 302
    page = words_of(client.get(f"/cases/{case.pk}/"))
    assert ("A double of" in page, "No longer owed" in page) == (True, True)
    lines = client.get("/cases/?status=ended").context["lines"]
    assert [(line["case"], line["clock"]) for line in lines] == [(case, None)]


def test_what_came_too_late_says_so(client: Client, owner: User) -> None:
    relationship = make_relationship(owner=owner, now=NOW - timedelta(days=9))
    case = make_case(relationship, actor=owner, type="question", severity=4, now=NOW - timedelta(days=1))
    answer_case(actor=owner, case=case, body="Sorry.", channel="call", now=NOW)
    for name in ("answer", "close"):
        move_case(actor=owner, case=case, transition=name, now=NOW)
    assert "Too late" in words_of(client.get(f"/cases/{case.pk}/"))


def test_who_only_reads_sees_no_way_to_change_anything(workspace: Workspace) -> None:
    case = make_case()
    reader = Client()
    reader.force_login(make_user("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    here = f"/cases/{case.pk}/"
    page = reader.get(here).content.decode()
    assert (case.subject in page, f"{here}transitions/" in page, f"{here}messages/" in page) == (
        True,
        False,
        False,
    )
    places = ("/cases/new/", f"{here}edit/", f"{here}assignment/", f"{here}transitions/acknowledge/")
    assert [reader.get(place).status_code for place in places] == [403] * 4
    said = {"sort": "note", "body": "Hm"}
    assert reader.post(f"{here}messages/", said).status_code == 403
    assert reader.get("/cases/999999/").status_code == 404


def test_the_timeline_tells_what_became_of_a_case(client: Client, owner: User) -> None:
    relationship = make_relationship(owner=owner, now=NOW - timedelta(days=9))
    case = make_case(relationship, actor=owner, severity=4, now=NOW - timedelta(days=1))
    given: dict[str, Any] = {"actor": owner, "case": case, "now": NOW}
    edit_case(**given, version=1, severity=3)
    assign_case(**given, owner=make_user(name="Tom Baptiste"))
    move_case(**given, transition="acknowledge", reason="By phone")
    unit = relationship.business_unit
    unit.work_week = {str(day): [["09:00", "12:00"]] for day in range(5)}
    unit.save()
    recount_open(now=NOW)
    tell_due(now=NOW + timedelta(days=9))
    page = client.get(f"/customers/{relationship.pk}/timeline/")
    told = words_of(page)
    for words in (
        "opened a case",
        "changed the case",
        "gave the case to Tom Baptiste",
        "By phone",
        "Case now “Acknowledged”",
        "Too late, “Resolution”",
        "Counted anew for other working hours",
    ):
        assert words in told
    assert f'href="/cases/{case.pk}/"' in page.content.decode()
    past = words_of(client.get(f"/cases/{case.pk}/"))
    assert ("Clock run out: Resolution" in past, "Case given to somebody" in past) == (True, True)


def test_what_was_corrected_is_read_as_corrected_by_those_whom_that_is_for(
    client: Client, owner: User
) -> None:
    reader = make_user("auditor")
    case = make_case(make_relationship(owner=owner), actor=owner)
    talk = case.messages.get().talk
    given: dict[str, Any] = {"actor": owner, "now": NOW, "reason": "Heard wrongly"}
    for body, few in (("Ten are cracked.", 1), ("Eleven are cracked.", 1), ("Their boss told me so.", 3)):
        talk = correct_interaction(**given, interaction=talk, body=body, confidentiality=few)
    read = {
        user: ApiClient(user).call("get", f"cases/{case.pk}/messages/").json()["results"][0]["body"]
        for user in (owner, reader)
    }
    assert read == {owner: "Their boss told me so.", reader: "Eleven are cracked."}
    page = words_of(client.get(f"/cases/{case.pk}/"))
    assert ("Their boss told me so." in page, "They are cracked." in page) == (True, False)


def test_a_clock_that_stood_after_it_ran_out_counts_no_waiting(client: Client, owner: User) -> None:
    relationship = make_relationship(owner=owner, now=NOW - timedelta(days=9))
    case = make_case(relationship, actor=owner, severity=4, now=NOW - timedelta(days=2))
    answer_case(actor=owner, case=case, body="We look.", channel="call", now=NOW - timedelta(days=2))
    given: dict[str, Any] = {"actor": owner, "case": case}
    for name in ("acknowledge", "assess"):
        move_case(**given, transition=name, now=NOW - timedelta(days=2))
    tell_due(now=NOW - timedelta(hours=20))
    move_case(**given, transition="wait_third_party", now=NOW - timedelta(hours=19))
    standing = words_of(client.get(f"/cases/{case.pk}/"))
    assert ("Stands still" in standing, "Due ," in standing) == (True, False)
    move_case(**given, transition="resume", now=NOW - timedelta(minutes=30))
    for place in ("/cases/", f"/customers/{relationship.pk}/panels/", f"/cases/{case.pk}/"):
        assert "−5 h 30 m" in words_of(client.get(place))
