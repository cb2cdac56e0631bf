"""Rules: set off by what happens or by the clock, never beyond their author's rights, once for each event."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import RoleGrant, User
from accounts.operations.workspace import ensure_workspace
from automation import tasks
from automation.enums import RunState
from automation.models import AutomationRule, RuleRun, WebhookDelivery
from automation.operations.passing_on import forget_old, pass_events_on
from automation.operations.rules import create_rule, edit_rule, switch_rule
from automation.operations.running import MOST_ON_ONE, dry_run, run_waiting, set_off_due
from automation.queries.rules import Act, Says, rule_of, rules_of, runs_of, said, version_in_force
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxMessage
from messaging.operations.notification_mails import mail_due
from relationships.models import Commitment, Event, FollowUp, PlaybookRun, Relationship
from relationships.queries.list_fields import Condition
from relationships.queries.timeline import timeline_page
from tests.automation.pages import make_endpoint
from tests.factories import NOW, make_interaction, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db
TALK = ("interaction_logged",)
ASK = Act("follow_up", {"what": "Ask", "days": 3})


@pytest.fixture(autouse=True)
def author() -> User:
    ensure_workspace(now=NOW)
    return make_user("relationship_manager", name="Author")


def make_rule(author: User, *acts: Act, is_on: bool = True, **given: Any) -> AutomationRule:
    told = {"trigger": "event", "verbs": TALK} | given
    kind = told.pop("kind", "customers")
    rule = create_rule(
        actor=author, kind=kind, name="Call them", says=Says(**told, acts=acts or (ASK,)), now=NOW
    )
    pass_events_on(now=NOW)  # the reader begins
    return switch_rule(actor=author, rule=rule, is_on=True, now=NOW) if is_on else rule


def happen(relationship: Relationship, actor: User, **given: Any) -> None:
    make_interaction(relationship, actor=actor, now=NOW, **{"happened_at": NOW - timedelta(hours=1)} | given)
    work()


def work() -> int:
    pass_events_on(now=NOW)
    return run_waiting(now=NOW)


def outcomes() -> list[tuple[str, list[str]]]:
    return list(RuleRun.objects.order_by("pk").values_list("state", "told"))


def test_a_rule_acts_by_the_usual_operation_and_the_timeline_names_it(author: User) -> None:
    rule = make_rule(author)
    relationship = make_relationship(owner=make_user("representative"))
    happen(relationship, author)
    planned = FollowUp.objects.get()
    assert (planned.what, planned.assignee, planned.due_date) == (
        "Ask",
        relationship.owner,
        NOW.date() + timedelta(days=3),
    )
    line = Event.objects.get(verb="follow_up_planned")
    assert line.actor.is_system
    assert line.data["by_rule"] == {"id": rule.pk, "name": "Call them", "chain": [rule.pk]}
    told = timeline_page(viewer=author, relationship=relationship).entries
    assert "The rule “Call them”" in [entry.event.actor.name for entry in told]
    assert outcomes() == [("done", ["Plan a follow-up: Ask, by 2026-03-21"])]
    assert work() == 0
    assert FollowUp.objects.count() == 1


def test_every_act_does_what_it_says(author: User) -> None:
    owner, heir, team = make_user("relationship_manager"), make_user("relationship_manager"), make_team()
    endpoint = make_endpoint(author, verbs=["party_renamed"])
    make_rule(
        author,
        Act("assign", {"people": [heir.pk]}),
        ASK,
        Act("commitment", {"what": "Send it", "days": 5}),
        Act("stage", {"value": "active"}),
        Act("objective", {"value": "Keep"}),
        Act("cadence", {"value": 9}),
        Act("notify", {"who": "owner", "what": "Look at this"}),
        Act("notify", {"who": str(owner.pk), "what": "And you"}),
        Act("webhook", {"value": endpoint.pk}),
        Act("playbook", {"value": "win_back"}),
    )
    relationship = make_relationship(owner=owner, team=team)
    happen(relationship, author)
    ((state, told),) = outcomes()
    assert state == "done", told
    relationship.refresh_from_db()
    assert relationship.owner == heir
    assert (relationship.stage, relationship.objective, relationship.cadence_days) == ("active", "Keep", 9)
    assert FollowUp.objects.filter(what="Ask").get().assignee == heir
    assert Commitment.objects.get().what == "Send it"
    assert PlaybookRun.objects.get().playbook == "win_back"
    assert WebhookDelivery.objects.get().event.verb == "interaction_logged"
    mail_due(now=NOW)
    letters = OutboxMessage.objects.order_by("pk")
    assert [letter.to for letter in letters] == [[owner.email], [heir.email]]
    assert relationship.party_name not in letters[0].subject + letters[0].body_text
    assert told[0] == f"Give it to {heir.name}"


def test_assigning_goes_in_turn_or_by_load(author: User) -> None:
    first, second = make_user("relationship_manager"), make_user("relationship_manager")
    make_rule(author, Act("assign", {"people": [first.pk, second.pk], "by": "turn"}))
    made = [make_relationship(owner=author) for _ in range(4)]
    for each in made:
        happen(each, author)
    owners = [Relationship.objects.get(pk=each.pk).owner for each in made]
    assert owners == [first, second, first, second]
    AutomationRule.objects.update(on_since=None)
    make_relationship(owner=first)
    make_rule(author, Act("assign", {"people": [first.pk, second.pk], "by": "load"}))
    late = make_relationship(owner=author)
    happen(late, author)
    assert Relationship.objects.get(pk=late.pk).owner == second


def test_conditions_are_asked_of_the_relationship_and_of_the_event(author: User) -> None:
    own = make_relationship(owner=author)
    make_rule(
        author,
        conditions=(Condition("owner", "is", ("me",)), Condition("problems", "is", ("1",))),
        either=True,
        facts=(("channel", True, "email"),),
    )
    happen(own, author, channel="call")
    happen(own, author, channel="email")
    happen(make_relationship(owner=make_user()), author, channel="email")
    assert [state for state, _told in outcomes()] == ["not_met", "done", "not_met"]


def test_a_rule_never_does_more_than_its_author_may(author: User) -> None:
    rule = make_rule(author, Act("assign", {"people": [author.pk]}), kind="suppliers")
    hidden = make_relationship("suppliers", owner=make_user(), confidentiality=3)
    happen(hidden, hidden.owner)
    assert outcomes() == [("not_met", [])]
    seen = make_relationship("suppliers", owner=make_user())
    grant = RoleGrant.objects.get(user=author)
    RoleGrant.objects.filter(pk=grant.pk).update(role="representative")
    AutomationRule.objects.filter(pk=rule.pk).update(on_since=NOW)
    happen(seen, seen.owner)
    assert outcomes()[-1][0] == "not_met"
    team = make_team()
    reached = make_relationship("suppliers", owner=author, team=team)
    happen(reached, author)
    assert outcomes()[-1][0] == "refused"
    assert Relationship.objects.get(pk=reached.pk).owner == author
    RoleGrant.objects.filter(pk=grant.pk).update(ended_at=NOW, ended_by=author)


def test_all_acts_are_done_or_none(author: User) -> None:
    make_rule(author, ASK, Act("playbook", {"value": "win_back"}))
    relationship = make_relationship(owner=author)
    happen(relationship, author)
    assert outcomes()[0][0] == "done"
    before = FollowUp.objects.count()
    happen(relationship, author)  # the playbook runs already
    state, told = outcomes()[1]
    assert state == "refused"
    assert len(told) == 2
    assert FollowUp.objects.count() == before


def test_rules_do_not_go_round_in_circles(author: User) -> None:
    make_rule(author, ASK, verbs=("follow_up_planned",))
    make_rule(author, ASK, verbs=("follow_up_planned", "interaction_logged"))
    relationship = make_relationship(owner=author)
    happen(relationship, author)
    for _round in range(6):
        work()
    assert FollowUp.objects.count() == 2  # by the second, then by the first; neither by itself again
    chains = [event.data["by_rule"]["chain"] for event in Event.objects.filter(verb="follow_up_planned")]
    assert [len(chain) for chain in chains] == [1, 2]


def test_a_rule_acts_so_often_on_one_relationship_and_no_more(author: User) -> None:
    make_rule(author)
    relationship = make_relationship(owner=author)
    for _ in range(MOST_ON_ONE + 1):
        happen(relationship, author)
    assert [state for state, _ in outcomes()] == ["done"] * MOST_ON_ONE + ["held_back"]


def test_a_rule_in_all_acts_so_often_and_no_more(author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.operations.running.MOST_AN_HOUR", 1)
    make_rule(author)
    for _ in range(2):
        happen(make_relationship(owner=author), author)
    assert [state for state, _ in outcomes()] == ["done", "held_back"]


def test_a_rule_by_the_clock_runs_at_its_hour_for_all_that_fit(author: User) -> None:
    fitting = make_relationship(owner=author)
    make_relationship(owner=make_user())
    rule = make_rule(
        author, trigger="weekly", verbs=(), weekday=4, hour=9, conditions=(Condition("owner", "is", ("me",)),)
    )
    assert rule.next_due_at is not None
    friday = rule.next_due_at
    assert (friday.weekday(), friday > NOW, friday - NOW < timedelta(days=7)) == (4, True, True)
    assert set_off_due(now=friday - timedelta(minutes=1)) == 0
    assert set_off_due(now=friday) == 1
    assert set_off_due(now=friday) == 0
    assert run_waiting(now=friday) == 1
    assert FollowUp.objects.get().relationship == fitting
    rule.refresh_from_db()
    assert rule.next_due_at == friday + timedelta(days=7)
    edited = edit_rule(
        actor=author,
        rule=rule,
        version=1,
        name="Daily",
        says=Says("daily", hour=9, acts=(ASK,)),
        now=friday,
    )
    assert edited.next_due_at == friday + timedelta(days=1)


def test_a_trial_tells_what_would_have_been_done_and_does_nothing(author: User) -> None:
    first, second = make_user("relationship_manager"), make_user("relationship_manager")
    rule = make_rule(
        author,
        Act("assign", {"people": [first.pk, second.pk], "by": "turn"}),
        is_on=False,
        facts=(("channel", True, "email"),),
    )
    for channel in ("email", "call", "email"):
        relationship = make_relationship(owner=author)
        make_interaction(relationship, actor=author, channel=channel, now=NOW, happened_at=NOW)
    hidden = make_relationship(owner=make_user(), confidentiality=3)
    make_interaction(hidden, actor=hidden.owner, channel="email", now=NOW, happened_at=NOW)
    before = Event.objects.count()
    says = said(version_in_force(rule).says)
    trials = dry_run(rule=rule, says=says, days=7, now=NOW + timedelta(days=1))
    assert [trial.would for trial in trials] == [
        [f"Give it to {first.name}"],
        [],
        [f"Give it to {second.name}"],
    ]
    assert dry_run(rule=rule, says=says, days=1, now=NOW + timedelta(days=9)) == []
    assert (Event.objects.count(), RuleRun.objects.count()) == (before, 0)
    clock = Says("daily", acts=(ASK,))
    assert len(dry_run(rule=rule, says=clock, days=1, now=NOW)) == 3


def test_what_is_wrong_is_named_line_by_line(author: User) -> None:
    acts = (
        Act("assign", {"people": []}),
        Act("assign", {"people": [author.pk], "by": "lot"}),
        Act("follow_up", {"what": "", "days": 3}),
        Act("follow_up", {"what": "x", "days": "soon"}),
        Act("stage", {"value": "none"}),
        Act("notify", {"what": "x", "who": "0"}),
        Act("webhook", {"value": "0"}),
        Act("dance"),
    )
    conditions = (
        Condition("nothing", "is"),
        Condition("tier", "is", ("Z",)),
        Condition("silent", "for", ("x",)),
    )
    says = Says("sometimes", verbs=("none",), hour=25, conditions=conditions, acts=acts)
    with pytest.raises(Invalid) as refusal:
        create_rule(actor=author, kind="customers", name=" ", says=says, now=NOW)
    lines = {f"acts-{n}" for n in range(8)} | {f"conditions-{n}" for n in range(3)}
    assert set(refusal.value.errors) == lines | {"name", "trigger", "verbs", "hour"}
    assert "Possible: A, B, C, D." in refusal.value.errors["conditions-1"][0]
    with pytest.raises(Invalid) as refusal:
        create_rule(actor=author, kind="customers", name="x", says=Says("event", acts=(ASK,) * 11), now=NOW)
    assert set(refusal.value.errors) == {"verbs", "acts"}
    with pytest.raises(Invalid) as refusal:
        create_rule(actor=author, kind="customers", name="x", says=Says("daily"), now=NOW)
    assert set(refusal.value.errors) == {"acts"}
    clock = Says("daily", acts=(Act("webhook", {"value": make_endpoint(author).pk}),))
    with pytest.raises(Invalid):
        create_rule(actor=author, kind="customers", name="x", says=clock, now=NOW)
    with pytest.raises(Invalid):
        create_rule(actor=author, kind="none", name="x", says=clock, now=NOW)
    with pytest.raises(Invalid):
        create_rule(actor=author, kind="customers", name="", says=Says("daily", acts=(ASK,)), now=NOW)


def test_nobody_says_in_a_rule_what_their_role_does_not_allow() -> None:
    program = make_user("api_client")
    says = Says("event", verbs=TALK, acts=(Act("assign", {"people": [program.pk]}),))
    with pytest.raises(Invalid) as refusal:
        create_rule(actor=program, kind="customers", name="x", says=says, now=NOW)
    assert set(refusal.value.errors) == {"acts-0"}
    with pytest.raises(NotAllowed):
        create_rule(actor=make_user("representative"), kind="customers", name="x", says=says, now=NOW)


def test_only_its_author_changes_it_and_who_runs_the_workspace_stops_it(author: User) -> None:
    rule = make_rule(author)
    administrator, other = make_user("administrator"), make_user("relationship_manager")
    assert list(rules_of(other)) == []
    with pytest.raises(Missing):
        rule_of(other, rule.pk)
    with pytest.raises(Missing):
        switch_rule(actor=other, rule=rule, is_on=False, now=NOW)
    told = {"rule": rule, "name": "Mine now", "says": Says("daily", acts=(ASK,)), "now": NOW}
    with pytest.raises(NotAllowed):
        edit_rule(actor=administrator, version=1, **told)
    with pytest.raises(Conflict):
        edit_rule(actor=author, version=9, **told)
    switch_rule(actor=administrator, rule=rule, is_on=False, now=NOW)
    with pytest.raises(NotAllowed):
        switch_rule(actor=administrator, rule=rule, is_on=True, now=NOW)
    with pytest.raises(Conflict):
        switch_rule(actor=author, rule=rule, is_on=False, now=NOW)


def test_what_was_changed_or_switched_off_meanwhile_is_held_back(author: User) -> None:
    rule = make_rule(author)
    make_interaction(make_relationship(owner=author), actor=author, now=NOW, happened_at=NOW)
    pass_events_on(now=NOW)
    says = Says("event", verbs=TALK, acts=(ASK,))
    edit_rule(actor=author, rule=rule, version=1, name="Anew", says=says, now=NOW)
    assert run_waiting(now=NOW) == 1
    assert RuleRun.objects.get().state == RunState.HELD_BACK
    assert [version.number for version in rule.versions.order_by("number")] == [1, 2]
    assert FollowUp.objects.count() == 0


def test_the_log_tells_only_of_what_the_viewer_may_know(author: User) -> None:
    rule = make_rule(author)
    relationship = make_relationship(owner=author)
    happen(relationship, author)
    assert len(runs_of(author, rule)) == 1
    assert len(runs_of(make_user("administrator", "suppliers"), rule)) == 0
    forget_old(now=NOW + timedelta(days=31))
    assert len(runs_of(author, rule)) == 0


def test_nobody_there_to_tell_is_a_refusal(author: User) -> None:
    make_rule(author, Act("notify", {"who": "team", "what": "x"}))
    happen(make_relationship(owner=author), author)
    state, told = outcomes()[0]
    assert (state, told[-1]) == ("refused", "Nobody is there to be told who may know of it.")
    member = make_user("relationship_manager", member_of=(team := make_team()))
    happen(make_relationship(owner=author, team=team), author)
    mail_due(now=NOW)
    assert OutboxMessage.objects.get().to == [member.email]


def test_whoever_was_named_and_left_gets_nothing(author: User) -> None:
    heir = make_user("relationship_manager")
    make_rule(
        author, Act("assign", {"people": [heir.pk]}), Act("webhook", {"value": make_endpoint(author).pk})
    )
    User.objects.filter(pk=heir.pk).update(is_active=False, deactivated_at=NOW)
    happen(make_relationship(owner=author), author)
    assert outcomes() == [
        (
            "refused",
            ["Give it to nobody: none of them works here", "None of the people named works here any more."],
        )
    ]


@time_machine.travel(NOW, tick=False)
def test_the_tasks_of_the_schedule_do_it_all(author: User) -> None:
    make_rule(author)
    make_interaction(make_relationship(owner=author), actor=author, now=NOW, happened_at=NOW)
    assert tasks.pass_events_on() > 0
    assert tasks.run_rules() == 1
    assert tasks.send_webhooks() == 0
    assert tasks.forget_deliveries() == 0
