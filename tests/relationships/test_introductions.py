"""Who can introduce us: four steps at most, ranked by the weakest and how fresh the talk is, through nobody hidden."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from relationships.models import Party, Relationship
from relationships.queries.introductions import Introduction, introductions
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def ways_to(party: Party, viewer: User | None = None) -> list[Introduction]:
    return introductions(viewer=viewer or make_user("administrator"), party=party, as_of=NOW.date(), now=NOW)


def told(ways: list[Introduction]) -> list[list[str]]:
    return [[way.colleague, *(step.name for step in way.steps)] for way in ways]


def talk(
    colleague: User, relationship: Relationship, *, days: int = 10, times: int = 1, **fields: object
) -> None:
    """So many talks each way."""
    for number in range(times):
        for direction in ("in", "out"):
            at = NOW - timedelta(days=days + number)
            make_interaction(relationship, actor=colleague, direction=direction, happened_at=at, **fields)


@pytest.fixture
def amara() -> User:
    return make_user("administrator", name="Amara")


@pytest.fixture
def sought() -> Party:
    return make_party("Sought")


def test_who_talked_with_them_both_ways_knows_them_directly(amara: User, sought: Party) -> None:
    talk(amara, make_relationship(party=sought))
    (way,) = ways_to(sought)
    assert told([way]) == [["Amara", "Sought"]]
    assert (way.is_direct, way.hops, way.talks, way.weakest) == (True, 1, 2, 2)
    assert way.last_talk_at == NOW - timedelta(days=10)


@pytest.mark.parametrize("direction", ["in", "out"])
def test_talk_of_one_side_is_no_acquaintance(amara: User, sought: Party, direction: str) -> None:
    make_interaction(make_relationship(party=sought), actor=amara, direction=direction)
    assert ways_to(sought) == []


def test_a_meeting_counts_for_both_sides_and_a_note_for_none(amara: User, sought: Party) -> None:
    relationship = make_relationship(party=sought)
    make_interaction(relationship, actor=amara, channel="note", direction="mutual")
    assert ways_to(sought) == []
    make_interaction(relationship, actor=amara, channel="meeting", direction="mutual")
    assert told(ways_to(sought)) == [["Amara", "Sought"]]


def test_talk_of_more_than_a_year_ago_is_forgotten(amara: User, sought: Party) -> None:
    talk(amara, make_relationship(party=sought, now=NOW - timedelta(days=500)), days=366)
    assert ways_to(sought) == []


def test_who_took_part_in_a_talk_is_known_by_it(amara: User, sought: Party) -> None:
    ana = make_person("Ana")
    make_link(sought, ana, "employs", strength=4)
    other = make_relationship(name="Elsewhere")
    talk(amara, other, times=3, people=[ana])
    (way,) = ways_to(sought)
    assert told([way]) == [["Amara", "Ana", "Sought"]]
    assert [step.words for step in way.steps] == ["", "works for"]
    assert (way.weakest, way.hops, way.talks) == (4, 2, 6)


def test_the_way_is_told_from_our_side(amara: User, sought: Party) -> None:
    """Each word says how the one before stands to the one after, whichever way round the link is kept."""
    known, middle = make_party("Known"), make_party("Middle")
    make_link(known, middle, "owns", strength=5)
    make_link(sought, middle, "advises", strength=3)
    talk(amara, make_relationship(party=known), times=3)
    (way,) = ways_to(sought)
    assert [(step.words, step.name, step.strength) for step in way.steps] == [
        ("", "Known", 5),
        ("owns", "Middle", 5),
        ("is advised by", "Sought", 3),
    ]
    assert way.weakest == 3


def chain(start: Party, length: int) -> Party:
    """The party so many links away."""
    for number in range(length):
        following = make_party(f"Link {number}")
        make_link(start, following, "knows")
        start = following
    return start


def test_four_steps_are_the_most(amara: User, sought: Party) -> None:
    talk(amara, make_relationship(party=chain(sought, 3)))
    (way,) = ways_to(sought)
    assert way.hops == 4
    talk(amara, make_relationship(party=chain(make_party("Far"), 4)))
    assert ways_to(Party.objects.get(name="Far")) == []


def test_the_stronger_way_to_a_first_contact_counts_though_it_is_longer(amara: User, sought: Party) -> None:
    known, middle = make_party("Known"), make_party("Middle")
    make_link(known, sought, "knows", strength=1)
    make_link(known, middle, "knows", strength=5)
    make_link(middle, sought, "knows", strength=4)
    talk(amara, make_relationship(party=known), times=3)
    (way,) = ways_to(sought)
    assert told([way]) == [["Amara", "Known", "Middle", "Sought"]]
    assert way.weakest == 4


def test_ways_are_ranked_by_the_weakest_step_and_how_fresh_the_talk_is(amara: User, sought: Party) -> None:
    ben = make_user("administrator", name="Ben")
    strong, fresh = make_party("Strong"), make_party("Fresh")
    make_link(strong, sought, "knows", strength=5)
    make_link(fresh, sought, "knows", strength=3)
    talk(amara, make_relationship(party=strong, now=NOW - timedelta(days=400)), days=180, times=3)
    talk(ben, make_relationship(party=fresh), days=0, times=3)
    ways = ways_to(sought)
    assert told(ways) == [["Ben", "Fresh", "Sought"], ["Amara", "Strong", "Sought"]]
    assert [round(way.score, 2) for way in ways] == [3.0, 2.5]


def test_only_open_links_lead_on(amara: User, sought: Party) -> None:
    known = make_party("Known")
    make_link(known, sought, "knows", until_date=NOW.date() - timedelta(days=1))
    talk(amara, make_relationship(party=known))
    assert ways_to(sought) == []


def test_a_competitor_introduces_nobody(amara: User, sought: Party) -> None:
    known = make_party("Known")
    make_link(known, sought, "competes_with", strength=5)
    talk(amara, make_relationship(party=known))
    assert ways_to(sought) == []


def test_who_has_left_introduces_nobody(amara: User, sought: Party) -> None:
    talk(amara, make_relationship(party=sought))
    User.objects.filter(pk=amara.pk).update(is_active=False, deactivated_at=NOW)
    assert ways_to(sought, make_user("administrator")) == []


def test_whom_the_viewer_may_not_know_is_no_step(amara: User, sought: Party) -> None:
    viewer = make_user("relationship_manager", kind="customers")
    make_relationship("customers", party=sought)
    hidden = make_party("Zebra")
    make_relationship("suppliers", party=hidden)
    known = make_party("Known")
    make_link(sought, hidden, "knows", strength=5)
    make_link(hidden, known, "knows", strength=5)
    talk(amara, make_relationship("customers", party=known))
    assert told(ways_to(sought)) == [["Amara", "Known", "Zebra", "Sought"]]
    assert ways_to(sought, viewer) == []
    page = signed_in(viewer).get(f"/parties/{sought.pk}/introductions/").content.decode()
    assert "Zebra" not in page
    assert "Nobody of ours is near" in page


def test_a_talk_that_the_viewer_may_not_read_is_no_acquaintance(amara: User, sought: Party) -> None:
    """The party is known to the viewer as a customer; the talks were with the supplier that it is too."""
    viewer = make_user("relationship_manager", kind="customers")
    make_relationship("customers", party=sought)
    talk(amara, make_relationship("suppliers", party=sought))
    assert told(ways_to(sought)) == [["Amara", "Sought"]]
    assert ways_to(sought, viewer) == []


def test_nobody_without_a_role_is_told_anything(amara: User, sought: Party) -> None:
    talk(amara, make_relationship(party=sought))
    assert ways_to(sought, make_user("")) == []
    gone = make_user("administrator", is_active=False, deactivated_at=NOW)
    assert ways_to(sought, gone) == []


def test_the_database_is_asked_three_times_whatever_there_is(sought: Party) -> None:
    viewer = make_user("administrator")
    viewer.current_grants(), viewer.current_team_ids()
    for number in range(3):
        known = make_party(f"Known {number}")
        make_link(known, sought, "knows")
        talk(viewer, make_relationship(party=known))
        with CaptureQueriesContext(connection) as captured:
            assert len(ways_to(sought, viewer)) == number + 1
        assert len(captured) == 3


def test_the_page_tells_each_way_from_us_to_them(amara: User, sought: Party) -> None:
    known = make_party("Known")
    make_link(known, sought, "owns", strength=2)
    talk(amara, make_relationship(party=known))
    make_relationship(party=sought)
    page = signed_in(amara).get(f"/parties/{sought.pk}/introductions/").content.decode()
    for words in ("<b>You</b>", "2 talks", "Known", "owns", "weakest step 2 of 5", "2 steps"):
        assert words in page
    assert (
        "<b>Amara</b>"
        in signed_in(make_user("administrator")).get(f"/parties/{sought.pk}/introductions/").content.decode()
    )


def test_whom_one_seeks_is_picked_by_name(amara: User, sought: Party) -> None:
    client = signed_in(amara)
    make_relationship(party=sought)
    assert client.get("/introductions/", {"party": sought.pk}).headers["Location"] == (
        f"/parties/{sought.pk}/introductions/"
    )
    assert (
        "Pick one of the names"
        in client.get("/introductions/", {"party": "", "party_q": "So"}).content.decode()
    )
    assert "Pick one of the names" not in client.get("/introductions/").content.decode()
    assert client.get("/introductions/", {"party": 999_999}).status_code == 404
