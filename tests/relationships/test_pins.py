"""Pins: a star on the record, an order of one's own, and nothing of what may no longer be known."""

import pytest

from accounts.models import User
from core.refusals import Invalid, Missing
from relationships.models import Pin, Relationship
from relationships.operations.pins import MOST, move_pin, pin_relationship, unpin_relationship
from relationships.ui import build_shell
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


@pytest.fixture
def pinned(viewer: User) -> list[Relationship]:
    """Three customers, pinned in this order."""
    found = [make_relationship(owner=viewer, name=name) for name in ("Ash", "Beech", "Cedar")]
    for relationship in found:
        pin_relationship(actor=viewer, relationship=relationship, now=NOW)
    return found


def names(viewer: User) -> list[str]:
    """What the frame tells of the pins."""
    return [pin.name for pin in build_shell("/", User.objects.get(pk=viewer.pk), NOW).pins]


def test_pins_stand_in_the_order_they_were_put_on_for_their_owner_alone(
    viewer: User, pinned: list[Relationship]
) -> None:
    assert pin_relationship(actor=viewer, relationship=pinned[0], now=NOW).position == 1
    assert names(viewer) == ["Ash", "Beech", "Cedar"]
    assert names(make_user()) == []


def test_a_pin_moves_by_one_place_and_not_beyond_the_ends(viewer: User, pinned: list[Relationship]) -> None:
    ash, _beech, cedar = pinned
    move_pin(actor=viewer, relationship=ash, forwards=True)
    assert names(viewer) == ["Beech", "Ash", "Cedar"]
    move_pin(actor=viewer, relationship=cedar, forwards=True)
    move_pin(actor=viewer, relationship=cedar, forwards=False)
    assert names(viewer) == ["Beech", "Cedar", "Ash"]
    move_pin(actor=viewer, relationship=make_relationship(name="Elder"), forwards=True)
    assert names(viewer) == ["Beech", "Cedar", "Ash"]


def test_a_pin_is_taken_off_once_and_again_without_harm(viewer: User, pinned: list[Relationship]) -> None:
    for _time in range(2):
        unpin_relationship(actor=viewer, relationship=pinned[1])
    assert names(viewer) == ["Ash", "Cedar"]


def test_what_is_out_of_sight_is_neither_pinned_nor_told(viewer: User, pinned: list[Relationship]) -> None:
    other = make_user()
    Relationship.objects.filter(pk=pinned[0].pk).update(confidentiality=3, owner=other)
    assert names(viewer) == ["Beech", "Cedar"]
    with pytest.raises(Missing):
        pin_relationship(actor=viewer, relationship=pinned[0], now=NOW)


def test_there_is_an_end_to_pins(viewer: User) -> None:
    for _ in range(MOST):
        pin_relationship(actor=viewer, relationship=make_relationship(owner=viewer), now=NOW)
    with pytest.raises(Invalid, match="20 pins"):
        pin_relationship(actor=viewer, relationship=make_relationship(owner=viewer), now=NOW)
    response = signed_in(viewer).post(f"/customers/{make_relationship(owner=viewer).pk}/pin/")
    assert (response.status_code, Pin.objects.count()) == (422, MOST)


def test_a_record_is_pinned_by_its_star_and_then_stands_where_one_searches(viewer: User) -> None:
    record = f"/customers/{make_relationship(owner=viewer, name='Ash').pk}/"
    client = signed_in(viewer)
    assert f'action="{record}pin/"' in client.get(record).content.decode()
    assert client.post(f"{record}pin/").headers["Location"] == record
    assert f'action="{record}pin/removal/"' in client.get(record).content.decode()
    start = client.get("/search/")
    assert "Pinned Ash" in words_of(start)
    assert f'role="option" tabindex="-1" href="{record}"' in start.content.decode()
    client.post(f"{record}pin/removal/?back=/search/")
    assert Pin.objects.count() == 0


def test_pins_are_moved_where_one_searches(viewer: User, pinned: list[Relationship]) -> None:
    client = signed_in(viewer)
    client.post(f"/customers/{pinned[2].pk}/pin/moves/", {"to": "up"})
    client.post(f"/customers/{pinned[0].pk}/pin/moves/", {"to": "down"})
    assert names(viewer) == ["Cedar", "Ash", "Beech"]


def test_the_api_pins_moves_and_takes_off_as_the_pages_do(viewer: User, pinned: list[Relationship]) -> None:
    client, oak = ApiClient(viewer), make_relationship(owner=viewer, name="Oak")

    def said(place: str, body: dict[str, object]) -> list[str]:
        told = client.call("post", f"relationships/{place}", body).json()["pins"]
        return [pin["relationship"]["name"] for pin in told]

    assert said(f"{oak.pk}/pin/", {"is_pinned": True}) == ["Ash", "Beech", "Cedar", "Oak"]
    assert said(f"{oak.pk}/pin/moves/", {"to": "earlier"}) == ["Ash", "Beech", "Oak", "Cedar"]
    assert said(f"{pinned[0].pk}/pin/", {"is_pinned": False}) == ["Beech", "Oak", "Cedar"]
    first = client.call("get", "pins/?limit=2").json()
    assert [(pin["relationship"]["id"], pin["kind"]) for pin in first["results"]] == [
        (pinned[1].pk, "customers"),
        (oak.pk, "customers"),
    ]
    rest = client.call("get", f"pins/?limit=2&cursor={first['next']}").json()["results"]
    assert [pin["relationship"]["id"] for pin in rest] == [pinned[2].pk]
    other = ApiClient(make_user("relationship_manager", "suppliers"))
    assert other.call("get", "pins/").json()["results"] == []
    assert other.call("post", f"relationships/{oak.pk}/pin/", {"is_pinned": True}).status_code == 404
    assert names(viewer) == ["Beech", "Oak", "Cedar"]
