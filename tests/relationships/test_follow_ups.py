"""Follow-ups: planned, put off, done, let go; alone and many at once."""

from datetime import date, time
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, FollowUp, Relationship, RelationshipState
from relationships.operations.follow_ups import (
    cancel_follow_up,
    edit_follow_up,
    finish_follow_up,
    plan_follow_ups,
    reopen_follow_up,
    snooze_follow_up,
)
from relationships.operations.relationships import close_relationship
from tests.factories import NOW, make_follow_up, make_interaction, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 21)
LATER = date(2026, 3, 30)


def state(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(relationship=relationship)


def closed() -> Relationship:
    relationship = make_relationship()
    return close_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="x")


def test_a_follow_up_is_kept_as_it_was_planned(workspace: Workspace) -> None:
    relationship, actor, assignee = make_relationship(), make_user(), make_user(name="Bo")
    ana = make_person(works_for=relationship.party)
    talk = make_interaction(relationship)
    planned = make_follow_up(
        relationship,
        actor=actor,
        assignee=assignee,
        what=" Visit ",
        due_date=DUE,
        due_time=time(9, 30),
        person=ana,
        channel="visit",
        planned_in=talk,
    )
    kept = FollowUp.objects.get(pk=planned.pk)
    assert (kept.what, kept.due_date, kept.due_time, kept.channel) == ("Visit", DUE, time(9, 30), "visit")
    assert (kept.assignee, kept.person, kept.planned_in, kept.created_by) == (assignee, ana, talk, actor)
    event = Event.objects.get(verb="follow_up_planned")
    assert (event.happened_at, event.data["assignee"]) == (talk.happened_at, "Bo")
    found = state(relationship)
    assert (found.open_follow_ups, found.next_touch_owner, found.next_touch_id) == (1, assignee, kept.pk)


def test_it_is_for_the_actor_unless_somebody_is_named(workspace: Workspace) -> None:
    actor = make_user()
    assert make_follow_up(actor=actor).assignee == actor


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"what": " "}, "what"), ({"due_date": date(1899, 1, 1)}, "due_date"), ({"channel": "x"}, "channel")],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_follow_up(**fields)
    assert list(refused.value.errors) == [field]


def test_nobody_is_given_what_they_cannot_see(workspace: Workspace) -> None:
    hidden = make_relationship("customers").party
    with pytest.raises(Invalid) as refused:
        make_follow_up(
            make_relationship("suppliers"),
            actor=make_user(kind="suppliers"),
            assignee=make_user(kind="customers"),
            person=hidden,
        )
    assert sorted(refused.value.errors) == ["assignee", "person"]


def test_a_closed_relationship_takes_no_follow_up(workspace: Workspace) -> None:
    with pytest.raises(Conflict, match="is closed"):
        make_follow_up(closed())


def test_the_same_key_plans_once(workspace: Workspace) -> None:
    relationship = make_relationship()
    assert make_follow_up(relationship, idempotency_key="k") == make_follow_up(
        relationship, idempotency_key="k"
    )


def test_done_and_taken_back(workspace: Workspace) -> None:
    planned = make_follow_up()
    actor = planned.assignee
    done = finish_follow_up(actor=actor, follow_up=planned, now=NOW)
    assert (done.state, done.done_at, done.done_by) == ("done", NOW, actor)
    assert state(planned.relationship).open_follow_ups == 0
    with pytest.raises(Conflict) as refused:
        finish_follow_up(actor=actor, follow_up=planned, now=NOW)
    assert refused.value.allowed == ["reopen"]
    assert reopen_follow_up(actor=actor, follow_up=planned, now=NOW).state == "open"
    assert state(planned.relationship).open_follow_ups == 1


def test_let_go_with_a_reason(workspace: Workspace) -> None:
    planned = make_follow_up()
    gone = cancel_follow_up(actor=planned.assignee, follow_up=planned, now=NOW, reason="Not needed")
    assert (gone.state, gone.cancelled_by) == ("cancelled", planned.assignee)
    assert Event.objects.get(verb="follow_up_cancelled").reason == "Not needed"
    with pytest.raises(Invalid):
        cancel_follow_up(actor=planned.assignee, follow_up=make_follow_up(), now=NOW, reason="x" * 401)


def test_what_was_let_go_with_its_relationship_is_not_taken_back(workspace: Workspace) -> None:
    planned = make_follow_up()
    relationship = planned.relationship
    close_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="x")
    with pytest.raises(Conflict, match="is closed"):
        reopen_follow_up(actor=planned.assignee, follow_up=planned, now=NOW)


def test_put_off_and_counted(workspace: Workspace) -> None:
    planned = make_follow_up(due_date=DUE)
    later = snooze_follow_up(actor=planned.assignee, follow_up=planned, due_date=LATER, now=NOW)
    assert (later.due_date, later.snoozes, state(planned.relationship).next_touch_date) == (LATER, 1, LATER)
    event = Event.objects.get(verb="follow_up_snoozed")
    assert (event.data["from_date"], event.data["to_date"]) == ("2026-03-21", "2026-03-30")
    with pytest.raises(Invalid) as refused:
        snooze_follow_up(actor=planned.assignee, follow_up=planned, due_date=LATER, now=NOW)
    assert refused.value.errors == {"due_date": ["It is due then already."]}
    with pytest.raises(Invalid):
        snooze_follow_up(actor=planned.assignee, follow_up=planned, due_date=date(2200, 1, 1), now=NOW)


def test_everything_that_is_planned_can_be_planned_anew(workspace: Workspace) -> None:
    planned, other = make_follow_up(), make_user()
    ana = make_person(works_for=planned.relationship.party)
    changed = edit_follow_up(
        actor=planned.assignee,
        follow_up=planned,
        now=NOW,
        what="Visit",
        due_date=LATER,
        due_time=time(8, 0),
        assignee=other,
        person=ana,
        channel="visit",
    )
    assert (changed.what, changed.due_date, changed.assignee, changed.person) == ("Visit", LATER, other, ana)
    assert state(planned.relationship).next_touch_owner == other


def test_a_wrong_edit_is_refused(workspace: Workspace) -> None:
    hidden = make_relationship("customers").party
    planned = make_follow_up(make_relationship("suppliers"))
    with pytest.raises(Invalid) as refused:
        edit_follow_up(
            actor=make_user(kind="suppliers"),
            follow_up=planned,
            now=NOW,
            what="",
            due_date=date(1800, 1, 1),
            assignee=make_user(kind="customers"),
            person=hidden,
            channel="x",
        )
    assert sorted(refused.value.errors) == ["assignee", "channel", "due_date", "person", "what"]


def test_whoever_has_it_may_finish_it_and_others_need_the_right(workspace: Workspace) -> None:
    auditor = make_user("auditor")
    mine, other = make_follow_up(assignee=auditor), make_follow_up()
    assert finish_follow_up(actor=auditor, follow_up=mine, now=NOW).state == "done"
    with pytest.raises(NotAllowed):
        finish_follow_up(actor=auditor, follow_up=other, now=NOW)


def test_out_of_sight_it_does_not_exist(workspace: Workspace) -> None:
    with pytest.raises(Missing):
        finish_follow_up(
            actor=make_user(kind="suppliers"),
            follow_up=make_follow_up(make_relationship("customers")),
            now=NOW,
        )


def test_a_follow_up_of_a_confidential_talk_is_told_to_those_who_took_part(workspace: Workspace) -> None:
    talk = make_interaction(confidentiality=Confidentiality.CONFIDENTIAL)
    make_follow_up(talk.relationship, planned_in=talk)
    assert Event.objects.get(verb="follow_up_planned").confidentiality == Confidentiality.CONFIDENTIAL


def test_many_at_once_are_for_each_ones_owner(workspace: Workspace) -> None:
    ana, bo, manager = make_user(), make_user(), make_user()
    gone = make_user()
    relationships = [make_relationship(owner=owner) for owner in (ana, bo, gone)]
    gone.is_active, gone.deactivated_at = False, NOW
    gone.save()
    ids = [relationship.pk for relationship in relationships]
    planned = plan_follow_ups(
        actor=manager, relationship_ids=[*ids, ids[0]], what="Wish well", due_date=DUE, now=NOW
    )
    assert len(planned) == 3
    assert [row.assignee for row in FollowUp.objects.order_by("relationship")] == [ana, bo, manager]
    assert [state(relationship).next_touch_date for relationship in relationships] == [DUE] * 3
    assert Event.objects.filter(verb="follow_up_planned").count() == 3


def test_many_at_once_take_as_many_queries_as_one(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    manager, colleague = make_user(), make_user()
    manager.current_grants()
    manager.current_team_ids()
    one, three = [make_relationship().pk], [make_relationship().pk for _ in range(3)]
    for ids in (one, three):
        fresh = type(colleague).objects.get(pk=colleague.pk)
        with django_assert_num_queries(10):
            plan_follow_ups(
                actor=manager, relationship_ids=ids, what="x", due_date=DUE, now=NOW, assignee=fresh
            )


def test_many_at_once_are_all_or_none(workspace: Workspace) -> None:
    manager = make_user(kind="suppliers")
    supplier, customer = make_relationship("suppliers"), make_relationship("customers")
    given: dict[str, Any] = {"actor": manager, "due_date": DUE, "now": NOW}
    with pytest.raises(Missing, match="1 of these relationships do not exist"):
        plan_follow_ups(relationship_ids=[supplier.pk, customer.pk], what="x", **given)
    with pytest.raises(Invalid):
        plan_follow_ups(relationship_ids=[supplier.pk], what="", **given)
    with pytest.raises(Invalid) as refused:
        plan_follow_ups(
            relationship_ids=[supplier.pk], what="x", assignee=make_user(kind="customers"), **given
        )
    assert list(refused.value.errors) == ["assignee"]
    with pytest.raises(NotAllowed):
        plan_follow_ups(**given | {"actor": make_user("auditor")}, relationship_ids=[supplier.pk], what="x")
    with pytest.raises(Conflict):
        plan_follow_ups(
            **given | {"actor": make_user()}, relationship_ids=[supplier.pk, closed().pk], what="x"
        )
    assert FollowUp.objects.count() == 0
