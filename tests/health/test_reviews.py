"""Reviews: frozen facts, verdicts by rules that can be read, an exit by two, and a look back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from health.models import Review, ScoreSnapshot
from health.operations.reviews import (
    approve_exit,
    begin_review,
    close_review,
    compare_reviews,
    decide_review,
    discuss_review,
    open_due_reviews,
    prepare_review,
    run_review,
)
from health.operations.scorecards import install_default
from health.queries.review_facts import exit_rules, gather_facts, hash_of, propose
from health.queries.reviews import review_page, told
from health.registry import Indispensable, IndispensableRegistry
from relationships.models import Event, PlaybookRun, Relationship, RelationshipState
from relationships.operations.value_entries import Worth, record_value
from suppliers.models import Supplier
from tests.factories import NOW, make_commitment, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 16)
SOON = NOW.date() + timedelta(days=90)


@pytest.fixture
def theirs(owner: User) -> Relationship:
    return make_relationship("suppliers", name="Halden", owner=owner, now=NOW - timedelta(days=400))


def state(relationship: Relationship, **fields: Any) -> None:
    RelationshipState.objects.filter(pk=relationship.pk).update(**fields)


def keep(relationship: Relationship, week: date, score: float | None) -> None:
    card = install_default(actor=make_user("administrator"), kind=relationship.kind, now=NOW)
    ScoreSnapshot.objects.create(
        relationship=relationship, week=week, scorecard=card, score=score, coverage=1
    )


def spoil(relationship: Relationship) -> None:
    """Everything that an exit asks for."""
    keep(relationship, MONDAY - timedelta(weeks=30), 40)
    worth = Worth(Decimal(-500), "GBP")
    given = {"side": "to_us", "category": "work", "value_date": NOW.date(), "worth": worth}
    record_value(actor=relationship.owner, relationship=relationship, now=NOW, **given)
    PlaybookRun.objects.create(
        relationship=relationship,
        playbook="repair",
        label="Repair",
        started_at=NOW,
        started_by=relationship.owner,
        closed_at=NOW,
        closed_by=relationship.owner,
        effect="none",
    )
    state(relationship, health=40, health_status="at_risk")


def discussed(relationship: Relationship) -> Review:
    review = begin_review(actor=relationship.owner, relationship=relationship, now=NOW)
    prepare_review(actor=relationship.owner, review=review, now=NOW)
    return discuss_review(actor=relationship.owner, review=review, discussion="They were quiet.", now=NOW)


def facts_of(relationship: Relationship) -> dict[str, Any]:
    fresh = Relationship.objects.select_related("state", "business_unit").get(pk=relationship.pk)
    return gather_facts(fresh, now=NOW)


def decide(review: Review, verdict: str, **fields: Any) -> Review:
    given = {
        "reason": "So we said",
        "plan": "Call every week",
        "next_review_date": SOON,
        "now": NOW,
        **({"notice_date": SOON, "data_note": "Invoices, ten years"} if verdict == "exit" else {}),
        **fields,
    }
    actor = given.pop("actor", review.relationship.owner)
    return decide_review(actor=actor, review=review, verdict=verdict, **given)


def test_a_review_comes_due_for_the_valuable_and_those_at_risk(owner: User) -> None:
    ago = NOW - timedelta(days=200)
    best, risky, plain, young = (make_relationship(owner=owner, now=ago) for _ in range(4))
    state(best, value_tier="A")
    state(risky, health_status="at_risk")
    state(young, value_tier="A")
    Relationship.objects.filter(pk=young.pk).update(opened_at=NOW)
    assert (open_due_reviews(now=NOW), open_due_reviews(now=NOW)) == (2, 0)
    assert set(Review.objects.values_list("relationship", flat=True)) == {best.pk, risky.pk}
    assert plain.reviews.count() == 0


def test_the_next_review_comes_on_its_day(theirs: Relationship) -> None:
    review = decide(discussed(theirs), "keep")
    close_review(actor=theirs.owner, review=review, now=NOW)
    assert open_due_reviews(now=NOW + timedelta(days=89)) == 0
    assert open_due_reviews(now=NOW + timedelta(days=90)) == 1


def test_frozen_facts_do_not_change(theirs: Relationship) -> None:
    state(theirs, health=80)
    review = begin_review(actor=theirs.owner, relationship=theirs, now=NOW)
    assert begin_review(actor=theirs.owner, relationship=theirs, now=NOW) == review
    frozen = prepare_review(actor=theirs.owner, review=review, now=NOW)
    assert (frozen.facts["health"], frozen.facts_hash) == (80.0, hash_of(frozen.facts))
    state(theirs, health=20)
    with pytest.raises(Conflict):
        prepare_review(actor=theirs.owner, review=review, now=NOW)
    review.refresh_from_db()
    assert review.facts["health"] == 80.0
    assert told(review, may_see_money=True).is_intact
    review.facts["health"] = 90.0
    assert not told(review, may_see_money=True).is_intact


def test_frozen_facts_are_read_in_words(theirs: Relationship) -> None:
    review = begin_review(actor=theirs.owner, relationship=theirs, now=NOW)
    review = prepare_review(actor=theirs.owner, review=review, now=NOW)
    review.facts |= {"value": 26461.52, "currency": "GBP", "net_to_us": -80.0, "change": -1.8, "health": None}
    shown = {fact.label: fact.then for fact in told(review, may_see_money=True).facts}
    assert [
        shown[name] for name in ("Value a year", "Net to us in four quarters", "Change in 30 days", "Health")
    ] == [
        "£26,462",
        "−£80",
        "−1.8",
        "–",
    ]


def test_every_condition_is_wanted_for_an_exit(theirs: Relationship) -> None:
    spoil(theirs)
    facts = facts_of(theirs)
    assert [rule.is_met for rule in exit_rules(facts)] == [True] * 4
    assert propose(facts)[0] == "exit"
    for changed in (
        {"weeks_below": 25},
        {"net_to_us": 0.0},
        {"net_to_us": None},
        {"repairs_without_effect": 0},
        {"needed": ["it is our only source"]},
    ):
        assert propose(facts | changed)[0] == "repair"


def test_an_only_source_is_never_proposed_to_end(theirs: Relationship) -> None:
    assert facts_of(theirs)["needed"] == []
    Supplier.objects.filter(pk=theirs.pk).update(is_sole_source=True)
    assert facts_of(theirs)["needed"] == ["it is our only source"]


def test_reasons_to_keep_hold_for_a_whole_kind_or_what_is_true_of_one() -> None:
    registry = IndispensableRegistry()
    always = Indispensable("community", "x")
    registry.register(always, always)
    assert (registry.for_kind("community"), registry.for_kind("customers")) == ([always], [])


@pytest.mark.parametrize(
    ("health", "change", "tier", "lopsided", "verdict"),
    [
        (None, None, "A", False, "keep"),
        (49.9, None, "A", False, "repair"),
        (75, -8, "A", False, "repair"),
        (75, -7, "B", False, "grow"),
        (75, None, "C", False, "keep"),
        (75, None, "A", True, "keep"),
        (60, 0, "A", False, "keep"),
    ],
)
def test_the_rules_propose_by_health_worth_and_fairness(
    theirs: Relationship, health: float | None, change: float | None, tier: str, lopsided: bool, verdict: str
) -> None:
    facts = facts_of(theirs) | {"health": health, "change": change, "tier": tier, "is_lopsided": lopsided}
    assert propose(facts)[0] == verdict


@pytest.mark.parametrize(
    ("weeks", "below"),
    [
        ([(30, 40.0)], 26),
        ([(25, 40.0)], 26),
        ([(10, 40.0)], 11),
        ([(30, 40.0), (5, 60.0), (2, 44.0)], 3),
        ([(30, 40.0), (2, None)], 0),
        ([(20, 40.0), (10, 30.0)], 21),
        ([], 0),
    ],
)
def test_weeks_below_are_counted_without_a_break(
    theirs: Relationship, weeks: list[tuple[int, float | None]], below: int
) -> None:
    for ago, score in weeks:
        keep(theirs, MONDAY - timedelta(weeks=ago), score)
    assert facts_of(theirs)["weeks_below"] == below


def test_an_exit_takes_two_and_no_open_promise(theirs: Relationship) -> None:
    spoil(theirs)
    promise = make_commitment(theirs, actor=theirs.owner)
    review = decide(discussed(theirs), "exit")
    with pytest.raises(Conflict) as alone:
        run_review(actor=theirs.owner, review=review, now=NOW)
    assert alone.value.missing == ["approval"]
    with pytest.raises(NotAllowed):
        approve_exit(actor=theirs.owner, review=review, now=NOW)
    second = make_user()
    assert approve_exit(actor=second, review=review, now=NOW).approved_by == second
    with pytest.raises(Conflict):
        approve_exit(actor=second, review=review, now=NOW)
    with pytest.raises(Conflict) as owed:
        run_review(actor=theirs.owner, review=review, now=NOW)
    assert owed.value.missing == ["open_commitments"]
    assert promise.relationship_id == theirs.pk
    state(theirs, open_commitments=0)
    assert run_review(actor=theirs.owner, review=review, now=NOW).state == "plan_running"
    assert close_review(actor=theirs.owner, review=review, now=NOW).state == "closed"
    told_states = Event.objects.filter(verb="health.review_moved").order_by("pk")
    assert [event.data["state"] for event in told_states] == [
        "prepared", "discussed", "decided", "plan_running", "closed",
    ]  # fmt: skip


def test_bad_decisions_are_refused(theirs: Relationship) -> None:
    review = discussed(theirs)
    with pytest.raises(Invalid) as refused:
        decide(
            review, "exit", reason=" ", plan=" ", next_review_date=NOW.date(), notice_date=None, data_note=""
        )
    assert sorted(refused.value.errors) == [
        "data_note", "next_review_date", "notice_date", "plan", "reason", "verdict",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        decide(review, "moon")
    assert decide(review, "keep", plan="").verdict == "keep"
    with pytest.raises(Missing):
        decide(review, "keep", actor=make_user(kind="customers"))
    with pytest.raises(NotAllowed):
        begin_review(actor=make_user("auditor"), relationship=theirs, now=NOW)
    fresh = begin_review(actor=theirs.owner, relationship=make_relationship(owner=theirs.owner), now=NOW)
    prepare_review(actor=theirs.owner, review=fresh, now=NOW)
    with pytest.raises(Invalid):
        discuss_review(actor=theirs.owner, review=fresh, discussion="  ", now=NOW)


def test_half_a_year_later_the_facts_are_looked_at_again(theirs: Relationship) -> None:
    state(theirs, health=40)
    review = decide(discussed(theirs), "repair")
    run_review(actor=theirs.owner, review=review, now=NOW)
    close_review(actor=theirs.owner, review=review, now=NOW)
    assert compare_reviews(now=NOW + timedelta(days=181)) == 0
    state(theirs, health=72)
    assert (
        compare_reviews(now=NOW + timedelta(days=182)),
        compare_reviews(now=NOW + timedelta(days=182)),
    ) == (1, 0)
    review.refresh_from_db()
    shown = {fact.label: (fact.then, fact.later) for fact in told(review, may_see_money=False).facts}
    assert shown["Health"] == ("40.0", "72.0")
    assert "Value a year" not in shown


def test_reviews_are_mine_my_teams_or_everybodys(owner: User) -> None:
    team = make_team()
    viewer, mate = make_user(member_of=team), make_user(member_of=team)
    made = [
        begin_review(actor=user, relationship=make_relationship(owner=user), now=NOW)
        for user in (viewer, mate, owner)
    ]

    def seen(whose: str, status: str = "open") -> int:
        return len(review_page(viewer=viewer, whose=whose, status=status).rows)

    assert [seen("mine"), seen("team"), seen("all")] == [1, 2, 3]
    assert [seen("all", "due"), seen("all", "closed"), seen("all", "")] == [3, 0, 3]
    assert len(made) == 3


def test_the_pages_take_a_review_to_its_verdict(theirs: Relationship) -> None:
    spoil(theirs)
    client, second = Client(), Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(theirs.owner, backend=backend)
    second.force_login(make_user(), backend=backend)
    here = client.post(f"/suppliers/{theirs.pk}/reviews/new/").headers["Location"]
    assert "Nothing is frozen yet" in client.get(here).content.decode()
    assert client.get(f"{here}transitions/prepare/").status_code == 405
    assert client.post(f"{here}transitions/prepare/").status_code == 302
    assert "The rules propose" in client.get(here).content.decode()
    assert client.get(f"{here}transitions/discuss/").status_code == 200
    assert client.post(f"{here}transitions/discuss/", {"discussion": ""}).status_code == 422
    assert client.post(f"{here}transitions/discuss/", {"discussion": "Long"}).status_code == 302
    verdict = {"verdict": "exit", "reason": "Enough", "plan": "Tell them", "next_review_date": "2099-01-04"}
    assert client.post(f"{here}transitions/decide/", verdict).status_code == 422
    verdict |= {"notice_date": "2098-12-01", "data_note": "Invoices, ten years"}
    assert client.post(f"{here}transitions/decide/", verdict).status_code == 302
    assert "Invoices, ten years" in client.get(here).content.decode()
    assert "An exit needs a second person" in client.get(here).content.decode()
    assert client.post(f"{here}transitions/approve/").status_code == 403
    assert second.post(f"{here}transitions/approve/").status_code == 302
    assert client.post(f"{here}transitions/run/").status_code == 302
    assert client.post(f"{here}transitions/close/").status_code == 302
    assert client.post(f"{here}transitions/moon/").status_code == 404
    assert client.get("/reviews/999999/").status_code == 404
    assert "Halden" in client.get("/reviews/?status=closed&whose=all").content.decode()
    assert "No such reviews" in client.get("/reviews/?status=nonsense").content.decode()
