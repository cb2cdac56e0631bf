"""Alerts: what raises one, who sees it, what people do with it, and how each rule's precision is worked out."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from health.enums import AlertState, Rule
from health.models import Alert, RuleRetirement, Scorecard, ScoreSnapshot, ScoreWatch
from health.operations.alerts import (
    acknowledge_alert,
    act_on_alert,
    judge_alert,
    reinstate_rule,
    retire_rule,
)
from health.operations.scorecards import install_default
from health.operations.sightings import raise_sightings
from health.operations.watching import raise_falls, watch_every_kind, watch_kind
from health.queries.alerts import AlertQuery, inbox, lines, newest, precisions
from relationships.models import Event, FollowUp, Interaction, Relationship, RelationshipState
from relationships.operations.due_promises import miss_due
from relationships.operations.interactions import correct_interaction
from relationships.operations.links import end_link
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_commitment,
    make_interaction,
    make_link,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 16)


@pytest.fixture
def theirs(owner: User) -> Relationship:
    return make_relationship(name="Halden", owner=owner, now=NOW - timedelta(days=400))


def keep(relationship: Relationship, *scores: float | None, last: date = MONDAY) -> None:
    """Snapshots of as many weeks, the last one of `last`, where the score moved."""
    card = Scorecard.objects.filter(kind=relationship.kind).first() or install_default(
        actor=relationship.owner if relationship.owner.is_system else make_user("administrator"),
        kind=relationship.kind,
        now=NOW,
    )
    before: float | None = -1
    for index, score in enumerate(scores):
        if score != before:
            ScoreSnapshot.objects.create(
                relationship=relationship,
                week=last - timedelta(weeks=len(scores) - 1 - index),
                scorecard=card,
                score=score,
                coverage=0.9,
            )
        before = score


def alert_of(relationship: Relationship, rule: str = Rule.PROBLEM, **fields: Any) -> Alert:
    told = make_interaction(relationship, actor=relationship.owner, problem_severity=4, subject="Broken")
    facts = {"severity": 4}
    return Alert.objects.create(
        relationship=relationship, rule=rule, opened_at=NOW, interaction=told, facts=facts, **fields
    )


def test_both_sums_are_those_of_the_formula(theirs: Relationship) -> None:
    keep(theirs, *[70.0] * 30, 64, 61)
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 0
    watch = ScoreWatch.objects.get(pk=theirs.pk)
    assert (watch.week, watch.mean, watch.deviation, watch.score) == (MONDAY, 70, 3, 61)
    assert watch.lower == pytest.approx(1.5 + 2.5)
    assert watch.upper == 0


def test_a_slow_fall_is_raised_once_and_the_sum_begins_again(theirs: Relationship) -> None:
    keep(theirs, *[70.0] * 30, 64, 61)
    assert watch_every_kind(now=NOW) == 0
    keep_more(theirs, 58)
    assert watch_every_kind(now=NOW + timedelta(days=7)) == 1
    alert = Alert.objects.get()
    assert (alert.rule, alert.state, alert.statistic, alert.threshold) == ("fall", "open", 7.5, 5.0)
    assert (alert.facts["mean"], alert.facts["score"]) == (70.0, 58.0)
    assert ScoreWatch.objects.get().lower == 0
    assert watch_every_kind(now=NOW + timedelta(days=7)) == 0
    assert lines([alert])[0].title == "Health fell slowly to 58.0"


def keep_more(relationship: Relationship, score: float, weeks: int = 1) -> None:
    card = Scorecard.objects.get(kind=relationship.kind)
    ScoreSnapshot.objects.create(
        relationship=relationship,
        week=MONDAY + timedelta(weeks=weeks),
        scorecard=card,
        score=score,
        coverage=0.9,
    )


def test_a_rise_fills_the_other_sum_and_raises_nothing(theirs: Relationship) -> None:
    keep(theirs, *[50.0] * 30, 80, 80)
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 0
    watch = ScoreWatch.objects.get()
    assert (watch.upper, watch.lower) == (pytest.approx(19), 0)


def test_a_fall_of_less_than_eight_points_is_not_raised(theirs: Relationship) -> None:
    keep(theirs, *[70.0] * 26, *[63] * 6)
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 0
    assert ScoreWatch.objects.get().lower > 5


def test_nothing_is_watched_before_eight_known_weeks(theirs: Relationship) -> None:
    keep(theirs, *[None] * 5, *[70.0] * 7, 40, 40, 40, 40)
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 0
    assert ScoreWatch.objects.count() == 0
    assert watch_kind(kind="suppliers", now=NOW, threshold=5) == 0


def test_the_strays_of_a_restless_score_are_its_usual(theirs: Relationship) -> None:
    keep(theirs, *[60.0, 80.0] * 13, 70, 70, 70, 70)
    watch_kind(kind="customers", now=NOW, threshold=5)
    watch = ScoreWatch.objects.get()
    assert (watch.mean, watch.deviation) == (pytest.approx(70), pytest.approx(10))


def test_a_fall_is_not_raised_again_while_unsettled_nor_within_fourteen_days(theirs: Relationship) -> None:
    keep(theirs, *[70.0] * 30, 50, 50)
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 1
    ScoreWatch.objects.update(lower=99)
    assert raise_falls(kind="customers", week=MONDAY, now=NOW + timedelta(days=40), threshold=5) == 0
    Alert.objects.update(state="false_alarm", judged_at=NOW, judged_by=theirs.owner)
    assert raise_falls(kind="customers", week=MONDAY, now=NOW + timedelta(days=13), threshold=5) == 0
    assert raise_falls(kind="customers", week=MONDAY, now=NOW + timedelta(days=15), threshold=5) == 1


def test_an_owner_gets_at_most_ten_a_week_those_with_most_at_stake(owner: User) -> None:
    for number in range(12):
        made = make_relationship(owner=owner, now=NOW - timedelta(days=400))
        keep(made, *[70.0] * 31, 50)
        RelationshipState.objects.filter(pk=made.pk).update(value_amount=number, value_currency="GBP")
    assert watch_kind(kind="customers", now=NOW, threshold=5) == 10
    values = Alert.objects.values_list("facts__value", flat=True)
    assert sorted(values) == [float(n) for n in range(2, 12)]


def test_a_serious_problem_is_raised_once_and_follows_its_correction(theirs: Relationship) -> None:
    told = make_interaction(theirs, actor=theirs.owner, problem_severity=4, subject="Leak")
    make_interaction(theirs, actor=theirs.owner, problem_severity=2, subject="Scratch")
    assert (raise_sightings(now=NOW), raise_sightings(now=NOW)) == (1, 0)
    newer = correct_interaction(
        actor=theirs.owner, interaction=told, now=NOW, reason="Misheard", subject="Burst"
    )
    assert raise_sightings(now=NOW) == 0
    alert = Alert.objects.get()
    assert alert.interaction_id == newer.pk
    line = lines([alert])[0]
    assert (line.title, line.words) == ("Serious problem: Burst", "severity: high")
    assert line.rows_url == f"/customers/{theirs.pk}/timeline/?group=problems"


def test_old_problems_of_an_import_are_no_news(theirs: Relationship) -> None:
    make_interaction(theirs, actor=theirs.owner, problem_severity=8, happened_at=NOW - timedelta(days=15))
    assert raise_sightings(now=NOW) == 0


@pytest.mark.parametrize(
    ("side", "title"), [("ours", "We missed: Send it"), ("theirs", "They missed: Send it")]
)
def test_a_missed_promise_is_raised(theirs: Relationship, side: str, title: str) -> None:
    due = NOW.date() - timedelta(days=2)
    promise = make_commitment(
        theirs, actor=theirs.owner, what="Send it", direction=side, due_date=due,
        made_at=NOW - timedelta(days=9),
    )  # fmt: skip
    assert raise_sightings(now=NOW) == 0
    miss_due(now=NOW)
    assert raise_sightings(now=NOW) == 1
    line = lines([Alert.objects.get()])[0]
    assert (line.title, line.words) == (title, "2 days after its date")
    assert line.rows_url == f"/commitments/{promise.pk}/"


def test_a_deciding_person_who_leaves_is_raised_once_with_all_ties(theirs: Relationship) -> None:
    boss = make_person("Ann Berg", works_for=theirs.party)
    clerk = make_person("Bo Lund", works_for=theirs.party)
    decides = make_link(boss, theirs.party, "decides_for")
    for person in (boss, clerk):
        tie = person.links_in.get()
        end_link(actor=theirs.owner, link=tie, until_date=NOW.date(), now=NOW)
    end_link(actor=theirs.owner, link=decides, until_date=NOW.date(), now=NOW)
    assert (raise_sightings(now=NOW), raise_sightings(now=NOW)) == (1, 0)
    line = lines([Alert.objects.get()])[0]
    assert (line.title, line.rows_url) == ("Ann Berg left", f"/customers/{theirs.pk}/people/")


def test_silence_is_ten_times_their_usual_working_time(theirs: Relationship) -> None:
    for days in (40, 38, 36):  # they answer within an hour or two
        asked = NOW - timedelta(days=days)
        mail = {"actor": theirs.owner, "channel": "email"}
        make_interaction(theirs, direction="out", happened_at=asked, **mail)
        make_interaction(theirs, direction="in", happened_at=asked + timedelta(hours=2), **mail)
    waiting = make_interaction(
        theirs,
        actor=theirs.owner,
        channel="email",
        direction="out",
        happened_at=NOW - timedelta(days=1, hours=1),
    )
    assert raise_sightings(now=NOW) == 0
    later = NOW + timedelta(days=7)
    assert (raise_sightings(now=later), raise_sightings(now=later)) == (1, 0)
    alert = Alert.objects.get()
    assert (alert.rule, alert.interaction_id) == ("silence", waiting.pk)
    assert alert.statistic is not None
    assert alert.statistic >= 10
    assert lines([alert])[0].title.startswith("No answer for")


def test_a_weekend_is_no_silence(theirs: Relationship) -> None:
    friday = NOW + timedelta(days=2, hours=5)
    for days in (40, 38, 36):
        asked = NOW - timedelta(days=days)
        mail = {"actor": theirs.owner, "channel": "email"}
        make_interaction(theirs, direction="out", happened_at=asked, **mail)
        make_interaction(theirs, direction="in", happened_at=asked + timedelta(hours=2), **mail)
    make_interaction(
        theirs, actor=theirs.owner, channel="email", direction="out", happened_at=friday, now=friday
    )
    assert raise_sightings(now=friday + timedelta(days=2)) == 0


@pytest.mark.parametrize("rule", Rule.values)
def test_a_retired_rule_raises_nothing(theirs: Relationship, rule: str) -> None:
    admin = make_user("administrator")
    everything(theirs)
    retired = retire_rule(actor=admin, rule=rule, reason="Always wrong", now=NOW)
    raise_sightings(now=NOW + timedelta(days=7))
    watch_kind(kind="customers", now=NOW, threshold=5)
    raised = set(Alert.objects.values_list("rule", flat=True))
    assert raised == set(Rule.values) - {rule}
    with pytest.raises(Conflict):
        retire_rule(actor=admin, rule=rule, reason="Again", now=NOW)
    assert retired.reason == "Always wrong"
    reinstate_rule(actor=admin, rule=rule, now=NOW)
    with pytest.raises(Missing):
        reinstate_rule(actor=admin, rule=rule, now=NOW)


def everything(theirs: Relationship) -> None:
    """Everything that every rule looks for, in one relationship."""
    keep(theirs, *[70.0] * 30, 50, 50)
    boss = make_person(works_for=theirs.party)
    end_link(
        actor=theirs.owner,
        link=make_link(boss, theirs.party, "decides_for"),
        until_date=NOW.date(),
        now=NOW,
    )
    for days in (40, 38, 36):
        asked = NOW - timedelta(days=days)
        mail = {"actor": theirs.owner, "channel": "email"}
        make_interaction(theirs, direction="out", happened_at=asked, **mail)
        make_interaction(theirs, direction="in", happened_at=asked + timedelta(hours=2), **mail)
    make_interaction(theirs, actor=theirs.owner, problem_severity=8, happened_at=NOW - timedelta(days=3))
    make_commitment(
        theirs, actor=theirs.owner, due_date=NOW.date() - timedelta(days=1), made_at=NOW - timedelta(days=9)
    )
    miss_due(now=NOW)
    make_interaction(theirs, actor=theirs.owner, channel="email", direction="out")
    assert Interaction.objects.filter(relationship=theirs).count() == 8


def test_only_who_configures_health_retires_a_rule(owner: User) -> None:
    with pytest.raises(NotAllowed):
        retire_rule(actor=owner, rule="fall", reason="x", now=NOW)
    with pytest.raises(NotAllowed):
        reinstate_rule(actor=owner, rule="fall", now=NOW)
    with pytest.raises(Invalid) as refused:
        retire_rule(actor=make_user("administrator"), rule="moon", reason=" ", now=NOW)
    assert sorted(refused.value.errors) == ["reason", "rule"]


def test_an_alert_is_seen_acted_on_and_judged(theirs: Relationship) -> None:
    owner, alert = theirs.owner, alert_of(theirs)
    acknowledge_alert(actor=owner, alert=alert, now=NOW)
    acted = act_on_alert(actor=owner, alert=alert, what="Visit them", due_date=NOW.date(), now=NOW)
    assert acted.follow_up == FollowUp.objects.get()
    assert (acted.follow_up.what, acted.follow_up.assignee) == ("Visit them", owner)
    judged = judge_alert(actor=owner, alert=alert, was_right=True, now=NOW)
    assert (judged.state, judged.judged_by, judged.acknowledged_at) == ("confirmed", owner, NOW)
    told = Event.objects.filter(verb="health.alert_moved").order_by("pk")
    assert [event.data["state"] for event in told] == ["acknowledged", "acted", "confirmed"]


def test_acting_on_a_new_alert_sees_it_too(theirs: Relationship) -> None:
    acted = act_on_alert(actor=theirs.owner, alert=alert_of(theirs), what="Called them", now=NOW)
    assert (acted.state, acted.acknowledged_by, acted.follow_up) == ("acted", theirs.owner, None)


def test_bad_moves_are_refused(theirs: Relationship) -> None:
    owner, alert = theirs.owner, alert_of(theirs)
    with pytest.raises(Invalid) as refused:
        act_on_alert(actor=owner, alert=alert, what="  ", now=NOW)
    assert list(refused.value.errors) == ["what"]
    with pytest.raises(Conflict) as early:
        judge_alert(actor=owner, alert=alert, was_right=True, now=NOW)
    assert early.value.allowed == ["acknowledge", "act"]
    acknowledge_alert(actor=owner, alert=alert, now=NOW)
    with pytest.raises(Invalid):
        judge_alert(actor=owner, alert=alert, was_right=False, now=NOW)
    assert (
        judge_alert(actor=owner, alert=alert, was_right=False, why="A test", now=NOW).state == "false_alarm"
    )
    with pytest.raises(NotAllowed):
        acknowledge_alert(actor=make_user("auditor"), alert=alert_of(theirs), now=NOW)


def test_what_is_hidden_is_neither_seen_nor_moved(theirs: Relationship) -> None:
    secret = make_interaction(
        theirs, actor=theirs.owner, problem_severity=8, confidentiality=Confidentiality.CONFIDENTIAL
    )
    raise_sightings(now=NOW)
    alert = Alert.objects.get()
    other = make_user()
    assert (alert.interaction, newest(viewer=other, query=AlertQuery(whose="all"))) == (secret, [])
    with pytest.raises(Missing):
        acknowledge_alert(actor=other, alert=alert, now=NOW)
    assert [line.alert for line in newest(viewer=theirs.owner, query=AlertQuery())] == [alert]
    moved = acknowledge_alert(actor=theirs.owner, alert=alert, now=NOW)
    assert Event.objects.get(verb="health.alert_moved").confidentiality == Confidentiality.CONFIDENTIAL
    assert moved.state == AlertState.ACKNOWLEDGED


def test_the_inbox_is_mine_my_teams_or_everybodys(theirs: Relationship) -> None:
    team = make_team()
    mate, stranger = make_user(member_of=team), make_user()
    viewer = make_user(member_of=team)
    alerts = [alert_of(make_relationship(owner=user)) for user in (viewer, mate, stranger)]

    def seen(**query: Any) -> list[int]:
        return sorted(alert.pk for alert in inbox(viewer=viewer, query=AlertQuery(**query))[0].rows)

    assert seen() == [alerts[0].pk]
    assert seen(whose="team") == [alert.pk for alert in alerts[:2]]
    assert seen(whose="all") == [alert.pk for alert in alerts]
    acknowledge_alert(actor=viewer, alert=alerts[0], now=NOW)
    assert seen(whose="all", status="open") == [alert.pk for alert in alerts[1:]]
    assert seen(whose="all", status="") == [alert.pk for alert in alerts]
    assert seen(whose="all", rule="fall") == []
    assert seen(whose="all", relationship_id=alerts[1].relationship_id) == [alerts[1].pk]


def judged(relationship: Relationship, right: int, wrong: int) -> None:
    done = {"judged_at": NOW, "judged_by": relationship.owner}
    fields = {"relationship": relationship, "rule": Rule.CHAMPION_LEFT, "opened_at": NOW, **done}
    acted = {"acted_at": NOW, "acted_by": relationship.owner, "action": "x"}
    Alert.objects.bulk_create(
        [Alert(state="confirmed", **fields, **acted) for _ in range(right)]
        + [Alert(state="false_alarm", **fields) for _ in range(wrong)]
    )


@pytest.mark.parametrize(
    ("right", "wrong", "advised"), [(9, 41, True), (10, 40, False), (9, 40, False), (0, 0, False)]
)
def test_a_rule_right_in_less_than_a_fifth_of_fifty_is_to_be_retired(
    theirs: Relationship, right: int, wrong: int, advised: bool
) -> None:
    judged(theirs, right, wrong)
    by_rule = {row.rule: row for row in precisions(viewer=theirs.owner)}
    found = by_rule[Rule.CHAMPION_LEFT]
    assert (found.confirmed, found.false_alarms, found.should_retire) == (right, wrong, advised)
    assert found.precision == (pytest.approx(right / (right + wrong)) if right else None)
    assert by_rule[Rule.FALL].raised == 0


def test_a_retired_rule_is_not_to_be_retired_again(theirs: Relationship) -> None:
    judged(theirs, 0, 60)
    RuleRetirement.objects.create(rule="champion_left", retired_at=NOW, retired_by=theirs.owner, reason="x")
    found = next(row for row in precisions(viewer=theirs.owner) if row.rule == Rule.CHAMPION_LEFT)
    assert (found.percent, found.should_retire) == (0, False)


def test_the_pages_move_an_alert_from_new_to_judged(theirs: Relationship) -> None:
    client, alert = signed_in(theirs.owner), alert_of(theirs)
    page = client.get("/alerts/").content.decode()
    assert "Serious problem: Broken" in page
    base = f"/alerts/{alert.pk}/transitions"
    assert client.get(f"{base}/acknowledge/").status_code == 405
    assert client.post(f"{base}/acknowledge/", {"back": "/alerts/"}).status_code == 302
    assert client.get(f"{base}/act/").status_code == 200
    assert client.post(f"{base}/act/", {"what": ""}).status_code == 422
    assert client.post(f"{base}/act/", {"what": "Visit", "due_date": "2026-03-20"}).status_code == 302
    assert client.post(f"{base}/confirm/", {"why": ""}).status_code == 302
    assert client.get(f"{base}/confirm/").status_code == 409
    assert client.get(f"{base}/moon/").status_code == 404
    alert.refresh_from_db()
    assert alert.state == "confirmed"
    assert (
        "Serious problem" in client.get("/alerts/?status=confirmed&whose=all&rule=problem").content.decode()
    )
    assert "Nothing warns" in client.get("/alerts/").content.decode()
    assert "No such alerts" in client.get("/alerts/?status=x&rule=fall&relationship=z").content.decode()


def test_the_administrators_page_says_which_rule_to_retire(theirs: Relationship) -> None:
    judged(theirs, 3, 57)
    admin = signed_in(make_user("administrator"))
    assert "was right in 5 % of 60 alerts" in admin.get("/administration/alerts/").content.decode()
    where = "/administration/alerts/champion_left"
    assert admin.get(f"{where}/retirement/").status_code == 200
    assert admin.post(f"{where}/retirement/", {"reason": ""}).status_code == 422
    assert admin.post(f"{where}/retirement/", {"reason": "Noise"}).status_code == 302
    assert "Noise" in admin.get("/administration/alerts/").content.decode()
    assert admin.post(f"{where}/reinstatement/").status_code == 302
    assert admin.get("/administration/alerts/moon/retirement/").status_code == 404
    assert signed_in(theirs.owner).get("/administration/alerts/").status_code == 403


def test_my_day_and_the_record_show_what_warns(theirs: Relationship) -> None:
    alert_of(theirs)
    client = signed_in(theirs.owner)
    assert "Serious problem: Broken" in client.get("/").content.decode()
    assert "Serious problem: Broken" in client.get(f"/customers/{theirs.pk}/panels/").content.decode()


def test_a_fall_and_a_silence_open_to_the_rows_behind_them(theirs: Relationship) -> None:
    given = {"relationship": theirs, "state": "open", "opened_at": NOW, "statistic": 12.0, "threshold": 5.0}
    fall = Alert(rule=Rule.FALL, facts={"mean": 80.0, "score": 61.0}, **given)
    silence = Alert(rule=Rule.SILENCE, facts={"waiting": 9000, "usual": 600}, **given)
    here = f"/customers/{theirs.pk}"
    urls = [line.rows_url for line in lines([fall, silence])]
    assert urls == [f"{here}/why/", f"{here}/timeline/?group=messages"]
    client = signed_in(make_user("administrator"))
    assert [client.get(url).status_code for url in urls] == [200, 200]
