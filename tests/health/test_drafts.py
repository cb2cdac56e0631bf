"""The next version of a scorecard: drafted, changed, tried, put into force, and the past measured by it."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, NotAllowed
from health.models import Component, RelationshipScore, Scorecard, ScoreSnapshot
from health.operations import drafts
from health.operations.locks import lock_for_full_run
from health.operations.scorecards import activate_scorecard, validate_scorecard
from health.operations.scoring import rescore_due, score, score_history
from health.panels import weeks
from health.queries import scorecards as queries
from health.queries.explanation import explain
from health.tasks import rescore_due as rescore_due_task
from health.ui import curve_drawing, drawable
from relationships.models import Relationship, RelationshipState
from tests.factories import make_business_unit, make_relationship, make_user
from tests.health.evidence import NOW, install, only, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(admin: User) -> Relationship:
    made = make_relationship("suppliers", name="Halden", owner=admin, now=NOW - timedelta(days=400))
    put(made, *range(1, 200, 6), sentiment=0.3)
    put(made, 20, problem_severity=2)
    return made


@pytest.fixture
def draft(admin: User, theirs: Relationship) -> Scorecard:
    install(admin, only("activity"), only("problems"))
    score(kind="suppliers", now=NOW)
    return drafts.draft_from(actor=admin, scorecard=Scorecard.objects.get(), now=NOW)


def edit(admin: User, draft: Scorecard, key: str = "problems", **given: Any) -> Component:
    asked: dict[str, Any] = {
        "weight": 3.0, "half_life_days": 30.0, "min_evidence": 1.0, "curve": [[0, 0], [100, 100]], "now": NOW,
    }  # fmt: skip
    return drafts.edit_component(actor=admin, scorecard=draft, key=key, **asked | given)


def test_a_draft_copies_the_version_it_is_made_from(admin: User, draft: Scorecard) -> None:
    active = Scorecard.objects.get(status="active")
    named = ("key", "group", "measure", "curve", "weight", "half_life_days", "min_evidence", "prior")
    assert (draft.version, draft.status, draft.created_by) == (2, "draft", admin)
    assert list(draft.components.values(*named)) == list(active.components.values(*named))
    assert AuditEntry.objects.get(verb="scorecard_drafted").data == {
        "kind": "suppliers", "version": 2, "component": "",
    }  # fmt: skip
    with pytest.raises(Conflict, match="Version 2 is being made"):
        drafts.draft_from(actor=admin, scorecard=active, now=NOW)


def test_a_draft_is_changed_and_what_is_in_force_is_not(admin: User, draft: Scorecard) -> None:
    changed = edit(admin, draft, weight=4.5, half_life_days=60.0, curve=[[0, 0], [50, 90], [100, 100]])
    changed.refresh_from_db()
    assert (changed.weight, changed.half_life_days, changed.curve[1]) == (4.5, 60.0, [50, 90])
    added = drafts.add_component(actor=admin, scorecard=draft, measure="breadth", group="contact", now=NOW)
    points = drafts.add_component(
        actor=admin, scorecard=draft, measure="our_latency", group="replies", now=NOW
    )
    assert (added.position, added.curve, points.curve[1]) == (2, [[0.0, 0.0], [1.0, 100.0]], [100.0, 100.0])
    drafts.remove_component(actor=admin, scorecard=draft, key="activity", now=NOW)
    assert [c.key for c in queries.components_of(draft)] == ["problems", "breadth", "our_latency"]
    assert AuditEntry.objects.filter(verb="scorecard_edited").count() == 4
    active = Scorecard.objects.get(status="active")
    for change in (
        lambda: edit(admin, active),
        lambda: drafts.add_component(
            actor=admin, scorecard=active, measure="breadth", group="contact", now=NOW
        ),
        lambda: drafts.remove_component(actor=admin, scorecard=active, key="activity", now=NOW),
    ):
        with pytest.raises(Conflict, match="Only a draft"):
            change()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"weight": 0.0}, "weight", "Complaints: The weight must be from 0.001 to 1,000,000, not 0."),
        ({"weight": 1e300}, "weight", "Complaints: The weight must be from 0.001 to 1,000,000, not 1e+300."),
        ({"half_life_days": 0.0}, "half_life_days", "Complaints: The half-life must be from 0.01 to"),
        ({"min_evidence": 0.0}, "min_evidence", "Complaints: The least evidence must be from 0.001"),
        ({"curve": [[1, 0], [1, 100]]}, "curve", "Complaints: The curve's x must rise"),
        (
            {"curve": [[0, 0], [1, 90], [2, 10]]},
            "curve",
            "Complaints: The curve must only rise or only fall.",
        ),
        ({"key": "luck"}, "key", "The draft has no component “luck”."),
    ],
)
def test_what_cannot_be_measured_so_names_the_component_and_the_field(
    admin: User, draft: Scorecard, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        edit(admin, draft, **given)
    assert list(refused.value.errors) == [field]
    assert refused.value.errors[field][0].startswith(words)


def test_a_component_whose_measure_is_gone_is_named_by_its_key(admin: User, draft: Scorecard) -> None:
    draft.components.filter(key="problems").update(measure="gone")
    with pytest.raises(Invalid) as refused:
        edit(admin, draft)
    assert refused.value.errors == {"measure": ["problems: There is no measure “gone”."]}


def test_only_what_exists_and_is_not_in_it_yet_is_added_and_one_is_left(
    admin: User, draft: Scorecard
) -> None:
    def add(measure: str, group: str) -> dict[str, list[str]]:
        with pytest.raises(Invalid) as refused:
            drafts.add_component(actor=admin, scorecard=draft, measure=measure, group=group, now=NOW)
        return refused.value.errors

    assert set(add("luck", "stars")) == {"measure", "group"}
    assert add("problems", "problems") == {"measure": ["This is measured in it already."]}
    drafts.remove_component(actor=admin, scorecard=draft, key="activity", now=NOW)
    with pytest.raises(Invalid, match="at least one"):
        drafts.remove_component(actor=admin, scorecard=draft, key="problems", now=NOW)
    with pytest.raises(Invalid, match="no component"):
        drafts.remove_component(actor=admin, scorecard=draft, key="luck", now=NOW)
    draft.components.all().delete()
    first = drafts.add_component(actor=admin, scorecard=draft, measure="activity", group="contact", now=NOW)
    assert first.position == 0


def test_it_wants_the_right(draft: Scorecard) -> None:
    manager = make_user("relationship_manager")
    calls: tuple[Callable[[], Any], ...] = (
        lambda: edit(manager, draft),
        lambda: drafts.draft_from(actor=manager, scorecard=draft, now=NOW),
        lambda: drafts.retire_draft(actor=manager, scorecard=draft, now=NOW),
    )
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_a_draft_can_be_given_up_and_the_version_in_force_cannot(admin: User, draft: Scorecard) -> None:
    retired = drafts.retire_draft(actor=admin, scorecard=draft, now=NOW)
    assert (retired.status, retired.retired_at) == ("retired", NOW)
    assert AuditEntry.objects.filter(verb="scorecard_retired").count() == 1
    with pytest.raises(Conflict, match="by putting another"):
        drafts.retire_draft(actor=admin, scorecard=Scorecard.objects.get(status="active"), now=NOW)
    with pytest.raises(Conflict):
        drafts.retire_draft(actor=admin, scorecard=retired, now=NOW)


def test_a_dry_run_tells_who_would_move_and_keeps_nothing(
    admin: User, theirs: Relationship, draft: Scorecard
) -> None:
    empty = make_relationship("suppliers", owner=admin, now=NOW)
    score(kind="suppliers", now=NOW)
    before = RelationshipScore.objects.get(pk=theirs.pk)
    same = queries.dry_run(scorecard=draft, now=NOW)
    assert (same.tried, same.moving, same.mean_change) == (2, 0, Decimal(0))
    edit(admin, draft, weight=200.0)
    run = queries.dry_run(scorecard=queries.scorecard_of(draft.pk) or draft, now=NOW)

    assert (run.tried, run.moving) == (2, 1)
    assert {(move.before, move.after, move.number) for move in run.moves} == {
        ("", "", 1), ("watch", "at_risk", 1)
    }  # fmt: skip
    assert run.mean_change is not None
    assert run.mean_change < -20
    held = RelationshipScore.objects.get(pk=theirs.pk)
    assert (held.score, held.scorecard_id) == (before.score, before.scorecard_id)
    Relationship.objects.filter(pk__in=[theirs.pk, empty.pk]).update(
        closed_at=NOW, closed_by=admin, closed_reason="Gone"
    )
    nobody = queries.dry_run(scorecard=draft, now=NOW + timedelta(days=1))
    assert (nobody.tried, nobody.moves, nobody.mean_change) == (0, [], None)


def test_one_relationship_is_tried_as_it_would_be_scored(
    admin: User, theirs: Relationship, draft: Scorecard
) -> None:
    edit(admin, draft, weight=9.0)
    fresh = queries.scorecard_of(draft.pk)
    assert fresh is not None
    tried = queries.try_on(scorecard=fresh, relationship=theirs, now=NOW)
    validate_scorecard(actor=admin, scorecard=draft, now=NOW)
    activate_scorecard(actor=admin, scorecard=draft, now=NOW)
    score(kind="suppliers", now=NOW)
    said = explain(viewer=admin, relationship=theirs, now=NOW)
    assert tried is not None
    assert (tried.score, tried.coverage) == (said.score, said.coverage)
    assert [part.points for part in tried.parts] == [line.points for line in said.lines]
    customer = make_relationship("customers", owner=admin)
    assert queries.try_on(scorecard=fresh, relationship=customer, now=NOW) is None
    unit = make_business_unit()
    install(admin, only("activity"), business_unit=unit)
    other = make_relationship("suppliers", owner=admin, business_unit=unit, now=NOW - timedelta(days=1))
    assert queries.try_on(scorecard=fresh, relationship=other, now=NOW) is None
    assert queries.scorecard_of(999_999) is None


def test_in_force_the_last_26_weeks_are_measured_by_it_without_a_step(
    admin: User, theirs: Relationship, draft: Scorecard
) -> None:
    score_history(kind="suppliers", now=NOW, weeks=26)
    edit(admin, draft, weight=9.0)
    assert validate_scorecard(actor=admin, scorecard=draft, now=NOW) == 1
    active = activate_scorecard(actor=admin, scorecard=draft, now=NOW)
    assert active.history_due_at == NOW
    assert Scorecard.objects.get(version=1).status == "retired"
    assert rescore_due(now=NOW) == 1
    assert rescore_due(now=NOW) == 0
    with time_machine.travel(NOW):
        assert rescore_due_task() == 0

    active.refresh_from_db()
    assert active.history_due_at is None
    kept = ScoreSnapshot.objects.filter(relationship=theirs)
    assert set(kept.values_list("scorecard_id", flat=True)) == {active.pk}
    assert kept.earliest("week").week == (NOW - timedelta(days=2, weeks=25)).date()
    line = [value for value in RelationshipState.objects.get(pk=theirs.pk).health_weeks if value is not None]
    score(kind="suppliers", now=NOW)
    said = explain(viewer=admin, relationship=theirs, now=NOW)
    assert line[-1] == said.score
    marked = weeks(said, NOW, active)
    assert [week["version"] for week in marked][-2:] == [None, 2]
    assert {week["version"] for week in weeks(said, NOW)} == {None}


@pytest.mark.django_db(transaction=True)
def test_while_a_full_run_is_under_way_the_past_waits(
    admin: User, theirs: Relationship, draft: Scorecard
) -> None:
    import threading  # noqa: PLC0415 - this test alone needs another connection

    from django.db import connection, transaction  # noqa: PLC0415

    validate_scorecard(actor=admin, scorecard=draft, now=NOW)
    activate_scorecard(actor=admin, scorecard=draft, now=NOW)
    locked, free = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            lock_for_full_run("suppliers")
            locked.set()
            free.wait(30)
        connection.close()

    other = threading.Thread(target=run)
    other.start()
    assert locked.wait(30)
    assert rescore_due(now=NOW) == 0
    free.set()
    other.join()
    assert Scorecard.objects.get(status="active").history_due_at == NOW


def test_the_population_lies_in_bins_and_what_is_beyond_in_the_outer_ones(
    admin: User, theirs: Relationship, draft: Scorecard
) -> None:
    for days in (3, 300):
        put(make_relationship("suppliers", owner=admin, now=NOW - timedelta(days=400)), days)
    score(kind="suppliers", now=NOW)
    held = queries.population(kind="suppliers", measure="activity", low=10.0, high=20.0)
    assert (held.total, len(held.counts)) == (3, 24)
    assert (held.counts[0], held.counts[-1]) == (1, 2)
    drawn = curve_drawing([[10, 0], [20, 100]], held)
    assert drawn.count("<rect") == 2
    assert "3 relationships beneath." in drawn
    assert "<rect" not in curve_drawing([[3, 0], [3, 100]])
    assert "<rect" not in curve_drawing([[0, 0], [1, 100]], queries.Histogram(0, 1, [0]))
    assert drawn.count("<circle") == 2
    assert "<circle" not in curve_drawing([[0, 0], [1, 100]], width=112)
    assert drawable([[0, 0]]) is None
    assert drawable(None) is None


def open_page(client: Client, viewer: User, path: str, method: str = "get", **data: Any) -> tuple[int, str]:
    client.force_login(viewer)
    with time_machine.travel(NOW, tick=False):
        response = getattr(client, method)(f"/administration/scorecards/{path}", data)
    return response.status_code, response.content.decode()


def test_pages_draft_change_try_and_put_into_force(admin: User, theirs: Relationship, client: Client) -> None:
    install(admin, only("activity"), only("problems"))
    score(kind="suppliers", now=NOW)
    first = Scorecard.objects.get()
    assert "Version 1" in open_page(client, admin, "")[1]
    assert open_page(client, admin, f"{first.pk}/drafts/", "post")[0] == 302
    pk = Scorecard.objects.get(status="draft").pk
    assert "Draft" in open_page(client, admin, f"{pk}/")[1]

    given = {"weight": "7", "half_life_days": "45", "min_evidence": "2", "curve": "0 0\n\n60: 80\n100, 100"}
    here = f"{pk}/components/problems/"
    status, page = open_page(client, admin, here, "post", preview="1", **given)
    assert (status, "60: 80" in page) == (200, True)
    assert Component.objects.get(scorecard_id=pk, key="problems").weight == 1
    assert open_page(client, admin, here, "post", **given)[0] == 302
    changed = Component.objects.get(scorecard_id=pk, key="problems")
    assert (changed.weight, changed.curve) == (7, [[0, 0], [60, 80], [100, 100]])
    assert "1 relationship beneath" in open_page(client, admin, here)[1]
    absurd = {"weight": "2e300", "half_life_days": "1e9", "curve": "-1e308 5\n1e308 6"}
    status, page = open_page(client, admin, here, "post", **given | absurd)
    assert status == 422
    for name, words in (
        ("weight", "Complaints: The weight must be from 0.001 to 1,000,000, not 2e+300."),
        ("half_life_days", "Complaints: The half-life must be from 0.01 to 1,000,000 days, not 1e+09."),
        ("curve", "Complaints: The curve must lie between -1,000,000,000 and 1,000,000,000."),
    ):
        assert words in re.findall(rf'id="id_{name}_error"[^>]*>(.*?)</p>', page, re.DOTALL)[0]
    assert open_page(client, admin, here, "post", preview="1", **given | absurd)[0] == 200
    assert open_page(client, admin, here, "post", **given | {"curve": "5 5\n5 6"})[0] == 422
    assert open_page(client, admin, here, "post", **given | {"curve": "half"})[0] == 422

    assert open_page(client, admin, f"{pk}/components/", "post", measure="breadth", group="contact")[0] == 302
    assert open_page(client, admin, f"{pk}/components/", "post", measure="luck", group="contact")[0] == 422
    assert open_page(client, admin, f"{pk}/components/breadth/removal/", "post")[0] == 302
    tried = open_page(client, admin, f"{pk}/?try=1&relationship={theirs.pk}")[1]
    assert "1 tried" in tried
    assert "Halden" in tried
    assert "does not measure" in open_page(client, admin, f"{pk}/?relationship=999999")[1]
    assert open_page(client, admin, f"{pk}/?relationship=x")[0] == 200
    for name in ("validate", "activate"):
        assert open_page(client, admin, f"{pk}/transitions/{name}/", "post")[0] == 302
    assert Scorecard.objects.get(status="active").pk == pk
    assert "Past weeks wait" in open_page(client, admin, f"{pk}/")[1]
    assert "Only a draft can be changed." in open_page(client, admin, here)[1]
    assert open_page(client, admin, here, "post", **given)[0] == 409


def test_pages_are_for_who_configures_health_and_for_what_exists(admin: User, client: Client) -> None:
    install(admin, only("activity"))
    pk = Scorecard.objects.get().pk
    assert open_page(client, make_user("relationship_manager"), "")[0] == 403
    assert open_page(client, admin, "999999/")[0] == 404
    assert open_page(client, admin, f"{pk}/components/luck/")[0] == 404
    assert open_page(client, admin, f"{pk}/transitions/burn/", "post")[0] == 404
    Scorecard.objects.all().delete()
    assert "No scorecards yet" in open_page(client, admin, "")[1]


def test_executives_are_led_there_and_to_nothing_that_is_closed_to_them(admin: User, client: Client) -> None:
    install(admin, only("activity"))
    executive, link = make_user("executive"), 'href="/administration/scorecards/"'
    client.force_login(executive)
    assert link in client.get("/").content.decode()
    page = open_page(client, executive, "")[1]
    assert "Alert rules" in page
    assert 'href="/administration/people/"' not in page
    assert 'href="/administration/people/"' in open_page(client, admin, "")[1]
    client.force_login(make_user("relationship_manager"))
    assert link not in client.get("/").content.decode()
