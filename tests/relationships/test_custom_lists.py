"""Lists narrowed and sorted by the workspace's own fields and by tags, and what these tell nobody."""

import pytest
from django.http import QueryDict

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.filters.relationship_list import chips, parse_list
from relationships.models import Relationship
from relationships.operations.custom_fields import archive_field
from relationships.operations.custom_values import set_custom_values
from relationships.operations.tags import set_tags
from relationships.queries.list_fields import Asked
from relationships.queries.native_fields import every_field, field_of
from relationships.queries.relationship_list import counts, matching, neighbours, relationship_page
from tests.doors import signed_in
from tests.factories import NOW, make_field, make_relationship, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def admin() -> User:
    return make_user("administrator", name="Ada")


def found(viewer: User, address: str) -> list[str]:
    query, complaints = parse_list("customers", QueryDict(address))
    assert complaints == []
    return sorted(matching(viewer=viewer, query=query, now=NOW).values_list("party_name", flat=True))


def ordered(viewer: User, address: str, limit: int = 2) -> list[str]:
    """All rows of the list in its order, page by page, and back again."""
    query, complaints = parse_list("customers", QueryDict(address))
    assert complaints == []
    pages = [relationship_page(viewer=viewer, query=query, now=NOW, limit=limit)]
    while pages[-1].next:
        pages.append(
            relationship_page(viewer=viewer, query=query, now=NOW, limit=limit, cursor=pages[-1].next)
        )
    names = [[row.relationship.party_name for row in page.rows] for page in pages]
    if len(pages) > 1:
        back = relationship_page(viewer=viewer, query=query, now=NOW, limit=limit, cursor=pages[-1].previous)
        assert [row.relationship.party_name for row in back.rows] == names[-2]
    return [name for page in names for name in page]


@pytest.fixture
def rows(admin: User) -> dict[str, Relationship]:
    """Four customers, the last without any value."""
    for type_, label in (
        ("text", "Contract"), ("long_text", "Story"), ("whole", "Seats"), ("money", "Budget"), ("date", "Renewal"),
        ("yes_no", "Signed"), ("choice", "Level"), ("choices", "Topics"), ("person", "Sponsor"),
    ):  # fmt: skip
        make_field(type_, label=label, actor=admin)
    made = {name: make_relationship(name=name, owner=admin) for name in ("Ash", "Birch", "Cedar", "Dogwood")}
    team = make_team()
    near, far = make_user(member_of=team), make_user()
    make_user("representative", name="Rep", member_of=team)
    for name, number, contract, levels, sponsor in (
        ("Ash", 3, "Über 7", "gold", near), ("Birch", 20, "alpha", "silver", admin), ("Cedar", 3, "Zeta", "gold", far),
    ):  # fmt: skip
        values = {
            "contract": contract, "story": f"long {contract}", "seats": number, "budget": number, "level": levels,
            "renewal": f"2026-03-{number:02}", "signed": number > 3, "sponsor": sponsor,
            "topics": ["gold", "silver"] if number > 3 else ["gold"],
        }  # fmt: skip
        set_custom_values(actor=admin, relationship=made[name], values=values, now=NOW)
    return made


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("f_contract=uber", "A"),
        ("if=f_contract:equals:ZETA", "C"),
        ("f_story=long+alpha", "B"),
        ("f_seats=4", "B"),
        ("if=f_seats:most:3", "AC"),
        ("if=f_seats:empty", "D"),
        ("if=f_seats:filled&f_budget=4", "B"),
        ("if=f_renewal:before:2026-03-18", "AC"),
        ("if=f_renewal:next:5", "B"),
        ("f_signed=1", "B"),
        ("f_signed=0", "AC"),
        ("f_level=gold", "AC"),
        ("f_level=gold&f_level=silver", "ABC"),
        ("if=f_level:not:gold", "BD"),
        ("f_topics=silver", "B"),
        ("if=f_topics:all:gold|silver", "B"),
        ("if=f_topics:not:silver", "ACD"),
        ("f_sponsor=me", "B"),
        ("if=f_sponsor:not:me", "ACD"),
        ("if1=f_level:is:silver&if1=f_seats:empty&any=1", "BD"),
    ],
)
def test_every_type_narrows_a_list(
    address: str, names: str, admin: User, rows: dict[str, Relationship]
) -> None:
    assert "".join(name[0] for name in found(admin, address)) == names


def test_a_person_is_also_asked_for_by_team_and_by_number(admin: User, rows: dict[str, Relationship]) -> None:
    rep = User.objects.get(name="Rep")
    for row in rows.values():
        Relationship.objects.filter(pk=row.pk).update(owner=rep)
    assert found(rep, "f_sponsor=team") == ["Ash"]
    assert found(rep, f"f_sponsor={admin.pk}") == ["Birch"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("f_seats", "ACBD"),
        ("-f_seats", "BCAD"),
        ("f_renewal", "ACBD"),
        ("-f_signed", "BCAD"),
        ("f_budget", "ACBD"),
    ],
)
def test_indexed_types_sort_a_list_and_what_is_empty_comes_last(
    sort: str, names: str, admin: User, rows: dict[str, Relationship]
) -> None:
    assert "".join(name[0] for name in ordered(admin, f"sort={sort}")) == names


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("if=f_seats:most:5&sort=f_seats", "AC"),
        ("if=f_renewal:from:2026-03-18&sort=-f_renewal", "B"),
        ("f_signed=0&sort=f_signed", "AC"),
        ("if=f_seats:empty&sort=f_seats", "D"),
        ("if=f_seats:filled&sort=-f_seats", "BCA"),
        ("f_contract=a&sort=f_contract", "BC"),
    ],
)
def test_a_list_is_narrowed_by_what_it_is_sorted_by(
    address: str, names: str, admin: User, rows: dict[str, Relationship]
) -> None:
    assert sorted(name[0] for name in ordered(admin, address)) == sorted(names)


def test_a_sorted_list_knows_who_stands_beside_whom(admin: User, rows: dict[str, Relationship]) -> None:
    query = parse_list("customers", QueryDict("sort=-f_seats"))[0]
    beside = neighbours(viewer=admin, query=query, relationship_id=rows["Cedar"].pk, now=NOW)
    assert (beside.position, beside.previous_id, beside.next_id) == (2, rows["Birch"].pk, rows["Ash"].pk)
    last = neighbours(viewer=admin, query=query, relationship_id=rows["Dogwood"].pk, now=NOW)
    assert (last.position, last.previous_id, last.next_id) == (4, rows["Ash"].pk, None)


def test_columns_read_a_page_in_words_and_the_list_opens(admin: User, rows: dict[str, Relationship]) -> None:
    level, tag = field_of("customers", "f_level"), field_of("customers", "tag")
    assert level is not None
    assert level.values is not None
    assert tag is not None
    assert tag.values is not None
    set_tags(actor=admin, relationship=rows["Ash"], names=["Key", "apex"], now=NOW)
    asked = Asked(admin, NOW)
    assert list(level.values(list(rows.values()), asked).values()) == ["Gold", "Silver", "Gold", ""]
    assert tag.values(list(rows.values()), asked)[rows["Ash"].pk] == "apex, Key"
    said = chips(parse_list("customers", QueryDict("f_level=gold&tag=key"))[0], {})
    assert [(str(chip.label), str(chip.value)) for chip in said] == [("Level", "gold"), ("Tags", "key")]


def test_the_page_of_a_list_is_sorted_and_narrowed_by_them(
    admin: User, rows: dict[str, Relationship]
) -> None:
    page = signed_in(admin).get("/customers/?sort=-f_seats&if=f_seats:filled&tag=none").content.decode()
    assert "Seats, highest first" in page
    page = signed_in(admin).get("/customers/?sort=-f_seats&f_level=gold").content.decode()
    assert page.index(">Cedar<") < page.index(">Ash<")


def test_archived_fields_and_those_of_other_kinds_are_no_filters(admin: User, rows: object) -> None:
    make_field(kind="suppliers", label="Rating", actor=admin)
    assert field_of("customers", "f_rating") is None
    field = make_field(label="Gone", actor=admin)
    archive_field(actor=admin, field=field, now=NOW)
    assert "f_gone" not in {each.key for each in every_field(admin, "customers")}
    assert parse_list("customers", QueryDict("sort=f_gone"))[1]
    assert parse_list("customers", QueryDict("sort=f_level"))[1]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("tag=KEY", "AB"), ("tag=key&tag=apex", "ABC"), ("if=tag:all:key|apex", "A"), ("if=tag:not:key", "CD"),
        ("if=tag:empty", "D"), ("if=tag:filled", "ABC"),
    ],
)  # fmt: skip
def test_tags_narrow_by_any_all_and_none_of(
    address: str, names: str, admin: User, rows: dict[str, Relationship]
) -> None:
    for name, tags in (("Ash", ["Key", "Apex"]), ("Birch", ["key"]), ("Cedar", ["apex"])):
        set_tags(actor=admin, relationship=rows[name], names=tags, now=NOW)
    assert "".join(name[0] for name in found(admin, address)) == names


def test_what_is_out_of_sight_tells_nothing_by_filter_count_or_order(
    admin: User, rows: dict[str, Relationship]
) -> None:
    manager = make_user("relationship_manager")
    hidden = make_relationship(name="Hidden", owner=admin, confidentiality=Confidentiality.SEALED)
    asked = ["f_seats=4", "if=f_seats:filled", "f_level=gold", "tag=secret", "sort=-f_seats", "if=tag:filled"]
    queries = [parse_list("customers", QueryDict(address))[0] for address in asked]
    before = (
        [ordered(manager, address) for address in asked],
        counts(viewer=manager, queries=queries, now=NOW),
    )
    values = {"seats": 99, "level": "gold", "contract": "X"}
    set_custom_values(actor=admin, relationship=hidden, values=values, now=NOW)
    set_tags(actor=admin, relationship=hidden, names=["Secret"], now=NOW)
    after = [ordered(manager, address) for address in asked], counts(viewer=manager, queries=queries, now=NOW)
    assert before == after
    assert ordered(admin, "f_seats=50") == ["Hidden"]


def test_money_is_no_filter_and_no_order_to_those_who_see_none(
    admin: User, rows: dict[str, Relationship]
) -> None:
    poor = make_user("hr")
    assert found(admin, "f_budget=1") == ["Ash", "Birch", "Cedar"]
    assert found(poor, "f_budget=1") == []
    assert "f_budget" not in {each.key for each in every_field(poor, "customers")}
    budget = field_of("customers", "f_budget")
    assert budget is not None
    assert budget.values is not None
    assert set(budget.values(list(rows.values()), Asked(admin, NOW)).values()) == {"£3", "£20", ""}
    assert budget.values(list(rows.values()), Asked(poor, NOW)) == {}
