"""The list of a kind: what it finds, in what order, page by page, and who stands beside whom."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict

from core import keyset
from relationships.filters.relationship_list import (
    current_view,
    decode_list,
    encode_list,
    parse_list,
)
from relationships.models import Relationship, RelationshipState
from relationships.operations.relationships import close_relationship
from relationships.queries.counts import capped_counts
from relationships.queries.relationship_list import (
    ListQuery,
    counts,
    matching,
    named,
    neighbours,
    relationship_page,
)
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_party,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
CUSTOMERS = ListQuery("customers")


def put(relationship: Relationship, **facts: object) -> Relationship:
    """Facts that only nightly scoring writes."""
    RelationshipState.objects.filter(pk=relationship.pk).update(**facts)
    return relationship


def names(query: ListQuery, viewer=None) -> list[str]:
    page = relationship_page(viewer=viewer or make_user(), query=query, now=NOW, limit=50)
    return [row.relationship.party_name for row in page.rows]


def seven() -> None:
    """Seven customers: two share every value, two have none at all."""
    facts = [
        ("Ash", 30, 1, 5),
        ("Birch", 30, 1, 5),
        ("Cedar", 55, 4, 40),
        ("Dogwood", None, None, None),
        ("Elm", 81, 2, 7),
        ("Fir", None, None, None),
        ("Gorse", 12, 9, 90),
    ]
    for name, health, days, value in facts:
        put(
            make_relationship(name=name),
            health=health,
            last_interaction_at=None if days is None else NOW - timedelta(days=days),
            next_touch_date=None if days is None else date(2026, 3, 18) + timedelta(days=days),
            value_amount=None if value is None else Decimal(value),
        )


@pytest.mark.parametrize(
    "sort", [sign + key for key in ("name", "health", "contact", "next", "value") for sign in ("", "-")]
)
def test_walking_forwards_and_back_shows_every_row_once_in_the_same_order(sort: str) -> None:
    seven()
    viewer = make_user()
    query = ListQuery("customers", sort=sort)
    whole = relationship_page(viewer=viewer, query=query, now=NOW, limit=50)
    expected = [row.relationship.pk for row in whole.rows]
    assert len(expected) == 7
    forwards, cursor, places = [], "", []
    pages = []
    while True:
        page = relationship_page(viewer=viewer, query=query, now=NOW, cursor=cursor, limit=2)
        pages.append([row.relationship.pk for row in page.rows])
        forwards += pages[-1]
        places.append((page.first, page.last))
        if not page.next:
            break
        cursor = page.next
    assert forwards == expected
    assert places == [(1, 2), (3, 4), (5, 6), (7, 7)]
    back = []
    while page.previous:
        page = relationship_page(viewer=viewer, query=query, now=NOW, cursor=page.previous, limit=2)
        back.append([row.relationship.pk for row in page.rows])
    assert back == pages[-2::-1]
    assert page.previous == ""


def test_rows_without_a_value_come_last_in_both_directions_but_the_never_contacted_count_as_longest_ago() -> (
    None
):
    seven()
    assert names(ListQuery("customers", sort="health"))[-2:] == ["Dogwood", "Fir"]
    assert set(names(ListQuery("customers", sort="-health"))[-2:]) == {"Dogwood", "Fir"}
    assert names(ListQuery("customers", sort="contact"))[:3] == ["Dogwood", "Fir", "Gorse"]
    assert set(names(ListQuery("customers", sort="-contact"))[-2:]) == {"Dogwood", "Fir"}


@pytest.mark.parametrize("cursor", ["x", "????", "W10", "bnVsbA", "WzAsIngiLCJ5IiwxXQ", "é"])
def test_an_unreadable_cursor_shows_the_first_page(cursor: str) -> None:
    make_relationship(name="Ash")
    page = relationship_page(
        viewer=make_user(), query=ListQuery("customers", sort="health"), now=NOW, cursor=cursor
    )
    assert [row.relationship.party_name for row in page.rows] == ["Ash"]


def test_a_search_finds_parts_of_names_whatever_their_case_and_accents() -> None:
    for name in ("Café Élysée", "Elysian Fields", "Brightwater Clinics", "100% Wool"):
        make_relationship(name=name)
    assert names(ListQuery("customers", q="ELYS")) == ["Café Élysée", "Elysian Fields"]
    assert names(ListQuery("customers", q="clin wat")) == ["Brightwater Clinics"]
    assert names(ListQuery("customers", q="0%")) == ["100% Wool"]
    assert names(ListQuery("customers", q="_")) == []


def test_a_search_can_use_the_trigram_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "relationship_name_search" in named(Relationship.objects.all(), "wat").explain()


def test_each_filter_narrows_the_list() -> None:
    viewer, team = make_user(name="Vera"), make_team()
    mate = make_user(member_of=team)
    ours = make_relationship(name="Ours", owner=viewer, stage="renewing", profile={"segment": "Health care"})
    teams = make_relationship(name="Teams", owner=mate, team=team)
    silent = make_relationship(name="Silent", now=NOW - timedelta(days=90))
    put(ours, health=81, health_status="healthy", value_tier="A")
    put(teams, health=40, health_status="at_risk", value_tier="B")
    for relationship in (ours, teams):
        make_interaction(relationship, actor=viewer)
    make_interaction(ours, actor=viewer, problem_severity=4)
    make_interaction(silent, happened_at=NOW - timedelta(days=31), now=NOW)
    make_user(member_of=team)
    assert names(CUSTOMERS.narrowed(health="healthy"), viewer) == ["Ours"]
    assert names(CUSTOMERS.narrowed(health=("at_risk", "none")), viewer) == ["Silent", "Teams"]
    assert names(CUSTOMERS.narrowed(owner="me"), viewer) == ["Ours"]
    assert names(CUSTOMERS.narrowed(owner=str(mate.pk)), viewer) == ["Teams"]
    assert names(CUSTOMERS.narrowed(owner="team"), mate) == ["Teams"]
    assert names(CUSTOMERS.narrowed(stage="renewing"), viewer) == ["Ours"]
    assert names(CUSTOMERS.narrowed(tier="B"), viewer) == ["Teams"]
    assert names(CUSTOMERS.narrowed(silent="30"), viewer) == ["Silent"]
    assert names(CUSTOMERS.narrowed(overdue="1"), viewer) == ["Silent"]
    assert names(CUSTOMERS.narrowed(problems="1"), viewer) == ["Ours"]
    assert names(CUSTOMERS.narrowed(c_segment="care"), viewer) == ["Ours"]


def test_a_column_with_choices_is_matched_exactly() -> None:
    make_relationship("suppliers", name="Lorries", profile={"category": "logistics"})
    make_relationship("suppliers", name="Advice", profile={"category": "service"})
    assert names(ListQuery("suppliers").narrowed(c_category="logistics")) == ["Lorries"]


def test_closed_relationships_are_not_listed() -> None:
    viewer = make_user("administrator")
    gone = make_relationship(name="Gone")
    close_relationship(actor=viewer, relationship=gone, now=NOW, reason="They moved away.")
    make_relationship(name="Here")
    assert names(CUSTOMERS, viewer) == ["Here"]


def test_the_next_step_is_the_plan_or_else_the_rhythm() -> None:
    viewer = make_user()
    planned, promised, plain = (make_relationship(name=name) for name in ("Planned", "Promised", "Plain"))
    make_follow_up(planned, what="Ring them", due_date=date(2026, 3, 16), channel="call")
    make_commitment(promised, what="Send the quote", due_date=date(2026, 3, 25))
    page = relationship_page(viewer=viewer, query=CUSTOMERS, now=NOW)
    steps = {row.relationship.party_name: row.next_step for row in page.rows}
    assert (steps["Planned"].what, steps["Planned"].is_overdue) == ("Ring them", True)
    assert (steps["Promised"].what, steps["Promised"].due_date) == ("Send the quote", date(2026, 3, 25))
    assert (steps["Plain"].reason, steps["Plain"].due_date) == ("cadence", date(2026, 4, 17))
    assert plain.cadence_days == 30


def test_counts_stop_one_above_their_cap() -> None:
    viewer = make_user()
    for _ in range(3):
        make_relationship()
    rows = matching(viewer=viewer, query=CUSTOMERS, now=NOW)
    nobody = matching(viewer=make_user(role=""), query=CUSTOMERS, now=NOW)
    assert capped_counts(rows, nobody, cap=2) == [3, 0]
    assert capped_counts(rows, cap=1) == [2]
    assert capped_counts(nobody, nobody) == [0, 0]


def test_a_viewer_of_suppliers_finds_and_counts_no_customer() -> None:
    party = make_party("Both Ways Ltd")
    make_relationship("customers", party=party)
    make_relationship("suppliers", party=party)
    viewer = make_user("representative", kind="suppliers")
    team = make_team()
    viewer = make_user("relationship_manager", kind="suppliers", member_of=team)
    assert names(CUSTOMERS, viewer) == []
    assert names(ListQuery("suppliers"), viewer) == ["Both Ways Ltd"]
    assert counts(viewer=viewer, queries=[CUSTOMERS, ListQuery("suppliers")], now=NOW) == [0, 1]


@pytest.mark.parametrize("sort", ["name", "-name", "health", "-contact"])
def test_neighbours_follow_the_list(sort: str) -> None:
    seven()
    viewer = make_user()
    query = ListQuery("customers", sort=sort)
    ids = [row.relationship.pk for row in relationship_page(viewer=viewer, query=query, now=NOW).rows]
    for index, pk in enumerate(ids):
        found = neighbours(viewer=viewer, query=query, relationship_id=pk, now=NOW)
        assert (found.position, found.total) == (index + 1, 7)
        assert found.previous_id == (ids[index - 1] if index else None)
        assert found.next_id == (ids[index + 1] if index < 6 else None)


def test_a_row_that_left_the_list_keeps_the_neighbours_of_its_place() -> None:
    seven()
    viewer = make_user()
    cedar = Relationship.objects.get(party_name="Cedar")
    query = ListQuery("customers", q="r", sort="name")  # Birch, Cedar, Fir, Gorse
    put(cedar, health_status="healthy")
    risky = ListQuery("customers", q="r").narrowed(health="none")
    assert neighbours(viewer=viewer, query=query, relationship_id=cedar.pk, now=NOW).position == 2
    found = neighbours(viewer=viewer, query=risky, relationship_id=cedar.pk, now=NOW)
    by_name = {row.party_name: row.pk for row in Relationship.objects.all()}
    assert (found.position, found.total) == (None, 3)
    assert (found.previous_id, found.next_id) == (by_name["Birch"], by_name["Fir"])


def test_an_invisible_relationship_has_no_neighbours() -> None:
    hidden = make_relationship("customers", name="Hidden")
    viewer = make_user("relationship_manager", kind="suppliers")
    found = neighbours(viewer=viewer, query=CUSTOMERS, relationship_id=hidden.pk, now=NOW)
    assert (found.position, found.total, found.previous_id, found.next_id) == (None, 0, None, None)


def test_a_list_survives_being_packed_into_a_word() -> None:
    query = ListQuery("suppliers", q="é & co", sort="-contact").narrowed(
        health=("at_risk", "watch"), owner="team", stage="approved", tier="A", silent="45", overdue="1",
        problems="1", c_category="goods",
    )  # fmt: skip
    assert decode_list(encode_list(query)) == query
    assert decode_list("nonsense") is None
    assert decode_list("a2luZD1tb29ucw") is None  # kind=moons


def test_what_an_address_asks_wrongly_is_left_out_and_said() -> None:
    params = QueryDict("health=great&stage=active&owner=her&silent=-3&tier=A&tier=Z&sort=luck&overdue=yes")
    query, complaints = parse_list("customers", params)
    assert query == CUSTOMERS.narrowed(stage="active", tier="A")
    assert complaints == [
        f"The filter “{name}” knows no “{value}”; it is left out."
        for name, value in (
            ("health", "great"),
            ("owner", "her"),
            ("tier", "Z"),
            ("silent", "-3"),
            ("overdue", "yes"),
            ("sort", "luck"),
        )
    ]


def test_a_narrowed_view_stays_the_current_view() -> None:
    attention = parse_list("customers", QueryDict("health=at_risk&health=watch&tier=A&sort=name"))[0]
    assert current_view(attention).slug == "attention"
    assert current_view(CUSTOMERS.narrowed(tier="A")).slug == "all"


def test_a_page_of_a_key_without_empties_needs_one_query(django_assert_num_queries) -> None:
    make_relationship()
    rows = Relationship.objects.all()
    with django_assert_num_queries(1):
        keyset.page(rows, keyset.Order(keyset.SortKey("party_name")), cursor="", limit=5)
