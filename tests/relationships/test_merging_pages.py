"""The pages of a merge: the picker, both side by side, the list, undoing; and where old addresses lead."""

import re

import pytest
from django.test import Client

from accounts.models import User
from exchange.models import DuplicateCandidate
from relationships.models import MergeRecord, Party, Relationship
from relationships.operations.merging import merge_parties
from tests.factories import NOW, make_interaction, make_party, make_relationship, make_user

TOKEN = re.compile(r'value="[\w-]{64}"|nonce="[^"]*"|X-CSRFToken[^}]*')
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(workspace: object) -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def pages(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


@pytest.fixture
def two(boss: User) -> tuple[Relationship, Relationship]:
    keep = make_relationship(name="Northern Tea", actor=boss)
    drop = make_relationship(name="Northern Tea Ltd", actor=boss)
    make_interaction(drop, actor=boss)
    return keep, drop


def address(party: Party, other: Party | None = None) -> str:
    return f"/parties/{party.pk}/merge/" + (f"?with={other.pk}" if other else "")


def test_from_the_menu_one_chooses_whom_and_sees_both_side_by_side(
    pages: Client, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    assert address(keep.party) in pages.get(f"/customers/{keep.pk}/").content.decode()
    assert "The same as" in pages.get(address(keep.party)).content.decode()
    assert "Choose one from the list." in pages.get(address(keep.party) + "?with=").content.decode()
    shown = pages.get(address(keep.party, drop.party)).content.decode()
    for words in ("Northern Tea Ltd", 'name="choice:party:name" value="keep" checked', "Talks", "Joined"):
        assert words in shown
    assert pages.get(address(keep.party, keep.party)).status_code == 422


def test_what_was_chosen_is_done_told_and_undone(
    pages: Client, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    sent = {"with": drop.party_id, "choice:party:name": "drop", "reason": "Twice"}
    answer = pages.post(address(keep.party), sent, follow=True)
    record = MergeRecord.objects.get()
    undo = f"/merges/{record.pk}/undoing/"
    assert answer.redirect_chain[-1][0] == f"/customers/{keep.pk}/"
    page = answer.content.decode()
    assert f'action="{undo}"' in page
    assert "merged “Northern Tea Ltd” into this" in page
    assert f'href="{undo}"' in page
    assert Party.objects.get(pk=keep.party_id).name == "Northern Tea Ltd"
    assert f'href="{undo}"' in pages.get("/merges/").content.decode()
    assert "stays with the one that was kept" in pages.get(undo).content.decode()
    page = pages.post(undo, {}, follow=True).content.decode()
    assert "“Northern Tea Ltd” is there again, as it was." in page
    assert "parted “Northern Tea Ltd” from “Northern Tea” again" in page
    assert set(Party.objects.values_list("name", flat=True)) == {"Northern Tea", "Northern Tea Ltd"}
    listed = pages.get("/merges/").content.decode()
    assert ("Undone by Boss" in listed, undo in listed) == (True, False)
    assert pages.post(undo, {}).status_code == 409


def test_a_choice_that_does_not_fit_is_shown_beside_its_field(pages: Client, boss: User) -> None:
    keep = make_relationship("press", party=make_party("Tea", kind="outlet", actor=boss), actor=boss)
    body = make_party("Tea", actor=boss)
    make_relationship("community", party=body, actor=boss)
    answer = pages.post(address(keep.party), {"with": body.pk, "choice:party:kind": "keep"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Community cannot be one of these.") == 2


def test_an_old_address_leads_on_for_who_may_know_and_is_nothing_to_others(
    pages: Client, boss: User, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    Relationship.objects.update(confidentiality=3)
    merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    old = [f"/parties/{drop.party_id}/", f"/customers/{drop.pk}/", f"/customers/{drop.pk}/timeline/"]
    to = [f"/parties/{keep.party_id}/", *[f"/customers/{keep.pk}/"] * 2]
    assert [pages.get(path).headers.get("Location") for path in old] == to
    assert pages.get(f"/suppliers/{drop.pk}/").status_code == 404
    pages.force_login(make_user("relationship_manager"))
    assert [pages.get(path).status_code for path in old] == [404, 404, 404]
    assert pages.get(f"/merges/{MergeRecord.objects.get().pk}/undoing/").status_code == 404
    assert "Northern" not in pages.get("/merges/").content.decode()


def test_somebody_without_the_right_gets_neither_page(
    pages: Client, boss: User, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    pages.force_login(make_user("auditor"))
    assert pages.get(address(keep.party)).status_code == 403
    assert pages.get("/merges/").status_code == 403
    merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    shown = pages.get(f"/customers/{keep.pk}/").content.decode()
    assert ("merged “Northern Tea Ltd” into this" in shown, "Undo merge" in shown) == (True, False)


def test_a_page_does_not_tell_that_something_is_hidden_and_sending_it_is_refused(
    pages: Client, boss: User, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    viewer = make_user("relationship_manager", "customers")
    pages.force_login(viewer)
    compared = address(keep.party, drop.party)
    before = TOKEN.sub("", pages.get(compared).content.decode())
    make_relationship("suppliers", party=drop.party, actor=boss)
    after = TOKEN.sub("", pages.get(compared).content.decode())
    assert ("Northern Tea Ltd" in before, before == after) == (True, True)
    assert pages.post(address(keep.party), {"with": drop.party_id}).status_code == 409
    record = merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    assert pages.post(f"/merges/{record.pk}/undoing/", {}).status_code == 409


def test_from_the_queue_a_pair_is_compared(
    pages: Client, boss: User, two: tuple[Relationship, Relationship]
) -> None:
    keep, drop = two
    pair = DuplicateCandidate.objects.create(first=keep.party, second=drop.party, score=0.9, found_at=NOW)
    assert f'href="/duplicates/{pair.pk}/"' in pages.get("/duplicates/").content.decode()
    assert (
        f'action="/parties/{keep.party_id}/merge/"' in pages.get(f"/duplicates/{pair.pk}/").content.decode()
    )
    merge_parties(actor=boss, keep=keep.party, drop=drop.party, choices={}, now=NOW)
    assert pages.get(f"/duplicates/{pair.pk}/").status_code == 404
