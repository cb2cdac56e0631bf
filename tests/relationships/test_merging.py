"""Two parties made one, and parted again: nothing is lost, and nobody learns what they may not know."""

from datetime import date, timedelta
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, User
from commerce.models import PurchaseFact
from core.refusals import Conflict, Invalid, NotAllowed
from customers.models import Customer
from exchange.models import DuplicateCandidate
from health.operations.scorecards import install_default
from health.operations.scoring import score
from relationships import kinds
from relationships.models import (
    Commitment,
    ContactPoint,
    Event,
    Interaction,
    MergeRecord,
    Party,
    PartyLink,
    Relationship,
    RelationshipState,
)
from relationships.operations.contact_points import add_contact_point
from relationships.operations.merging import merge_parties, unmerge
from relationships.queries.merging import two_parties
from relationships.registry import registry
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_link,
    make_order,
    make_party,
    make_person,
    make_relationship,
    make_user,
)
from tests.relationships.merges import Shared, busy_party, candidates, table_hashes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def boss(workspace: object) -> User:
    return make_user("administrator")


def test_every_key_to_a_party_or_relationship_says_what_a_merge_does_with_it() -> None:
    profiles = {(kind.profile.lower(), "relationship") for kind in kinds.registry}
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model in (Party, Relationship)
    }
    assert found - profiles == set(registry.carried)


@pytest.mark.parametrize("seed", range(3))
def test_two_parties_with_all_sorts_of_things_are_parted_as_they_were(boss: User, seed: int) -> None:
    random = Random(seed)
    shared = Shared(boss)
    keep, drop = (busy_party(boss, random, shared) for _ in range(2))
    candidates(keep, drop, shared.others, boss)
    for kind in kinds.registry:
        install_default(kind=kind.slug, actor=boss, now=NOW)
        score(kind=kind.slug, now=NOW)
    before = table_hashes()
    record = merge_parties(actor=boss, keep=keep, drop=drop, choices={}, now=LATER, reason="The same")
    assert not Party.objects.filter(pk=drop.pk).exists()
    merged = table_hashes()
    assert sum(rows for rows, _hash in merged.values()) < sum(rows for rows, _hash in before.values())
    unmerge(actor=boss, record=record, now=LATER)
    after = table_hashes()
    assert {name for name in before if before[name] != after[name]} == set()


def two(actor: User, **fields: object) -> tuple[Relationship, Relationship]:
    """Two customers that are one, in the same unit."""
    first = make_relationship(name="Northern Tea", actor=actor, **fields)
    return first, make_relationship(name="Northern Tea Ltd", actor=actor, **fields)


def merged(actor: User, keep: Relationship, drop: Relationship, **choices: str) -> MergeRecord:
    return merge_parties(actor=actor, keep=keep.party, drop=drop.party, choices=choices, now=LATER)


def test_two_relationships_of_a_kind_become_one_and_others_come_along(boss: User) -> None:
    keep, drop = two(boss)
    supplies = make_relationship("suppliers", party=drop.party, actor=boss)
    early, late = NOW - timedelta(days=9), NOW - timedelta(days=2)
    make_interaction(keep, actor=boss, happened_at=early, direction="out")
    make_interaction(drop, actor=boss, happened_at=late, direction="in", problem_severity=4)
    make_commitment(drop, actor=boss)
    make_follow_up(keep, actor=boss)
    make_follow_up(drop, actor=boss)
    merged(boss, keep, drop)
    state = RelationshipState.objects.get(pk=keep.pk)
    told = (state.last_interaction_at, state.last_inbound_at, state.last_outbound_at, state.stale_at)
    assert told == (late, late, early, LATER)
    assert (state.open_commitments, state.open_follow_ups, state.open_problems) == (1, 2, 1)
    supplies.refresh_from_db()
    assert (supplies.party_id, supplies.party_name) == (keep.party_id, "Northern Tea")
    assert set(Relationship.objects.values_list("pk", flat=True)) == {keep.pk, supplies.pk}
    assert Interaction.objects.filter(relationship=keep).count() == 2
    assert not Event.objects.exclude(party=keep.party).exists()


def test_a_closed_relationship_comes_along_as_it_is(boss: User) -> None:
    keep, drop = two(boss)
    Relationship.objects.filter(pk=drop.pk).update(closed_at=NOW, closed_by=boss)
    record = merged(boss, keep, drop)
    assert record.joined.count() == 0
    assert Relationship.objects.filter(party=keep.party, closed_at=None).get() == keep
    assert Relationship.objects.filter(party=keep.party).count() == 2


def test_of_every_field_the_chosen_value_stands_and_an_empty_one_is_filled(boss: User) -> None:
    other = make_user("administrator")
    keep, drop = two(boss)
    Party.objects.filter(pk=keep.party_id).update(sector="", place="Leeds")
    Party.objects.filter(pk=drop.party_id).update(sector="Tea", place="York", version=7)
    Relationship.objects.filter(pk=keep.pk).update(objective="Ours", source="a", external_ref="1")
    Relationship.objects.filter(pk=drop.pk).update(
        objective="Theirs", owner=other, source="b", external_ref="2", opened_at=NOW - timedelta(days=50)
    )
    Customer.objects.filter(pk=drop.pk).update(segment="Big", account_number="9")
    Customer.objects.filter(pk=keep.pk).update(segment="Small")
    choices = {
        "party:name": "drop",
        "party:place": "keep",
        f"relationship:{keep.pk}:objective": "drop",
        f"relationship:{keep.pk}:owner": "drop",
        f"profile:{keep.pk}:segment": "drop",
    }
    record = merged(boss, keep, drop, **choices)
    keep = Relationship.objects.select_related("party", "customer").get(pk=keep.pk)
    assert (keep.party.name, keep.party_name, keep.party.place, keep.party.sector) == (
        "Northern Tea Ltd", "Northern Tea Ltd", "Leeds", "Tea",
    )  # fmt: skip
    assert (keep.objective, keep.owner, keep.opened_at) == ("Theirs", other, NOW - timedelta(days=50))
    assert (keep.customer.segment, keep.customer.account_number) == ("Big", "9")
    assert keep.party.identifiers.filter(scheme="b", value="2").count() == 1
    unmerge(actor=boss, record=record, now=LATER)
    keep.refresh_from_db()
    assert (keep.party_name, keep.objective, keep.party.identifiers.count()) == ("Northern Tea", "Ours", 0)


def test_what_a_source_calls_the_other_is_taken_where_the_kept_one_has_no_name_of_its_own(boss: User) -> None:
    keep, drop = two(boss)
    Relationship.objects.filter(pk=drop.pk).update(source="b", external_ref="2")
    record = merged(boss, keep, drop)
    keep.refresh_from_db()
    assert (keep.source, keep.external_ref) == ("b", "2")
    unmerge(actor=boss, record=record, now=LATER)
    assert Relationship.objects.get(source="b", external_ref="2") == drop


def test_a_name_that_a_source_gave_already_is_not_given_twice(boss: User) -> None:
    keep, drop = two(boss)
    keep.party.identifiers.create(scheme="b", value="2")
    Relationship.objects.filter(pk=keep.pk).update(source="a", external_ref="1")
    Relationship.objects.filter(pk=drop.pk).update(source="b", external_ref="2")
    merged(boss, keep, drop)
    assert keep.party.identifiers.count() == 1
    merged(boss, keep, make_relationship(actor=boss))
    assert keep.party.identifiers.count() == 1


def test_a_relationship_without_a_profile_leaves_the_other_one_its_own(boss: User) -> None:
    keep, drop = two(boss)
    Customer.objects.filter(pk=drop.pk).delete()
    merged(boss, keep, drop)
    assert list(Customer.objects.values_list("pk", flat=True)) == [keep.pk]


def test_a_choice_that_is_none_is_refused_under_its_key(boss: User) -> None:
    keep, drop = two(boss)
    with pytest.raises(Invalid) as refused:
        merged(boss, keep, drop, **{"party:name": "both", "party:id": "drop"})
    assert sorted(refused.value.errors) == ["party:id", "party:name"]
    with pytest.raises(Invalid) as refused:
        merge_parties(actor=boss, keep=keep.party, drop=keep.party, choices={}, now=LATER)
    assert sorted(refused.value.errors) == ["with"]


def test_fields_that_belong_together_are_refused_apart(boss: User) -> None:
    keep, drop = (make_relationship("investors", name=name, actor=boss) for name in ("Fund", "Fund II"))
    drop.investor.__class__.objects.filter(pk=drop.pk).update(shares_held=5, holding_date=NOW.date())
    key = f"profile:{keep.pk}:holding_date"
    with pytest.raises(Invalid) as refused:
        merged(boss, keep, drop, **{key: "keep"})
    assert sorted(refused.value.errors) == [key]
    merged(boss, keep, drop)
    assert keep.investor.__class__.objects.get(pk=keep.pk).shares_held == 5


def test_a_party_is_nothing_that_one_of_its_relationships_cannot_be_with(boss: User) -> None:
    keep = make_relationship("press", party=make_party("Tea", kind="outlet", actor=boss), actor=boss)
    body = make_party("Tea", kind="organisation", actor=boss)
    make_relationship("community", party=body, actor=boss)
    assert "outlet" not in kinds.registry.get("community").party_kinds
    with pytest.raises(Invalid) as refused:
        merge_parties(actor=boss, keep=keep.party, drop=body, choices={}, now=LATER)
    assert sorted(refused.value.errors) == ["party:kind"]
    merge_parties(actor=boss, keep=keep.party, drop=body, choices={"party:kind": "drop"}, now=LATER)


def test_a_person_and_an_organisation_are_never_one(boss: User) -> None:
    with pytest.raises(Conflict):
        two_parties(viewer=boss, keep_id=make_party(actor=boss).pk, drop_id=make_person(actor=boss).pk)


def test_a_way_to_reach_them_stays_out_of_use_whoever_it_came_from(boss: User) -> None:
    keep, drop = two(boss)
    mine = add_contact_point(actor=boss, party=keep.party, kind="phone", value="+441134960001", now=NOW)
    same = add_contact_point(actor=boss, party=drop.party, kind="phone", value="+44 113 496 0001", now=NOW)
    new = add_contact_point(actor=boss, party=drop.party, kind="email", value="a@tea.example", now=NOW)
    own = add_contact_point(actor=boss, party=keep.party, kind="email", value="b@tea.example", now=NOW)
    ContactPoint.objects.filter(pk__in=[new.pk, own.pk, mine.pk]).update(is_preferred=True)
    ContactPoint.objects.filter(pk=same.pk).update(do_not_use_since=NOW, label="Desk", is_preferred=False)
    record = merged(boss, keep, drop)
    held = ContactPoint.objects.filter(party=keep.party).order_by("pk")
    assert [(point.pk, point.is_preferred, point.do_not_use_since, point.label) for point in held] == [
        (mine.pk, False, NOW, "Desk"), (new.pk, False, None, ""), (own.pk, True, None, ""),
    ]  # fmt: skip
    unmerge(actor=boss, record=record, now=LATER)
    assert set(ContactPoint.objects.filter(is_preferred=True)) == {mine, new, own}


def test_lines_of_an_order_that_both_have_stand_under_one(boss: User) -> None:
    keep, drop = two(boss)
    make_order(keep, date(2026, 3, 2), 10, ref="A")
    make_order(drop, date(2026, 3, 2), 5, ref="A")
    merged(boss, keep, drop)
    order = keep.orders.get()
    assert (order.amount, order.lines.count(), keep.order_lines.count()) == (15, 2, 2)
    assert PurchaseFact.objects.get(pk=keep.pk).amount == 15


def test_of_two_open_reviews_the_one_further_along_stands(boss: User) -> None:
    keep, drop = two(boss)
    review = apps.get_model("health", "Review")
    due = {"due_date": NOW.date(), "created_at": NOW}
    early = review.objects.create(relationship=keep, state="due", **due)
    begun = {"state": "prepared", "prepared_at": NOW, "facts_hash": "x", **due}
    late = review.objects.create(relationship=drop, **begun)
    record = merged(boss, keep, drop)
    assert list(keep.reviews.values_list("pk", flat=True)) == [late.pk]
    unmerge(actor=boss, record=record, now=LATER)
    assert dict(review.objects.values_list("relationship_id", "pk")) == {keep.pk: early.pk, drop.pk: late.pk}


def test_what_was_added_or_changed_since_stays_when_it_is_undone(boss: User) -> None:
    keep, drop = two(boss)
    promise = make_commitment(drop, actor=boss)
    record = merged(boss, keep, drop)
    new = make_interaction(keep, actor=boss, now=LATER, happened_at=LATER)
    Party.objects.filter(pk=keep.party_id).update(sector="Tea")
    Commitment.objects.filter(pk=promise.pk).update(state="delivered", delivered_at=LATER, delivered_by=boss)
    unmerge(actor=boss, record=record, now=LATER, reason="They are two")
    new.refresh_from_db()
    states = RelationshipState.objects.in_bulk([keep.pk, drop.pk])
    assert new.relationship_id == keep.pk
    assert (states[keep.pk].last_interaction_at, states[drop.pk].last_interaction_at) == (LATER, None)
    assert (states[drop.pk].open_commitments, states[drop.pk].stale_at) == (0, LATER)
    assert Party.objects.get(pk=keep.party_id).sector == "Tea"
    assert Event.objects.filter(verb="merge_undone", reason="They are two").count() == 2


def test_merges_into_the_same_one_are_undone_last_first(boss: User) -> None:
    first, second, third = (make_party(name, actor=boss) for name in ("A", "B", "C"))
    early = merge_parties(actor=boss, keep=second, drop=first, choices={}, now=NOW)
    late = merge_parties(actor=boss, keep=third, drop=second, choices={}, now=LATER)
    early.refresh_from_db()
    assert early.kept == third
    with pytest.raises(Conflict, match="B"):
        unmerge(actor=boss, record=early, now=LATER)
    unmerge(actor=boss, record=late, now=LATER)
    with pytest.raises(Conflict):
        unmerge(actor=boss, record=late, now=LATER)
    early.refresh_from_db()
    assert early.kept == second
    assert unmerge(actor=boss, record=early, now=LATER) == first


def test_what_cannot_come_back_is_refused_and_nothing_changes(boss: User) -> None:
    keep, drop = two(boss)
    Relationship.objects.filter(pk=drop.pk).update(source="b", external_ref="2")
    Relationship.objects.filter(pk=keep.pk).update(source="a", external_ref="1")
    record = merged(boss, keep, drop)
    Relationship.objects.filter(pk=make_relationship(actor=boss).pk).update(source="b", external_ref="2")
    with pytest.raises(Conflict):
        unmerge(actor=boss, record=record, now=LATER)
    assert not Party.objects.filter(pk=drop.party_id).exists()


def test_links_to_third_parties_come_along_and_the_one_between_the_two_is_set_aside(boss: User) -> None:
    keep, drop, third = (make_party(name, actor=boss) for name in ("A", "B", "C"))
    make_link(keep, drop, "knows", actor=boss)
    make_link(third, drop, "owns", actor=boss)
    twice = [make_link(party, third, "advises", actor=boss) for party in (keep, drop)]
    merge_parties(actor=boss, keep=keep, drop=drop, choices={}, now=LATER)
    assert set(PartyLink.objects.values_list("source_party_id", "target_party_id", "type__slug")) == {
        (third.pk, keep.pk, "owns"), (keep.pk, third.pk, "advises"),
    }  # fmt: skip
    assert not PartyLink.objects.filter(pk=twice[1].pk).exists()


def test_what_was_said_of_others_holds_for_the_one_kept(boss: User) -> None:
    keep, drop, third, fourth = (make_party(name, actor=boss) for name in ("A", "B", "C", "D"))
    said = {"score": 0.9, "found_at": NOW, "dismissed_at": NOW, "dismissed_by": boss}
    for first, second in ((drop, third), (drop, fourth), (keep, fourth), (keep, drop)):
        DuplicateCandidate.objects.create(first=first, second=second, **said)
    record = merge_parties(actor=boss, keep=keep, drop=drop, choices={}, now=LATER)
    pairs = set(DuplicateCandidate.objects.values_list("first_id", "second_id"))
    assert pairs == {(keep.pk, third.pk), (keep.pk, fourth.pk)}
    unmerge(actor=boss, record=record, now=LATER)
    assert DuplicateCandidate.objects.count() == 4


def test_the_merge_is_on_the_timeline_and_in_the_security_record(boss: User) -> None:
    keep, drop = two(boss)
    record = merge_parties(
        actor=boss, keep=keep.party, drop=drop.party, choices={}, now=LATER, reason="Twice in the books"
    )
    event = Event.objects.get(verb="parties_merged")
    told = (event.party, event.actor, event.happened_at, event.reason, event.subject_id, event.data)
    data = {"joined": 1, "moved": 0, "taken": 0}
    assert told == (keep.party, boss, LATER, "Twice in the books", record.pk, data)
    entry = AuditEntry.objects.get(verb="parties_merged")
    assert (entry.subject_id, entry.data) == (keep.party_id, {"former": drop.party_id, "merge": record.pk})


@pytest.mark.parametrize("role", ["auditor", "representative"])
def test_who_may_not_change_both_may_neither_merge_nor_undo(boss: User, role: str) -> None:
    viewer = make_user(role)
    keep, drop = two(boss, owner=viewer)
    if role == "auditor":
        with pytest.raises(NotAllowed):
            merged(viewer, keep, drop)
    record = merged(boss, keep, drop)
    make_relationship("suppliers", party=keep.party, actor=boss)
    with pytest.raises(NotAllowed if role == "auditor" else Conflict):
        unmerge(actor=viewer, record=record, now=LATER)


def asked_in_merging(boss: User, happened: int) -> tuple[int, int]:
    """How many statements a merge of a record with so many calls takes, and taking it back."""
    keep, drop = two(boss)
    rows = [
        Interaction(
            relationship=drop, channel="call", direction="in", happened_at=NOW, actor=boss, recorded_at=NOW,
            recorded_by=boss, body=f"Call {number}",
        )
        for number in range(happened)
    ]  # fmt: skip
    Interaction.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as merging:
        record = merged(boss, keep, drop)
    with CaptureQueriesContext(connection) as parting:
        unmerge(actor=boss, record=record, now=LATER)
    assert Interaction.objects.filter(relationship=drop).count() == happened
    return len(merging), len(parting)


def test_a_merge_asks_as_often_whatever_hangs_on_it(boss: User) -> None:
    assert asked_in_merging(boss, 1) == asked_in_merging(boss, 2_000)
