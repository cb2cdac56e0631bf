"""A playbook on its way: planned on working days, done or skipped with a reason, closed with what it changed."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.enums import StepState
from relationships.models import Event, FollowUp, PlaybookRun, Relationship, RelationshipState
from relationships.operations.follow_ups import finish_follow_up
from relationships.operations.playbooks import close_playbook, skip_step, start_playbook
from relationships.operations.relationships import close_relationship
from tests.factories import NOW, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user(name="Owner")


@pytest.fixture
def relationship(owner: User) -> Relationship:
    return make_relationship(owner=owner)


def start(actor: User, relationship: Relationship, **fields: object) -> PlaybookRun:
    given = {"actor": actor, "relationship": relationship, "playbook": "win_back", "now": NOW}
    return start_playbook(**given | fields)


def states(run: PlaybookRun) -> list[StepState]:
    return [step.state for step in run.steps.select_related("follow_up").order_by("position")]


def test_its_steps_are_follow_ups_of_the_owner_on_working_days(
    owner: User, relationship: Relationship
) -> None:
    run = start(make_user(), relationship, aim="Hear why they went quiet")
    steps = [step.follow_up for step in run.steps.select_related("follow_up").order_by("position")]
    assert [step.due_date for step in steps] == [  # from Wednesday 18 March; Good Friday is no working day
        date(2026, 3, 19),
        date(2026, 3, 23),
        date(2026, 3, 30),
        date(2026, 4, 16),
    ]
    assert {step.assignee for step in steps} == {owner}
    assert [step.channel for step in steps] == ["call", "email", "meeting", "call"]
    assert RelationshipState.objects.get(pk=relationship.pk).open_follow_ups == 4
    told = Event.objects.get(verb="playbook_started")
    assert (told.reason, told.data) == ("Hear why they went quiet", {"label": "Win back"})


def test_what_is_due_at_once_waits_for_a_working_day(owner: User, relationship: Relationship) -> None:
    saturday = NOW + timedelta(days=3)
    run = start(owner, relationship, playbook="after_complaint", now=saturday)
    assert run.steps.get(position=0).follow_up.due_date == date(2026, 3, 23)
    supplier = make_relationship("suppliers", owner=owner)
    run = start(owner, supplier, playbook="we_paid_late")
    assert run.steps.get(position=0).follow_up.due_date == NOW.date()


def test_it_may_be_for_somebody_else_and_is_the_actors_when_the_owner_has_left(
    owner: User, relationship: Relationship
) -> None:
    helper, actor = make_user(name="Helper"), make_user()
    start(actor, relationship, assignee=helper)
    assert set(FollowUp.objects.values_list("assignee", flat=True)) == {helper.pk}
    User.objects.filter(pk=owner.pk).update(is_active=False, deactivated_at=NOW)
    run = start(actor, relationship, playbook="after_complaint")
    assert {step.follow_up.assignee for step in run.steps.all()} == {actor}


def test_it_runs_once_at_a_time(owner: User, relationship: Relationship) -> None:
    run = start(owner, relationship, idempotency_key="k")
    assert start(owner, relationship, idempotency_key="k") == run
    with pytest.raises(Conflict, match="“Win back” is running here already"):
        start(owner, relationship)
    close_playbook(actor=owner, run=run, effect="none", note="No answer", now=NOW)
    assert start(owner, relationship).pk != run.pk


def test_only_a_playbook_of_the_kind_can_be_started_on_what_is_open(
    owner: User, relationship: Relationship
) -> None:
    with pytest.raises(Invalid, match="Possible: win_back, after_complaint, first_weeks"):
        start(owner, relationship, playbook="delivery_trouble")
    with pytest.raises(Invalid):
        start(owner, relationship, aim="x" * 301)
    with pytest.raises(NotAllowed):
        start(make_user("auditor"), relationship)
    with pytest.raises(Missing):
        start(make_user(kind="suppliers"), relationship)
    close_relationship(actor=owner, relationship=relationship, now=NOW, reason="Over")
    with pytest.raises(Conflict, match="is closed"):
        start(owner, relationship)
    assert PlaybookRun.objects.count() == 0


def test_a_step_is_done_by_its_follow_up_or_skipped_with_a_reason(
    owner: User, relationship: Relationship
) -> None:
    run = start(owner, relationship)
    first, second = run.steps.order_by("position")[:2]
    finish_follow_up(actor=owner, follow_up=first.follow_up, now=NOW)
    skipped = skip_step(actor=owner, step=second, reason="They wrote first", now=NOW)
    assert states(run) == [StepState.DONE, StepState.SKIPPED, StepState.OPEN, StepState.OPEN]
    assert (skipped.skipped_at, skipped.skipped_reason) == (NOW, "They wrote first")
    told = Event.objects.get(verb="playbook_step_skipped")
    assert (told.reason, told.data["step"]) == ("They wrote first", second.follow_up.what)
    with pytest.raises(Conflict):
        skip_step(actor=owner, step=first, reason="x", now=NOW)
    with pytest.raises(Invalid):
        skip_step(actor=owner, step=run.steps.get(position=2), reason=" ", now=NOW)
    with pytest.raises(Missing):
        skip_step(actor=make_user(kind="suppliers"), step=second, reason="x", now=NOW)
    third = run.steps.get(position=2)
    run.steps.filter(pk=third.pk).delete()
    with pytest.raises(Missing, match="no such step"):
        skip_step(actor=owner, step=third, reason="x", now=NOW)


def test_closing_says_what_it_changed_and_lets_the_rest_go(owner: User, relationship: Relationship) -> None:
    run = start(owner, relationship)
    finish_follow_up(actor=owner, follow_up=run.steps.get(position=0).follow_up, now=NOW)
    closed = close_playbook(actor=owner, run=run, effect="worked", note="They stay", now=NOW)
    assert states(closed) == [StepState.DONE, StepState.SKIPPED, StepState.SKIPPED, StepState.SKIPPED]
    assert (closed.closed_at, closed.closed_by, closed.effect, closed.effect_note) == (
        NOW, owner, "worked", "They stay",
    )  # fmt: skip
    assert RelationshipState.objects.get(pk=relationship.pk).open_follow_ups == 0
    told = Event.objects.get(verb="playbook_closed")
    assert (told.reason, told.data) == ("They stay", {"label": "Win back", "effect": "worked"})
    with pytest.raises(Conflict, match="closed already"):
        close_playbook(actor=owner, run=run, effect="worked", note="x", now=NOW)


@pytest.mark.parametrize(("effect", "note", "field"), [("great", "x", "effect"), ("worked", "", "note")])
def test_closing_wants_an_effect_and_words(
    owner: User, relationship: Relationship, effect: str, note: str, field: str
) -> None:
    run = start(owner, relationship)
    with pytest.raises(Invalid) as refused:
        close_playbook(actor=owner, run=run, effect=effect, note=note, now=NOW)
    assert list(refused.value.errors) == [field]
    assert str(run) == "Win back"
