"""Tags and the workspace's own fields of many relationships at once, and back; and what the API does to many."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, Missing
from relationships.models import BulkChange, Event, FollowUp, Relationship, Tag, Tagging
from relationships.operations.bulk_changes import Undone, change_many, undo_bulk
from relationships.operations.bulk_custom import give_back_values, plainly
from relationships.operations.bulk_tags import tag_many
from relationships.operations.custom_values import set_custom_values
from relationships.operations.relationships import close_relationship
from relationships.operations.tags import remove_tag, set_tags
from relationships.queries.custom_fields import definitions
from relationships.queries.custom_values import values_of
from tests.api import ApiClient
from tests.doors import signed_in
from tests.factories import NOW, make_field, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def vera(workspace: Workspace) -> User:
    return make_user("administrator", name="Vera")


@pytest.fixture
def rows(vera: User) -> list[Relationship]:
    return [make_relationship(owner=vera) for _number in range(4)]


def ids(rows: list[Relationship]) -> list[int]:
    return [row.pk for row in rows]


def tagged(rows: list[Relationship]) -> list[list[str]]:
    return [sorted(row.taggings.values_list("tag__name", flat=True)) for row in rows]


def tag(actor: User, rows: list[Relationship], **given: Any) -> BulkChange:
    facts = {"kind": "customers", "words": "Tags", "now": NOW, **given}
    return tag_many(actor=actor, relationship_ids=ids(rows), **facts)


def values(rows: list[Relationship]) -> list[Any]:
    found = values_of(ids(rows), definitions("customers"))
    return [plainly(found[row.pk].get("contract")) for row in rows]


def change(actor: User, rows: list[Relationship], value: Any, field: str = "custom.contract") -> BulkChange:
    given = {
        "kind": "customers",
        "relationship_ids": ids(rows),
        "field": field,
        "words": "Contract",
        "now": NOW,
    }
    return change_many(actor=actor, value=value, **given)


def undo(actor: User, made: BulkChange) -> Undone:
    return undo_bulk(actor=actor, change_id=made.pk, now=LATER)


def test_tags_are_as_they_were_but_where_somebody_changed_them_since(
    vera: User, rows: list[Relationship]
) -> None:
    for row, names in zip(rows, (["Old"], ["Old", "Key"], [], ["Old"]), strict=True):
        set_tags(actor=vera, relationship=row, names=names, now=NOW)
    made = tag(vera, rows, add=["Key"], remove=["old"])
    assert (tagged(rows), len(made.ids)) == ([["Key"]] * 4, 4)
    set_tags(actor=vera, relationship=rows[0], names=["Key", "Old"], now=NOW)
    close_relationship(actor=vera, relationship=rows[3], now=NOW, reason="Gone")
    assert undo(vera, made) == Undone(2, 1, 1)
    assert tagged(rows) == [["Key", "Old"], ["Key", "Old"], [], ["Key"]]
    assert set(Event.objects.filter(reason="Taken back").values_list("verb", flat=True)) == {"tags_changed"}


def test_a_tag_that_is_gone_by_now_is_not_put_back_and_too_many_are_not_put_on(
    vera: User, rows: list[Relationship]
) -> None:
    first, second = rows[:1], rows[1:2]
    set_tags(actor=vera, relationship=first[0], names=["Old"], now=NOW)
    set_tags(actor=vera, relationship=second[0], names=["Aim"], now=NOW)
    gone, full = tag(vera, first, remove=["Old"]), tag(vera, second, remove=["Aim"])
    remove_tag(actor=vera, tag=Tag.objects.get(name="Old"), now=NOW)
    set_tags(actor=vera, relationship=second[0], names=[f"t{n}" for n in range(30)], now=NOW)
    assert (undo(vera, gone), undo(vera, full)) == (Undone(0, 1, 0), Undone(0, 1, 0))
    with pytest.raises(Missing):
        tag(vera, [make_relationship("suppliers")], add=["x"])


def test_tagging_by_the_dialog_can_be_undone_from_its_message(vera: User, rows: list[Relationship]) -> None:
    client = signed_in(vera)
    form = {"id": ids(rows[:2]), "add": "Key, Gold", "remove": ""}
    answer = client.post("/customers/taggings/", form, follow=True)
    made = BulkChange.objects.get()
    assert f"/bulk-changes/{made.pk}/undoing/" in answer.content.decode()
    assert (made.words, tagged(rows[:2])) == ("Tags: Key, Gold put on", [["Gold", "Key"]] * 2)
    client.post(f"/bulk-changes/{made.pk}/undoing/")
    assert Tagging.objects.count() == 0
    for sent, words in (({"add": "", "remove": "Key"}, "Tags: Key taken off"),
                        ({"add": "A", "remove": "Key"}, "Tags: A put on, Key taken off")):  # fmt: skip
        client.post("/customers/taggings/", {"id": ids(rows[:1]), **sent})
        assert BulkChange.objects.latest("pk").words == words


@pytest.mark.parametrize(
    ("type", "before", "given", "after"),
    [
        ("choice", "gold", "silver", "silver"),
        ("choices", ["gold", "silver"], ["silver"], ["silver"]),
        ("whole", 3, "5", 5),
        ("decimal", "1.5", "2.25", "2.25"),
        ("date", "2026-01-02", date(2026, 3, 4), "2026-03-04"),
        ("yes_no", False, "true", True),
        ("text", "Before", "After", "After"),
    ],
)
def test_a_field_of_ones_own_is_as_it_was_whatever_its_type(
    vera: User, rows: list[Relationship], type: str, before: Any, given: Any, after: Any
) -> None:
    make_field(type)
    set_custom_values(actor=vera, relationship=rows[0], values={"contract": before}, now=NOW)
    set_custom_values(actor=vera, relationship=rows[1], values={"contract": given}, now=NOW)
    was = values(rows)
    made = change(vera, rows, given)
    assert (values(rows), made.ids) == ([after] * 4, ids([rows[0], *rows[2:]]))
    assert (undo(vera, made), values(rows)) == (Undone(3, 0, 0), was)


def test_a_person_is_restored_even_who_left_and_what_was_changed_since_stays(
    vera: User, rows: list[Relationship]
) -> None:
    make_field("person")
    ann, ben = make_user(name="Ann"), make_user(name="Ben")
    for row, who in zip(rows, (ann, ben, ann, ben), strict=True):
        set_custom_values(actor=vera, relationship=row, values={"contract": who.pk}, now=NOW)
    made = change(vera, rows, vera.pk)
    User.objects.filter(pk=ben.pk).update(is_active=False, deactivated_at=NOW)
    set_custom_values(actor=vera, relationship=rows[2], values={"contract": None}, now=NOW)
    assert undo(vera, made) == Undone(3, 1, 0)
    assert values(rows) == [ann.pk, ben.pk, None, ben.pk]


def test_what_cannot_be_set_or_restored_says_so_and_stays(vera: User, rows: list[Relationship]) -> None:
    stage = rows[0].stage
    field = make_field("choice", required_stages=[stage])
    for wrong, field_name in (("bronze", "custom.contract"), ("", "custom.contract"), ("x", "custom.other")):
        with pytest.raises(Invalid):
            change(vera, rows, wrong, field_name)
    made = change(vera, rows, "gold")
    assert (undo(vera, made), values(rows)) == (Undone(0, 0, 4), ["gold"] * 4)
    again = change(vera, rows, "silver")
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert undo(vera, again) == Undone(4, 0, 0)
    assert (values(rows), len(few) < 25) == (["gold"] * 4, True)
    given: dict[str, Any] = {"was": {}, "after": "gold", "now": NOW}
    assert give_back_values(actor=vera, rows=rows, field=f"custom.{field.key}x", **given) == (0, 0)


def test_the_dialog_offers_choices_of_ones_own_fields(vera: User, rows: list[Relationship]) -> None:
    make_field("choice")
    make_field("yes_no", label="Signed")
    make_field("text", label="Words")
    client = signed_in(vera)
    page = client.get(f"/customers/changes/?id={rows[0].pk}").content.decode()
    assert 'value="custom.contract=gold"' in page
    assert 'value="custom.signed=true"' in page
    assert "custom.words" not in page
    client.post("/customers/changes/", {"id": ids(rows), "change": "custom.contract=gold"})
    assert values(rows) == ["gold"] * 4


def test_what_the_api_does_to_many_of_several_kinds_can_be_taken_back(
    vera: User, rows: list[Relationship]
) -> None:
    heir = make_user("administrator", name="Heir")
    both = [rows[0], make_relationship("suppliers", owner=vera)]
    api = ApiClient(vera)
    said = {"relationships": ids(both), "owner": heir.pk, "reason": "Leave"}
    assert api.call("post", "assignments/", said).json() == {"changed": 2}
    said = {"relationships": ids(both), "what": "Ring", "due_date": "2026-05-06"}
    assert api.call("post", "follow-ups/many/", said).json() == {"planned": 2}
    assert sorted(BulkChange.objects.values_list("kind", "action")) == [
        ("customers", "follow_up"), ("customers", "owner"), ("suppliers", "follow_up"), ("suppliers", "owner"),
    ]  # fmt: skip
    for made in BulkChange.objects.order_by("-pk"):
        assert api.call("post", f"bulk-changes/{made.pk}/undoing/", {}).json()["restored"] == 1
    assert {row.owner_id for row in Relationship.objects.filter(pk__in=ids(both))} == {vera.pk}
    assert FollowUp.objects.filter(cancelled_at=None).count() == 0
    said = {"relationships": [both[0].pk, 999_999], "what": "Ring", "due_date": "2026-05-06"}
    assert api.call("post", "follow-ups/many/", said).status_code == 404
    assert BulkChange.objects.count() == 4
