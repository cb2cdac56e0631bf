"""Weekly briefs: frozen, the same when made again, through the reader's rights, decided on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import translation

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, NotAllowed
from dashboards.models import Brief, BriefReading
from dashboards.operations.briefs import decide, is_reproducible, make_brief
from dashboards.operations.outside_issues import move_issue, notice_issue
from dashboards.queries.brief_facts import canonical, facts_of, hash_of
from dashboards.queries.briefs import brief_for
from dashboards.ui.briefs import headline, told_moves
from health.models import ScoreSnapshot
from relationships.models import Commitment, FollowUp, Relationship
from tests.dashboards.portfolio import sealed, summed, talked
from tests.factories import NOW, make_commitment, make_user
from tests.health.evidence import in_arrays

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 16)


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


def snap(relationship: Relationship, week: date, score: float, status: str = "watch") -> None:
    """A kept week with one component that carries the whole score."""
    known = ScoreSnapshot.objects.first()
    assert known is not None
    part = {
        "key": "activity",
        "group": "contact",
        "weight": 1.0,
        "points": score,
        "reference": 50.0,
        "used": True,
    }
    ScoreSnapshot.objects.filter(relationship=relationship, week=week).delete()
    ScoreSnapshot.objects.create(
        relationship=relationship, week=week, score=score, coverage=1.0, status=status,
        **in_arrays(known.scorecard, part),
    )  # fmt: skip


@pytest.fixture
def week(boss: User) -> dict[str, Relationship]:
    """Customers and suppliers that moved in the week, one of them for named people only."""
    rows = {
        "fell": talked("customers", boss, name="Fell"),
        "rose": talked("suppliers", boss, name="Rose"),
        "secret": talked("suppliers", boss, name="Secret"),
    }
    summed("customers", "suppliers", weeks=3)
    sealed(rows["secret"])
    for name, before, after in (("fell", 80.0, 41.26), ("rose", 50.0, 61.0), ("secret", 90.0, 30.0)):
        snap(rows[name], MONDAY - timedelta(days=7), before)
        snap(rows[name], MONDAY, after, "at_risk" if after < 50 else "watch")
    promise = make_commitment(rows["fell"], actor=boss, what="Send the samples", now=NOW - timedelta(days=20))
    missed = NOW - timedelta(days=4)
    Commitment.objects.filter(pk=promise.pk).update(state="missed", missed_at=missed)
    return rows


def test_the_facts_are_numbers_and_ids_alone(week: dict[str, Relationship]) -> None:
    facts = facts_of(MONDAY)
    assert {(m["relationship"], m["before"], m["after"]) for m in facts["moves"]} == {
        (week["fell"].pk, 800, 413),
        (week["rose"].pk, 500, 610),
        (week["secret"].pk, 900, 300),
    }
    assert facts["moves"][0]["lines"] == {"activity": -387}
    assert facts["deciding"] == [
        {"relationship": week["secret"].pk, "score": 300},
        {"relationship": week["fell"].pk, "score": 413},
    ]
    assert [row["relationship"] for row in facts["broken"]] == [week["fell"].pk]
    assert facts["kinds"]["customers"] == {"scored": 1, "healthy": 0, "watch": 0, "at_risk": 1, "tenths": 413}
    assert b"Fell" not in canonical(facts)


def test_the_same_week_gives_the_same_hash_whatever_happens_later(
    boss: User, week: dict[str, Relationship]
) -> None:
    brief = make_brief(now=NOW)
    assert brief.week == MONDAY
    later = NOW + timedelta(days=30)
    snap(week["fell"], MONDAY + timedelta(days=14), 99.0, "healthy")
    Relationship.objects.filter(pk=week["rose"].pk).update(closed_at=later, closed_by=boss, owner=make_user())
    Commitment.objects.update(state="delivered", delivered_at=later, delivered_by=boss)
    assert hash_of(facts_of(MONDAY)) == brief.sha256
    assert is_reproducible(brief)
    with translation.override("de"):
        assert is_reproducible(brief)
    assert make_brief(now=later, week=MONDAY).pk == brief.pk


def test_what_changes_the_week_itself_is_noticed(week: dict[str, Relationship]) -> None:
    brief = make_brief(now=NOW)
    snap(week["fell"], MONDAY, 12.0)
    assert not is_reproducible(brief)


def test_a_brief_is_of_a_monday_that_has_come(workspace: Workspace) -> None:
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)):
        with pytest.raises(Invalid, match="not a Monday"):
            make_brief(now=NOW, week=day)
    with pytest.raises(ValueError, match="not a Monday"):
        facts_of(MONDAY + timedelta(days=1))


def test_a_reader_sees_what_their_role_shows(boss: User, week: dict[str, Relationship]) -> None:
    brief = make_brief(now=NOW)
    whole = brief_for(viewer=boss, brief=brief, now=NOW)
    part = brief_for(viewer=make_user(kind="suppliers"), brief=brief, now=NOW)
    assert [each.kind.slug for each in whole.moves] == ["customers", "suppliers"]
    assert [move.change for each in whole.moves for move in each.fallen] == [Decimal("-38.7"), Decimal(-60)]
    assert [row.pk for row, _score in whole.deciding] == [week["secret"].pk, week["fell"].pk]
    assert [each.kind.slug for each in part.moves] == ["suppliers"]
    assert [move.relationship.pk for each in part.moves for move in (*each.fallen, *each.risen)] == [
        week["rose"].pk
    ]
    assert (part.deciding, part.broken) == ([], [])
    assert [each.kind.slug for each in part.standing.kinds] == ["suppliers"]
    assert "1 promise was missed" in headline(whole)
    assert "0 promises were missed" in headline(part)


def test_figures_of_a_reader_count_what_is_in_their_sight(boss: User) -> None:
    talked("suppliers", boss)
    sealed(talked("suppliers", boss))
    summed("suppliers", weeks=2)
    brief = make_brief(now=NOW)
    seen = [brief_for(viewer=viewer, brief=brief, now=NOW) for viewer in (boss, make_user(kind="suppliers"))]
    assert [found.standing.kinds[0].now.relationships for found in seen] == [2, 1]


def test_reasons_of_a_move_add_up_to_it(boss: User, week: dict[str, Relationship]) -> None:
    found = brief_for(viewer=boss, brief=make_brief(now=NOW), now=NOW)
    (fell,) = told_moves(found)[0]["rows"]
    assert fell.why.startswith("−38.7 ")
    moves = [move for each in found.moves for move in (*each.fallen, *each.risen)]
    assert [sum(points for _key, points in move.lines) for move in moves] == [move.change for move in moves]


def test_outside_issues_stand_as_they_stood_then(boss: User, week: dict[str, Relationship]) -> None:
    made = NOW - timedelta(days=12)
    issue = notice_issue(
        actor=boss, title="Strike", category="supplier", owner=boss, since_date=made.date(),
        next_look_date=NOW.date(), now=made, kinds=["customers"],
    )  # fmt: skip
    move_issue(actor=boss, issue=issue, transition="watch", now=NOW - timedelta(days=5))
    brief = make_brief(now=NOW)
    move_issue(actor=boss, issue=issue, transition="end", now=NOW)
    assert brief.facts["outside"] == [{"issue": issue.pk, "state": "watched"}]
    assert is_reproducible(brief)
    assert [(row.pk, state) for row, state in brief_for(viewer=boss, brief=brief, now=NOW).outside] == [
        (issue.pk, "watched")
    ]
    assert brief_for(viewer=make_user(kind="suppliers"), brief=brief, now=NOW).outside == []


def test_a_decision_has_who_when_what_and_the_follow_up(boss: User, week: dict[str, Relationship]) -> None:
    brief = make_brief(now=NOW)
    due = NOW.date() + timedelta(days=5)
    about = week["fell"].pk
    made = decide(actor=boss, brief=brief, what=" Visit them ", now=NOW, relationship_id=about, due_date=due)
    assert (made.what, made.decided_by, made.decided_at) == ("Visit them", boss, NOW)
    follow_up = FollowUp.objects.get()
    assert (made.follow_up, follow_up.assignee, follow_up.due_date) == (follow_up, week["fell"].owner, due)
    assert AuditEntry.objects.filter(verb="brief_decided", subject_id=brief.pk).count() == 1
    decide(actor=boss, brief=brief, what="Hire in Leeds", now=NOW)
    seller = make_user(kind="suppliers")
    assert [d.what for d in brief_for(viewer=boss, brief=brief, now=NOW).decisions] == [
        "Visit them",
        "Hire in Leeds",
    ]
    assert brief_for(viewer=seller, brief=brief, now=NOW).decisions == []


def test_a_decision_that_cannot_be_recorded_says_why(boss: User, week: dict[str, Relationship]) -> None:
    brief, seller = make_brief(now=NOW), make_user(kind="suppliers")
    with pytest.raises(Invalid) as empty:
        decide(actor=boss, brief=brief, what=" ", now=NOW)
    with pytest.raises(Invalid) as hidden:
        decide(actor=seller, brief=brief, what="Visit", now=NOW, relationship_id=week["fell"].pk)
    with pytest.raises(Invalid) as loose:
        decide(actor=boss, brief=brief, what="Visit", now=NOW, due_date=NOW.date())
    assert [list(refused.value.errors) for refused in (empty, hidden, loose)] == [
        ["what"], ["relationship"], ["due_date"]
    ]  # fmt: skip
    auditor = make_user("auditor")
    with pytest.raises(NotAllowed):
        decide(actor=auditor, brief=brief, what="Visit", now=NOW)
    with pytest.raises(NotAllowed):
        decide(actor=auditor, brief=brief, what="Visit", now=NOW, relationship_id=week["fell"].pk)


def test_the_page_takes_a_decision_and_remembers_who_read(
    boss: User, week: dict[str, Relationship], client: Client
) -> None:
    brief = make_brief(now=NOW)
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        for _ in range(2):
            assert b"Fell" in client.get(f"/briefs/{brief.pk}/").content
        given = {"what": "Visit", "relationship": week["fell"].pk, "due_date": "2026-03-20"}
        assert client.post(f"/briefs/{brief.pk}/", given).status_code == 302
        refused = client.post(f"/briefs/{brief.pk}/", {"what": "Visit", "due_date": "2026-03-20"})
        listed = client.get("/briefs/")
        assert client.get("/briefs/999999/").status_code == 404
    assert refused.status_code == 422
    assert b"choose one" in refused.content
    assert listed.context["briefs"][0].readers == 1
    assert BriefReading.objects.get().reader == boss
    assert FollowUp.objects.count() == 1


def test_a_restricted_reader_gets_a_restricted_page(week: dict[str, Relationship], client: Client) -> None:
    brief = make_brief(now=NOW)
    client.force_login(
        make_user(kind="suppliers"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with time_machine.travel(NOW, tick=False):
        body = client.get(f"/briefs/{brief.pk}/").content.decode()
    assert "Rose" in body
    assert [word for word in ("Fell", "Secret", "Send the samples", "/customers/") if word in body] == []


def test_nobody_without_relationships_reads_briefs(workspace: Workspace, client: Client) -> None:
    client.force_login(make_user(""), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/briefs/").status_code == 403


def test_the_command_makes_one_and_checks_it(
    week: dict[str, Relationship], capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(NOW, tick=False):
        call_command("brief")
        assert Brief.objects.get().sha256 in capsys.readouterr().out
        snap(week["fell"], MONDAY, 12.0)
        with pytest.raises(CommandError, match="differently"):
            call_command("brief", week=MONDAY)
        with pytest.raises(CommandError, match="not a Monday"):
            call_command("brief", week=MONDAY + timedelta(days=1))
