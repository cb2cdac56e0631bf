"""A list divided by what a field holds: headings that keep their paging, and columns of a board."""

import pytest
from django.http import QueryDict

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.filters.relationship_list import (
    decode_list,
    encode_list,
    kept_address,
    list_url,
    of_address,
    parse_list,
)
from relationships.models import Relationship
from relationships.operations.custom_values import set_custom_values
from relationships.queries.lanes import (
    LANE_SIZE,
    board,
    grouped_page,
    grouping,
    groupings,
    lane_around,
    lane_counts,
    lane_page,
)
from relationships.queries.relationship_list import ListQuery, Row, Shape
from tests.factories import NOW, make_field, make_relationship, make_user

pytestmark = pytest.mark.django_db
STAGES = ("active", "prospect", "prospect", "lapsed", "active")


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return make_user(name="Vera")


@pytest.fixture
def five(viewer: User) -> list[str]:
    """Ada and Eve are active, Bea and Cid prospects, Dan has lapsed."""
    names = ["Ada", "Bea", "Cid", "Dan", "Eve"]
    for name, stage in zip(names, STAGES, strict=True):
        make_relationship(name=name, owner=viewer, stage=stage)
    return names


def names(rows: list[Row]) -> list[str]:
    return [row.relationship.party_name for row in rows]


def pages(viewer: User, query: ListQuery, limit: int) -> list[list[tuple[str, list[str]]]]:
    """Every page forwards: its headings with the names below."""
    field, cursor, found = grouping(viewer, query), "", []
    assert field is not None
    while True:
        page = grouped_page(viewer=viewer, query=query, field=field, now=NOW, cursor=cursor, limit=limit)
        found.append(
            [(str(lane.label), [row.relationship.party_name for row in rows]) for lane, rows in page.groups]
        )
        if not page.next:
            return found
        cursor = page.next


def test_rows_stand_under_the_stages_in_the_order_of_these_and_the_pages_go_through_all(
    viewer: User, five: list[str]
) -> None:
    query = ListQuery("customers", group="stage")
    assert pages(viewer, query, 2) == [
        [("Prospect", ["Bea", "Cid"])],
        [("Active", ["Ada", "Eve"])],
        [("Lapsed", ["Dan"])],
    ]
    assert pages(viewer, query, 3) == [
        [("Prospect", ["Bea", "Cid"]), ("Active", ["Ada"])],
        [("Active", ["Eve"]), ("Lapsed", ["Dan"])],
    ]


def test_a_page_before_leads_back_the_way_it_came(viewer: User, five: list[str]) -> None:
    query = ListQuery("customers", group="stage")
    field = grouping(viewer, query)
    assert field is not None
    asked = {"viewer": viewer, "query": query, "field": field, "now": NOW, "limit": 2}
    second = grouped_page(cursor=grouped_page(**asked).next, **asked)
    third = grouped_page(cursor=second.next, **asked)
    assert [(page.first, page.last, bool(page.next)) for page in (second, third)] == [
        (3, 4, True),
        (5, 5, False),
    ]
    back = grouped_page(cursor=third.previous, **asked)
    assert (names(back.rows), back.first, back.next) == (["Ada", "Eve"], 3, second.next)
    assert grouped_page(cursor=back.previous, **asked).first == 1
    assert names(grouped_page(cursor="no.where", **asked).rows) == ["Bea", "Cid"]


def test_people_are_headings_by_their_names_and_the_order_within_is_the_lists(viewer: User) -> None:
    anna = make_user(name="Anna")
    for name, owner in (("Ada", viewer), ("Bea", anna), ("Cid", viewer)):
        make_relationship(name=name, owner=owner)
    query = ListQuery("customers", sort="-name", group="owner")
    assert pages(viewer, query, 25) == [[("Anna", ["Bea"]), ("Vera", ["Cid", "Ada"])]]
    found = board(viewer=viewer, query=query, now=NOW)
    assert [(lane.lane.label, names(lane.rows)) for lane in found.lanes] == [
        ("Anna", ["Bea"]),
        ("Vera", ["Cid", "Ada"]),
    ]


def test_what_holds_no_value_of_a_field_of_the_workspace_comes_last(viewer: User, five: list[str]) -> None:
    make_field("choice", label="Size", choices=["Small", "Large"])
    ada = Relationship.objects.get(party_name="Ada")
    set_custom_values(actor=viewer, relationship=ada, values={"size": "large"}, now=NOW)
    query = ListQuery("customers", group="f_size")
    assert pages(viewer, query, 3) == [
        [("Large", ["Ada"]), ("Not set", ["Bea", "Cid"])],
        [("Not set", ["Dan", "Eve"])],
    ]
    found = board(viewer=viewer, query=query, now=NOW)
    shown = [(str(lane.lane.label), len(lane.rows), lane.number) for lane in found.lanes]
    assert shown == [("Small", 0, 0), ("Large", 1, 1), ("Not set", 4, 4)]
    assert lane_counts(viewer=viewer, query=query, values=["large", "", "none"], now=NOW) == [1, 4, 0]
    assert lane_counts(viewer=viewer, query=ListQuery("customers"), values=["large"], now=NOW) == [0]


def test_a_filter_by_the_field_leaves_just_its_lanes(viewer: User, five: list[str]) -> None:
    query = ListQuery("customers").narrowed(stage=("lapsed", "active"))
    found = board(viewer=viewer, query=query, now=NOW)
    assert [(lane.lane.value, names(lane.rows)) for lane in found.lanes] == [
        ("active", ["Ada", "Eve"]),
        ("lapsed", ["Dan"]),
    ]


def test_a_column_gives_its_next_cards_from_the_last_one_on(viewer: User) -> None:
    for number in range(23):
        make_relationship(name=f"N{number:02}", owner=viewer, stage="active")
    query = ListQuery("customers", sort="contact")
    found = board(viewer=viewer, query=query, now=NOW)
    (lane,) = (lane for lane in found.lanes if lane.rows)
    seen, cursor = names(lane.rows), lane.next
    assert (len(seen), lane.number) == (LANE_SIZE, 23)
    while cursor:
        more = lane_page(viewer=viewer, query=query, value="active", cursor=cursor, now=NOW)
        assert more is not None
        seen, cursor = seen + names(more[1].rows), more[1].next
    assert seen == [f"N{number:02}" for number in range(23)]
    assert lane_page(viewer=viewer, query=query, value="nowhere", cursor="", now=NOW) is None


def test_lists_are_divided_by_what_is_one_of_few_and_may_be_known(viewer: User) -> None:
    make_field("choices", label="Uses", choices=["A", "B"])
    assert [field.key for field in groupings(viewer, "customers")] == [
        "health",
        "owner",
        "stage",
        "tier",
    ]
    assert grouping(viewer, ListQuery("customers", group="name")) is None


def test_the_address_tells_shape_groups_and_widths(viewer: User) -> None:
    asked = QueryDict("col=owner&w=owner:wide&w=name:narrow&w=x:wide&w=owner:huge&group=tier&as=board")
    query, complaints = parse_list("customers", asked)
    assert (query.shape, query.group, query.widths) == (
        Shape.BOARD,
        "tier",
        (("owner", "wide"), ("name", "narrow")),
    )
    assert len(complaints) == 2
    assert list_url(query) == "/customers/board/?col=owner&w=owner%3Awide&w=name%3Anarrow&group=tier"
    assert of_address("customers", kept_address(query)) == query == decode_list(encode_list(query))
    wrong, complaints = parse_list("customers", QueryDict("group=name&as=heap"))
    assert (wrong, complaints) == (
        ListQuery("customers"),
        ["The filter “group” knows no “name”; it is left out."],
    )


def test_what_is_in_a_stage_that_there_is_no_more_is_not_lost(viewer: User, five: list[str]) -> None:
    Relationship.objects.filter(party_name="Dan").update(stage="courted")
    query = ListQuery("customers", group="stage")
    assert pages(viewer, query, 25)[0][-1] == ("Not set", ["Dan"])
    found = board(viewer=viewer, query=query, now=NOW)
    assert [(lane.lane.value, names(lane.rows)) for lane in found.lanes if lane.rows][-1] == ("", ["Dan"])


def test_a_list_divided_by_what_there_is_no_more_is_one_lane(viewer: User, five: list[str]) -> None:
    query, ada = ListQuery("customers", group="f_gone"), Relationship.objects.get(party_name="Ada")
    assert grouping(viewer, query) is None
    assert lane_around(viewer=viewer, query=query, row=ada, now=NOW) == query
