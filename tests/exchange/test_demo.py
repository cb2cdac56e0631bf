"""The sample workspace: a company at work, measured, loaded once and taken away again."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from commerce.models import Order
from dashboards.models import Brief, BriefDecision
from dashboards.operations.sample import tell_sample
from exchange.operations.demo.load import Loaded, load_demo
from exchange.operations.demo.remove import remove_sample
from health.models import RelationshipScore, ScoreSnapshot
from relationships import kinds
from relationships.models import (
    Commitment,
    Document,
    Event,
    Handover,
    Interaction,
    Party,
    PlaybookRun,
    Relationship,
    RelationshipState,
)
from relationships.operations.handovers import hand_over
from relationships.operations.parties import create_party
from relationships.operations.playbooks import start_playbook
from relationships.operations.relationships import open_relationship
from tests.factories import make_case

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The sample, loaded once for this module and rolled back after it."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with files, django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(now=NOW)
        transaction.set_rollback(True)


def test_a_second_load_changes_nothing(demo: Loaded) -> None:
    before = Event.objects.count(), Interaction.objects.count(), Party.objects.count()

    again = load_demo(now=NOW + timedelta(days=1))

    assert (again.created, again.relationships, again.interactions) == (
        False,
        demo.relationships,
        demo.interactions,
    )
    assert (Event.objects.count(), Interaction.objects.count(), Party.objects.count()) == before


def test_every_sign_in_has_a_password_that_works_and_no_two_are_alike(demo: Loaded) -> None:
    assert [
        User.objects.get(email=entry.email).check_password(entry.password) for entry in demo.sign_ins[:2]
    ] == [True, True]
    assert len({entry.password for entry in demo.sign_ins}) == len(demo.sign_ins)


def test_customers_stand_where_their_orders_put_them(demo: Loaded) -> None:
    customers = Relationship.objects.of_kind("customers").filter(source="northwind")
    stages = Counter(customers.values_list("stage", flat=True))

    ordered = Order.objects.filter(relationship__kind="customers").values("relationship_id")
    assert not customers.filter(stage="prospect", pk__in=ordered).exists()
    assert set(stages) == {"prospect", "onboarding", "active", "renewing", "lapsed"}
    assert (stages["prospect"], stages["onboarding"], stages["lapsed"]) == (2, 6, 5)


def test_some_parties_have_two_roles_and_some_of_those_ask_for_care(demo: Loaded) -> None:
    roles: dict[int, list[str]] = {}
    for party_id, kind in Relationship.objects.order_by("kind").values_list("party_id", "kind"):
        roles.setdefault(party_id, []).append(kind)
    assert Counter(tuple(kinds) for kinds in roles.values() if len(kinds) > 1) == {
        ("customers", "suppliers"): 4,
        ("customers", "investors"): 1,
        ("community", "customers"): 1,
        ("investors", "press"): 1,
        ("staff", "suppliers"): 1,
    }


def test_every_kind_has_relationships_that_do_well_and_some_that_do_not(demo: Loaded) -> None:
    found = {
        kind.slug: set(
            RelationshipState.objects.filter(kind=kind.slug).values_list("health_status", flat=True)
        )
        for kind in kinds.registry
    }
    assert {
        slug: "healthy" in bands and len(bands - {"", "healthy"}) > 0 for slug, bands in found.items()
    } == (dict.fromkeys(kinds.registry.slugs, True))


def test_of_the_staff_everybody_sees_themselves_a_manager_their_people_and_hr_all(demo: Loaded) -> None:
    def staff_seen_by(key: str) -> int:
        user = User.objects.get(email=f"{key}@larkfield.example")
        return Relationship.objects.visible_to(user).of_kind("staff").count()

    assert (staff_seen_by("tom"), staff_seen_by("amara")) == (1, 3)
    assert staff_seen_by("sam") == staff_seen_by("paul") == 1
    assert staff_seen_by("grace") == Relationship.objects.of_kind("staff").count()


def test_papers_are_kept_with_both_kinds_and_some_are_for_few_eyes(demo: Loaded) -> None:
    papers = Document.objects.all()
    assert set(papers.values_list("relationship__kind", flat=True)) == {"customers", "suppliers"}
    assert papers.filter(confidentiality=Confidentiality.CONFIDENTIAL).count() > 3
    assert {paper.file.open().read(1) != b"" for paper in papers} == {True}
    assert papers.exclude(uploaded_at__lt=NOW).count() == 0


def test_every_open_relationship_has_one_next_touch_with_a_day_and_an_owner(demo: Loaded) -> None:
    without = RelationshipState.objects.filter(relationship__closed_at=None, next_touch_date=None)
    nobody = RelationshipState.objects.filter(relationship__closed_at=None, next_touch_owner=None)
    assert (without.count(), nobody.count()) == (0, 0)
    assert RelationshipState.objects.count() == demo.relationships


def test_every_score_is_its_reference_plus_its_contributions(demo: Loaded) -> None:
    scores = list(RelationshipScore.objects.exclude(score=None))
    assert len(scores) > 100
    for score in scores:
        used = [part for part in score.parts if part["used"]]
        weight = sum(part["weight"] for part in used)
        contributions = sum(part["weight"] * (part["points"] - part["reference"]) / weight for part in used)
        assert score.reference + contributions == pytest.approx(score.score, abs=1e-9)


def test_below_half_coverage_there_is_neither_number_nor_status(demo: Loaded) -> None:
    thin = RelationshipState.objects.filter(health_coverage__lt=0.5)
    assert thin.count() > 0
    assert set(thin.values_list("health", "health_status")) == {(None, "")}


def test_health_stands_in_every_band_and_moved_within_eighteen_weeks(demo: Loaded) -> None:
    states = list(RelationshipState.objects.exclude(health=None))
    assert {state.health_status for state in states} == {"healthy", "watch", "at_risk"}
    moved = [
        state
        for state in states
        if max(filter(None, state.health_weeks)) - min(filter(None, state.health_weeks)) > 10
    ]
    assert len(moved) > len(states) / 4


def test_promises_were_kept_late_and_missed_on_both_sides_and_problems_are_open(demo: Loaded) -> None:
    found = Counter(Commitment.objects.values_list("direction", "state"))
    assert min(found[side, state] for side in ("ours", "theirs") for state in ("delivered", "missed")) > 3
    assert Interaction.objects.filter(problem_severity__isnull=False, problem_closed_at=None).count() > 10


def test_the_published_orders_end_the_day_before_today(demo: Loaded) -> None:
    assert Order.objects.count() == 830
    assert Order.objects.latest("ordered_at").ordered_at.date() == NOW.date() - timedelta(days=1)


def test_removal_takes_the_sample_and_leaves_what_is_ours(demo: Loaded) -> None:
    with transaction.atomic():
        system = ensure_workspace(now=NOW).system_actor
        administrator = User.objects.get(email="sam@larkfield.example")
        mine = create_party(actor=administrator, kind="organisation", name="Our own customer", now=NOW)
        kept = open_relationship(actor=administrator, party=mine, kind="customers", now=NOW)

        sample = Relationship.objects.filter(kind="customers", is_sample=True).order_by("pk")[0]
        start_playbook(actor=administrator, relationship=sample, playbook="win_back", now=NOW)
        make_case(sample, actor=administrator, now=NOW)
        hand_over(actor=administrator, leaver=sample.owner, receiver=administrator, reason="Leaves", now=NOW)

        removed = remove_sample(actor=system, now=NOW)

        assert (Handover.objects.count(), PlaybookRun.objects.count()) == (0, 0)
        assert removed.relationships == demo.relationships
        assert list(Relationship.objects.values_list("pk", flat=True)) == [kept.pk]
        assert list(Party.objects.values_list("name", flat=True)) == ["Our own customer"]
        assert (Order.objects.count(), Interaction.objects.count()) == (0, 0)
        assert not User.objects.get(pk=administrator.pk).is_active
        assert User.objects.filter(is_sample=True).count() == removed.deactivated == 1
        transaction.set_rollback(True)


def test_its_executive_decides_on_what_they_manage_whoever_stands_worst_that_week(demo: Loaded) -> None:
    with transaction.atomic():
        ScoreSnapshot.objects.filter(relationship__kind="staff").update(score=1, status="at_risk")

        told = tell_sample(now=NOW)

        assert told == Brief.objects.count() > 0
        worst = {brief.facts["deciding"][0]["relationship"] for brief in Brief.objects.all()}
        assert set(Relationship.objects.filter(pk__in=worst).values_list("kind", flat=True)) == {"staff"}
        decided = BriefDecision.objects.exclude(relationship=None)
        assert decided.count() == 2
        assert not decided.filter(relationship__kind="staff").exists()
        transaction.set_rollback(True)
