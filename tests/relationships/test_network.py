"""The parties around a party: as of a day, of one type, and never anybody whom the viewer may not know."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from core.network import chosen, laid_out, network
from relationships.models import Party
from relationships.queries.neighbourhood import Neighbourhood, neighbourhood
from tests.doors import signed_in
from tests.factories import NOW, make_link, make_party, make_person, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TODAY = NOW.date()


def around(viewer: User, party: Party, as_of: date = TODAY, link_type: str = "") -> Neighbourhood:
    return neighbourhood(viewer=viewer, party=party, as_of=as_of, link_type=link_type)


def names(found: Neighbourhood) -> list[tuple[str, int]]:
    return [(neighbour.name, neighbour.hops) for neighbour in found.neighbours]


@pytest.fixture
def hub() -> Party:
    """A customer; its subsidiary and a person on the first ring, the person's friend on the second."""
    party = make_party("Hub")
    make_relationship("customers", party=party)
    sub, ana, friend, beyond = (
        make_party("Sub"),
        make_person("Ana"),
        make_person("Friend"),
        make_person("Beyond"),
    )
    make_link(sub, party, "subsidiary_of", strength=5, since_date=date(2024, 1, 1))
    make_link(party, ana, "employs", strength=3)
    make_link(ana, friend, "knows")
    make_link(friend, beyond, "knows")
    return party


def test_it_reaches_two_links_the_closest_first_and_says_how_each_stands(hub: Party) -> None:
    found = around(make_user("administrator"), hub)
    assert names(found) == [("Sub", 1), ("Ana", 1), ("Friend", 2)]
    assert [(tie.from_name, tie.words, tie.to_name, tie.strong) for tie in found.ties] == [
        ("Hub", "is the parent of", "Sub", True),
        ("Hub", "employs", "Ana", False),
        ("Ana", "knows", "Friend", False),
    ]
    assert found.neighbours[2].via_id == found.neighbours[1].party_id


def test_it_is_as_it_was_on_the_day(hub: Party) -> None:
    viewer = make_user("administrator")
    old = make_party("Old")
    make_link(hub, old, "partner_of", since_date=date(2020, 1, 1), until_date=date(2023, 6, 30))
    assert ("Old", 1) not in names(around(viewer, hub))
    assert ("Old", 1) in names(around(viewer, hub, date(2023, 6, 30)))
    assert ("Old", 1) not in names(around(viewer, hub, date(2023, 7, 1)))
    assert ("Sub", 1) not in names(around(viewer, hub, date(2023, 12, 31)))


def test_it_follows_links_of_one_type_alone(hub: Party) -> None:
    viewer = make_user("administrator")
    assert names(around(viewer, hub, link_type="subsidiary_of")) == [("Sub", 1)]
    assert names(around(viewer, hub, link_type="owns")) == []


def test_whom_the_viewer_may_not_know_is_neither_named_nor_counted_nor_gone_through(hub: Party) -> None:
    viewer = make_user("relationship_manager", kind="customers")
    before = names(around(viewer, hub))
    hidden = make_party("Zebra")
    make_relationship("suppliers", party=hidden)
    make_link(hub, hidden, "partner_of", strength=5)
    behind = make_party("Behind")
    make_relationship("customers", party=behind)
    make_link(hidden, behind, "knows")
    assert names(around(viewer, hub)) == before
    page = signed_in(viewer).get(f"/parties/{hub.pk}/network/").content.decode()
    assert "Zebra" not in page
    assert "Behind" not in page
    assert names(around(make_user("administrator"), hub))[0] == ("Sub", 1)
    assert ("Zebra", 1) in names(around(make_user("administrator"), hub))


def test_nobody_is_around_for_somebody_without_a_role(hub: Party) -> None:
    assert names(around(make_user(""), hub)) == []


def test_a_neighbour_is_told_by_what_it_is_to_us_and_the_worst_of_its_health(hub: Party) -> None:
    viewer = make_user("administrator")
    sub = Party.objects.get(name="Sub")
    customer, supplier = make_relationship("customers", party=sub), make_relationship("suppliers", party=sub)
    customer.state.health_status, supplier.state.health_status = "healthy", "at_risk"
    customer.state.save()
    supplier.state.save()
    found = around(viewer, hub).neighbours[0]
    assert (found.role, found.tone) == ("Customer, Supplier", "bad")
    assert [ours.url for ours in found.ours] == [f"/customers/{customer.pk}/", f"/suppliers/{supplier.pk}/"]
    assert around(viewer, hub).neighbours[1].tone == ""


def test_the_picture_and_the_tables_say_the_same(hub: Party) -> None:
    viewer = make_user("administrator")
    response = signed_in(viewer).get(f"/parties/{hub.pk}/network/")
    page = response.content.decode()
    for neighbour in around(viewer, hub).neighbours:
        assert (
            page.count(f'href="/parties/{neighbour.party_id}/network/"') == 2
        )  # in the picture, in the table
        assert f'href="/parties/{neighbour.party_id}/"' in page
    assert "2 are one link away, 1 two." in page
    assert "style=" not in response.context["picture"]
    assert 'viewBox="0 0 860 600"' in response.context["picture"]


def test_without_a_second_ring_the_picture_is_cut_to_the_first(hub: Party) -> None:
    page = signed_in(make_user("administrator")).get(f"/parties/{hub.pk}/network/", {"type": "subsidiary_of"})
    assert 'viewBox="180 110 500 380"' in page.context["picture"]


def test_the_day_and_the_type_go_along_from_party_to_party(hub: Party) -> None:
    page = signed_in(make_user("administrator")).get(
        f"/parties/{hub.pk}/network/", {"as_of": "2025-01-01", "type": "subsidiary_of"}
    )
    sub = Party.objects.get(name="Sub")
    assert f"/parties/{sub.pk}/network/?as_of=2025-01-01&amp;type=subsidiary_of" in page.content.decode()
    assert 'value="2025-01-01"' in page.content.decode()


@pytest.mark.parametrize("asked", [{"as_of": "yesterday"}, {"type": "nonsense"}, {}])
def test_what_cannot_be_asked_is_today_and_all_links(hub: Party, asked: dict[str, str]) -> None:
    page = signed_in(make_user("administrator")).get(f"/parties/{hub.pk}/network/", asked)
    assert (page.context["as_of"], page.context["kept"]) == (TODAY, "")


def test_a_party_without_links_says_what_to_do(hub: Party) -> None:
    lonely = make_party("Lonely")
    make_relationship("customers", party=lonely)
    client = signed_in(make_user("administrator"))
    assert "Say who works there" in client.get(f"/parties/{lonely.pk}/network/").content.decode()
    narrowed = client.get(f"/parties/{lonely.pk}/network/", {"type": "owns"}).content.decode()
    assert "none of that type" in narrowed


def test_no_two_parties_stand_on_the_same_place_and_all_within_the_picture() -> None:
    viewer = make_user("administrator")
    party = make_party("Centre")
    make_relationship("customers", party=party)
    for number in range(14):
        near = make_party(f"Near {number}")
        make_link(party, near, "partner_of", strength=1 + number % 5)
        for _ in range(number % 6):
            make_link(near, make_person(), "employs")
    found = around(viewer, party)
    drawn = chosen(found.neighbours)
    places = laid_out(drawn)
    assert [sum(node.hops == ring for node in drawn) for ring in (1, 2)] == [10, 18]
    assert len(found.neighbours) > len(drawn)
    corners = list(places.values())
    assert all(50 < x < 810 and 30 < y < 570 for x, y in corners)
    apart = [
        abs(x1 - x2) + abs(y1 - y2)
        for index, (x1, y1) in enumerate(corners)
        for x2, y2 in corners[index + 1 :]
    ]
    assert min(apart) > 40
    assert f"Around Centre: 28 of {len(found.neighbours)} shown" in network(
        party, found.neighbours, found.ties, lambda node: node.url
    )


def test_an_empty_neighbourhood_is_the_party_alone() -> None:
    assert laid_out([]) == {}


def test_an_old_link_of_a_long_time_ago_is_over(hub: Party) -> None:
    viewer = make_user("administrator")
    gone = make_person("Gone")
    make_link(hub, gone, "employs", until_date=TODAY - timedelta(days=1))
    assert ("Gone", 1) not in names(around(viewer, hub))
