"""What we owe by when: who may change it, what is refused, and that open cases are held to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.forms import ValidationError
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from cases.forms import HoursField, PolicyForm, hours_words
from cases.models import CaseClock, SlaPolicy
from cases.operations.moves import move_case
from cases.operations.policies import change_policy
from cases.operations.recounts import recount_open
from cases.queries.policies import minutes_of, policies
from core.refusals import Conflict, Invalid, NotAllowed
from relationships.models import Event
from tests.factories import NOW, make_case, make_user

pytestmark = pytest.mark.django_db


def change(actor: User, minutes: dict[tuple[int, str], int], **other: Any) -> SlaPolicy:
    held = policies()[0]
    given = {"version": held.version, "reason": "As agreed with the works council", "now": NOW, **other}
    return change_policy(actor=actor, targets=minutes_of(held) | minutes, **given)


def test_open_clocks_are_held_to_what_we_owe_now_and_keep_what_has_passed(workspace: Workspace) -> None:
    admin, case = make_user(role="administrator"), make_case(severity=3, now=NOW)
    other = make_case(severity=2, now=NOW)
    standing = make_case(severity=3, now=NOW)
    for name in ("acknowledge", "assess", "wait_third_party"):
        standing = move_case(actor=standing.owner, case=standing, transition=name, now=NOW)
    held = change(admin, {(3, "resolution"): 1200, (3, "first_response"): 30})
    assert (held.version, policies()[1].retired_at, held.created_by) == (2, NOW, admin)
    assert AuditEntry.objects.get(verb="sla_policy_changed").data == {"version": 2}
    later = NOW + timedelta(minutes=20)
    assert recount_open(now=later) == CaseClock.objects.latest("id").pk
    clocks = {clock.type: clock for clock in case.clocks.all()}
    assert {clock.policy_id for clock in CaseClock.objects.filter(stopped_at=None)} == {held.pk}
    assert clocks["resolution"].target_minutes == 1200
    assert (clocks["first_response"].due_at, clocks["first_response"].marked_percent) == (
        NOW + timedelta(minutes=30),
        50,
    )
    assert standing.clocks.get(type="resolution").target_minutes == 1200
    assert standing.clocks.get(type="resolution").due_at is None
    moved = Event.objects.filter(verb="cases.clock_redated")
    assert set(moved.values_list("subject_id", flat=True)) == {case.pk, standing.pk}
    assert other.clocks.get(type="resolution").target_minutes == 2400
    case.refresh_from_db()
    assert case.next_due_at == NOW + timedelta(minutes=30)
    recount_open(now=later)
    assert moved.count() == 3


def test_the_same_targets_again_change_nothing(workspace: Workspace) -> None:
    assert change(make_user(role="administrator"), {}).version == 1
    assert not AuditEntry.objects.filter(verb="sla_policy_changed").exists()


def test_a_change_is_refused_with_every_reason(workspace: Workspace) -> None:
    admin = make_user(role="administrator")
    with pytest.raises(NotAllowed):
        change(make_user(), {})
    with pytest.raises(Conflict, match="Somebody else"):
        change(admin, {}, version=7)
    with pytest.raises(Invalid) as refused:
        change(admin, {(4, "resolution"): 0, (1, "acknowledge"): 600_000}, reason=" ")
    assert set(refused.value.errors) == {"resolution_4", "acknowledge_1", "reason"}
    with pytest.raises(Invalid) as refused:
        change(admin, {}, reason="x" * 401)
    assert set(refused.value.errors) == {"reason"}


@pytest.mark.parametrize(
    ("typed", "minutes"), [("4 h", 240), ("1 h 30 min", 90), ("1h30", 90), ("45", 45), ("45m", 45)]
)
def test_times_are_typed_in_hours_and_minutes(typed: str, minutes: int) -> None:
    assert HoursField().clean(typed) == minutes
    assert HoursField().clean(hours_words(minutes)) == minutes


@pytest.mark.parametrize("typed", ["", "soon", "-4 h", "1.5 h", "h", "٤ h"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        HoursField().clean(typed)


def test_it_is_changed_on_its_page(client: Client, workspace: Workspace) -> None:
    admin = make_user(role="administrator")
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/cases/targets/edit/")
    form = page.context["form"]
    typed = {name: form[name].value() for name in PolicyForm().fields} | {"reason": "Quicker"}
    refused = client.post("/cases/targets/edit/", typed | {"resolution_4": "tomorrow"})
    assert (refused.status_code, "no time" in refused.content.decode()) == (422, True)
    answer = client.post("/cases/targets/edit/", typed | {"resolution_4": "6 h"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/targets/")
    shown = client.get("/cases/targets/").content.decode()
    assert all(words in shown for words in ("Version 2", "Quicker", "6 h"))
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/cases/targets/").status_code == 200
    assert client.get("/cases/targets/edit/").status_code == 403
