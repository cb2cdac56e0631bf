"""Handing over on its pages: the book, who takes what, the pack of each, and what waits in the navigation."""

import re
from datetime import timedelta

import pytest

from accounts.enums import Confidentiality
from accounts.models import User
from relationships.models import Handover, HandoverPack, Relationship
from relationships.operations.handovers import hand_over
from relationships.queries.handovers import packs_of
from tests.doors import signed_in, words_of
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def test_deactivating_asks_for_the_handover_and_works_after_it(boss: User, leaver: User, heir: User) -> None:
    relationship = make_relationship(owner=leaver, name="Brightwater")
    make_commitment(relationship, owner=leaver)
    client = signed_in(boss)
    page = client.get(f"/administration/people/{leaver.pk}/").content.decode()
    assert f'href="/handovers/new/?person={leaver.pk}"' in page
    assert client.post(f"/administration/people/{leaver.pk}/deactivation/").status_code == 409
    given = {"person": leaver.pk, "receiver": heir.pk, "reason": "She leaves"}
    response = client.post("/handovers/new/", given)
    handover = Handover.objects.get()
    assert response.headers["Location"] == f"/handovers/{handover.pk}/"
    page = client.get(f"/administration/people/{leaver.pk}/").content.decode()
    assert "/handovers/new/" not in page
    assert "Deactivate" in page


def test_the_book_is_shown_and_shared_out(boss: User, leaver: User, heir: User) -> None:
    first = make_relationship(owner=leaver, name="Ashdown")
    second = make_relationship(owner=leaver, name="Brightwater")
    make_follow_up(first, assignee=leaver)
    make_commitment(make_relationship(owner=heir), owner=leaver)
    helper = make_user(name="Helper")
    client = signed_in(boss)
    words = words_of(client.get("/handovers/new/", {"person": leaver.pk}))
    assert "Ashdown Customer 0 promises 1 follow-up" in words
    assert "In other people's relationships: 1 promises and 0 follow-ups" in words
    client.post(
        "/handovers/new/",
        {"person": leaver.pk, "receiver": heir.pk, "reason": "x", f"share_{second.pk}": helper.pk},
    )
    assert Relationship.objects.get(pk=first.pk).owner == heir
    assert Relationship.objects.get(pk=second.pk).owner == helper


def test_what_is_wrong_stands_beside_its_field(boss: User, leaver: User) -> None:
    make_relationship(owner=leaver)
    client = signed_in(boss)
    assert client.post("/handovers/new/", {"person": leaver.pk}).status_code == 422
    blind = make_user(kind="suppliers", name="Blind")
    response = client.post("/handovers/new/", {"person": leaver.pk, "receiver": blind.pk, "reason": "x"})
    assert "Blind cannot see 1 of these relationships" in words_of(response)
    assert Handover.objects.count() == 0


def test_what_is_for_named_people_is_told_of_without_a_name(boss: User, leaver: User, heir: User) -> None:
    make_relationship(owner=leaver, actor=leaver, name="Zebra", confidentiality=Confidentiality.SEALED)
    make_relationship(owner=leaver)
    client = signed_in(boss)
    assert "Zebra" not in words_of(client.get("/handovers/new/", {"person": leaver.pk}))
    response = client.post(
        "/handovers/new/", {"person": leaver.pk, "receiver": heir.pk, "reason": "x"}, follow=True
    )
    assert "still in their hands: 1 open relationship." in words_of(response)
    assert "Zebra" not in words_of(response)


def test_ones_own_book_needs_no_right_and_that_of_others_does(leaver: User) -> None:
    visitor = make_user("representative")
    client = signed_in(visitor)
    assert "Nothing in hand" in words_of(client.get("/handovers/new/"))
    assert client.get("/handovers/new/", {"person": leaver.pk}).status_code == 403
    assert client.get("/handovers/new/", {"person": 999_999}).status_code == 404
    assert client.get("/handovers/new/", {"person": "x"}).status_code == 404


def handed(boss: User, leaver: User, heir: User) -> HandoverPack:
    relationship = make_relationship(
        owner=leaver,
        name="Brightwater",
        objective="Renew",
        sensitivity_note="The merger",
        now=NOW - timedelta(days=9),
    )
    made = {"owner": leaver, "made_at": NOW - timedelta(days=5)}
    make_commitment(relationship, what="The quote", due_date=NOW.date() - timedelta(days=1), **made)
    make_interaction(relationship, actor=leaver, subject="Late again", problem_severity=4)
    given = hand_over(actor=boss, leaver=leaver, receiver=heir, reason="Leaves", now=NOW)
    return given.handover.packs.get(relationship=relationship)


def test_a_pack_tells_the_receiver_what_to_know_and_they_take_it_over(
    boss: User, leaver: User, heir: User
) -> None:
    pack = handed(boss, leaver, heir)
    here = f"/handovers/{pack.handover_id}/"
    client = signed_in(heir)
    assert re.search(r"Handovers\s+1", words_of(client.get("/")))
    assert "Brightwater" in words_of(client.get("/handovers/"))
    page = words_of(client.get(f"{here}packs/{pack.pk}/"))
    for words in (
        "Renew", "Sensitive: The merger", "Late again", "No offer while", "The quote", "Take it over",
        "from Lena Leaver to Heir",
    ):  # fmt: skip
        assert words in page
    response = client.post(f"{here}acceptance/", {"pack": pack.pk})
    assert response.headers["Location"] == here
    assert HandoverPack.objects.get(pk=pack.pk).accepted_at == NOW
    assert "1 of 1 accepted" in words_of(client.get(here))
    assert "Accepted" in words_of(client.get(f"{here}packs/{pack.pk}/"))


def test_all_are_taken_over_at_once(boss: User, leaver: User, heir: User) -> None:
    make_relationship(owner=leaver)
    pack = handed(boss, leaver, heir)
    client = signed_in(heir)
    assert "Take over all 2" in words_of(client.get(f"/handovers/{pack.handover_id}/"))
    client.post(f"/handovers/{pack.handover_id}/acceptance/")
    assert HandoverPack.objects.filter(accepted_at=None).count() == 0


def test_the_leaver_writes_for_the_receiver(boss: User, leaver: User, heir: User) -> None:
    pack = handed(boss, leaver, heir)
    address = f"/handovers/{pack.handover_id}/packs/{pack.pk}/note/"
    client = signed_in(leaver)
    assert "For Heir" in words_of(client.get(address))
    assert client.post(address, {"note": "x" * 401}).status_code == 422
    response = client.post(address, {"note": "Not on Fridays"})
    assert response.headers["Location"] == f"/handovers/{pack.handover_id}/packs/{pack.pk}/"
    assert "Not on Fridays" in words_of(signed_in(heir).get(response.headers["Location"]))
    assert signed_in(heir).post(address, {"note": "x"}).status_code == 403


def test_it_is_said_when_nobody_talked_for_thirty_days(boss: User, leaver: User, heir: User) -> None:
    pack = handed(boss, leaver, heir)
    found = {"viewer": boss, "handover": pack.handover}
    assert [(p.talked_since, p.is_late) for p in packs_of(now=NOW + timedelta(days=30), **found)] == [
        (False, False)
    ]
    assert [(p.talked_since, p.is_late) for p in packs_of(now=NOW + timedelta(days=31), **found)] == [
        (False, True)
    ]
    make_interaction(pack.relationship, actor=heir, happened_at=NOW, now=NOW + timedelta(days=1))
    assert [(p.talked_since, p.is_late) for p in packs_of(now=NOW + timedelta(days=31), **found)] == [
        (True, False)
    ]


def test_a_handover_is_seen_as_far_as_its_relationships_are(boss: User, leaver: User, heir: User) -> None:
    supplier = make_relationship("suppliers", owner=leaver, name="Visible Vans")
    pack = handed(boss, leaver, heir)
    client = signed_in(make_user(kind="suppliers"))
    here = f"/handovers/{pack.handover_id}/"
    assert "0 of 1 accepted" in words_of(client.get("/handovers/"))
    words = words_of(client.get(here))
    assert "Visible Vans" in words
    assert "Brightwater" not in words
    assert client.get(f"{here}packs/{pack.pk}/").status_code == 404
    nobody = signed_in(make_user(kind="investors"))
    assert nobody.get(here).status_code == 404
    assert "Nothing was handed over" in words_of(nobody.get("/handovers/"))
    assert HandoverPack.objects.filter(relationship=supplier).count() == 1
