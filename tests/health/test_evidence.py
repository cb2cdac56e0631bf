"""The rows behind a number are exactly those that are counted, and add up to it, for whoever may see them all."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from math import exp, log
from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from analytics.curves import Curve
from health.models import RelationshipScore
from health.operations.scoring import score
from health.queries.evidence import EvidencePage, evidence_page, read_cursor
from health.queries.explanation import scores_of
from health.registry import measures
from relationships.models import Relationship
from tests.factories import make_link, make_person, make_relationship, make_user
from tests.health.evidence import NOW, in_arrays, install, only, promise, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user("administrator")


@pytest.fixture
def theirs(viewer: User) -> Relationship:
    return make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))


def busy(theirs: Relationship) -> None:
    """Something of everything that a measure of the kernel reads."""
    ann, ben = make_person(works_for=theirs.party), make_person(works_for=theirs.party)
    make_link(ann, theirs.party, "decides_for")
    make_link(make_person(works_for=theirs.party), theirs.party, "influences")
    put(theirs, *range(3, 90, 5), sentiment=0.4, reply_minutes=200, people=[ann])
    put(theirs, *range(4, 90, 9), direction="out", reply_minutes=700, channel="email", people=[ben])
    put(theirs, 8, direction="mutual", channel="meeting", sentiment=-0.3)
    put(theirs, 12, problem_severity=4)
    put(
        theirs,
        40,
        problem_severity=2,
        problem_closed_at=NOW - timedelta(days=20),
        problem_closed_by=theirs.owner,
    )
    promise(theirs, due=9)
    promise(theirs, due=30, delivered=31)
    promise(theirs, due=50, delivered=20)
    promise(theirs, due=25, delivered=25, direction="theirs")


def page_of(theirs: Relationship, viewer: User, key: str, cursor: str = "", limit: int = 500) -> EvidencePage:
    stored = scores_of([theirs.pk])[theirs.pk]
    part = next(part for part in stored.parts if part["key"] == key)
    page = evidence_page(
        viewer=viewer, relationship=theirs, stored=stored, part=part, cursor=cursor, limit=limit
    )
    assert page is not None
    return page


def figures(page: EvidencePage) -> dict[str, list[Decimal]]:
    names = [tally.name for tally in page.tallies]
    return {name: [row.figures[i] or Decimal(0) for row in page.rows] for i, name in enumerate(names)}


KERNEL = (
    "activity", "recency", "reciprocity", "our_latency", "their_latency", "sentiment", "promise_keeping",
    "their_promises", "problems", "breadth",
)  # fmt: skip


@pytest.mark.parametrize("key", KERNEL)
def test_what_is_shown_of_the_rows_adds_up_to_what_was_counted(
    theirs: Relationship, viewer: User, key: str
) -> None:
    install(viewer, only(key, half_life=45))
    busy(theirs)
    score(kind="suppliers", now=NOW)
    page = page_of(theirs, viewer, key)

    assert page.number == len(page.rows) > 0
    assert not page.has_rest
    by_name = figures(page)
    for total in page.totals:
        assert sum(by_name[total.tally.name]) == total.of_rows
        assert total.counted is not None
        assert abs(total.counted - total.of_rows) < Decimal("0.02")
    assert page.formula


VALUES: dict[str, Callable[[dict[str, float]], float]] = {
    "activity": lambda t: 100 * (1 - exp(-t["weight"] / 3)),
    "reciprocity": lambda t: 2 * min(t["theirs"], t["ours"]) / (t["theirs"] + t["ours"]),
    "our_latency": lambda t: 100 / (1 + exp(t["logs"] / t["weight"] - log(480))),
    "their_latency": lambda t: 100 / (1 + exp(t["logs"] / t["weight"] - log(480))),
    "sentiment": lambda t: t["weighed"] / (t["weight"] + 2),
    "problems": lambda t: 100 * exp(-t["load"]),
    "breadth": lambda t: 0.5 * t["covered"] / t["mapped"] + 0.3 * t["people"] / 3 + 0.2,
}


@pytest.mark.parametrize("key", sorted(VALUES))
def test_the_totals_make_the_number_that_the_score_uses(theirs: Relationship, viewer: User, key: str) -> None:
    install(viewer, only(key, half_life=45))
    busy(theirs)
    score(kind="suppliers", now=NOW)
    page = page_of(theirs, viewer, key)

    value = VALUES[key]({total.tally.name: float(total.of_rows) for total in page.totals})
    part = RelationshipScore.objects.get(pk=theirs.pk).parts[0]
    assert value == pytest.approx(part["value"], rel=0.01, abs=0.02)
    assert part["points"] == pytest.approx(Curve.from_lists([[0, 0], [100, 100]]).value(part["value"]))


def test_promises_lean_on_the_kind_as_the_formula_says(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("promise_keeping", half_life=180))
    promise(theirs, due=9)
    promise(theirs, due=30, delivered=30)
    score(kind="suppliers", now=NOW)
    first = page_of(theirs, viewer, "promise_keeping")
    stored = RelationshipScore.objects.get(pk=theirs.pk)
    part = stored.parts[0]
    weight, kept = (total.of_rows for total in first.totals)
    usual = float(kept / weight)
    assert float(kept + 5 * Decimal(usual)) / float(weight + 5) == pytest.approx(part["value"], abs=0.01)
    assert first.formula.startswith("(0.89 kept + 5 × the kind's 47.1 %)")
    assert [row.shown.href.split("/")[1] for row in first.rows] == ["commitments", "commitments"]

    part["facts"] |= {"pull": 0, "mass": 2.0, "kept_mass": 1.0}
    part["value"] = 0.5
    RelationshipScore.objects.filter(pk=theirs.pk).update(**in_arrays(stored.scorecard, part))
    assert page_of(theirs, viewer, "promise_keeping").formula == "1.00 kept of a weight of 2.00: 50.0 %"


def test_the_rhythm_shows_each_gap_once_and_says_whose_it_is(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("recency"))
    put(theirs, 20, 17, 17.01, 10)
    score(kind="suppliers", now=NOW)
    page = page_of(theirs, viewer, "recency")
    assert [row.figures[0] for row in page.rows] == [Decimal(7), None, Decimal(3), None]
    assert "the kind's usual gap of 5.0 days" in page.formula
    put(theirs, 25, 30)
    score(kind="suppliers", now=NOW)
    assert page_of(theirs, viewer, "recency").formula == (
        "10.0 days since the last ÷ the middle gap of 5.0 days = 2.00"
    )


def test_breadth_lists_people_deciders_not_met_and_channels(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("breadth", half_life=45))
    busy(theirs)
    score(kind="suppliers", now=NOW)
    page = page_of(theirs, viewer, "breadth")
    assert [row.age is None for row in page.rows] == [False] * 5 + [True]
    assert {row.shown.title for row in page.rows} >= {"Call", "E-mail", "Meeting"}
    assert page.formula.startswith("0.5 × 1 of 2 who decide + 0.3 × 2 of 3 people + 0.2 × 3 of 3 channels")


def test_breadth_without_deciders_and_of_one_person_alone(viewer: User) -> None:
    install(viewer, only("breadth"))
    firm = make_relationship("suppliers", owner=viewer, now=NOW - timedelta(days=400))
    person = make_relationship("suppliers", party=make_person(), owner=viewer, now=NOW - timedelta(days=400))
    for relationship in (firm, person):
        put(relationship, 3)
    score(kind="suppliers", now=NOW)
    assert page_of(firm, viewer, "breadth").formula.startswith("0.6 × 0 of 3 people + 0.4 × 1 of 3 channels")
    assert page_of(person, viewer, "breadth").formula.startswith("1 of 3 channels = 0.33")


def test_pages_walk_through_all_rows_there_and_back(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("activity"))
    put(theirs, *range(1, 8))
    score(kind="suppliers", now=NOW)
    whole = [row.age for row in page_of(theirs, viewer, "activity").rows]

    pages = [page_of(theirs, viewer, "activity", limit=3)]
    while pages[-1].next:
        pages.append(page_of(theirs, viewer, "activity", pages[-1].next, limit=3))
    assert [row.age for page in pages for row in page.rows] == whole
    assert [(page.first, page.last, page.number) for page in pages] == [(1, 3, 7), (4, 6, 7), (7, 7, 7)]
    weights = [weight for page in pages for weight in figures(page)["weight"]]
    assert sum(weights) == pages[0].totals[0].of_rows
    back = page_of(theirs, viewer, "activity", pages[2].previous, limit=3)
    assert ([row.age for row in back.rows], back.first) == (whole[3:6], 4)
    start = page_of(theirs, viewer, "activity", back.previous, limit=3)
    assert ([row.age for row in start.rows], start.previous) == (whole[:3], "")
    assert start.next


@pytest.mark.parametrize("cursor", ["", "~", "e30", "WzFd", "WzEsInp6IiwiYSIsMSwxXQ"])
def test_a_cursor_that_is_none_starts_anew(cursor: str) -> None:
    assert read_cursor(cursor) is None


def test_what_the_viewer_may_not_know_is_left_out_and_told_as_the_rest(
    theirs: Relationship, viewer: User
) -> None:
    install(viewer, only("activity"))
    put(theirs, 3, 4)
    hidden = put(theirs, 0, confidentiality=3)
    score(kind="suppliers", now=NOW)
    assert page_of(theirs, viewer, "activity").number == 3

    colleague = make_user("relationship_manager")
    page = page_of(theirs, colleague, "activity")
    assert [row.shown.href for row in page.rows] == [
        f"/interactions/{pk}/versions/"
        for pk in theirs.interactions.exclude(pk=hidden.pk).values_list("pk", flat=True)
    ]
    (total,) = page.totals
    assert page.has_rest
    assert total.rest == Decimal("1.00")
    assert total.of_rows + total.rest == total.counted


def test_without_evidence_there_are_no_rows_and_no_formula(theirs: Relationship, viewer: User) -> None:
    install(viewer, only("sentiment"))
    score(kind="suppliers", now=NOW)
    page = page_of(theirs, viewer, "sentiment")
    assert (page.rows, page.number, page.first, page.last) == ([], 0, 0, -1)
    assert (page.next, page.previous, page.formula, page.has_rest) == ("", "", "", False)


def test_a_part_whose_measure_or_component_is_gone_has_no_rows(theirs: Relationship, viewer: User) -> None:
    put(theirs, 3)
    score(kind="suppliers", now=NOW)
    stored = scores_of([theirs.pk])[theirs.pk]
    asked: dict[str, Any] = {"viewer": viewer, "relationship": theirs, "stored": stored, "cursor": ""}
    assert evidence_page(part=stored.parts[0] | {"measure": "gone"}, **asked) is None
    assert evidence_page(part=stored.parts[0] | {"key": "gone"}, **asked) is None


def test_every_measure_registers_its_rows() -> None:
    assert [measure.key for measure in measures if measure.rows is None] == []
