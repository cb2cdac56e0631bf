"""What a list can be asked: conditions of every type, joined by and or or, in its address and in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import F, Q
from django.http import QueryDict

from accounts.enums import Permission
from accounts.operations.workspace import Workspace
from core import keyset
from relationships.filters.relationship_list import chips, encode_list, parse_list, to_params
from relationships.models import RelationshipState
from relationships.queries import list_fields
from relationships.queries import relationship_list as lists
from relationships.queries.list_fields import Asked, FieldType, ListField, Provider, add_provider
from relationships.queries.native_fields import every_field, field_of
from relationships.queries.relationship_list import ListQuery, matching, neighbours, relationship_page
from tests.factories import (
    NOW,
    make_commitment,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def found(address: str, viewer=None, kind: str = "customers") -> list[str]:
    query, complaints = parse_list(kind, QueryDict(address))
    assert complaints == []
    rows = matching(viewer=viewer or make_user("administrator"), query=query, now=NOW)
    return sorted(rows.values_list("party_name", flat=True))


def four() -> None:
    """Four customers: by stage, score, tier and the day of the next step."""
    facts = [
        ("Ash", "active", 30, "A", 1),
        ("Birch", "lapsed", 80, "A", 5),
        ("Cedar", "prospect", 55, "B", -3),
        ("Dogwood", "active", None, "", None),
    ]
    for name, stage, score, tier, days in facts:
        relationship = make_relationship(name=name, stage=stage)
        due = None if days is None else NOW.date() + timedelta(days=days)
        RelationshipState.objects.filter(pk=relationship.pk).update(
            health=score, value_tier=tier, next_touch_date=due
        )


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("if=stage:not:active", ["Birch", "Cedar"]),
        ("if=stage:is:lapsed|prospect", ["Birch", "Cedar"]),
        ("if=score:least:55", ["Birch", "Cedar"]),
        ("if=score:most:30", ["Ash"]),
        ("if=score:equals:80.0", ["Birch"]),
        ("if=score:empty", ["Dogwood"]),
        ("if=score:filled", ["Ash", "Birch", "Cedar"]),
        ("if=next:before:today", ["Cedar"]),
        ("if=next:next:1", ["Ash"]),
        ("if=next:last:3", ["Cedar"]),
        ("if=next:from:2026-03-20&stage=lapsed", ["Birch"]),
        ("if=overdue:is:0", ["Ash", "Birch", "Dogwood"]),
        ("if=health:not:none", []),
        ("if=name:equals:ash", ["Ash"]),
        ("name=D WOO", ["Dogwood"]),
    ],
)
def test_a_condition_finds_what_it_says(workspace: Workspace, address: str, names: list[str]) -> None:
    four()
    assert found(address) == names


def test_conditions_are_joined_by_and_and_or_in_groups(workspace: Workspace) -> None:
    four()
    assert found("if1=stage:is:lapsed&if1=tier:is:B&any=1") == ["Birch", "Cedar"]
    assert found("if1=stage:is:lapsed&if1=tier:is:B&any=1&tier=A") == ["Birch"]
    both = "if1=tier:is:A&if1=stage:is:active&if2=score:most:60&if2=tier:is:B"
    assert found(both) == []
    assert found(f"{both}&match=any") == ["Ash", "Cedar"]
    assert found(f"{both}&match=any&q=cedar") == ["Cedar"]


def test_related_rows_narrow_a_list(workspace: Workspace) -> None:
    viewer = make_user("administrator")
    soon, late, none = (make_relationship(name=name, owner=viewer) for name in ("Soon", "Late", "None"))
    make_commitment(soon, actor=viewer, due_date=NOW.date() + timedelta(days=3))
    make_commitment(late, actor=viewer, due_date=NOW.date() + timedelta(days=30))
    make_interaction(soon, actor=viewer, channel="email", happened_at=NOW - timedelta(days=9))
    make_interaction(soon, actor=viewer, channel="visit", happened_at=NOW - timedelta(days=2))
    make_interaction(none, actor=viewer, channel="email")
    make_link(late.party, make_person("Zoë Marsh"), "employs")
    assert found("if=promise:within:7", viewer) == ["Soon"]
    assert found("if=promise:before:2027-01-01", viewer) == ["Late", "Soon"]
    assert found("channel=visit", viewer) == ["Soon"]
    assert found("if=channel:not:visit", viewer) == ["Late", "None"]
    assert found("person=zoe", viewer) == ["Late"]
    assert found("if=contact:last:3", viewer) == ["None", "Soon"]


def test_a_list_is_not_narrowed_by_what_the_viewer_may_not_know(workspace: Workspace) -> None:
    owner = make_user()
    team = make_team()
    viewer = make_user("representative", member_of=team)
    seen = make_relationship(name="Seen", owner=owner, team=team)
    hidden = make_party("Hidden Holdings")
    make_relationship("suppliers", party=hidden, owner=owner)
    make_link(seen.party, hidden, "partner_of")
    make_interaction(seen, actor=owner, channel="visit", confidentiality=3)
    assert found("", viewer) == ["Seen"]
    assert found("person=hidden", viewer) == []
    assert found("channel=visit", viewer) == []


def test_persons_are_the_viewer_their_team_or_somebody(workspace: Workspace) -> None:
    team = make_team()
    viewer = make_user("administrator", member_of=team)
    make_relationship(name="Mine", owner=viewer)
    make_relationship(name="Ours", team=team)
    make_relationship(name="Other")
    assert found("if=owner:not:me", viewer) == ["Other", "Ours"]
    assert found("if=owner:not:team", viewer) == ["Other"]


def test_an_address_gives_back_what_it_was_made_from(workspace: Workspace) -> None:
    address = (
        "q=ash&tier=A&tier=B&if=stage%3Anot%3Alapsed%7Cprospect&if=score%3Aempty"
        "&if1=score%3Aleast%3A10&if1=next%3Anext%3A7&any=1&if2=owner%3Anot%3Ame&match=any&sort=-contact"
    )
    query, complaints = parse_list("customers", QueryDict(address))
    assert complaints == []
    params = QueryDict(mutable=True)
    for key, value in to_params(query):
        params.appendlist(key, value)
    assert params.urlencode() == address
    assert parse_list("customers", params) == (query, [])


def test_what_is_not_understood_is_said_and_left_out(workspace: Workspace) -> None:
    wrong = "if=moon:is:full&if=stage:least:3&if=score:least:lots&if1=next:before:soon&if=score:least:1e99&match=any"
    query, complaints = parse_list("customers", QueryDict(wrong))
    assert query == ListQuery("customers")
    assert [words.split("”")[1].split("“")[1] for words in complaints] == [
        "moon:is:full",
        "stage:least:3",
        "lots",
        "1e99",
        "soon",
    ]


def test_conditions_are_said_in_words(workspace: Workspace) -> None:
    address = (
        "if=stage:not:lapsed|active&if=score:least:10&if=next:next:7&if=next:empty&overdue=0"
        "&if1=tier:is:A&if1=next:before:today&any=1&if2=tier:is:B&if2=next:from:2026-03-20"
    )
    query = parse_list("customers", QueryDict(address))[0]
    said = [(str(chip.label), str(chip.value)) for chip in chips(query, {})]
    assert said == [
        ("Stage", "is not active or lapsed"),
        ("Next step overdue", "no"),
        ("Health score", "is at least 10"),
        ("Next step", "is in the next 7 days"),
        ("Next step", "is empty"),
        ("One of", "Tier A; Next step is before today"),
        ("All of", "Tier B; Next step is on or after 20 Mar 2026"),
    ]
    last = chips(query, {})[-1]
    assert ("if1" in last.url, "if2" in last.url) == (True, False)


def test_what_no_index_answers_is_refused_in_large_workspaces(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        parse_list("customers", QueryDict("stage=active&if=score:least:5"))
    assert parse_list("customers", QueryDict("place=leeds"))[0].where != ()
    monkeypatch.setattr(lists, "LARGE", -2)
    query, complaints = parse_list("customers", QueryDict("place=leeds&if=cadence:least:9"))
    assert query.where == ()
    assert complaints == [
        "“Place” narrows lists of up to 50,000 relationships only; it is left out.",
        "“Rhythm, in days” narrows lists of up to 50,000 relationships only; it is left out.",
    ]


@pytest.fixture
def lengths() -> Iterator[Provider]:
    """A field of the workspace: how long a name is, asked, sorted and known to exporters alone."""

    def asked(operator: str, values: tuple[str, ...], _asked: Asked) -> Q:
        return Q(party_name__regex=f"^.{{{values[0]}}}$")

    def fields(kind: str) -> list[ListField]:
        if kind != "customers":
            return []
        key = keyset.SortKey("x_name", str)
        return [
            ListField("x_length", "Length", FieldType.NUMBER, condition=asked),
            ListField(
                "x_order", "Order", FieldType.TEXT, sort=key, sort_words=("Up", "Down"),
                prepared=lambda rows: rows.annotate(x_name=F("party_name")),
            ),
            ListField("x_secret", "Secret", FieldType.NUMBER, "cadence_days", permission=Permission.EXPORT_DATA),
        ]  # fmt: skip

    provider = Provider("x_", fields)
    add_provider(provider)
    yield provider
    del list_fields._providers["x_"]


def test_fields_of_the_workspace_narrow_and_sort_like_our_own(
    workspace: Workspace, lengths: Provider
) -> None:
    four()
    viewer = make_user("administrator")
    assert found("x_length=5", viewer) == ["Birch", "Cedar"]
    assert found("if1=x_length:least:3&if1=stage:is:lapsed&any=1", viewer) == ["Ash", "Birch"]
    query = parse_list("customers", QueryDict("sort=-x_order"))[0]
    page = relationship_page(viewer=viewer, query=query, now=NOW, limit=3)
    assert [row.relationship.party_name for row in page.rows] == ["Dogwood", "Cedar", "Birch"]
    rest = relationship_page(viewer=viewer, query=query, now=NOW, cursor=page.next, limit=3)
    assert [row.relationship.party_name for row in rest.rows] == ["Ash"]
    beside = neighbours(viewer=viewer, query=query, relationship_id=page.rows[1].relationship.pk, now=NOW)
    assert (beside.position, beside.total) == (2, 4)
    assert encode_list(query) != encode_list(ListQuery("customers"))
    assert field_of("suppliers", "x_length") is None
    with pytest.raises(ValueError, match="two providers of fields begin with 'x_'"):
        add_provider(Provider("x_", lambda kind: []))


def test_a_field_is_nothing_to_those_without_its_permission(workspace: Workspace, lengths: Provider) -> None:
    make_relationship(name="Ash", cadence_days=30)
    may, may_not = make_user("administrator"), make_user("representative")
    make_relationship(name="Birch", owner=may_not, cadence_days=30)
    assert found("x_secret=30", may) == ["Ash", "Birch"]
    assert {"x_secret", "x_length"} <= {field.key for field in every_field(may, "customers")}
    assert "x_secret" not in {field.key for field in every_field(may_not, "customers")}
    assert found("x_secret=30", may_not) == []
    money = ListQuery("customers", sort="-value")
    assert lists.for_viewer(may_not, money).sort in ("name", "-value")
