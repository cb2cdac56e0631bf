"""Cases out of the files of others: as they stood, with their moments, and nobody is told of what is past."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from cases.models import Case, CaseClock, CaseOrigin, CaseStep, CaseYear, ClockPause, SlaPolicy
from cases.operations import bulk_cases
from cases.operations.due_clocks import tell_due
from cases.operations.messages import note_in_case
from cases.operations.moves import move_case
from cases.operations.recounts import recount_open
from core.refusals import Invalid, NotAllowed
from exchange.enums import Wanted
from exchange.models import HeldRow, ImportRun
from exchange.operations.corrections import correct_held
from exchange.operations.jobs import Answers, settle_columns, take_upload, want
from exchange.operations.revert import Reverted, revert_import
from exchange.queries.known_layouts import constants_of
from exchange.queries.runs import importable
from exchange.tasks import carry_out_imports
from messaging.models import Notification
from relationships.models import Event, Relationship
from tests.api import ApiClient
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_case, make_user
from tests.snapshots import differing, everything

pytestmark = pytest.mark.django_db

FILES = Path(__file__).resolve().parent.parent / "data" / "cases"
LATER = NOW + timedelta(days=1)
CASES: dict[str, Any] = {"dataset": "cases", "constants": {"kind": "customers"}}
HEAD = "external_id,party,raised_at,answered_at,closed_at,state,severity,type,subject\n"
LOG: dict[str, Any] = {
    "dataset": "cases",
    "columns": {"external_id": "Case", "step": "Step", "step_at": "At", "party": "Who"},
    "constants": {"kind": "customers"},
    "values": {
        "state": {"In": "new", "Look": "investigating", "Wait": "waiting_third_party", "Out": "closed"}
    },
}
STEPS = (
    "Case,Step,At,Who\n1,In,2026-03-02T09:00Z,Acme\n1,Out,2026-03-04T09:00Z,Acme\n1,Look,2026-03-03T09:00Z,Acme\n"
    "2,Look,2026-03-02T10:00Z,Bolt\n2,Wait,2026-03-02T11:00Z,Bolt\n"
)


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


def nobody_is_told_of_the_past() -> bool:
    """Not when they come in, and not when the clocks are looked at."""
    while tell_due(now=NOW):
        pass
    recount_open(now=NOW)
    return (
        not Notification.objects.exists() and not Event.objects.filter(verb="cases.clock_breached").exists()
    )


def test_complaints_of_a_bureau_keep_their_days_and_what_the_file_says_of_them(bring_shipped: Bring) -> None:
    report = bring_shipped("cfpb", "cases", [FILES / "cfpb.csv"])
    assert (report.rows, report.imported, report.held, report.repeated) == (29, 23, 6, 1)
    assert report.held_by_reason == {"before_raised": 6}
    line = report.held_rows[0]
    assert (line.column, line.value, line.reason) == ("Date sent to company", "8/1/2013", "before_raised")
    told = report.cases or {}
    assert (told["cases"], told["open"], told["said_in_time"], told["said_late"]) == (23, 3, 17, 6)
    assert told["remarks"] == {"days_alone": 23, "closing_not_told": 20, "disputed": 3}
    assert sum(each["cases"] for each in told["by_product"].values()) == 23
    first = Case.objects.get(ref="CAS-2026-000001")
    assert first.opened_at < first.origin.passed_on_at + timedelta(1)
    assert first.closed_at == first.origin.passed_on_at  # the last moment that the file tells
    assert sorted(Case.objects.values_list("ref", flat=True)) == [f"CAS-2026-{n:06d}" for n in range(1, 24)]
    assert CaseClock.objects.count() == 3  # days alone make no clock, but what is open is owed
    assert {case.opened_by_id for case in Case.objects.all()} == {first.owner_id}
    assert nobody_is_told_of_the_past()
    before = everything()
    again = bring_shipped("cfpb", "cases", [FILES / "cfpb.csv"])
    assert (again.created["cases"], again.unchanged["cases"], again.held) == (0, 23, 6)
    assert differing(before) == []


def test_a_log_becomes_cases_with_their_steps_turns_and_pauses(bring_shipped: Bring, tmp_path: Path) -> None:
    report = bring_shipped("helpdesk", "cases", [FILES / "helpdesk.csv"])
    assert (report.rows, report.held) == (101, 0)
    assert (report.created["cases"], report.created["steps"], report.created["customers"]) == (18, 101, 1)
    assert CaseStep.objects.count() == 101
    again = Case.objects.get(origin__ref="Case192")
    assert (again.state, again.cycle) == ("closed", 2)
    assert [clock.cycle for clock in again.clocks.order_by("cycle")] == [1, 2]
    opened = Case.objects.get(origin__ref="Case2436")
    clock = CaseClock.objects.get(case=opened, cycle=2)
    assert (opened.state, opened.closed_at, clock.marked_percent) == ("investigating", None, 100)
    assert (opened.next_due_at, clock.breached_at, clock.next_mark_at) == (clock.due_at, clock.due_at, None)
    waited = Case.objects.get(origin__ref="Case53").clocks.get()
    assert waited.pauses.get().ended_at == datetime(2010, 10, 29, 13, 42, 1, tzinfo=UTC)
    known = Case.objects.get(origin__ref="Case9").clocks.get(type="acknowledge")
    assert (known.breached_at, known.policy.version) == (None, 1)
    assert not CaseClock.objects.filter(
        type="acknowledge", case__origin__ref="Case1"
    ).exists()  # raised nobody knows when
    assert nobody_is_told_of_the_past()
    before = everything()
    rows = (FILES / "helpdesk.csv").read_text().splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([rows[0], *reversed(rows[1:])]))
    repeat = bring_shipped("helpdesk", "cases", [turned])
    assert (repeat.created["cases"], repeat.created["steps"], repeat.unchanged["cases"]) == (0, 0, 18)
    assert differing(before) == []


def test_what_cannot_be_is_held_and_what_is_odd_has_a_remark(bring: Bring, manager: User) -> None:
    rows = (
        "1,Acme,2026-03-02T09:00Z,2026-03-02T10:00Z,2026-03-02T12:00Z,closed,3,,Late\n"
        "2,Acme,2026-03-02T09:00Z,2026-03-01T10:00Z,,,,,\n"
        "3,Acme,2026-03-02,,2026-03-01,closed,,,\n"
        "4,Acme,2027-03-02T09:00Z,,,,,,\n"
        "5,Acme,,,,,,,\n"
        "6,,2026-03-02T09:00Z,,,,,,\n"
        "7,Acme,2026-03-02T09:00Z,,,investigating,,question,\n"
        "8,Acme,2026-03-02T09:00Z,,,rejected,,question,\n"
        "9,Acme,2026-03-02T09:00Z,,,withdrawn,,,\n"
        "10,Acme,2026-03-02T09:00Z,,2026-03-03T09:00Z,investigating,,,\n"
        "11,Bolt,2026-03-02T09:00Z,,2026-03-02,closed,,,\n"
        "12,Bolt,2026-03-02T09:00Z,,2026-03-02T19:00Z,withdrawn,,,\n"
        "1,Acme,2026-03-02T09:00Z,,,closed,3,,Late\n"
    )
    report = bring(HEAD + rows, actor=manager, **CASES)
    assert [(line.row, line.column, line.reason) for line in report.held_rows] == [
        (3, "answered_at", "before_raised"), (4, "closed_at", "before_raised"), (5, "raised_at", "in_the_future"),
        (6, "raised_at", "missing_value"), (7, "party", "no_customer"), (8, "state", "not_a_choice"),
        (9, "state", "not_a_choice"), (14, "external_id", "conflicting_row"),
    ]  # fmt: skip
    assert (report.rows, report.imported, report.created["cases"]) == (13, 5, 5)
    remarks = dict(CaseOrigin.objects.values_list("ref", "remarks"))
    assert remarks == {
        "1": [], "9": ["closing_not_told"], "10": ["closing_of_open"], "11": ["days_alone"], "12": [],
    }  # fmt: skip
    clocks = {(clock.case.origin.ref, clock.type): clock for clock in CaseClock.objects.all()}
    assert set(clocks) == {
        ("1", "first_response"), ("1", "resolution"), ("10", "resolution"), ("12", "resolution"),
    }  # fmt: skip
    assert clocks["1", "first_response"].elapsed_seconds == 3600
    called_off = clocks["12", "resolution"]
    assert (called_off.stopped_at, called_off.cancelled_at is None, called_off.breached_at) == (
        None,
        False,
        None,
    )
    held = HeldRow.objects.get(row=4)
    corrected = {"external_id": "3", "party": "Acme", "raised_at": "2026-02-27", "closed_at": "2026-03-01"}
    with pytest.raises(Invalid):
        correct_held(actor=manager, held=held, cells={**corrected, "closed_at": "2026-02-01"}, now=NOW)
    correct_held(actor=manager, held=held, cells=corrected, now=NOW)
    assert Case.objects.get(origin__ref="3").state == "closed"
    anew = bring(HEAD + rows.replace(",Late", ",Later"), actor=manager, **CASES)
    assert (anew.created["cases"], anew.held_by_reason["conflicting_row"]) == (0, 2)


def test_a_further_step_moves_a_case_on_until_somebody_has_had_to_do_with_it(
    bring: Bring, manager: User
) -> None:
    bad = STEPS.replace("2,Look,2026-03-02T10:00Z", "2,Look,2026-13-02T10:00Z")
    report = bring(bad + ",Look,2026-03-02T10:00Z,Acme\n3,,2026-03-02T10:00Z,Acme\n", actor=manager, **LOG)
    assert report.held_by_reason == {"missing_value": 2, "not_a_date": 1}
    assert [line.column for line in report.held_rows] == ["At", "Case", "Step"]
    second = Case.objects.get(origin__ref="2")
    before = everything()
    cells = {"external_id": "2", "step": "Look", "step_at": "2026-03-02T10:00Z", "party": "Bolt"}
    correct_held(actor=manager, held=HeldRow.objects.get(row=5), cells=cells, now=NOW)
    second.refresh_from_db()
    assert second.opened_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    clock = second.clocks.get()
    assert (clock.started_at, clock.due_at, clock.pauses.count()) == (second.opened_at, None, 1)
    more = bring(STEPS.splitlines()[0] + "\n2,Out,2026-03-05T10:00Z,Bolt\n", actor=manager, **LOG)
    second.refresh_from_db()
    assert (more.updated, second.state, ClockPause.objects.get().ended_at) == (
        {"cases": 1},
        "closed",
        second.closed_at,
    )
    revert(manager)
    second.refresh_from_db()
    assert (second.state, second.closed_at, second.steps.count()) == ("waiting_third_party", None, 2)
    assert second.clocks.get().pauses.get().ended_at is None
    assert [table for table in differing(before) if table != "relationships_relationshipstate"] == [
        "cases_case", "cases_caseclock", "cases_casestep", "cases_clockpause",
    ]  # fmt: skip
    note_in_case(actor=manager, case=second, body="Seen", now=NOW)
    more = bring(STEPS.splitlines()[0] + "\n2,Out,2026-03-05T11:00Z,Bolt\n", actor=manager, **LOG)
    second.refresh_from_db()
    assert (more.updated, more.created["steps"], second.state) == ({"cases": 0}, 1, "waiting_third_party")


@pytest.mark.parametrize(
    ("written", "raised", "closed", "clocks"),
    [
        ("%d/%m/%Y %H:%M", "02/03/2026 09:00", "03/03/2026 10:00", 1),
        ("serial", "46083.375", "46084.5", 1),
        ("serial", "46083.375", "46084", 0),
    ],
)
def test_a_day_is_told_apart_from_a_moment_however_they_are_written(
    bring: Bring, written: str, raised: str, closed: str, clocks: int
) -> None:
    bring(f"{HEAD}1,Acme,{raised},,{closed},closed,,,\n", date_format=written, **CASES)
    assert (Case.objects.get().opened_at, CaseClock.objects.count()) == (
        datetime(2026, 3, 2, 9, tzinfo=UTC), clocks,
    )  # fmt: skip


def test_requests_to_a_city_come_in_by_the_command_and_stay_with_their_district(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "requests.csv", tmp_path / "report.json"
    path.write_text(
        "Unique Key,Created Date,Closed Date,Agency Name,Complaint Type,Descriptor,Incident Zip,Status,"
        "Resolution Description,Community Board,Open Data Channel Type\n"
        "1,03/02/2026 01:00:00 PM,03/02/2026 02:30:00 PM,Parks,Noise,Loud music,10001,Closed,Seen to.,07 WEST,PHONE\n"
        "2,03/02/2026 01:00:00 PM,,Parks,Noise,Loud music,10001,Closed,,07 WEST,UNKNOWN\n"
        "3,03/02/2026 01:00:00 PM,03/02/2026 02:00:00 PM,Roads,Potholes,,10001,Open,,08 EAST,ONLINE\n"
        "4,03/02/2026 01:00:00 PM,03/02/2026 02:00:00 PM,Roads,Potholes,,10001,Shelved,,08 EAST,ONLINE\n"
    )
    call_command("ingest", "cases", str(path), "--mapping", "auto", "--report", str(target))
    told = json.loads(target.read_text())
    assert (told["imported"], told["held_by_reason"], told["created"]["community"]) == (
        3,
        {"not_a_choice": 1},
        2,
    )
    assert told["cases"]["clocks"] == {"resolution": {"clocks": 2, "kept": 1, "broken": 1, "running": 0}}
    assert told["cases"]["by_product"]["Roads"] == {
        "cases": 1, "open": 1, "said_in_time": 0, "said_late": 0, "clock_kept": 0, "clock_broken": 1,
    }  # fmt: skip
    rows = Case.objects.order_by("ref").values_list(
        "subject", "channel", "outcome", "relationship__party_name"
    )
    assert list(rows) == [
        ("Loud music", "call", "Seen to.", "07 WEST"),
        ("Loud music", "", "", "07 WEST"),
        ("Potholes · Roads", "message", "", "08 EAST"),
    ]
    assert "Clock “resolution”: 1 kept, 1 broken, 0 run." in capsys.readouterr().out
    assert constants_of(
        {"constants": {"kind": "community", "party_kind": "public_body"}}, {"kind": "press"}
    ) == {"kind": "press"}


def revert(manager: User) -> Reverted:
    return revert_import(actor=manager, run=ImportRun.objects.latest("id"), now=LATER)


def test_imported_cases_go_again_with_their_numbers_but_those_that_somebody_uses(
    bring: Bring, manager: User
) -> None:
    mine = make_case(actor=manager)
    before = everything()
    bring(STEPS, actor=manager, **LOG)
    done = revert(manager)
    assert (done.removed["cases_case"], done.kept) == (2, 0)
    assert differing(before) == []
    bring(STEPS, actor=manager, **LOG)
    used = Case.objects.get(origin__ref="2")
    move_case(actor=manager, case=used, transition="withdraw", reason="Settled", now=NOW)
    assert revert(manager).kept == 1
    assert set(Case.objects.values_list("pk", flat=True)) == {mine.pk, used.pk}
    assert (used.steps.count(), used.clocks.count(), used.origin.ref) == (2, 1, "2")
    assert CaseYear.objects.get().last_number == int(used.ref[-6:])


def test_the_policy_of_then_counts_and_of_many_turns_each(bring: Bring, manager: User) -> None:
    old = SlaPolicy.objects.get()
    SlaPolicy.objects.update(
        retired_at=datetime(2026, 3, 2, 12, tzinfo=UTC), created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    new = SlaPolicy.objects.create(
        version=2, created_at=datetime(2026, 3, 2, 12, tzinfo=UTC), created_by=manager
    )
    for target in old.targets.all():
        new.targets.create(severity=target.severity, clock=target.clock, minutes=1)
    days = ("2026-03-02", "2026-03-03", "2025-03-03")
    rows = [f"{n},Acme,{day}T09:00Z,,{day}T11:00Z,closed,,,\n" for n, day in enumerate(days, 1)]
    bring(HEAD + "".join(rows), actor=manager, **CASES)
    found = CaseClock.objects.order_by("case__origin__ref").select_related("policy")
    assert [(each.policy.version, each.breached_at is None) for each in found] == [
        (1, True), (2, False), (1, True),
    ]  # fmt: skip


def test_whoever_imports_may_work_on_cases_and_knows_of_those_that_are_there(
    bring: Bring, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(STEPS, **LOG)
    Relationship.objects.filter(party_name="Bolt").update(confidentiality=3)
    seen = bring(STEPS, actor=manager, **LOG)
    assert (seen.held_by_reason, seen.unchanged["cases"]) == ({"not_available": 2}, 1)
    Relationship.objects.update(confidentiality=1)
    Case.objects.update(confidentiality=3)
    moved = STEPS.replace("Bolt", "Carl").replace("Acme", "Carl")
    assert bring(moved, actor=manager, **LOG).held_by_reason == {"not_available": 5}
    named = {**LOG, "columns": {**LOG["columns"], "party_ref": "Case"}, "source": "other"}
    bring(STEPS, **named)
    Relationship.objects.filter(source="other", party_name="Bolt").update(confidentiality=3)
    assert [line.column for line in bring(STEPS, actor=manager, **named).held_rows] == ["Case", "Case"]
    with pytest.raises(Invalid, match="does not say where this comes from"):
        bring("party\nAcme\n", **{**CASES, "columns": {"party": "party"}})
    with pytest.raises(Invalid, match="“shut” is not known here"):
        bring(STEPS, **{**LOG, "values": {"state": {"Out": "shut"}}})
    monkeypatch.setattr(bulk_cases, "may_in", lambda *_asked: False)
    with pytest.raises(NotAllowed):
        bring(STEPS, actor=manager, **{**LOG, "source": "third"})


def test_a_log_and_a_list_of_tickets_come_in_by_the_page_and_the_api(
    manager: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert ("cases:customers", "Cases of customers") in importable(manager)
    tickets = (
        "Ticket ID,Customer,Created,Status,Priority,State,Closed\n"
        "7,Acme,2026-03-02 09:00,In Progress,High,CA,\n8,Acme,2026-03-02 09:00,Closed,Low,NY,2026-03-03 10:00\n"
    )
    for name, content in (
        ("helpdesk.csv", (FILES / "helpdesk.csv").read_bytes()),
        ("tickets.csv", tickets.encode()),
    ):
        job = take_upload(
            actor=manager,
            dataset="cases",
            kind="customers",
            name=name,
            content=ContentFile(content, name=name),
            now=NOW,
        )
        layout = job.layout
        answers = Answers(
            layout["encoding"], layout["delimiter"], layout["header_row"], job.settings["columns"]
        )
        assert settle_columns(actor=manager, job=job, answers=answers)
        want(actor=manager, job=job, wanted=Wanted.IMPORT, now=NOW)
        assert carry_out_imports() == 1
        job.refresh_from_db()
        assert (job.refusal, job.run.report["held"]) == ("", 0)
    assert (Case.objects.filter(origin__source="helpdesk").count(), CaseStep.objects.count()) == (18, 101)
    ticket = Case.objects.get(origin__ref="7")
    assert (ticket.state, ticket.severity, ticket.origin.place) == ("investigating", 3, "CA")
    api, case = ApiClient(manager), Case.objects.get(origin__ref="Case192")
    origin = api.call("get", f"cases/{case.pk}/").json()["origin"]
    assert (origin["source"], origin["ref"], len(origin["steps"])) == ("helpdesk", "Case192", 8)
    assert api.call("get", f"cases/{make_case(actor=manager).pk}/").json()["origin"] is None
    client = Client()
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Take in charge ticket" in shown
    assert "Case192" in shown
    run = ImportRun.objects.get(source="helpdesk")
    rows = client.get(f"/imports/{run.pk}/rows/created/cases/").context["lines"]
    assert (len(rows), rows[0].url[:7]) == (18, "/cases/")
    told = client.get(f"/imports/{run.pk}/")
    assert {str(each.label): each.value for each in told.context["case_figures"]}["Open cases"] == 3
    assert api.call("get", f"imports/{run.pk}/").json()["report"]["cases"]["open"] == 3
    bare = client.get(f"/cases/{ticket.pk}/").content.decode()
    assert "In Progress" in bare
