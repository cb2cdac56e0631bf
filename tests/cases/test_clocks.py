"""The clocks of cases: when they run, stand, are given another target, tell, and end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from cases.enums import ClockType
from cases.models import Case, CaseClock
from cases.operations.cases import edit_case
from cases.operations.due_clocks import tell_due
from cases.operations.messages import answer_case, hear_case
from cases.operations.moves import Findings, move_case
from cases.operations.recounts import recount_open
from messaging.models import Notification
from relationships.models import Event
from tests.factories import make_user
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 1, 30, 16, 0, tzinfo=UTC)  # 16:00 in London; the unit works 9 to 17
MONDAY = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


def clock_of(case: Case, type: str = "resolution") -> CaseClock:
    return case.clocks.filter(type=type).latest("id")


def move(case: Case, *names: str, now: datetime, **said: Any) -> Case:
    for name in names:
        case = move_case(actor=case.owner, case=case, transition=name, now=now, **said)
    return case


def test_a_case_starts_three_clocks_against_the_targets_of_its_severity(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY)
    dues = dict(case.clocks.values_list("type", "due_at"))
    assert dues == {
        "acknowledge": FRIDAY + timedelta(minutes=15),
        "first_response": FRIDAY + timedelta(hours=1),
        "resolution": datetime(2026, 2, 2, 16, 0, tzinfo=UTC),
    }
    case.refresh_from_db()
    assert case.next_due_at == dues["acknowledge"]


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(4, [15, 60, 480]), (3, [60, 240, 960]), (2, [240, 480, 2400]), (1, [480, 960, 4800])],
)
def test_targets_are_those_that_we_came_with(workspace: Workspace, severity: int, minutes: list[int]) -> None:
    case = make_case(severity=severity, now=FRIDAY)
    found = dict(case.clocks.values_list("type", "target_minutes"))
    assert [found[each] for each in ("acknowledge", "first_response", "resolution")] == minutes


def test_waiting_has_the_resolution_stand_and_credits_no_weekend_twice(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY - timedelta(hours=1))
    case = move(case, "acknowledge", "assess", "wait_complainant", now=FRIDAY)
    standing = clock_of(case)
    assert (standing.due_at, standing.elapsed_seconds, standing.next_mark_at) == (None, 3600, None)
    assert clock_of(case, "first_response").due_at == FRIDAY
    move(case, "resume", now=MONDAY + timedelta(hours=1))
    going = clock_of(case)
    assert (going.elapsed_seconds, going.due_at) == (3600, datetime(2026, 2, 2, 17, 0, tzinfo=UTC))
    pause = going.pauses.get()
    assert (pause.started_at, pause.ended_at, pause.reason) == (
        FRIDAY,
        MONDAY + timedelta(hours=1),
        "waiting_complainant",
    )


def test_another_severity_keeps_what_has_passed(workspace: Workspace) -> None:
    case = make_case(severity=1, now=FRIDAY)
    edit_case(
        actor=case.owner, case=case, version=case.version, severity=4, now=FRIDAY + timedelta(minutes=48)
    )
    clock = clock_of(case, "first_response")
    assert (clock.target_minutes, clock.elapsed_seconds, clock.marked_percent) == (60, 48 * 60, 75)
    assert clock.due_at == FRIDAY + timedelta(hours=1)


def test_marks_are_told_once_each_and_a_breach_is_written_down(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY, owner=make_user())
    told = []
    for minutes in (0, 8, 9, 12, 14, 15, 16, 17):
        now = FRIDAY + timedelta(minutes=minutes, seconds=1)
        told.append(tell_due(now=now))
    assert told == [0, 1, 0, 1, 1, 1, 0, 0]
    rows = Notification.objects.filter(user=case.owner, topic__in=["case_warning", "case_breach"])
    assert list(rows.order_by("id").values_list("topic", "facts__stage")) == [
        ("case_warning", "50"),
        ("case_warning", "75"),
        ("case_warning", "90"),
        ("case_breach", None),
    ]
    clock = clock_of(case, "acknowledge")
    assert (clock.breached_at, clock.next_mark_at) == (FRIDAY + timedelta(minutes=15), None)
    event = Event.objects.get(verb="cases.clock_breached")
    assert (event.data["clock"], event.subject_id) == ("acknowledge", case.pk)


def test_an_answer_ends_the_waiting_and_what_they_write_begins_it_again(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY)
    later = FRIDAY + timedelta(minutes=30)
    answer_case(actor=case.owner, case=case, body="We look into it.", channel="email", now=later)
    ended = {clock.type: (clock.stopped_at, clock.breached_at) for clock in case.clocks.all()}
    assert ended == {
        "acknowledge": (later, FRIDAY + timedelta(minutes=15)),
        "first_response": (later, None),
        "resolution": (None, None),
    }
    hear_case(actor=case.owner, case=case, body="Thanks", channel="email", now=later, wants_answer=False)
    assert not case.clocks.filter(type=ClockType.NEXT_RESPONSE).exists()
    early = FRIDAY + timedelta(minutes=10)
    hear_case(actor=case.owner, case=case, body="Hello?", channel="email", now=later, said_at=early)
    assert not case.clocks.filter(type=ClockType.NEXT_RESPONSE).exists()
    hear_case(actor=case.owner, case=case, body="And when?", channel="email", now=later)
    assert clock_of(case, "next_response").due_at == datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
    given: dict[str, Any] = {"actor": case.owner, "case": case, "body": "Soon.", "channel": "email"}
    answer_case(**given, said_at=early, now=later)
    assert clock_of(case, "next_response").is_open  # what was said before they asked is no answer


def test_an_answer_that_is_written_down_late_came_in_time(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY)
    tell_due(now=FRIDAY + timedelta(minutes=20))
    assert clock_of(case, "acknowledge").breached_at is not None
    said_at = FRIDAY + timedelta(minutes=10)
    given: dict[str, Any] = {"actor": case.owner, "case": case, "body": "We called.", "channel": "call"}
    answer_case(**given, said_at=said_at, now=FRIDAY + timedelta(minutes=25))
    clock = clock_of(case, "acknowledge")
    assert (clock.stopped_at, clock.breached_at, clock.elapsed_seconds) == (said_at, None, 600)


def test_other_working_hours_count_running_clocks_anew(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY)
    unit = case.relationship.business_unit
    unit.work_week = {str(day): [["09:00", "16:30"]] for day in range(5)}
    unit.save()
    last = recount_open(now=FRIDAY)
    assert last == case.clocks.latest("id").pk
    assert recount_open(now=FRIDAY, after=last) == 0
    assert clock_of(case, "first_response").due_at == MONDAY + timedelta(minutes=30)
    moved = Event.objects.filter(verb="cases.clock_redated", subject_id=case.pk)
    assert sorted(moved.values_list("data__clock", flat=True)) == ["first_response", "resolution"]
    assert recount_open(now=FRIDAY) == last
    assert moved.count() == 2


def test_a_mark_that_other_working_hours_put_off_is_told_later(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY, owner=make_user())
    unit = case.relationship.business_unit
    unit.work_week = {str(day): [["09:00", "16:05"]] for day in range(5)}
    unit.save()
    assert tell_due(now=FRIDAY + timedelta(minutes=8)) == 1
    assert not Notification.objects.filter(topic="case_warning").exists()
    assert clock_of(case, "acknowledge").due_at == MONDAY + timedelta(minutes=10)
    case.refresh_from_db()
    assert case.next_due_at == FRIDAY + timedelta(hours=1)  # the other clocks are counted anew at night
    assert Event.objects.get(verb="cases.clock_redated").data["clock"] == "acknowledge"


def test_a_clock_that_ran_out_before_the_waiting_is_not_saved_by_it(workspace: Workspace) -> None:
    case = make_case(severity=4, now=FRIDAY)
    over = datetime(2026, 2, 2, 16, 0, tzinfo=UTC)
    move(case, "acknowledge", "assess", "wait_third_party", now=over + timedelta(seconds=5))
    clock = clock_of(case)
    assert (clock.due_at, clock.breached_at) == (None, over)
    move(case, "resume", now=over + timedelta(minutes=30))
    tell_due(now=over + timedelta(minutes=31))
    assert Event.objects.filter(verb="cases.clock_breached", data__clock="resolution").count() == 1


def test_what_they_wrote_counts_from_when_they_wrote_it_not_from_when_it_was_noted(
    workspace: Workspace,
) -> None:
    case = make_case(severity=4, now=FRIDAY)
    given: dict[str, Any] = {"actor": case.owner, "case": case, "channel": "email"}
    answer_case(**given, body="Which ones?", now=FRIDAY)
    case = move(case, "acknowledge", "assess", "wait_complainant", now=FRIDAY + timedelta(minutes=20))
    late, noted = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3)
    hear_case(**given, body="Hello.", said_at=FRIDAY + timedelta(minutes=10), now=noted)
    case.refresh_from_db()
    assert (case.state, clock_of(case).due_at) == ("waiting_complainant", None)  # no answer to what was asked
    hear_case(**given, body="The red ones.", said_at=late, now=noted)
    assert clock_of(case).pauses.get().ended_at == late
    answer_case(**given, body="New ones come.", now=noted)
    found = {"cause_result": "none", "outcome": "New ones."}
    case = move(case, "propose", "communicate", now=noted)
    case = move(case, "close", now=noted, findings=Findings(**found))
    again = noted + timedelta(hours=1)
    hear_case(**given, body="They broke.", said_at=again, now=noted + timedelta(days=15))
    begun = case.clocks.filter(cycle=2).order_by("id").values_list("type", "started_at")
    assert list(begun) == [("next_response", again), ("resolution", again)]
