"""Tags: free labels whose very names tell nothing to those who may not know of what bears them."""

import pytest

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from core.refusals import Invalid, Missing, NotAllowed
from relationships.models import Event, Relationship, Tag, Tagging
from relationships.operations.merging import merge_parties, unmerge
from relationships.operations.tags import edit_tag, offer_tag, remove_tag, set_tags, tag_relationships
from relationships.queries.tags import seen_tags, tag_figures, tags_of
from tests.doors import signed_in
from tests.factories import NOW, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def admin() -> User:
    return make_user("administrator", name="Ada")


@pytest.fixture
def one(admin: User) -> Relationship:
    return make_relationship(owner=admin, name="Ash")


def on(relationship: Relationship) -> list[str]:
    return [label.name for label in tags_of([relationship.pk])[relationship.pk]]


def seen(viewer: User) -> list[str]:
    return sorted(seen_tags(viewer).values_list("name", flat=True))


def test_a_relationship_bears_what_is_said_and_each_tag_once(admin: User, one: Relationship) -> None:
    set_tags(actor=admin, relationship=one, names=[" Key  account ", "key account", "apex", ""], now=NOW)
    assert on(one) == ["apex", "Key account"]
    set_tags(actor=admin, relationship=one, names=["KEY ACCOUNT", "New"], now=NOW)
    assert on(one) == ["Key account", "New"]
    told = list(Event.objects.filter(verb="tags_changed").order_by("pk").values_list("data", flat=True))
    assert told == [{"added": ["Key account", "apex"]}, {"added": ["New"]}, {"removed": ["apex"]}]


@pytest.mark.parametrize("name", ["x" * 41, "a,b", "a|b", "a\x00b"])
def test_what_is_no_name_of_a_tag_is_refused(name: str, admin: User, one: Relationship) -> None:
    with pytest.raises(Invalid) as refusal:
        set_tags(actor=admin, relationship=one, names=[name], now=NOW)
    assert list(refusal.value.errors) == ["name"]
    with pytest.raises(Invalid, match="At most 30"):
        set_tags(actor=admin, relationship=one, names=[f"t{number}" for number in range(31)], now=NOW)
    with pytest.raises(NotAllowed):
        set_tags(actor=make_user("auditor"), relationship=one, names=["a"], now=NOW)
    assert Tag.objects.count() == 0 or on(one) == []


def test_many_are_tagged_at_once_and_rid_of_tags(admin: User) -> None:
    rows = [make_relationship(owner=admin) for _ in range(3)]
    many = {"actor": admin, "relationship_ids": [row.pk for row in rows], "now": NOW}
    set_tags(actor=admin, relationship=rows[0], names=["Old", "Key"], now=NOW)
    assert len(tag_relationships(add=["Key"], remove=["old", "unheard of"], **many)) == 3
    assert [on(row) for row in rows] == [["Key"]] * 3
    assert len(tag_relationships(add=["key"], **many)) == 0


def test_a_tags_name_is_known_where_what_bears_it_is(admin: User) -> None:
    manager = make_user("relationship_manager")
    hidden = make_relationship(owner=admin, confidentiality=Confidentiality.SEALED)
    set_tags(actor=admin, relationship=hidden, names=["Takeover"], now=NOW)
    open_one = make_relationship(owner=admin)
    set_tags(actor=manager, relationship=open_one, names=["Mine"], now=NOW)
    set_tags(actor=manager, relationship=open_one, names=[], now=NOW)
    assert (seen(manager), seen(admin)) == (["Mine"], ["Takeover"])
    other = make_user("administrator")
    with pytest.raises(Missing):
        edit_tag(actor=other, tag=Tag.objects.get(name="Takeover"), name="X", colour="blue", now=NOW)
    many = {"actor": manager, "relationship_ids": [open_one.pk], "now": NOW}
    assert len(tag_relationships(add=["takeover"], **many)) == 1
    assert (seen(manager), on(hidden)) == (["Mine", "Takeover"], ["Takeover"])
    assert [(tag.name, tag.used) for tag in tag_figures(manager)] == [("Mine", 0), ("Takeover", 1)]
    assert [(tag.name, tag.used) for tag in tag_figures(admin)] == [("Takeover", 2)]


def test_an_offered_tag_is_known_to_all_and_renaming_makes_two_one(admin: User, one: Relationship) -> None:
    offer_tag(actor=admin, name="Key", colour="blue", now=NOW)
    assert seen(make_user("representative")) == ["Key"]
    two = make_relationship(owner=admin)
    set_tags(actor=admin, relationship=one, names=["Key", "Main"], now=NOW)
    set_tags(actor=admin, relationship=two, names=["Main"], now=NOW)
    kept = edit_tag(actor=admin, tag=Tag.objects.get(name="Main"), name="KEY", colour="teal", now=NOW)
    assert (on(one), on(two), kept.colour) == (["KEY"], ["KEY"], "teal")
    assert offer_tag(actor=admin, name="key", now=NOW).pk == kept.pk
    with pytest.raises(Invalid):
        offer_tag(actor=admin, name="", colour="mauve", now=NOW)
    with pytest.raises(Invalid):
        edit_tag(actor=admin, tag=kept, name="a,b", colour="mauve", now=NOW)
    with pytest.raises(NotAllowed):
        offer_tag(actor=make_user(), name="Other", now=NOW)
    assert remove_tag(actor=admin, tag=kept, now=NOW) == 2
    assert not Tagging.objects.exists()
    verbs = set(AuditEntry.objects.filter(subject_type="tag").values_list("verb", flat=True))
    assert verbs == {"tag_offered", "tag_edited", "tags_merged", "tag_removed"}


def test_a_merge_brings_tags_along_and_parts_them_again(admin: User, one: Relationship) -> None:
    drop = make_relationship(owner=admin, name="Ash Ltd")
    set_tags(actor=admin, relationship=one, names=["Key"], now=NOW)
    set_tags(actor=admin, relationship=drop, names=["Key", "New"], now=NOW)
    record = merge_parties(actor=admin, keep=one.party, drop=drop.party, choices={}, now=NOW)
    assert on(one) == ["Key", "New"]
    unmerge(actor=admin, record=record, now=NOW)
    assert (on(one), on(drop)) == (["Key"], ["Key", "New"])


def test_tags_are_changed_on_the_record_and_administered(admin: User, one: Relationship) -> None:
    client, there = signed_in(admin), f"/customers/{one.pk}/tags/"
    assert client.get(there).status_code == 200
    assert client.post(there, {"others": "a|b"}).status_code == 422
    assert client.post(there, {"others": "Key, Apex"}).status_code == 302
    assert client.post(there, {"tags": ["Key"], "others": ""}).status_code == 302
    assert on(one) == ["Key"]
    page = client.get(f"/customers/{one.pk}/").content.decode()
    assert "/customers/?tag=Key" in page
    assert signed_in(make_user("auditor")).get(there).status_code == 403
    home = "/administration/tags/"
    assert client.post(home, {"name": "Offered", "colour": "pink"}).status_code == 302
    assert client.post(home, {"name": "", "colour": "pink"}).status_code == 422
    assert "Offered" in client.get(home).content.decode()
    tag = f"{home}{Tag.objects.get(name='Key').pk}/"
    assert client.get(tag).status_code == 200
    assert client.post(tag, {"name": "a,b", "colour": "blue"}).status_code == 422
    assert client.post(tag, {"name": "Main", "colour": "blue"}).status_code == 302
    assert on(one) == ["Main"]
    assert client.post(f"{tag}removal/").status_code == 302
    assert client.get(tag).status_code == 404
    assert signed_in(make_user()).get(home).status_code == 403


def test_what_is_selected_in_a_list_is_tagged(admin: User, one: Relationship) -> None:
    client, there = signed_in(admin), "/customers/taggings/"
    set_tags(actor=admin, relationship=one, names=["Old"], now=NOW)
    assert client.get(there, {"id": one.pk}).status_code == 200
    assert client.post(there, {"id": one.pk, "add": "a|b"}).status_code == 422
    assert client.post(there, {"id": one.pk, "add": "Key, Apex", "remove": "old"}).status_code == 302
    assert on(one) == ["Apex", "Key"]
