"""Cases: opened, described anew, given to somebody, moved through their states, closed and opened again."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from accounts.registry import registry as holdings
from cases.models import Case, CaseMessage
from cases.operations.cases import Raised, assign_case, edit_case, open_case
from cases.operations.messages import answer_case, hear_case, note_in_case
from cases.operations.moves import Findings, move_case
from cases.queries.around import others_of
from cases.queries.queue import QueueQuery, queue
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import Notification
from relationships.models import Event, Interaction, RelationshipState
from relationships.operations.interactions import correct_interaction
from relationships.operations.relationships import close_relationship, reopen_relationship
from tests.factories import NOW, make_case, make_person, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db

FOUND = Findings(cause_result="none", outcome="We send new ones.")


@pytest.fixture(autouse=True)
def _workspace(workspace: Workspace) -> None:
    """Everything here stands in a workspace."""


def walked(case: Case, *names: str, **said: Any) -> Case:
    for name in names:
        case = move_case(actor=case.owner, case=case, transition=name, now=NOW, **said)
    return case


def told(case: Case) -> Case:
    return walked(case, "acknowledge", "assess", "investigate", "propose", "communicate")


def answered(case: Case, **more: Any) -> CaseMessage:
    return answer_case(actor=case.owner, case=case, body="New ones come.", channel="call", now=NOW, **more)


def test_cases_are_named_by_their_year_and_counted_without_gaps() -> None:
    first = make_case()
    with pytest.raises(Invalid):
        make_case(subject=" ")
    late = make_case(now=NOW.replace(year=2027))
    assert [first.ref, make_case().ref, late.ref] == ["CAS-2026-000001", "CAS-2026-000002", "CAS-2027-000001"]


def test_what_is_raised_is_a_contact_a_problem_and_a_line_of_the_timeline() -> None:
    owner = make_user()
    relationship = make_relationship(owner=owner)
    ana = make_person("Ana", works_for=relationship.party)
    raised_at = NOW - timedelta(hours=3)
    case = make_case(relationship, person=ana, severity=4, raised_at=raised_at)
    talk = Interaction.objects.get(relationship=relationship)
    assert (talk.direction, talk.problem_severity, talk.happened_at) == ("in", 8, raised_at)
    assert list(talk.people.all()) == [ana]
    assert (case.messages.get().text, case.owner) == ("They are cracked.", owner)
    event = Event.objects.get(verb="cases.opened")
    assert (event.subject_id, event.happened_at, event.data["ref"]) == (case.pk, raised_at, case.ref)
    notices = Notification.objects.filter(topic__startswith="case")
    assert list(notices.values_list("user", "topic")) == [(owner.pk, "case_assigned")]
    asked = make_case(relationship, type="question")
    assert asked.messages.get().talk.problem_severity is None
    state = RelationshipState.objects.get(relationship=relationship)
    assert (state.open_problems, state.last_inbound_at) == (1, NOW)


def test_what_cannot_be_raised_is_refused_with_every_reason() -> None:
    elsewhere = make_case()
    blind = make_user("representative")
    wrong = {
        "type": "rumour", "channel": "note", "severity": 9, "confidentiality": 7, "subject": "", "body": "",
        "remedy_sought": "x" * 301, "raised_at": NOW + timedelta(days=1), "owner": blind,
        "follows": elsewhere,
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        make_case(make_relationship(), actor=make_user(kind="customers"), **wrong)
    assert sorted(refused.value.errors) == sorted(wrong)
    closed = make_relationship()
    close_relationship(actor=closed.owner, relationship=closed, now=NOW, reason="Ended")
    with pytest.raises(Conflict, match="closed"):
        make_case(closed)
    with pytest.raises(NotAllowed):
        make_case(make_relationship(), actor=make_user("auditor"))
    unit = make_relationship().business_unit
    unit.work_week = {}
    unit.save()
    with pytest.raises(Conflict, match="no working hours"):
        make_case()


def test_a_form_that_is_sent_twice_opens_one_case() -> None:
    relationship = make_relationship()
    raised = Raised(type="question", channel="call", subject="When?", body="When does it come?")
    given: dict[str, Any] = {"actor": relationship.owner, "relationship": relationship, "raised": raised}
    first, again = (open_case(**given, now=NOW, idempotency_key="k") for _ in range(2))
    assert first == again
    assert Case.objects.count() == 1


def test_a_case_for_few_is_known_to_those_who_have_to_do_with_it_alone() -> None:
    boss, keeper, opener, other = (make_user() for _ in range(4))
    relationship = make_relationship(owner=boss)
    case = make_case(relationship, actor=opener, owner=keeper, confidentiality=3)
    seen = {
        user: list(queue(viewer=user, query=QueueQuery(), now=NOW)) for user in (boss, keeper, opener, other)
    }
    assert seen == {boss: [case], keeper: [case], opener: [case], other: []}
    assert [case in Case.objects.of_seen(relationship, user) for user in seen] == [True, True, True, False]
    with pytest.raises(Missing):
        note_in_case(actor=other, case=case, body="Hm", now=NOW)
    assert list(CaseMessage.objects.visible_to(other)) == []
    assert CaseMessage.objects.visible_to(keeper).count() == 1


def test_a_case_is_described_anew_by_whoever_saw_it_last() -> None:
    case = make_case()
    given: dict[str, Any] = {"actor": case.owner, "case": case, "now": NOW}
    same = edit_case(**given, version=1, subject=case.subject)
    assert same.version == 1
    changed = edit_case(**given, version=1, subject="Broken trays", severity=3, reason="Worse than thought")
    assert (changed.version, changed.subject, changed.severity) == (2, "Broken trays", 3)
    event = Event.objects.get(verb="cases.edited")
    assert (event.reason, event.data["changed"]) == ("Worse than thought", ["subject", "severity"])
    assert edit_case(**given, version=2, remedy_sought="New ones").version == 3
    with pytest.raises(Conflict):
        edit_case(**given, version=1, subject="Other")
    with pytest.raises(Invalid) as refused:
        edit_case(**given, version=3, subject="", severity=7, person=make_person(), remedy_sought="x" * 301)
    assert {"subject", "severity", "remedy_sought"} <= set(refused.value.errors)
    with pytest.raises(TypeError):
        edit_case(**given, version=3, state="closed")


def test_a_case_is_given_to_somebody_who_can_see_it() -> None:
    case, to, team = make_case(), make_user(), make_team()
    given: dict[str, Any] = {"actor": case.owner, "case": case, "now": NOW}
    with pytest.raises(Invalid) as refused:
        assign_case(**given, owner=make_user("representative"))
    assert list(refused.value.errors) == ["owner"]
    assert assign_case(**given, owner=case.owner).version == 1
    assert assign_case(**given, owner=case.owner, team=team).team == team
    assert assign_case(**given, owner=to, team=team, reason="Leave").owner == to
    assert Notification.objects.filter(user=to, topic="case_assigned").count() == 1
    assert Event.objects.filter(verb="cases.assigned").latest("id").reason == "Leave"
    held = next(items for items in holdings.open_items("user") if items.key == "cases")
    assert (held.rows(to.pk, None).count(), held.rows(to.pk, make_user("administrator")).count()) == (1, 1)
    assert (held.words(1), held.url(to.pk)) == ("1 open case", f"/cases/?status=open&owner={to.pk}")


def test_closing_a_complaint_names_everything_that_is_missing() -> None:
    case = told(make_case())
    with pytest.raises(Invalid) as refused:
        walked(case, "close", findings=Findings(cause_result="found"))
    assert sorted(refused.value.errors) == ["cause", "outcome", "reply"]
    with pytest.raises(Invalid) as refused:
        walked(case, "close")
    assert sorted(refused.value.errors) == ["cause_result", "outcome", "reply"]
    answered(case, promise="Send new ones", promise_due_date=NOW.date())
    with pytest.raises(Invalid) as refused:
        walked(case, "close", findings=FOUND)
    assert sorted(refused.value.errors) == ["promises"]
    over = Findings(cause_result="none", outcome="We send new ones.", override="They wait for stock.")
    hand = make_user("representative", member_of=(team := make_team()))
    assign_case(actor=case.owner, case=case, owner=case.owner, team=team, now=NOW)
    case.relationship.team = team
    case.relationship.save()
    with pytest.raises(Invalid) as refused:
        move_case(actor=hand, case=case, transition="close", now=NOW, findings=over)
    assert sorted(refused.value.errors) == ["override"]
    state = RelationshipState.objects.get(relationship=case.relationship)
    assert (state.open_problems, state.open_commitments) == (1, 1)
    closed = walked(case, "close", findings=over, reason="They agreed.")
    why = "They agreed.\nThey wait for stock."
    assert (closed.state, closed.closed_at, closed.ended_reason) == ("closed", NOW, why)
    state.refresh_from_db()
    assert state.open_problems == 0
    assert not closed.clocks.open().exists()


def test_a_promise_without_a_day_is_none() -> None:
    case = make_case()
    with pytest.raises(Invalid) as refused:
        answered(case, promise="Send new ones")
    assert list(refused.value.errors) == ["promise_due_date"]
    with pytest.raises(Invalid) as refused:
        answered(case, said_at=NOW - timedelta(days=1))
    assert list(refused.value.errors) == ["said_at"]


def test_a_question_is_answered_and_closed_and_opens_again_for_fourteen_days() -> None:
    case = make_case(type="question")
    answered(case)
    case = walked(case, "answer", "close")
    given: dict[str, Any] = {"actor": case.owner, "case": case, "body": "Which one?", "channel": "email"}
    with pytest.raises(Conflict, match="more than 14 days"):
        hear_case(**given, now=NOW + timedelta(days=14, seconds=1))
    with pytest.raises(Conflict, match="more than 14 days"):
        move_case(actor=case.owner, case=case, transition="reopen", now=NOW + timedelta(days=14, seconds=1))
    hear_case(**given | {"body": "Thanks"}, now=NOW, wants_answer=False)
    later = NOW + timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(
        closed_at=later
    )  # what they wrote before it was closed was known then
    hear_case(**given, now=later, said_at=NOW)
    Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    case.refresh_from_db()
    assert (case.state, case.clocks.open().count()) == ("closed", 0)
    hear_case(**given, now=NOW + timedelta(days=14))
    case.refresh_from_db()
    assert (case.state, case.cycle, case.closed_at) == ("reopened", 2, None)
    found = case.clocks.order_by("cycle", "id").values_list("cycle", "type")
    first = [(1, "acknowledge"), (1, "first_response"), (1, "resolution")]
    assert list(found) == [*first, (2, "next_response"), (2, "resolution")]
    assert make_case(case.relationship, follows=case).follows == case


def test_what_they_write_has_a_case_that_waits_for_them_go_on() -> None:
    keeper = make_user()
    case = make_case(owner=keeper)
    case = walked(case, "acknowledge", "assess", "wait_complainant")
    hear_case(actor=make_user(), case=case, body="Here it is.", channel="email", now=NOW)
    case.refresh_from_db()
    assert case.state == "investigating"
    assert case.clocks.filter(type="next_response").count() == 0  # the first answer is still waited for
    assert Notification.objects.filter(user=keeper, topic="case_heard").count() == 1


def test_what_was_taken_back_owes_nothing_and_is_over_for_good() -> None:
    case = make_case()
    with pytest.raises(Invalid) as refused:
        walked(case, "withdraw")
    assert list(refused.value.errors) == ["reason"]
    case = walked(case, "withdraw", reason="They found it")
    assert [clock.cancelled_at for clock in case.clocks.all()] == [NOW] * 3
    assert (case.ended_reason, case.next_due_at) == ("They found it", None)
    with pytest.raises(Conflict, match="is over"):
        hear_case(actor=case.owner, case=case, body="But", channel="call", now=NOW)


def test_a_double_stands_for_another_case_of_the_same_relationship_and_class() -> None:
    case = make_case()
    same, secret = (make_case(case.relationship, confidentiality=each) for each in (1, 3))

    def double(other: Case | None) -> Case:
        return walked(case, "mark_double", findings=Findings(other=other))

    for wrong in (None, make_case()):
        with pytest.raises(Invalid) as refused:
            double(wrong)
        assert list(refused.value.errors) == ["other"]
    for other in (case, secret):
        with pytest.raises(Conflict):
            double(other)
    assert double(same).duplicate_of == same
    with pytest.raises(Conflict, match="is a double itself"):
        walked(same, "mark_double", findings=Findings(other=case))
    assert others_of(case.owner, same) == []


def test_a_move_that_is_not_possible_names_those_that_are() -> None:
    case = make_case()
    events = Event.objects.count()
    for name in ("close", "answer", "nonsense"):
        with pytest.raises(Conflict) as refused:
            walked(case, name)
        assert refused.value.allowed == ["acknowledge", "reject", "withdraw", "mark_double"]
    assert Event.objects.count() == events


def test_every_change_is_told_with_who_and_why() -> None:
    case = walked(make_case(), "acknowledge", reason="By phone")
    event = Event.objects.get(verb="cases.moved")
    assert (event.actor, event.reason, event.happened_at) == (case.owner, "By phone", NOW)
    assert event.data | {"move": "acknowledge", "from": "new", "to": "acknowledged"} == event.data
    keeper: User = case.owner
    note = note_in_case(actor=keeper, case=case, body="Ask Jonas first.", now=NOW)
    assert (note.text, note.talk, Interaction.objects.count()) == ("Ask Jonas first.", None, 1)


def test_thanks_for_what_is_over_raise_no_problem_again() -> None:
    case = told(make_case())
    answered(case)
    case = walked(case, "close", findings=FOUND)
    given: dict[str, Any] = {"actor": case.owner, "case": case, "channel": "email", "now": NOW}
    hear_case(**given, body="Thank you.", wants_answer=False)
    state = RelationshipState.objects.get(relationship=case.relationship)
    assert (state.open_problems, CaseMessage.objects.filter(case=case, sort="theirs").count()) == (0, 2)
    hear_case(**given, body="They are cracked again.")
    state.refresh_from_db()
    assert state.open_problems == 1


def test_a_problem_ends_with_its_case_however_often_its_words_were_corrected() -> None:
    case = make_case()
    talk = case.messages.get().talk
    for body in ("Ten are cracked.", "Eleven are cracked."):
        talk = correct_interaction(actor=case.owner, interaction=talk, now=NOW, reason="Counted", body=body)
    answered(case)
    walked(told(case), "close", findings=FOUND)
    talk.refresh_from_db()
    state = RelationshipState.objects.get(relationship=case.relationship)
    assert (talk.problem_closed_at, state.open_problems) == (NOW, 0)


def test_no_relationship_ends_with_a_case_open_and_none_opens_again_in_one_that_ended() -> None:
    owner, other = make_user(), make_user()
    case = make_case(make_relationship(owner=owner), actor=owner, type="question")
    few = make_case(case.relationship, actor=owner, confidentiality=3)
    given: dict[str, Any] = {"relationship": case.relationship, "now": NOW, "reason": "Moved away"}
    for actor, named in ((owner, [str(case), str(few)]), (other, [str(case), "1 that you may not see"])):
        with pytest.raises(Conflict, match="still has open cases") as refused:
            close_relationship(actor=actor, **given)
        assert refused.value.missing == named
    walked(few, "withdraw", reason="Told the boss instead")
    answered(case)
    case = walked(case, "answer", "close")
    close_relationship(actor=owner, **given)
    heard: dict[str, Any] = {"actor": owner, "case": case, "body": "And?", "channel": "email", "now": NOW}
    for again in (lambda: walked(case, "reopen"), lambda: hear_case(**heard)):
        with pytest.raises(Conflict, match="The relationship is closed"):
            again()
    reopen_relationship(actor=owner, **given)
    assert walked(case, "reopen").state == "reopened"
