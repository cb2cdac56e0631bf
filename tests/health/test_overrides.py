"""What people say stands beside what is computed, with a reason, and ends by itself; scoring knows nothing of it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from health.models import RelationshipScore, ScoreOverride
from health.operations.overrides import end_due, set_override, withdraw_override
from health.operations.scoring import score
from health.queries.explanation import explain
from health.queries.judgements import Judgement
from health.tasks import end_due_overrides
from relationships.models import Event, Relationship, RelationshipState
from relationships.operations.relationships import close_relationship
from tests.factories import make_relationship, make_user
from tests.health.evidence import NOW, install, only, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mia Manager")


@pytest.fixture
def theirs(manager: User) -> Relationship:
    made = make_relationship("suppliers", name="Halden", owner=manager, now=NOW - timedelta(days=400))
    put(made, *range(1, 60, 5), sentiment=0.2)
    put(made, 3, problem_severity=4)
    score(kind="suppliers", now=NOW)
    return made


def say(manager: User, theirs: Relationship, value: float = 80, **given: Any) -> ScoreOverride:
    asked: dict[str, Any] = {"reason": "They told us in person", "now": NOW} | given
    return set_override(actor=manager, relationship=theirs, value=Decimal(str(value)), **asked)


def judgement(viewer: User, theirs: Relationship, now: datetime = NOW) -> Judgement | None:
    return explain(viewer=viewer, relationship=theirs, now=now).judgement


def test_the_whole_is_said_with_the_computed_value_beside_it(manager: User, theirs: Relationship) -> None:
    computed = explain(viewer=manager, relationship=theirs, now=NOW).score
    override = say(manager, theirs)
    found = judgement(manager, theirs)

    assert found is not None
    assert (found.score, found.status) == (Decimal(80), "healthy")
    (said,) = found.overrides
    assert (said.pk, said.label, said.computed, said.by) == (
        override.pk, "The whole score", computed, "Mia Manager",
    )  # fmt: skip
    london = ZoneInfo("Europe/London")
    assert said.expires_at == override.expires_at == datetime(2026, 4, 18, 0, 0, tzinfo=london)
    with timezone.override(london):
        assert said.until_date.isoformat() == "2026-04-17"
    event = Event.objects.get(verb="health.override_set")
    assert (event.reason, event.data["value"], event.actor) == ("They told us in person", 80.0, manager)
    entry = AuditEntry.objects.get(verb="health_override_set")
    assert entry.data == {"override": override.pk, "component": "", "value": "80"}


def test_a_component_is_said_and_the_whole_follows_under_the_same_weights(
    manager: User, theirs: Relationship
) -> None:
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    used = {part["key"]: part for part in stored.parts if part["used"]}
    say(manager, theirs, 90, component="problems")
    found = judgement(manager, theirs)

    total = sum(part["weight"] for part in used.values())
    gain = used["problems"]["weight"] * (90 - used["problems"]["points"]) / total
    assert found is not None
    assert stored.score is not None
    assert float(found.score or 0) == pytest.approx(stored.score + gain, abs=0.06)
    assert (found.overrides[0].label, found.overrides[0].computed) == (
        "Complaints", Decimal(str(round(used["problems"]["points"], 1))),
    )  # fmt: skip
    say(manager, theirs, 20)
    both = judgement(manager, theirs)
    assert both is not None
    assert (both.score, both.status, len(both.overrides)) == (Decimal(20), "at_risk", 2)


def test_scoring_is_untouched_and_full_runs_still_equal_touched_ones(
    manager: User, theirs: Relationship
) -> None:
    def stands() -> Any:
        return RelationshipScore.objects.values().get(pk=theirs.pk), RelationshipState.objects.values(
            "health", "health_status", "health_weeks"
        ).get(pk=theirs.pk)

    before = stands()
    say(manager, theirs, 5)
    say(manager, theirs, 5, component="activity")
    score(kind="suppliers", now=NOW, relationship_ids=[theirs.pk])
    touched = stands()
    score(kind="suppliers", now=NOW)
    assert before == touched == stands()


def test_another_word_takes_the_place_of_the_first(manager: User, theirs: Relationship) -> None:
    first = say(manager, theirs)
    second = say(manager, theirs, 70)
    first.refresh_from_db()
    assert (first.ending, first.ended_by, first.ended_at) == ("replaced", manager, NOW)
    found = judgement(manager, theirs)
    assert found is not None
    assert [said.pk for said in found.overrides] == [second.pk]


def test_it_ends_by_itself_when_its_day_has_come(manager: User, theirs: Relationship) -> None:
    override = say(manager, theirs, expires_date=(NOW + timedelta(days=2)).date())
    over = NOW + timedelta(days=3)
    assert end_due(now=NOW + timedelta(days=2)) == 0
    assert judgement(manager, theirs, NOW + timedelta(days=2)) is not None
    assert judgement(manager, theirs, over) is None  # whether or not the timer has come by
    assert end_due(now=over) == 1
    assert end_due(now=over) == 0
    override.refresh_from_db()
    assert (override.ending, override.ended_at, override.ended_by) == ("expired", over, system_actor())
    assert Event.objects.get(verb="health.override_ended").happened_at == over
    with time_machine.travel(over):
        assert end_due_overrides() == 0


def test_it_can_be_withdrawn_once(manager: User, theirs: Relationship) -> None:
    override = say(manager, theirs)
    ended = withdraw_override(actor=manager, override=override, now=NOW)
    assert ended.ending == "withdrawn"
    assert judgement(manager, theirs) is None
    assert AuditEntry.objects.filter(verb="health_override_withdrawn").count() == 1
    with pytest.raises(Conflict, match="ended already"):
        withdraw_override(actor=manager, override=override, now=NOW)
    override.delete()
    override.pk = 999_999
    with pytest.raises(Missing):
        withdraw_override(actor=manager, override=override, now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": 100.1}, "value"),
        ({"value": -1}, "value"),
        ({"value": 50.55}, "value"),
        ({"value": "NaN"}, "value"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 401}, "reason"),
        ({"component": "luck"}, "component"),
        ({"component": "promises"}, "component"),
        ({"expires_date": NOW.date()}, "expires_date"),
        ({"expires_date": NOW.date() + timedelta(days=61)}, "expires_date"),
    ],
)
def test_what_cannot_be_said_names_the_field(
    manager: User, theirs: Relationship, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        say(manager, theirs, **given)
    assert list(refused.value.errors) == [field]
    assert not ScoreOverride.objects.exists()


def test_sixty_days_are_the_most(manager: User, theirs: Relationship) -> None:
    say(manager, theirs, expires_date=NOW.date() + timedelta(days=60))
    assert ScoreOverride.objects.get().expires_at == datetime(
        2026, 5, 18, 0, tzinfo=ZoneInfo("Europe/London")
    )


def test_it_wants_the_right_and_something_computed(manager: User, theirs: Relationship) -> None:
    with pytest.raises(NotAllowed):
        say(make_user("auditor"), theirs)
    with pytest.raises(Missing):
        say(make_user("relationship_manager", "customers"), theirs)
    new = make_relationship("suppliers", owner=manager, now=NOW)
    with pytest.raises(Conflict, match="has been measured"):
        say(manager, new)
    close_relationship(actor=manager, relationship=theirs, now=NOW, reason="Gone")
    with pytest.raises(Conflict, match="open"):
        say(manager, theirs)


def test_the_whole_may_be_said_where_nothing_can_be_computed(manager: User, theirs: Relationship) -> None:
    new = make_relationship("suppliers", owner=manager, now=NOW)
    score(kind="suppliers", now=NOW)
    say(manager, new, 66)
    found = judgement(manager, new)
    assert found is not None
    assert (found.score, found.status, found.overrides[0].computed) == (Decimal(66), "watch", None)


def test_a_word_on_a_component_alone_makes_no_score_out_of_too_little(
    manager: User, theirs: Relationship
) -> None:
    admin = make_user("administrator")
    install(admin, only("activity"), only("sentiment"), only("promise_keeping"))
    put(theirs, 2, sentiment=0.5)
    score(kind="suppliers", now=NOW)
    say(manager, theirs, 10, component="activity")
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    stored.used = [key == "activity" for key in stored.basis.keys]
    stored.score = None
    stored.save()
    found = judgement(manager, theirs)
    assert found is not None
    assert (found.score, found.status) == (None, "")


def open_page(client: Client, viewer: User, path: str, method: str = "get", **data: Any) -> tuple[int, str]:
    client.force_login(viewer)
    with time_machine.travel(NOW, tick=False):
        response = getattr(client, method)(path, data)
    return response.status_code, response.content.decode()


def test_pages_take_it_show_it_and_end_it(manager: User, theirs: Relationship, client: Client) -> None:
    here = f"/suppliers/{theirs.pk}/"
    status, form = open_page(client, manager, f"{here}overrides/")
    assert status == 200
    assert 'value="2026-04-17"' in form
    given = {"component": "", "value": "82", "reason": "Seen on site", "expires_date": "2026-04-01"}
    assert open_page(client, manager, f"{here}overrides/", "post", **given)[0] == 302
    _status, record = open_page(client, manager, here)
    assert "Judged by Mia Manager until 1 Apr 2026: Seen on site" in record
    assert "Computed:" in record
    assert "Mia Manager</b> judges the whole score at <b>82</b>" in record
    _status, why = open_page(client, manager, f"{here}why/")
    override = ScoreOverride.objects.get()
    assert f'action="{here}overrides/{override.pk}/ending/"' in why
    _status, seen = open_page(client, make_user("auditor"), f"{here}why/")
    assert "Seen on site" in seen
    assert "overrides/" not in seen
    assert open_page(client, manager, f"{here}overrides/{override.pk}/ending/", "post")[0] == 302
    override.refresh_from_db()
    assert override.ending == "withdrawn"
    assert "has ended" in open_page(client, manager, f"{here}timeline/")[1]


def test_pages_refuse_with_the_field_and_to_whom_may_not(
    manager: User, theirs: Relationship, client: Client
) -> None:
    here = f"/suppliers/{theirs.pk}/overrides/"
    status, page = open_page(
        client, manager, here, "post", value="120", reason="Why not", expires_date="2026-04-01"
    )
    assert status == 422
    assert "A value lies between 0 and 100" in page
    assert open_page(client, manager, here, "post", value="12")[0] == 422
    assert open_page(client, make_user("auditor"), here)[0] == 403
    assert open_page(client, manager, f"{here}999999/ending/", "post")[0] == 404
