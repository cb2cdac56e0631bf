"""What relationships hold in fields of the workspace's own: set alike through every door, asked for by stages."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, Relationship
from relationships.operations.bulk_changes import change_many
from relationships.operations.custom_values import set_custom_values
from relationships.operations.merging import merge_parties, unmerge
from relationships.operations.relationships import (
    close_relationship,
    edit_relationship,
    open_relationship,
)
from relationships.queries.custom_fields import definitions
from relationships.queries.custom_values import Person, values_of, words
from tests.doors import signed_in
from tests.factories import NOW, make_field, make_party, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def vera() -> User:
    return make_user("relationship_manager", name="Vera")


@pytest.fixture
def one(vera: User) -> Relationship:
    return make_relationship(owner=vera)


def held(relationship: Relationship) -> dict[str, Any]:
    return values_of([relationship.pk], definitions(relationship.kind))[relationship.pk]


def give(actor: User, relationship: Relationship, **values: Any) -> Relationship:
    return set_custom_values(actor=actor, relationship=relationship, values=values, now=NOW)


CASES: Sequence[tuple[str, Any, Any, str]] = [
    ("text", "  A-7 ", "A-7", "A-7"),
    ("long_text", "Long\nstory", "Long\nstory", "Long\nstory"),
    ("whole", "1,234", 1234, "1,234"),
    ("decimal", "2.50", Decimal("2.5"), "2.5"),
    ("money", "1234.5", Decimal("1234.5"), "£1,234.50"),
    ("date", "2026-03-18", date(2026, 3, 18), "18 Mar 2026"),
    ("date", date(2026, 3, 18), date(2026, 3, 18), "18 Mar 2026"),
    ("yes_no", "no", False, "No"),
    ("yes_no", True, True, "Yes"),
    ("choice", "silver", "silver", "Silver"),
    ("choices", "Silver; gold", ["gold", "silver"], "Gold, Silver"),
    ("choices", ["gold"], ["gold"], "Gold"),
    ("link", "https://example.org/a", "https://example.org/a", "https://example.org/a"),
]


@pytest.mark.parametrize(("type_", "given", "kept", "said"), CASES)
def test_every_type_reads_texts_and_values_and_is_emptied(
    type_: str, given: Any, kept: Any, said: str, vera: User, one: Relationship
) -> None:
    make_field(type_, label="It")
    assert held(give(vera, one, it=given)) == {"it": kept}
    assert words(definitions("customers")[0], held(one)["it"]) == said
    assert held(give(vera, one, it=kept)) == {"it": kept}
    assert held(give(vera, one, it="")) == {}
    assert Event.objects.filter(verb="custom_values_changed").count() == 2


WRONG: Sequence[tuple[str, Any]] = [
    ("text", "x" * 401), ("text", "a\x00b"), ("whole", "1.5"), ("whole", True), ("whole", "1,23"), ("decimal", "12,5"),
    ("decimal", "NaN"), ("decimal", "1e15"), ("money", "1.005"), ("date", "18/03/2026"), ("date", "0001-01-01"),
    ("yes_no", "maybe"), ("choice", "bronze"), ("choices", "gold,bronze"), ("person", "nobody@example.org"),
    ("person", "9" * 30), ("link", "javascript:alert(1)"), ("link", "example.org"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "given"), WRONG)
def test_what_is_no_such_value_is_refused_under_the_fields_name(
    type_: str, given: Any, vera: User, one: Relationship
) -> None:
    make_field(type_, label="It")
    with pytest.raises(Invalid) as refusal:
        give(vera, one, it=given)
    assert list(refusal.value.errors) == ["custom.it"]
    assert held(one) == {}


def test_bounds_hold(vera: User, one: Relationship) -> None:
    make_field("decimal", label="It", least=Decimal("0.5"), most=Decimal(9))
    make_field("text", label="Short", longest=3)
    assert held(give(vera, one, it="0.5", short="abc")) == {"it": Decimal("0.5"), "short": "abc"}
    for value in ("0.4", "9.1"):
        with pytest.raises(Invalid):
            give(vera, one, it=value, short="abcd")


def test_a_colleague_stays_where_they_are_named_though_they_have_left(vera: User, one: Relationship) -> None:
    make_field("person", label="Sponsor")
    tom = make_user(name="Tom")
    assert held(give(vera, one, sponsor=tom))["sponsor"] == Person(tom.pk, "Tom")
    User.objects.filter(pk=tom.pk).update(is_active=False, deactivated_at=NOW)
    assert held(give(vera, one, sponsor=tom.pk)) == held(one)
    with pytest.raises(Invalid):
        give(vera, make_relationship(owner=vera), sponsor=tom.email)


def test_one_line_tells_what_was_and_what_is_but_never_an_amount(vera: User, one: Relationship) -> None:
    make_field(label="Contract")
    make_field("money", label="Budget")
    make_field("long_text", label="Story")
    give(vera, one, contract="A", budget="5", story="x" * 300)
    give(vera, one, contract="B", budget="6")
    last = Event.objects.filter(verb="custom_values_changed").latest("pk")
    assert last.data == {"changes": [{"field": "Contract", "from": "A", "to": "B"}, {"field": "Budget"}]}
    page = signed_in(vera).get(f"/customers/{one.pk}/timeline/").content.decode()
    assert "Contract: A is now B" in page
    assert "Budget: an amount" in page
    assert "x" * 199 + "…" in page
    assert "x" * 200 not in page


def test_a_stale_version_and_a_relationship_out_of_sight_are_refused(vera: User, one: Relationship) -> None:
    make_field()
    with pytest.raises(Conflict):
        set_custom_values(actor=vera, relationship=one, values={"contract": "A"}, version=7, now=NOW)
    assert give(vera, one, contract="A").version == one.version + 1
    hidden = make_relationship(confidentiality=Confidentiality.SEALED)
    with pytest.raises(Missing):
        give(vera, hidden, contract="A")
    with pytest.raises(NotAllowed):
        give(make_user("auditor"), one, contract="A")


def test_money_is_set_and_seen_by_those_alone_who_see_money(vera: User, one: Relationship) -> None:
    make_field("money", label="Budget")
    give(vera, one, budget="12345")
    poor = make_user("hr")
    with pytest.raises(Invalid, match="no such field"):
        give(poor, one, budget="1")
    assert "12,345" in signed_in(vera).get(f"/customers/{one.pk}/about/").content.decode()
    told = signed_in(poor).get(f"/customers/{one.pk}/about/").content.decode()
    assert "12,345" not in told
    assert "Budget" not in told


def test_a_stage_is_entered_only_with_what_it_asks_for(vera: User, one: Relationship) -> None:
    make_field(label="Contract", required_stages=["active"])
    make_field(label="Aim")
    old = make_relationship(owner=vera, stage="onboarding")
    edit = {"actor": vera, "now": NOW}
    with pytest.raises(Invalid) as refusal:
        edit_relationship(relationship=old, version=1, stage="active", custom={"aim": "x"}, **edit)
    assert refusal.value.errors == {"custom.contract": ["“Contract” is needed in the stage “Active”."]}
    moved = edit_relationship(relationship=old, version=1, stage="active", custom={"contract": "A"}, **edit)
    assert (moved.stage, held(moved)) == ("active", {"contract": "A"})
    with pytest.raises(Invalid):
        give(vera, moved, contract="")
    Relationship.objects.filter(pk=one.pk).update(stage="active")
    assert held(give(vera, one, aim="long there without")) == {"aim": "long there without"}
    with pytest.raises(Invalid):
        open_relationship(party=make_party(name="New"), kind="customers", stage="active", **edit)
    made = open_relationship(
        party=make_party(name="New"), kind="customers", stage="active", custom={"contract": "N"}, **edit
    )
    assert held(made) == {"contract": "N"}


def test_many_enter_a_stage_only_with_what_it_asks_for(vera: User) -> None:
    make_field(label="Contract", required_stages=["active"])
    rows = [make_relationship(owner=vera) for _ in range(3)]
    give(vera, rows[0], contract="A")
    many = {"actor": vera, "kind": "customers", "field": "stage", "words": "Stage", "now": NOW}
    with pytest.raises(Invalid) as refusal:
        change_many(relationship_ids=[row.pk for row in rows], value="active", **many)
    assert refusal.value.errors == {
        "stage": ["“Contract” is needed in this stage, and missing in 2 relationships."]
    }
    assert change_many(relationship_ids=[rows[0].pk], value="active", **many).ids == [rows[0].pk]
    assert len(change_many(relationship_ids=[row.pk for row in rows], value="lapsed", **many).ids) == 3


def test_unknown_and_archived_fields_are_named(vera: User, one: Relationship) -> None:
    with pytest.raises(Invalid) as refusal:
        give(vera, one, other=1)
    assert refusal.value.errors == {"custom.other": ["There is no such field here."]}
    make_field()
    with pytest.raises(Invalid) as refusal:
        give(vera, one, other=1)
    assert refusal.value.errors == {"custom.other": ["There is no field “other” here. Possible: contract."]}
    assert give(vera, one).version == one.version


def test_a_merge_brings_values_along_and_parts_them_again(vera: User) -> None:
    admin = make_user("administrator")
    make_field(label="Contract")
    make_field(label="Aim")
    make_field("choices", label="Levels")
    keep, drop = (make_relationship(owner=admin, name=name) for name in ("Ash", "Ash Ltd"))
    give(admin, keep, contract="K", levels="gold")
    give(admin, drop, contract="D", aim="drop's", levels="silver")
    both = {"actor": admin, "keep": keep.party, "drop": drop.party}
    record = merge_parties(choices={}, now=NOW, **both)
    assert held(keep) == {"contract": "K", "aim": "drop's", "levels": ["gold", "silver"]}
    unmerge(actor=admin, record=record, now=NOW)
    assert held(keep) == {"contract": "K", "levels": ["gold"]}
    assert held(drop) == {"contract": "D", "aim": "drop's", "levels": ["silver"]}


def test_closing_keeps_values(vera: User, one: Relationship) -> None:
    make_field()
    give(vera, one, contract="A")
    assert held(close_relationship(actor=vera, relationship=one, now=NOW, reason="Done")) == {"contract": "A"}


def test_the_record_shows_fields_by_section_and_the_form_changes_them(vera: User, one: Relationship) -> None:
    make_field(label="Contract", section="Papers", help_text="As signed.")
    make_field("choices", label="Levels")
    make_field("yes_no", label="Signed")
    make_field("person", label="Sponsor")
    give(vera, one, contract="A-7", signed=False, sponsor=vera)
    client = signed_in(vera)
    about = client.get(f"/customers/{one.pk}/about/").content.decode()
    assert all(word in about for word in ("Papers", "A-7", "Levels", "Further details"))
    assert "A-7" in client.get(f"/customers/{one.pk}/").content.decode()
    page = client.get(f"/customers/{one.pk}/edit/")
    form = page.context["form"]
    posted = {name: value for name in form.fields if (value := form[name].value()) is not None}
    refused = client.post(
        f"/customers/{one.pk}/edit/", posted | {"custom.levels": ["gold"], "custom.sponsor": "0"}
    )
    assert (refused.status_code, held(one).get("levels")) == (422, None)
    posted |= {"custom.levels": ["gold"], "custom.contract": ""}
    assert client.post(f"/customers/{one.pk}/edit/", posted).status_code == 302
    assert held(one) == {"levels": ["gold"], "signed": False, "sponsor": Person(vera.pk, "Vera")}


def test_a_new_relationship_asks_for_what_its_first_stage_needs(vera: User) -> None:
    first = definitions("customers")
    assert first == ()
    make_field(label="Contract", required_stages=["prospect"])
    client = signed_in(vera)
    form = client.get("/customers/new/").context["form"]
    posted = {name: value for name in form.fields if (value := form[name].value()) is not None}
    posted |= {"name": "Ash", "party_kind": "organisation", "revenue_type": "transactional"}
    refused = client.post("/customers/new/", posted)
    assert refused.status_code == 422
    assert "“Contract” is needed in the stage" in refused.content.decode()
    assert client.post("/customers/new/", posted | {"custom.contract": "A"}).status_code == 303
    assert held(Relationship.objects.get(party_name="Ash")) == {"contract": "A"}
