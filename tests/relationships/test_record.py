"""The record page: everything about one relationship, and nothing that the viewer may not know of."""

import re
from datetime import timedelta

import pytest

from accounts.enums import Confidentiality
from relationships.filters.relationship_list import encode_list
from relationships.models import Party
from relationships.operations.commitments import CommitmentDraft
from relationships.operations.relationships import close_relationship
from relationships.queries.relationship_list import ListQuery
from tests.doors import signed_in, words_of
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
HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = NOW.date()


def test_the_record_shows_what_is_said_owed_planned_and_wrong() -> None:
    viewer = make_user(name="Amara Osei")
    relationship = make_relationship(
        name="Brightwater", owner=viewer, stage="active", profile={"segment": "Key account"}
    )
    Party.objects.filter(pk=relationship.party_id).update(place="Bend", country="US")
    helen = make_person("Helen Marsh", works_for=relationship.party, job_title="Buyer")
    make_interaction(
        relationship,
        actor=viewer,
        people=[helen],
        body="The trays are cracked.",
        problem_severity=4,
        commitments=[CommitmentDraft("ours", "Replace the trays", TODAY + timedelta(days=1))],
    )
    make_follow_up(relationship, actor=viewer, what="Call Helen", due_date=TODAY)
    words = words_of(signed_in(viewer).get(f"/customers/{relationship.pk}/"))
    for expected in (
        "Brightwater", "Active since 2026", "Key account", "Amara Osei", "Helen Marsh called Amara Osei",
        "The trays are cracked.", "We promised: Replace the trays", "Open problems 1", "Call Helen", "Today",
        "Helen Marsh Buyer", "Bend, United States",
    ):  # fmt: skip
        assert expected in words


def test_without_any_plan_the_rhythm_is_the_next_step() -> None:
    relationship = make_relationship(cadence_days=21)
    words = words_of(signed_in(make_user()).get(f"/customers/{relationship.pk}/"))
    assert "Get in touch Due by rhythm, every 21 days" in words
    assert "Nothing is owed" in words
    assert "Nobody is known here yet" in words


def test_a_record_out_of_sight_is_not_there() -> None:
    relationship = make_relationship("customers")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    for place in ("", "timeline/", "people/", "about/", "strip/", "pieces/"):
        assert client.get(f"/customers/{relationship.pk}/{place}").status_code == 404
    assert client.get(f"/suppliers/{relationship.pk}/").status_code == 404


def test_a_record_stands_under_its_own_kind_only() -> None:
    relationship = make_relationship("customers")
    assert signed_in(make_user()).get(f"/suppliers/{relationship.pk}/").status_code == 404


@pytest.mark.parametrize("tab", ["", "timeline/", "commitments/", "people/", "about/"])
def test_a_role_out_of_sight_leaves_no_trace_on_any_tab(tab: str) -> None:
    firm = make_party("Twofold")
    customer = make_relationship("customers", party=firm, objective="Secret customer plan")
    supplier = make_relationship("suppliers", party=firm)
    ann = make_person("Ann Both", works_for=firm)
    make_interaction(customer, body="Secret customer talk", people=[ann], problem_severity=8)
    make_commitment(customer, what="Secret customer promise")
    make_follow_up(customer, what="Secret customer plan")
    elsewhere = make_relationship("customers", name="Secret Parent")
    make_link(elsewhere.party, firm, "owns")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    response = client.get(f"/suppliers/{supplier.pk}/{tab}")
    words = words_of(response)
    assert response.status_code == 200
    assert "Secret" not in response.content.decode()
    assert "Customer" not in words
    assert f"/customers/{customer.pk}/" not in response.content.decode()
    assert "last talk" not in words
    if tab == "people/":
        assert "There is a tie that you may not see." in words


def test_each_role_that_the_viewer_may_see_is_a_tab() -> None:
    firm = make_party("Twofold")
    customer = make_relationship("customers", party=firm)
    supplier = make_relationship("suppliers", party=firm)
    page = signed_in(make_user()).get(f"/suppliers/{supplier.pk}/").content.decode()
    assert f'href="/customers/{customer.pk}/"' in page


def test_next_and_previous_follow_the_list_that_one_came_from() -> None:
    viewer = make_user()
    ash, birch, cedar = (make_relationship(name=name, owner=viewer) for name in ("Ash", "Birch", "Cedar"))
    make_relationship(name="Other people's")
    word = encode_list(ListQuery("customers").narrowed(owner="me"))
    page = signed_in(viewer).get(f"/customers/{birch.pk}/?from={word}").content.decode()
    assert "2 of 3" in page
    assert f'href="/customers/{ash.pk}/?from={word}"' in page
    assert f'href="/customers/{cedar.pk}/?from={word}"' in page
    assert 'href="/customers/?owner=me"' in page
    assert " of 3" not in signed_in(viewer).get(f"/customers/{birch.pk}/?from=nonsense").content.decode()


def test_a_closed_relationship_says_why_and_offers_nothing_more_to_do() -> None:
    viewer = make_user(name="Amara Osei")
    relationship = make_relationship(owner=viewer)
    close_relationship(actor=viewer, relationship=relationship, now=NOW, reason="They moved away.")
    words = words_of(signed_in(viewer).get(f"/customers/{relationship.pk}/"))
    assert "Closed by Amara Osei" in words
    assert "They moved away." in words
    assert "The relationship is closed; nothing is planned." in words
    assert "Plan a follow-up" not in words


def test_a_reader_is_offered_nothing_to_change() -> None:
    relationship = make_relationship()
    make_commitment(relationship)
    page = signed_in(make_user("auditor")).get(f"/customers/{relationship.pk}/").content.decode()
    assert "Send the quote" in page
    for absent in ("/transitions/", "follow-ups/?", "/edit/", "closing/", "Record more"):
        assert absent not in page


def test_the_timeline_is_narrowed_by_group_words_and_person() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    ann = make_person("Ann Lee", works_for=relationship.party)
    make_interaction(relationship, body="Price rise", people=[ann])
    make_interaction(relationship, channel="note", direction="out", body="Café is closed")
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/timeline/"
    notes = words_of(client.get(here, {"group": "notes"}, **HTMX))
    assert ("Café is closed" in notes, "Price rise" in notes) == (True, False)
    found = words_of(client.get(here, {"q": "cafe"}))
    assert ("Café is closed" in found, "Price rise" in found) == (True, False)
    hers = words_of(client.get(here, {"person": ann.pk}))
    assert ("Café is closed" in hers, "Price rise" in hers) == (False, True)
    assert "No entry holds “zebra”." in words_of(client.get(here, {"q": "zebra"}, **HTMX))
    assert client.get(here, {"group": "moons"}).status_code == 422


def test_older_entries_follow_without_repeating_their_heading() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=400))
    for hour in range(35):
        make_interaction(
            relationship, body=f"Talk number {hour:02}", happened_at=NOW - timedelta(days=40, hours=hour)
        )
    client = signed_in(viewer)
    first = client.get(f"/customers/{relationship.pk}/timeline/", **HTMX).content.decode()
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older
    rest = client.get(older[1].replace("&amp;", "&"), **HTMX)
    told = re.findall(r"Talk number \d\d", first + rest.content.decode())
    assert told == [f"Talk number {hour:02}" for hour in range(35)]
    assert re.findall(r'class="tl-day">([^<]+)', first) == ["This week", "February 2026"]
    assert "February 2026" not in words_of(rest)


def test_a_confidential_talk_shows_on_no_part_of_the_page() -> None:
    relationship = make_relationship()
    make_interaction(
        relationship, body="Hush", problem_severity=4, confidentiality=Confidentiality.CONFIDENTIAL
    )
    page = signed_in(make_user("executive")).get(f"/customers/{relationship.pk}/").content.decode()
    assert "Hush" not in page
    assert "Open problems" not in page


def test_the_people_map_is_that_of_the_day_asked_for() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    make_link(
        relationship.party, make_person("Early Bird"), "employs", since_date=TODAY - timedelta(days=900)
    )
    make_link(relationship.party, make_person("Late Comer"), "employs", since_date=TODAY - timedelta(days=9))
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/people/"
    now = words_of(client.get(here))
    assert ("Early Bird" in now, "Late Comer" in now) == (True, True)
    then = words_of(client.get(here, {"as_of": (TODAY - timedelta(days=100)).isoformat()}))
    assert ("Early Bird" in then, "Late Comer" in then) == (True, False)


def test_a_record_fetches_the_list_of_people_alone_and_shows_three_next_steps_until_asked_for_all() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    make_link(relationship.party, make_person("Early Bird"), "employs")
    for day in range(4):
        make_follow_up(relationship, actor=viewer, what=f"Step {day}", due_date=TODAY + timedelta(days=day))
    client, here = signed_in(viewer), f"/customers/{relationship.pk}/"
    page, everything = (client.get(here, asked).content.decode() for asked in ({}, {"plans": "all"}))
    assert (page.count('<li id="plan-'), "All 4 follow-ups" in page) == (3, True)
    assert (everything.count('<li id="plan-'), "All 4 follow-ups" in everything) == (4, False)
    rows = client.get(f"{here}people/", **HTMX)
    assert ("Early Bird" in words_of(rows), "<html" in rows.content.decode()) == (True, False)


def test_money_is_shown_only_to_those_who_may_see_it() -> None:
    relationship = make_relationship(team=(team := make_team()))
    relationship.state.value_amount, relationship.state.value_currency = 228400, "GBP"
    relationship.state.save()
    page = signed_in(make_user("representative", member_of=team)).get(f"/customers/{relationship.pk}/")
    assert "£228,400 a year" in words_of(page)
    assert "228,400" not in words_of(signed_in(make_user("hr")).get(f"/customers/{relationship.pk}/"))


def test_the_navigation_counts_anew_on_the_page_that_asks() -> None:
    owner = make_user(role="relationship_manager")
    make_follow_up(make_relationship(owner=owner), actor=owner, due_date=NOW.date())
    page = signed_in(owner).get("/places/", headers={"HX-Current-URL": "http://testserver/customers/?q=a"})
    assert re.findall(r'href="([^"]+)" aria-current="page"', page.content.decode()) == ["/customers/"]
    assert 'class="nav-n">1<' in page.content.decode()
