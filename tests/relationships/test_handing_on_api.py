"""Books and single things that change hands by the API, and who has room for them."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Team, User
from relationships.models import Commitment, FollowUp, Handover, HandoverPack, Relationship
from tests.api import ApiClient
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
NOBODYS = 999_999


@pytest.fixture
def team() -> Team:
    return make_team("Key accounts")


@pytest.fixture
def lead(team: Team) -> User:
    return make_user(name="Lead", member_of=team)


@pytest.fixture
def ben(team: Team) -> User:
    return make_user(name="Ben", member_of=team)


@pytest.fixture
def client(lead: User) -> ApiClient:
    return ApiClient(lead)


@pytest.fixture
def book(lead: User) -> list[Relationship]:
    """Two relationships of the lead's, each with a promise and a follow-up."""
    made = [make_relationship(owner=lead, name=f"Firm {number}") for number in range(2)]
    for relationship in made:
        make_commitment(relationship, owner=lead, what="Send samples")
        make_follow_up(relationship, assignee=lead, what="Call them")
    return made


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def wrong(response: Any) -> list[str]:
    return [entry["field"] for entry in ok(response, 422)["errors"]]


def test_a_book_is_looked_at_handed_over_and_taken(
    client: ApiClient, lead: User, ben: User, book: list[Relationship]
) -> None:
    carla = make_user(name="Carla")
    told = ok(client.call("get", "book/"))
    assert [(line["relationship"]["id"], line["promises"], line["follow_ups"]) for line in told["lines"]] == [
        (each.pk, 1, 1) for each in book
    ]
    shares = [{"relationship": book[1].pk, "receiver": carla.pk}]
    said = {"receiver": ben.pk, "reason": "On leave", "shares": shares, "returns_date": "2026-06-01"}
    made = ok(client.call("post", "handovers/", said, Idempotency_Key="one"), 201)
    assert ok(client.call("post", "handovers/", said, Idempotency_Key="one"), 201) == made
    assert (made["relationships"], made["promises"], made["follow_ups"], made["left"]) == (2, 2, 2, [])
    handover = Handover.objects.get()
    receivers = {pack["relationship"]["id"]: pack["receiver"]["id"] for pack in made["packs"]}
    assert receivers == {book[0].pk: ben.pk, book[1].pk: carla.pk}
    here, pack = f"handovers/{handover.pk}/", HandoverPack.objects.get(receiver=ben)
    noted = ok(client.call("post", f"{here}packs/{pack.pk}/note/", {"note": "Never call before ten"}))
    assert noted["note"] == "Never call before ten"
    taker = ApiClient(ben)
    read = ok(taker.call("get", f"{here}packs/{pack.pk}/"))
    assert (read["pack"]["note"], read["pack"]["accepted_at"]) == ("Never call before ten", None)
    assert [promise["what"] for promise in read["approach"]["promises"]] == ["Send samples"]
    assert ok(taker.call("post", f"{here}acceptance/", {"packs": [NOBODYS]}))["handover"]["accepted"] == 0
    assert ok(taker.call("post", f"{here}acceptance/", {}))["handover"]["accepted"] == 1
    assert [row["id"] for row in ok(taker.call("get", "handovers/"))["results"]] == [handover.pk]
    assert taker.call("post", f"{here}packs/{pack.pk}/note/", {"note": "x"}).status_code == 403
    assert ok(client.call("post", f"{here}return/", {}))["handover"]["returned_at"] is not None
    assert client.call("post", f"{here}return/", {}).status_code == 409
    assert {each.owner for each in Relationship.objects.filter(pk__in=[r.pk for r in book])} == {lead}


def test_what_makes_no_handover_is_refused(
    client: ApiClient, lead: User, ben: User, book: list[Relationship]
) -> None:
    said = {"receiver": ben.pk, "reason": "On leave"}
    assert wrong(client.call("post", "handovers/", {"receiver": lead.pk, "reason": "x"})) == ["receiver"]
    assert wrong(client.call("post", "handovers/", {"receiver": NOBODYS, "reason": ""})) == [
        "receiver",
        "reason",
    ]
    assert wrong(client.call("post", "handovers/", said | {"returns_date": "2020-01-01"})) == ["returns_date"]
    other = make_relationship(owner=ben)
    strange = said | {"shares": [{"relationship": other.pk, "receiver": ben.pk}]}
    assert client.call("post", "handovers/", strange).status_code == 404
    nobody = said | {"shares": [{"relationship": book[0].pk, "receiver": NOBODYS}]}
    assert wrong(client.call("post", "handovers/", nobody)) == ["shares.0.receiver"]
    assert Handover.objects.count() == 0


def test_somebody_elses_book_wants_the_right_to_assign(
    lead: User, ben: User, book: list[Relationship]
) -> None:
    boss, member = ApiClient(make_user("administrator")), ApiClient(make_user("representative"))
    assert len(ok(boss.call("get", f"book/?person={lead.pk}"))["lines"]) == 2
    assert boss.call("get", f"book/?person={NOBODYS}").status_code == 404
    assert member.call("get", f"book/?person={lead.pk}").status_code == 403
    said = {"person": lead.pk, "receiver": ben.pk, "reason": "Left us"}
    assert member.call("post", "handovers/", said).status_code == 403
    made = ok(boss.call("post", "handovers/", said), 201)
    assert (made["handover"]["leaver"]["id"], made["relationships"]) == (lead.pk, 2)
    stranger = ApiClient(make_user("hr", "staff"))
    for number in (made["handover"]["id"], NOBODYS):
        for place in ("", f"packs/{made['packs'][0]['id']}/"):
            assert stranger.call("get", f"handovers/{number}/{place}").status_code == 404
        for place in ("acceptance/", "return/"):
            assert stranger.call("post", f"handovers/{number}/{place}", {}).status_code == 404


def test_work_is_moved_to_who_has_room(
    client: ApiClient, lead: User, ben: User, team: Team, book: list[Relationship]
) -> None:
    told = ok(client.call("get", f"teams/{team.pk}/workload/"))
    members = {member["user"]["name"]: member for member in told["members"]}
    assert (told["team"]["id"], members["Lead"]["relationships"], members["Ben"]["relationships"]) == (
        team.pk,
        2,
        0,
    )
    assert {card["what"] for card in members["Lead"]["cards"]} == {"follow_up", "commitment"}
    promise, plan = Commitment.objects.earliest("id"), FollowUp.objects.earliest("id")
    move = {"to": ben.pk, "reason": "He has room"}
    given = ok(client.call("post", f"follow-ups/{plan.pk}/new-assignee/", move, Idempotency_Key="one"))
    assert (
        ok(client.call("post", f"follow-ups/{plan.pk}/new-assignee/", move, Idempotency_Key="one")) == given
    )
    assert given["assignee"]["id"] == ben.pk
    assert client.call("post", f"follow-ups/{plan.pk}/new-assignee/", move).status_code == 409
    promised = ok(client.call("post", f"commitments/{promise.pk}/new-owner/", move))
    assert promised["owner"]["id"] == ben.pk
    assert ok(client.call("post", f"relationships/{book[1].pk}/new-owner/", move))["id"] == book[1].pk
    assert Relationship.objects.get(pk=book[1].pk).owner == ben
    assert FollowUp.objects.get(relationship=book[1]).assignee == ben


def test_moving_is_refused_by_its_field_and_what_is_hidden_is_not_there(
    client: ApiClient, ben: User, team: Team, book: list[Relationship]
) -> None:
    plan, move = FollowUp.objects.earliest("id"), {"to": ben.pk, "reason": "He has room"}
    assert wrong(
        client.call("post", f"follow-ups/{plan.pk}/new-assignee/", {"to": NOBODYS, "reason": "x"})
    ) == ["to"]
    assert wrong(client.call("post", f"follow-ups/{plan.pk}/new-assignee/", {"to": ben.pk})) == ["reason"]
    hidden = make_relationship("staff", name="Zebra", actor=make_user("hr"))
    hers = {"follow-ups": make_follow_up(hidden).pk, "commitments": make_commitment(hidden).pk}
    for number in (hers["follow-ups"], NOBODYS):
        assert client.call("post", f"follow-ups/{number}/new-assignee/", move).status_code == 404
    for number in (hers["commitments"], NOBODYS):
        assert client.call("post", f"commitments/{number}/new-owner/", move).status_code == 404
    for number in (hidden.pk, NOBODYS):
        assert client.call("post", f"relationships/{number}/new-owner/", move).status_code == 404
    assert client.call("get", f"teams/{NOBODYS}/workload/").status_code == 404
    auditor = ApiClient(make_user("auditor"))
    assert auditor.call("post", f"follow-ups/{plan.pk}/new-assignee/", move).status_code == 403
    assert auditor.call("post", f"relationships/{book[0].pk}/new-owner/", move).status_code == 403


def test_who_is_around_a_party_and_who_can_introduce_us(client: ApiClient, lead: User) -> None:
    sought = make_party("Sought")
    known = make_relationship(owner=lead, name="Known")
    person = make_person("Ana Ruiz", works_for=known.party)
    make_link(person, sought, "advises")
    for direction in ("in", "out"):
        at = NOW - timedelta(days=3)
        make_interaction(known, actor=lead, people=[person], direction=direction, happened_at=at)
    ways = ok(client.call("get", f"parties/{sought.pk}/introductions/"))["ways"]
    assert [(way["colleague_name"], [step["name"] for step in way["steps"]]) for way in ways][:1] == [
        ("Lead", ["Ana Ruiz", "Sought"])
    ]
    around = ok(client.call("get", f"parties/{sought.pk}/network/"))
    assert {(node["name"], node["hops"]) for node in around["neighbours"]} == {("Ana Ruiz", 1), ("Known", 2)}
    assert {(tie["source_party"], tie["target_party"]) for tie in around["ties"]} >= {(sought.pk, person.pk)}
    ours = next(node["ours"] for node in around["neighbours"] if node["name"] == "Known")
    assert [each["kind"] for each in ours] == [known.kind]
    assert (
        ok(client.call("get", f"parties/{sought.pk}/network/?type=owns&as_of=2026-03-01"))["neighbours"] == []
    )
    assert wrong(client.call("get", f"parties/{sought.pk}/network/?type=none")) == ["type"]
    hidden = make_relationship("staff", name="Zebra", actor=make_user("hr")).party
    for number in (hidden.pk, NOBODYS):
        for place in ("network/", "introductions/"):
            assert client.call("get", f"parties/{number}/{place}").status_code == 404
