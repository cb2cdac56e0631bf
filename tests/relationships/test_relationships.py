"""Relationships: opened once, described, handed on, closed when nothing is owed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.models import AuditEntry
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, Relationship, RelationshipState
from relationships.operations.commitments import move_commitment
from relationships.operations.confidential_access import end_access, name_access
from relationships.operations.relationships import (
    assign_relationships,
    close_relationship,
    edit_relationship,
    open_relationship,
    reopen_relationship,
)
from tests.factories import (
    NOW,
    make_business_unit,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def state(relationship: Relationship) -> RelationshipState:
    return RelationshipState.objects.get(relationship=relationship)


def edit(relationship: Relationship, **fields: Any) -> Relationship:
    given = {"actor": make_user(), "version": relationship.version, "now": NOW}
    return edit_relationship(relationship=relationship, **given | fields)


def close(relationship: Relationship, **fields: Any) -> Relationship:
    given = {"actor": relationship.owner, "now": NOW, "reason": "They moved away"}
    return close_relationship(relationship=relationship, **given | fields)


def gone(name: str = "Bo") -> Any:
    user = make_user(name=name)
    user.is_active, user.deactivated_at = False, NOW
    user.save()
    return user


def test_it_opens_as_its_kind_says_unless_told_otherwise(workspace: Workspace) -> None:
    actor = make_user()
    plain = make_relationship("suppliers", actor=actor)
    assert (plain.business_unit, plain.owner, plain.team) == (workspace.business_unit, actor, None)
    assert (plain.stage, plain.cadence_days, plain.opened_at) == ("candidate", 45, NOW)
    assert (plain.supplier.category, state(plain).kind, state(plain).stale_at) == ("goods", "suppliers", NOW)
    team, owner = make_team(), make_user()
    told = make_relationship(
        "customers",
        owner=owner,
        team=team,
        stage="active",
        cadence_days=7,
        objective=" Renew ",
        sensitivity_note="Never Fridays",
        revenue_type="contractual",
        opened_at=NOW - timedelta(days=400),
        source="ledger",
        external_ref="C-1",
        profile={"segment": "Key account"},
    )
    kept = Relationship.objects.get(pk=told.pk)
    assert (kept.owner, kept.team, kept.stage, kept.cadence_days) == (owner, team, "active", 7)
    assert (kept.objective, kept.revenue_type, kept.customer.segment) == (
        "Renew",
        "contractual",
        "Key account",
    )
    assert Event.objects.get(relationship=told).happened_at == NOW - timedelta(days=400)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "pets"}, "kind"),
        ({"stage": "preferred"}, "stage"),
        ({"cadence_days": 0}, "cadence_days"),
        ({"objective": "x" * 301}, "objective"),
        ({"revenue_type": "barter"}, "revenue_type"),
        ({"confidentiality": 9}, "confidentiality"),
        ({"opened_at": NOW + timedelta(days=1)}, "opened_at"),
        ({"opened_at": datetime(1899, 1, 1, tzinfo=UTC)}, "opened_at"),
        ({"external_ref": "x" * 121}, "external_ref"),
        ({"profile": {"segment": "x" * 81}}, "segment"),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        open_relationship(
            **{"actor": make_user(), "party": make_party(), "kind": "customers", "now": NOW, **fields}
        )
    assert list(refused.value.errors) == [field]
    assert Relationship.objects.count() == 0


def test_party_team_and_owner_must_fit(workspace: Workspace) -> None:
    elsewhere = make_team(business_unit=make_business_unit())
    with pytest.raises(Invalid) as refused:
        make_relationship("customers", party=make_party(kind="internal_unit"), team=elsewhere, owner=gone())
    assert sorted(refused.value.errors) == ["owner", "party", "team"]


def test_a_profile_field_that_the_kind_lacks_is_a_mistake_of_the_program(workspace: Workspace) -> None:
    with pytest.raises(TypeError, match="category"):
        make_relationship("customers", profile={"category": "goods"})


def test_one_is_open_per_party_kind_and_unit(workspace: Workspace) -> None:
    first = make_relationship("customers", name="Acme")
    make_relationship("suppliers", party=first.party)
    make_relationship("customers", party=first.party, business_unit=make_business_unit())
    with pytest.raises(Conflict, match="“Acme” is already open as Customer of Main"):
        make_relationship("customers", party=first.party)
    close(first)
    again = make_relationship("customers", party=first.party)
    with pytest.raises(Conflict, match="already open"):
        reopen_relationship(actor=first.owner, relationship=first, now=NOW, reason="x")
    assert again.closed_at is None


def test_the_same_key_opens_one(workspace: Workspace) -> None:
    party = make_party()
    first = make_relationship(party=party, idempotency_key="k")
    assert make_relationship(party=party, idempotency_key="k") == first


def test_opening_is_for_who_may_in_that_scope(workspace: Workspace) -> None:
    with pytest.raises(NotAllowed):
        make_relationship("customers", party=make_party(), actor=make_user(kind="suppliers"))
    with pytest.raises(NotAllowed):
        make_relationship("customers", party=make_party(), actor=make_user("representative"))
    with pytest.raises(Missing):
        make_relationship(
            "suppliers", party=make_relationship("customers").party, actor=make_user(kind="suppliers")
        )


def test_what_is_described_can_be_described_anew(workspace: Workspace) -> None:
    relationship = make_relationship("customers", cadence_days=30)
    changed = edit(
        relationship,
        stage="active",
        cadence_days=7,
        objective="Renew",
        sensitivity_note="Quiet",
        profile={"segment": "Key"},
    )
    assert (changed.stage, changed.cadence_days, changed.version) == ("active", 7, 2)
    relationship.customer.refresh_from_db()
    assert relationship.customer.segment == "Key"
    assert state(relationship).next_touch_date == (NOW + timedelta(days=7)).date()
    events = {event.verb: event.data for event in Event.objects.filter(relationship=relationship)}
    assert events["stage_changed"] == {"from": "Prospect", "to": "Active"}
    assert events["relationship_edited"] == {
        "fields": ["cadence_days", "objective", "sensitivity_note", "profile"]
    }


def test_a_stale_wrong_or_foreign_edit_is_refused(workspace: Workspace) -> None:
    relationship = make_relationship("customers")
    with pytest.raises(Conflict, match="Somebody else has changed"):
        edit(relationship, version=7, objective="x")
    with pytest.raises(Invalid) as refused:
        edit(relationship, stage="preferred", cadence_days=4000)
    assert sorted(refused.value.errors) == ["cadence_days", "stage"]
    with pytest.raises(TypeError, match="party_name"):
        edit(relationship, party_name="x")
    with pytest.raises(Missing):
        edit(relationship, actor=make_user(kind="suppliers"), objective="x")
    with pytest.raises(NotAllowed):
        edit(relationship, actor=make_user("auditor"), objective="x")


def test_an_edit_hands_it_on_only_with_the_right_to_assign(workspace: Workspace) -> None:
    relationship, client, other = make_relationship(), make_user("api_client"), make_user()
    assert edit(relationship, actor=client, owner=relationship.owner, objective="x").objective == "x"
    with pytest.raises(NotAllowed):
        edit(relationship, actor=client, version=2, owner=other)
    assert edit(relationship, version=2, owner=other).owner == other


def test_nobody_hides_a_relationship_from_themselves(workspace: Workspace) -> None:
    manager = make_user()
    relationship = make_relationship(owner=make_user())
    with pytest.raises(Invalid) as refused:
        edit(relationship, actor=manager, confidentiality=Confidentiality.CONFIDENTIAL)
    assert list(refused.value.errors) == ["confidentiality"]
    edit(relationship, actor=relationship.owner, confidentiality=Confidentiality.CONFIDENTIAL)
    entry = AuditEntry.objects.get(verb="confidentiality_changed")
    assert (entry.subject_id, entry.data) == (relationship.pk, {"to": 3})


def test_a_relationship_is_as_confidential_as_its_party(workspace: Workspace) -> None:
    actor = make_user()
    party = make_party(actor=actor, confidentiality=Confidentiality.SEALED)
    relationship = make_relationship(party=party, actor=actor)
    assert relationship.confidentiality == Confidentiality.SEALED
    with pytest.raises(Invalid) as refused:
        edit(relationship, actor=actor, confidentiality=Confidentiality.INTERNAL)
    assert refused.value.errors == {"confidentiality": ["The party itself is for named people only."]}


def test_many_change_hands_at_once(workspace: Workspace) -> None:
    manager, ana, bo, team = make_user(), make_user(name="Ana"), make_user(name="Bo"), make_team("North")
    mine = make_relationship(owner=bo, team=team)
    others = [make_relationship(owner=ana), make_relationship(owner=ana)]
    ids = [relationship.pk for relationship in (mine, *others)]
    changed = assign_relationships(
        actor=manager, relationship_ids=ids, owner=bo, team=team, now=NOW, reason="New region"
    )
    assert changed == 2
    assert set(Relationship.objects.values_list("owner", "team")) == {(bo.pk, team.pk)}
    assert {state(relationship).next_touch_owner for relationship in others} == {bo}
    event = Event.objects.filter(verb="relationship_assigned").first()
    assert event is not None
    assert (event.reason, event.data) == (
        "New region",
        {"from": {"owner": "Ana", "team": ""}, "to": {"owner": "Bo", "team": "North"}},
    )


def test_handing_on_takes_as_many_queries_for_many_as_for_one(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    manager = make_user()
    manager.current_grants()
    manager.current_team_ids()
    for ids in ([make_relationship().pk], [make_relationship().pk for _ in range(3)]):
        owner = make_user()
        with django_assert_num_queries(11):
            assign_relationships(actor=manager, relationship_ids=ids, owner=owner, now=NOW, reason="x")


def test_handing_on_is_all_or_none(workspace: Workspace) -> None:
    manager = make_user(kind="suppliers")
    supplier, customer = make_relationship("suppliers"), make_relationship("customers")
    given: dict[str, Any] = {"actor": manager, "now": NOW, "reason": "x"}
    with pytest.raises(Missing):
        assign_relationships(relationship_ids=[supplier.pk, customer.pk], owner=manager, **given)
    with pytest.raises(Invalid) as refused:
        assign_relationships(relationship_ids=[supplier.pk], owner=make_user(kind="customers"), **given)
    assert list(refused.value.errors) == ["owner"]
    with pytest.raises(Invalid) as refused:
        assign_relationships(
            relationship_ids=[supplier.pk],
            owner=manager,
            team=make_team(business_unit=make_business_unit()),
            **given,
        )
    assert list(refused.value.errors) == ["team"]
    with pytest.raises(NotAllowed):
        assign_relationships(
            relationship_ids=[supplier.pk], owner=manager, **given | {"actor": make_user("api_client")}
        )
    supplier.refresh_from_db()
    assert supplier.owner != manager


def test_nothing_is_closed_while_a_promise_is_open(workspace: Workspace) -> None:
    relationship = make_relationship(name="Acme")
    late = make_commitment(relationship, what="Pay")
    make_commitment(relationship, what="Send the quote", direction="theirs", due_date=NOW.date())
    with pytest.raises(Conflict) as refused:
        close(relationship)
    assert refused.value.missing == ["Send the quote", "Pay"]
    assert "Settle or transfer them first: Send the quote; Pay." in refused.value.message
    for promise in relationship.commitments.all():
        move_commitment(actor=late.owner, commitment=promise, transition="withdraw", reason="x", now=NOW)
    assert close(relationship).closed_at == NOW


def test_closing_lets_follow_ups_go_and_ends_the_next_touch(workspace: Workspace) -> None:
    relationship = make_relationship()
    planned = make_follow_up(relationship)
    with pytest.raises(Invalid):
        close(relationship, reason=" ")
    closed = close(relationship)
    planned.refresh_from_db()
    assert (closed.closed_by, closed.closed_reason, planned.state) == (
        relationship.owner,
        "They moved away",
        "cancelled",
    )
    found = state(relationship)
    assert (found.next_touch_date, found.next_touch_reason, found.open_follow_ups) == (None, "", 0)
    with pytest.raises(Conflict, match="closed already"):
        close(relationship)


def test_it_can_be_taken_up_again(workspace: Workspace) -> None:
    relationship = make_relationship()
    with pytest.raises(Conflict, match="is open"):
        reopen_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="x")
    close(relationship)
    with pytest.raises(Invalid):
        reopen_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="")
    again = reopen_relationship(actor=relationship.owner, relationship=relationship, now=NOW, reason="Back")
    assert (again.closed_at, again.closed_by, again.closed_reason) == (None, None, "")
    assert state(relationship).next_touch_reason == "cadence"


def test_people_are_named_and_unnamed_with_a_record(workspace: Workspace) -> None:
    owner, ana = make_user(), make_user("auditor", name="Ana")
    secret = make_relationship(actor=owner, confidentiality=Confidentiality.CONFIDENTIAL)
    given: dict[str, Any] = {"actor": owner, "relationship": secret, "now": NOW}
    with pytest.raises(Invalid) as refused:
        name_access(user=ana, reason="", **given)
    assert list(refused.value.errors) == ["reason"]
    access = name_access(user=ana, reason="Audit of March", **given)
    assert list(Relationship.objects.visible_to(ana)) == [secret]
    with pytest.raises(Conflict, match="Ana is named already"):
        name_access(user=ana, reason="again", **given)
    with pytest.raises(Invalid) as refused:
        name_access(user=make_user(kind="suppliers", name="Bo"), reason="x", **given)
    assert refused.value.errors == {"user": ["Bo cannot see 1 of these relationships."]}
    with pytest.raises(Missing):
        name_access(user=make_user(), reason="x", **given | {"actor": make_user("administrator")})
    end_access(actor=owner, access=access, now=NOW)
    assert list(Relationship.objects.visible_to(type(ana).objects.get(pk=ana.pk))) == []
    with pytest.raises(Missing):
        end_access(actor=owner, access=access, now=NOW)
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == ["access_named", "access_ended"]


def test_the_next_touch_is_the_earliest_plan_or_promise_of_ours_else_the_rhythm(workspace: Workspace) -> None:
    relationship = make_relationship(cadence_days=10)

    def touch() -> tuple[str, int]:
        found = state(relationship)
        assert found.next_touch_date is not None
        return found.next_touch_reason, (found.next_touch_date - NOW.date()).days

    make_commitment(relationship, direction="theirs", due_date=NOW.date())
    assert touch() == ("cadence", 10)
    make_interaction(relationship, happened_at=NOW - timedelta(days=3))
    assert touch() == ("cadence", 7)
    make_follow_up(relationship, due_date=NOW.date() + timedelta(days=30))
    assert touch() == ("follow_up", 30)
    promise = make_commitment(relationship, direction="mutual", due_date=NOW.date() + timedelta(days=20))
    assert touch() == ("commitment", 20)
    make_follow_up(relationship, due_date=NOW.date() + timedelta(days=20))
    assert touch() == ("follow_up", 20)
    move_commitment(actor=promise.owner, commitment=promise, transition="deliver", now=NOW)
    assert touch() == ("follow_up", 20)


def test_a_person_may_be_a_relationship_too(workspace: Workspace) -> None:
    assert make_relationship("customers", party=make_person("Ana")).party_name == "Ana"
