"""Many relationships changed at once, and back: all of them, but for what was changed since."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import BulkChange, Event, FollowUp, Party, Relationship, RelationshipState
from relationships.operations.bulk_changes import (
    Undone,
    assign_many,
    change_many,
    plan_many,
    undo_bulk,
)
from relationships.operations.follow_ups import finish_follow_up
from relationships.operations.relationships import close_relationship, edit_relationship
from tests.factories import NOW, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def manager() -> User:
    return make_user(name="Mara")


def ids(*rows: Relationship) -> list[int]:
    return [row.pk for row in rows]


def change(actor: User, rows: list[int], field: str = "stage", value: object = "lapsed") -> BulkChange:
    given = {"kind": "customers", "relationship_ids": rows, "words": "Stage: Lapsed", "now": NOW}
    return change_many(actor=actor, field=field, value=value, **given)


def stages() -> list[str]:
    return list(Relationship.objects.order_by("pk").values_list("stage", flat=True))


def test_undoing_a_change_of_a_thousand_restores_all_by_a_handful_of_statements(
    workspace: Workspace, manager: User
) -> None:
    first = make_relationship(owner=manager)
    known = ["prospect", "onboarding", "active", "renewing", "lapsed"]
    parties = Party.objects.bulk_create(
        Party(kind="organisation", name=f"Firm {n}", created_at=NOW, created_by=manager) for n in range(999)
    )
    made = Relationship.objects.bulk_create(
        Relationship(
            party=party, party_name=party.name, kind="customers", business_unit=first.business_unit,
            owner=manager, stage=known[n % 5], cadence_days=30, opened_at=NOW, created_at=NOW, created_by=manager,
        )
        for n, party in enumerate(parties)
    )  # fmt: skip
    RelationshipState.objects.bulk_create(
        RelationshipState(relationship=row, kind="customers") for row in made
    )
    before = stages()
    with CaptureQueriesContext(
        connection,
    ) as changing:
        done = change(manager, ids(first, *made))
    assert set(stages()) == {"lapsed"}
    assert len(done.ids) == 1_000 - 199
    with CaptureQueriesContext(connection) as undoing:
        told = undo_bulk(actor=manager, change_id=done.pk, now=LATER)
    assert told == Undone(restored=801, changed_since=0, out_of_reach=0)
    assert stages() == before
    assert Event.objects.filter(verb="stage_changed").count() == 2 * 801
    assert (len(changing) < 20, len(undoing) < 20) == (True, True)


def test_what_was_changed_since_stays_and_is_counted(workspace: Workspace, manager: User) -> None:
    kept, moved, closed, hidden = (make_relationship(owner=manager, stage="active") for _ in range(4))
    done = change(manager, ids(kept, moved, closed, hidden))
    kept.refresh_from_db()
    assert kept.version == 2
    moved.refresh_from_db()
    edit_relationship(actor=manager, relationship=moved, version=2, stage="prospect", now=LATER)
    close_relationship(actor=manager, relationship=closed, reason="Moved away", now=LATER)
    Relationship.objects.filter(pk=hidden.pk).update(owner=make_user(), confidentiality=3)
    told = undo_bulk(actor=manager, change_id=done.pk, now=LATER)
    assert told == Undone(restored=1, changed_since=1, out_of_reach=2)
    assert stages() == ["active", "prospect", "lapsed", "lapsed"]
    last = kept.events.order_by("-pk")[0]
    assert (last.verb, last.reason, last.data) == (
        "stage_changed",
        "Taken back",
        {"from": "Lapsed", "to": "Active"},
    )
    with pytest.raises(Conflict):
        undo_bulk(actor=manager, change_id=done.pk, now=LATER)


def test_only_who_did_it_takes_it_back(workspace: Workspace, manager: User) -> None:
    done = change(manager, ids(make_relationship(owner=manager)))
    with pytest.raises(Missing):
        undo_bulk(actor=make_user("administrator"), change_id=done.pk, now=LATER)


def test_a_field_of_the_kind_and_the_rhythm_are_changed_and_restored(
    workspace: Workspace, manager: User
) -> None:
    one = make_relationship(owner=manager, cadence_days=30, profile={"segment": "Care"})
    two = make_relationship(owner=manager, cadence_days=10)
    segment = change(manager, ids(one, two), "profile.segment", "Retail")
    rhythm = change(manager, ids(one, two), "cadence_days", 7)
    one.refresh_from_db()
    assert (one.customer.segment, one.cadence_days) == ("Retail", 7)
    assert RelationshipState.objects.get(pk=two.pk).next_touch_date == NOW.date() + timedelta(days=7)
    undo_bulk(actor=manager, change_id=rhythm.pk, now=LATER)
    undo_bulk(actor=manager, change_id=segment.pk, now=LATER)
    rows = Relationship.objects.order_by("pk").values_list("customer__segment", "cadence_days")
    assert list(rows) == [("Care", 30), ("", 10)]
    assert RelationshipState.objects.get(pk=two.pk).next_touch_date == NOW.date() + timedelta(days=10)


def test_owners_get_back_what_they_had_unless_they_left(workspace: Workspace, manager: User) -> None:
    team, heir, leaver = make_team(), make_user(name="Hal"), make_user(name="Lea")
    one = make_relationship(owner=manager, team=team)
    two = make_relationship(owner=leaver)
    three = make_relationship(owner=heir)
    four = make_relationship(owner=manager)
    done = assign_many(
        actor=manager, kind="customers", relationship_ids=ids(one, two, three, four), owner=heir, now=NOW,
        words="To Hal", reason="New areas",
    )  # fmt: skip
    assert done.ids == ids(one, two, four)
    User.objects.filter(pk=leaver.pk).update(is_active=False, deactivated_at=NOW)
    Relationship.objects.filter(pk=four.pk).update(owner=make_user(name="Else"))
    assert undo_bulk(actor=manager, change_id=done.pk, now=LATER) == Undone(1, 1, 1)
    one.refresh_from_db()
    assert (one.owner, one.team) == (manager, team)
    two.refresh_from_db()
    assert two.owner == heir
    told = one.events.order_by("-pk")[0]
    assert told.data == {
        "from": {"owner": "Hal", "team": team.name},
        "to": {"owner": "Mara", "team": team.name},
    }


def test_a_team_that_was_given_goes_back_too(workspace: Workspace, manager: User) -> None:
    first, second = make_team(), make_team()
    one = make_relationship(owner=manager, team=first)
    done = assign_many(
        actor=manager,
        kind="customers",
        relationship_ids=ids(one),
        owner=manager,
        team=second,
        now=NOW,
        words="Team",
    )
    one.refresh_from_db()
    assert one.team == second
    undo_bulk(actor=manager, change_id=done.pk, now=LATER)
    one.refresh_from_db()
    assert one.team == first


def test_follow_ups_that_nobody_touched_are_let_go(workspace: Workspace, manager: User) -> None:
    rows = [make_relationship(owner=manager) for _ in range(3)]
    done = plan_many(
        actor=manager, kind="customers", relationship_ids=ids(*rows), what=" Ring them ", now=NOW,
        due_date=date(2026, 3, 20), words="Ring them",
    )  # fmt: skip
    finished = FollowUp.objects.order_by("pk")[0]
    finish_follow_up(actor=manager, follow_up=finished, now=LATER)
    assert undo_bulk(actor=manager, change_id=done.pk, now=LATER) == Undone(2, 1, 0)
    assert FollowUp.objects.open().count() == 0
    assert RelationshipState.objects.get(pk=rows[1].pk).open_follow_ups == 0
    assert rows[1].events.order_by("-pk")[0].verb == "follow_up_cancelled"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("stage", "flying", "There is no stage “flying”."),
        ("cadence_days", "often", "“often” value must be an integer."),
        ("owner", 1, "“owner” is not set for many at once."),
        ("profile.wings", "2", "“profile.wings” is not set for many at once."),
    ],
)
def test_what_cannot_be_is_refused(
    workspace: Workspace, manager: User, field: str, value: object, told: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        change(manager, ids(make_relationship(owner=manager)), field, value)
    assert told in str(refusal.value)


def test_all_or_none_change(workspace: Workspace, manager: User) -> None:
    one, other = make_relationship(owner=manager), make_relationship("suppliers", owner=manager)
    with pytest.raises(Missing):
        change(manager, ids(one, other))
    with pytest.raises(NotAllowed):
        change(make_user("auditor"), ids(one))
    assert not BulkChange.objects.exists()
