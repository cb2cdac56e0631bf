"""Cases: opened, described anew, given to somebody, moved through their states, closed."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from cases.models import Case
from cases.operations.messages import answer_case, hear_case
from cases.operations.moves import Findings, move_case
from core.refusals import Conflict, Invalid
from relationships.models import Event, RelationshipState
from tests.factories import NOW
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def test_cases_are_named_by_their_year_and_counted_without_gaps(workspace: Workspace) -> None:
    refs = [make_case().ref for _ in range(3)]
    assert refs == ["CAS-2026-000001", "CAS-2026-000002", "CAS-2026-000003"]


def walked(case: Case, *names: str, **said: Any) -> Case:
    for name in names:
        case = move_case(actor=case.owner, case=case, transition=name, now=NOW, **said)
    return case


def told(case: Case) -> Case:
    return walked(case, "acknowledge", "assess", "investigate", "propose", "communicate")


FOUND = Findings(cause_result="none", outcome="We send new ones.")


def test_closing_a_complaint_names_everything_that_is_missing(workspace: Workspace) -> None:
    case = told(make_case())
    with pytest.raises(Invalid) as refused:
        walked(case, "close")
    assert sorted(refused.value.errors) == ["cause_result", "outcome", "reply"]
    day = NOW.date()
    answer_case(
        actor=case.owner, case=case, body="New ones come.", channel="call", now=NOW,
        promise="Send new ones", promise_due_date=day,
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        walked(case, "close", findings=FOUND)
    assert sorted(refused.value.errors) == ["promises"]
    state = RelationshipState.objects.get(relationship=case.relationship)
    assert (state.open_problems, state.open_commitments) == (1, 1)
    closed = walked(case, "close", findings=Findings(**{**vars(FOUND), "override": "They wait for stock."}))
    assert (closed.state, closed.closed_at, closed.ended_reason) == ("closed", NOW, "They wait for stock.")
    state.refresh_from_db()
    assert state.open_problems == 0


def test_a_closed_case_opens_again_for_fourteen_days_in_another_cycle(workspace: Workspace) -> None:
    case = make_case(type="question")
    answer_case(actor=case.owner, case=case, body="On Monday.", channel="email", now=NOW)
    case = walked(case, "answer", "close")
    given: dict[str, Any] = {"actor": case.owner, "case": case, "body": "Which Monday?", "channel": "email"}
    with pytest.raises(Conflict, match="more than 14 days"):
        hear_case(**given, now=NOW + timedelta(days=14, seconds=1))
    hear_case(**given, now=NOW + timedelta(days=14))
    case.refresh_from_db()
    assert (case.state, case.cycle, case.closed_at) == ("reopened", 2, None)
    found = case.clocks.order_by("cycle", "id").values_list("cycle", "type")
    first = [(1, "acknowledge"), (1, "first_response"), (1, "resolution")]
    assert list(found) == [*first, (2, "next_response"), (2, "resolution")]


def test_a_move_that_is_not_possible_names_those_that_are(workspace: Workspace) -> None:
    case = make_case()
    events = Event.objects.count()
    for name in ("close", "answer", "nonsense"):
        with pytest.raises(Conflict) as refused:
            walked(case, name)
        assert refused.value.allowed == ["acknowledge", "reject", "withdraw", "mark_double"]
    assert Event.objects.count() == events
