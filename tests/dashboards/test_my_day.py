"""My day: what is due, at risk, open and most urgent, for one person or their teams, and for nobody else."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from dashboards.queries.my_day import MyDay, my_day
from dashboards.ui.my_day import call_of, sentence
from relationships.models import Relationship, RelationshipState
from relationships.operations.commitments import move_commitment
from relationships.operations.follow_ups import finish_follow_up
from relationships.operations.relationships import assign_relationships
from relationships.operations.reminders import plan_reminders, remind_due
from tests.doors import words_of
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)


def day_of(viewer: User, whose: str = "mine", now: datetime = NOW) -> MyDay:
    return my_day(viewer=viewer, whose=whose, now=now)


def page(viewer: User, address: str = "/", now: datetime = NOW, **headers: str):
    client = Client()
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(now, tick=False):
        return client.get(address, **headers)


def test_follow_ups_of_today_and_before_are_due_in_their_order_and_later_ones_are_not() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    for what, day, at in (
        ("later", TODAY + timedelta(days=1), None),
        ("today", TODAY, None),
        ("today at four", TODAY, time(16, 0)),
        ("overdue", TODAY - timedelta(days=2), None),
    ):
        make_follow_up(relationship, actor=viewer, what=what, due_date=day, due_time=at)
    make_follow_up(relationship, what="somebody else's", due_date=TODAY, assignee=make_user())
    day = day_of(viewer)
    assert [entry.what for entry in day.follow_ups] == ["overdue", "today at four", "today"]
    assert (day.totals.follow_ups, day.totals.follow_ups_overdue) == (3, 1)
    assert [entry.what for entry in day.agenda] == ["today at four"]


def test_the_day_is_the_viewers_own() -> None:
    viewer = make_user(time_zone="Pacific/Auckland")
    make_follow_up(make_relationship(owner=viewer), actor=viewer, due_date=date(2026, 3, 19))
    assert day_of(viewer, now=datetime(2026, 3, 18, 11, 30, tzinfo=UTC)).totals.follow_ups == 1
    assert day_of(viewer, now=datetime(2026, 3, 18, 10, 30, tzinfo=UTC)).totals.follow_ups == 0


def test_what_was_done_stays_on_the_agenda_but_is_not_due() -> None:
    viewer = make_user()
    follow_up = make_follow_up(
        make_relationship(owner=viewer), actor=viewer, due_date=TODAY, due_time=time(9, 0)
    )
    finish_follow_up(actor=viewer, follow_up=follow_up, now=NOW)
    day = day_of(viewer)
    assert (day.follow_ups, day.totals.follow_ups) == ([], 0)
    assert [entry.done_at for entry in day.agenda] == [NOW]


def test_our_promises_are_at_risk_three_days_ahead_and_theirs_once_they_are_late() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=60))
    made = {"actor": viewer, "made_at": NOW - timedelta(days=30)}
    for direction, days in (
        ("ours", -1),
        ("ours", 3),
        ("ours", 4),
        ("theirs", -1),
        ("theirs", 0),
        ("mutual", 3),
    ):
        make_commitment(
            relationship, direction=direction, what=f"{direction} {days}", due_date=TODAY + timedelta(days=days), **made
        )  # fmt: skip
    day = day_of(viewer)
    assert [promise.what for promise in day.at_risk] == ["ours -1", "theirs -1", "ours 3", "mutual 3"]
    assert [promise.what for promise in day.waiting] == ["theirs 0"]
    assert (day.totals.commitments_at_risk, day.totals.commitments_open) == (4, 6)


def test_problems_stand_worst_first_and_only_of_owned_relationships() -> None:
    viewer = make_user()
    mine, other = make_relationship(owner=viewer), make_relationship()
    make_interaction(mine, actor=viewer, body="small", problem_severity=1)
    make_interaction(mine, actor=viewer, body="grave", problem_severity=8)
    make_interaction(other, body="not mine", problem_severity=8)
    assert [problem.body for problem in day_of(viewer).problems] == ["grave", "small"]


def test_problems_and_falls_go_with_their_relationship_to_whom_it_is_given() -> None:
    boss, giver, taker = make_user("administrator"), make_user(), make_user()
    given, kept = make_relationship(owner=giver), make_relationship(owner=giver)
    for relationship, fall in ((given, -9), (kept, -1)):
        make_interaction(relationship, actor=giver, problem_severity=8)
        RelationshipState.objects.filter(pk=relationship.pk).update(health_change=fall)
    of_nobody = day_of(taker)
    assert (of_nobody.problems, of_nobody.totals.dropped) == ([], 0)
    assign_relationships(actor=boss, relationship_ids=[given.pk], owner=taker, now=NOW, reason="Moved")
    for viewer, relationship in ((giver, kept), (taker, given)):
        day = day_of(viewer)
        assert [problem.relationship_id for problem in day.problems] == [relationship.pk]
        assert (day.totals.problems, day.totals.dropped, day.totals.owned) == (1, 1, 1)


def test_a_team_counts_problems_and_falls_of_what_is_open_to_all_of_it() -> None:
    team = make_team()
    viewer, mate = make_user(member_of=team), make_user(member_of=team)
    for words, fields in (
        ("known", {"team": team}),
        ("for few", {"team": team, "confidentiality": 3}),
        ("closed", {"team": team, "closed_at": NOW, "closed_by": mate}),
    ):
        relationship = make_relationship(name=words, owner=mate, now=NOW - timedelta(days=9))
        make_interaction(relationship, actor=mate, body=words, problem_severity=8)
        RelationshipState.objects.filter(pk=relationship.pk).update(health_change=-9)
        Relationship.objects.filter(pk=relationship.pk).update(**fields)
    make_interaction(
        Relationship.objects.get(party_name="known"), actor=mate, body="told in private", problem_severity=8,
        confidentiality=3,
    )  # fmt: skip
    mine, team_of_mate, team_of_mine = day_of(viewer), day_of(mate, "team"), day_of(viewer, "team")
    assert (mine.problems, mine.totals.dropped) == ([], 0)
    assert [problem.body for problem in team_of_mine.problems] == ["known", "closed"]
    assert (team_of_mine.totals.problems, team_of_mine.totals.dropped) == (2, 1)
    assert {problem.body for problem in team_of_mate.problems} == {
        "known", "for few", "closed", "told in private",
    }  # fmt: skip
    assert (team_of_mate.totals.problems, team_of_mate.totals.dropped) == (4, 2)


def test_the_most_urgent_comes_first() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=60))
    assert day_of(viewer).urgent is None
    make_follow_up(relationship, actor=viewer, what="Overdue call", due_date=TODAY - timedelta(days=1))
    assert call_of(day_of(viewer).urgent, NOW).title == "Overdue call"
    assert call_of(day_of(viewer).urgent, NOW).clock == "1 day late"
    make_follow_up(relationship, actor=viewer, what="Visit", due_date=TODAY, due_time=time(11, 30))
    assert (call_of(day_of(viewer).urgent, NOW).title, call_of(day_of(viewer).urgent, NOW).clock) == (
        "Visit",
        "1 h 30 m",
    )
    made = {"actor": viewer, "made_at": NOW - timedelta(days=9)}
    make_commitment(relationship, what="Send trays", due_date=TODAY - timedelta(days=2), **made)
    call = call_of(day_of(viewer).urgent, NOW)
    assert (call.title, call.clock, call.tone) == (
        f"Promised to {relationship.party_name}: Send trays",
        "2 days late",
        "bad",
    )
    make_interaction(relationship, actor=viewer, body="All trays broken", problem_severity=8)
    call = call_of(day_of(viewer).urgent, NOW)
    assert (call.title, call.url) == ("All trays broken", f"/customers/{relationship.pk}/")


def test_missed_promises_stay_at_risk() -> None:
    viewer = make_user()
    promise = make_commitment(
        make_relationship(owner=viewer, now=NOW - timedelta(days=60)),
        actor=viewer,
        due_date=TODAY - timedelta(days=5),
        made_at=NOW - timedelta(days=30),
    )
    move_commitment(actor=viewer, commitment=promise, transition="miss", now=NOW)
    assert [promise.state for promise in day_of(viewer).at_risk] == ["missed"]


def test_a_team_sees_each_others_work_and_a_stranger_does_not() -> None:
    team = make_team()
    viewer, mate, stranger = make_user(member_of=team), make_user(name="Mate", member_of=team), make_user()
    make_follow_up(
        make_relationship(owner=mate, team=team),
        actor=mate,
        what="Mate's",
        due_date=TODAY - timedelta(days=1),
    )
    assert [entry.what for entry in day_of(viewer, "team").follow_ups] == ["Mate's"]
    assert day_of(viewer).follow_ups == []
    assert day_of(viewer).totals.team_follow_ups == 1
    first = day_of(viewer).team[0]
    assert (first.user.name, first.due, first.overdue) == ("Mate", 1, 1)
    assert day_of(stranger, "team").follow_ups == []
    assert day_of(stranger).team == []


def test_a_day_holds_nothing_of_what_the_viewer_may_not_know_of() -> None:
    team = make_team()
    viewer = make_user("relationship_manager", kind="suppliers", member_of=team)
    mate = make_user(member_of=team)
    customer = make_relationship(
        "customers", name="Secret Customer", owner=mate, team=team, now=NOW - timedelta(days=9)
    )
    make_follow_up(customer, actor=mate, due_date=TODAY)
    make_commitment(customer, actor=mate, due_date=TODAY)
    make_interaction(customer, actor=mate, problem_severity=8)
    day = day_of(viewer, "team")
    assert (day.follow_ups, day.at_risk, day.problems, day.agenda, day.waiting) == ([], [], [], [], [])
    assert day.totals == type(day.totals)(0, 0, 0, 0, 0, 0, 0, 0)
    assert [entry.due for entry in day.team] == [0, 0]
    assert "Secret Customer" not in words_of(page(viewer, "/?whose=team"))


def test_the_sentence_names_only_what_there_is() -> None:
    viewer = make_user()
    assert sentence(day_of(viewer)) == "Nothing is overdue, at risk or open."
    relationship = make_relationship(owner=viewer)
    make_follow_up(relationship, actor=viewer, due_date=TODAY)
    assert sentence(day_of(viewer)) == "1 follow-up needs you today."
    make_commitment(relationship, actor=viewer, due_date=TODAY)
    make_commitment(relationship, actor=viewer, due_date=TODAY)
    make_interaction(relationship, actor=viewer, problem_severity=2)
    assert sentence(day_of(viewer)) == "1 follow-up, 2 commitments and 1 problem need you today."


def test_the_page_shows_the_day_and_htmx_gets_it_without_the_frame() -> None:
    viewer = make_user()
    assert "Nothing is left for today" in words_of(page(viewer))
    make_follow_up(
        make_relationship(owner=viewer, name="Ash Ltd"), actor=viewer, what="Ring Ash", due_date=TODAY
    )
    response = page(viewer)
    assert "Wednesday 18 March" in words_of(response)
    assert "Ring Ash" in words_of(response)
    fragment = page(viewer, HTTP_HX_REQUEST="true").content.decode()
    assert "Ring Ash" in fragment
    assert "<html" not in fragment


def test_reminders_stand_where_the_promise_does_and_what_the_page_lacks_has_its_own_panel() -> None:
    lead = make_user()
    team = make_team(lead=lead)
    rep = make_user("representative", "customers", team=team, member_of=team, name="Rita Rep")
    relationship = make_relationship(owner=rep, team=team, name="Acme")
    soon = make_commitment(relationship, what="Fix it", actor=rep, due_date=date(2026, 3, 24))
    plan_reminders(now=NOW)
    morning = datetime(2026, 3, 19, 7, 0, tzinfo=UTC)
    remind_due(now=morning)
    early = day_of(rep, now=morning)
    assert [entry.commitment_id for entry in early.reminders] == [soon.pk]
    assert (early.at_risk, early.is_done) == ([], False)
    response = page(rep, now=morning)
    assert "Reminders 1 Fix it" in words_of(response)
    assert "Reminded today Acme" in words_of(response)
    later = datetime(2026, 3, 27, 7, 0, tzinfo=UTC)
    remind_due(now=later)
    own = day_of(rep, now=later)
    assert [(entry.pk, entry.reminded_at) for entry in own.at_risk] == [(soon.pk, later)]
    assert own.reminders == []
    assert [entry.stage for entry in day_of(lead, now=later).reminders] == ["manager"]
    assert "Late in your team, told today Acme Rita Rep" in words_of(page(lead, now=later))
