"""Questions of cases: found, noted, answered one by one; with one unanswered nothing is closed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from accounts.registry import registry as holdings
from cases.models import Case, Question
from cases.operations.cases import assign_case
from cases.operations.messages import answer_case, hear_case
from cases.operations.moves import Findings, move_case
from cases.operations.questions import edit_question, move_question, note_question
from cases.queries.unresolved import unresolved
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import Notification
from relationships.models import Event
from tests.doors import words_of
from tests.factories import NOW, make_case, make_person, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db

THREE = (
    "Eleven trays are cracked. When do new ones come? Who pays? Please let us know whether the lot is safe."
)
CALL: dict[str, Any] = {"channel": "call", "now": NOW}


@pytest.fixture(autouse=True)
def _workspace(workspace: Workspace) -> None:
    """Everything here stands in a workspace."""


def asking(**more: Any) -> Case:
    return make_case(**{"type": "question", "body": THREE} | more)


def asked(case: Case) -> list[Question]:
    return list(case.questions.order_by("id"))


def states(case: Case) -> list[str]:
    return [question.state for question in asked(case)]


def moved(question: Question, move: str, **said: Any) -> Question:
    return move_question(actor=question.case.owner, question=question, transition=move, now=NOW, **said)


def answered(case: Case, *questions: Question) -> Any:
    return answer_case(actor=case.owner, case=case, body="On Monday.", answers=questions, **CALL)


def test_what_they_ask_is_proposed_with_who_asked_and_by_when_it_is_due() -> None:
    relationship = make_relationship()
    ana = make_person("Ana", works_for=relationship.party)
    raised_at = NOW - timedelta(hours=2)
    case = asking(relationship=relationship, person=ana, raised_at=raised_at)
    first = asked(case)[0]
    assert [question.text for question in asked(case)] == [
        "When do new ones come?",
        "Who pays?",
        "Please let us know whether the lot is safe.",
    ]
    assert (first.asked_by, first.asked_at, first.owner, first.state) == (
        ana,
        raised_at,
        case.owner,
        "proposed",
    )
    assert (first.message, first.due_at) == (
        case.messages.get(),
        case.clocks.get(type="first_response").due_at,
    )
    assert first.due_at is not None
    answered(case, first)
    hear_case(actor=case.owner, case=case, body="And the lids?", **CALL | {"now": NOW + timedelta(hours=1)})
    latest = case.questions.latest("id")
    assert (latest.text, latest.clock) == ("And the lids?", case.clocks.get(type="next_response"))
    assert Question(case=case).due_at is None


def test_a_case_with_an_unanswered_question_is_neither_answered_nor_closed() -> None:
    case = asking()
    first, second, third = asked(case)
    answered(case, first)
    assert states(case) == ["answered", "proposed", "proposed"]
    with pytest.raises(Invalid) as refused:
        move_case(actor=case.owner, case=case, transition="answer", now=NOW)
    assert refused.value.errors == {
        "questions": [f"Not answered yet: “{question.text}”" for question in (second, third)]
    }
    moved(second, "rule_out", reason="The insurer decides")
    moved(third, "set_aside")
    move_case(actor=case.owner, case=case, transition="answer", now=NOW)
    note_question(actor=case.owner, case=case, text="And the lids", now=NOW)
    with pytest.raises(Invalid, match="And the lids"):
        move_case(actor=case.owner, case=case, transition="close", now=NOW)
    moved(case.questions.latest("id"), "answer")
    closed = move_case(actor=case.owner, case=case, transition="close", now=NOW)
    assert closed.state == "closed"
    for change in (
        lambda: moved(first, "ask_again"),
        lambda: note_question(actor=case.owner, case=case, text="More", now=NOW),
        lambda: edit_question(actor=case.owner, question=second, now=NOW, text="More"),
    ):
        with pytest.raises(Conflict, match="is over"):
            change()
    hear_case(actor=case.owner, case=case, body="You did not say who pays?", **CALL)
    assert states(case)[-1] == "proposed"
    assert moved(first, "ask_again").settled_by is None


def test_thanks_for_a_closed_case_ask_nothing() -> None:
    case = make_case(type="compliment")
    answered(case)
    for name in ("answer", "close"):
        move_case(actor=case.owner, case=case, transition=name, now=NOW)
    hear_case(actor=case.owner, case=case, body="Thanks, who would have thought?", wants_answer=False, **CALL)
    assert asked(case) == []


def test_an_answer_says_which_questions_it_answers_and_when() -> None:
    case, other = asking(), asking()
    first, second, third = asked(case)
    message = answered(case, first, second)
    first.refresh_from_db()
    assert (first.answered_in, first.settled_at, first.settled_by) == (message, NOW, case.owner)
    lines = Event.objects.filter(verb="cases.question_moved").order_by("id")
    assert [line.data["question"] for line in lines] == [first.text, second.text]
    for wrong in (first, asked(other)[0]):
        with pytest.raises(Invalid) as refused:
            answered(case, third, wrong)
        assert list(refused.value.errors) == ["answers"]
    assert states(case) == ["answered", "answered", "proposed"]
    with pytest.raises(Invalid) as refused:
        moved(third, "answer", message=case.messages.earliest("id"))
    assert list(refused.value.errors) == ["message"]
    assert moved(third, "answer", message=message).answered_in == message
    with pytest.raises(Invalid, match="Nothing that we told them"):
        moved(asked(other)[0], "answer")
    with pytest.raises(Conflict) as impossible:
        moved(first, "confirm")
    assert impossible.value.allowed == ["ask_again"]


def test_a_question_is_said_anew_and_given_to_somebody_who_hears_of_it() -> None:
    helper, blind = make_user(name="Helper"), make_user("representative")
    case = asking()
    first, second, _third = asked(case)
    given: dict[str, Any] = {"actor": case.owner, "now": NOW}
    assert edit_question(question=first, **given, text=first.text).state == "proposed"
    assert edit_question(question=first, **given, text="When do they come?").state == "open"
    assert edit_question(question=first, **given, owner=helper).owner == helper
    assert moved(second, "confirm").state == "open"
    noted = note_question(case=case, **given, text="And lids?", owner=helper, message=case.messages.get())
    heard = Notification.objects.filter(topic="case_question").values_list("user", "subject_id")
    assert list(heard) == [(helper.pk, case.pk)] * 2
    with pytest.raises(Invalid) as refused:
        edit_question(question=first, **given, text=" ", owner=blind)
    assert sorted(refused.value.errors) == ["owner", "text"]
    with pytest.raises(Invalid) as refused:
        note_question(case=case, **given, text="", message=asking().messages.get())
    assert sorted(refused.value.errors) == ["message", "text"]
    answered(case, noted)
    with pytest.raises(Conflict, match="settled"):
        edit_question(question=noted, **given, text="Lids?")
    items = {items.key: items for items in holdings.open_items("user")}["questions"]
    count = items.rows(helper.pk, make_user("administrator")).count()
    assert (count, items.words(count), items.rows(helper.pk, None).count()) == (1, "1 unanswered question", 1)
    assert items.url(helper.pk) == f"/cases/unresolved/?owner={helper.pk}"


def test_who_gets_a_case_gets_its_questions_and_who_may_not_know_of_it_gets_none() -> None:
    boss, helper, stranger = (make_user() for _ in range(3))
    case = asking(actor=boss, relationship=make_relationship(owner=boss), confidentiality=3)
    first, _second, third = asked(case)
    with pytest.raises(Invalid, match="may not know"):
        edit_question(actor=boss, question=first, now=NOW, owner=stranger)
    with pytest.raises(Missing):
        moved_by(stranger, first)
    with pytest.raises(NotAllowed):
        moved_by(make_user("auditor"), asked(asking())[0])
    moved(third, "set_aside")
    assign_case(actor=boss, case=case, owner=helper, now=NOW)
    assert [question.owner for question in asked(case)] == [helper, helper, boss]


def moved_by(actor: User, question: Question) -> Question:
    return move_question(actor=actor, question=question, transition="confirm", now=NOW)


def test_what_is_unresolved_is_told_by_age_until_nothing_is_left() -> None:
    team = make_team()
    boss, reader = make_user(member_of=team), make_user("auditor")
    now = NOW + timedelta(days=20)
    relationship = make_relationship(owner=boss)
    old = make_case(relationship, actor=boss, body="Who pays?")
    new = make_case(relationship, actor=boss, now=now, team=team)
    secret = make_case(relationship, actor=boss, confidentiality=3)
    closed = make_case(relationship, actor=boss, type="question", body="Hm.")
    given: dict[str, Any] = {"actor": boss, "case": closed, "now": NOW}
    answer_case(**given, body="Soon.", channel="call", promise="Ring", promise_due_date=NOW.date())
    move_case(**given, transition="answer")
    move_case(**given, transition="close", findings=Findings(override="Agreed"))
    seen = unresolved(viewer=reader, owner="", now=now)
    assert (seen.problems.rows, seen.problems.by_age, seen.problems.more) == ([old, new], [1, 0, 0, 1], 0)
    assert ([question.text for question in seen.questions.rows], seen.questions.by_age) == (
        ["Who pays?"],
        [0, 0, 0, 1],
    )
    assert [promise.what for promise in seen.promises.rows] == ["Ring"]
    assert unresolved(viewer=boss, owner="me", now=now).problems.rows == [old, secret, new]
    others = unresolved(viewer=reader, owner="me", now=now)
    assert others.is_none
    member = make_user(member_of=team)
    assert unresolved(viewer=member, owner="team", now=now).problems.rows == [new]
    assert unresolved(viewer=member, owner=str(boss.pk), now=now).questions.total == 1
    move_case(actor=boss, case=old, transition="withdraw", now=now, reason="Sold")
    assert unresolved(viewer=reader, owner="", now=now).questions.rows == []


@pytest.fixture
def client(workspace: Workspace) -> Any:
    made = Client()
    made.force_login(make_user(name="Olive"), backend="allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(NOW, tick=False):
        yield made


def test_questions_are_settled_on_the_page(client: Client) -> None:
    olive = User.objects.get(name="Olive")
    case = asking(relationship=make_relationship(owner=olive), actor=olive)
    here = f"/cases/{case.pk}/"
    first, second, third = asked(case)
    assert "Not answered yet: “Who pays?”" in words_of(client.post(f"{here}transitions/answer/"))
    told = {"sort": "ours", "body": "Monday.", "channel": "call", "answers": [first.pk]}
    assert client.post(f"{here}messages/", told).status_code == 302
    assert client.post(f"{here}messages/", told).status_code == 422  # it does not wait any more
    assert client.get(f"{here}questions/new/").status_code == 200
    assert client.post(f"{here}questions/new/", {"text": "", "owner": olive.pk}).status_code == 422
    assert client.post(f"{here}questions/new/", {"text": "And lids", "owner": olive.pk}).status_code == 302
    edit = f"{here}questions/{second.pk}/edit/"
    assert "Who pays?" in client.get(edit).content.decode()
    assert client.post(edit, {"text": "Who pays us?", "owner": ""}).status_code == 422
    assert client.post(edit, {"text": "Who pays us?", "owner": olive.pk}).status_code == 302
    rule_out = f"{here}questions/{second.pk}/transitions/rule_out/"
    assert "Who pays us?" in words_of(client.get(rule_out))
    assert client.post(rule_out, {"reason": ""}).status_code == 422
    assert client.post(rule_out, {"reason": "The insurer decides"}).status_code == 302
    assert client.post(f"{here}questions/{third.pk}/transitions/confirm/").status_code == 302
    assert client.post(f"{here}questions/{third.pk}/transitions/nothing/").status_code == 404
    assert client.get(f"{here}questions/{asked(asking())[0].pk}/edit/").status_code == 404
    page = words_of(client.get(here))
    for words in ("And lids", "The insurer decides", "No answer is possible", "Not answered after all"):
        assert words in page
    timeline = words_of(client.get(f"/customers/{case.relationship_id}/timeline/"))
    for words in (
        "noted a question of theirs: And lids",
        "Question now “No answer is possible”: Who pays us?",
    ):
        assert words in timeline
    left = words_of(client.get(f"/cases/unresolved/?owner={olive.pk}"))
    assert [words in left for words in ("And lids", "Olive", "up to 2 days: 2")] == [True, True, True]
    reader = Client()
    reader.force_login(make_user("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f"{here}questions/" not in reader.get(here).content.decode()
    assert [reader.get(place).status_code for place in (edit, f"{here}questions/new/")] == [403, 403]


def test_where_nothing_is_left_the_page_says_so(client: Client) -> None:
    assert "Nothing is left" in words_of(client.get("/cases/unresolved/?owner=999999"))
