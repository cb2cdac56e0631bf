"""The pages of the search: results to read, and options for the palette."""

import pytest

from relationships.operations.contact_points import add_contact_point
from tests.doors import signed_in, words_of
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_each_result_leads_to_what_it_is() -> None:
    viewer = make_user()
    relationship = make_relationship(name="Walrus Works", owner=viewer)
    person = make_person("Ana Walrus", works_for=relationship.party, job_title="Buyer")
    promise = make_commitment(relationship, actor=viewer, what="Feed the walrus")
    make_follow_up(relationship, actor=viewer, what="Ask the walrus")
    make_interaction(relationship, actor=viewer, subject="", body="A walrus called.")
    document = make_document(relationship, actor=viewer, name="walrus.pdf")
    response = signed_in(viewer).get("/search/?q=walrus")
    html, words = response.content.decode(), words_of(response)
    record = f"/customers/{relationship.pk}/"
    for href in (
        record,
        f"/parties/{person.pk}/",
        f"/commitments/{promise.pk}/",
        f"/documents/{document.pk}/preview/",
    ):
        assert f'href="{href}"' in html
    assert html.count(f'class="hit t" href="{record}"') == 3
    for told in ("6 found", "Ana Walrus", "Buyer", "A walrus called.", "Ask the walrus"):
        assert told in words


def test_the_number_that_met_is_shown_with_whom_it_reaches() -> None:
    viewer = make_user()
    person = make_person("Ana Ruiz", works_for=make_relationship(name="Works", owner=viewer).party)
    add_contact_point(actor=viewer, party=person, kind="phone", value="+44 20 7946 0958", now=NOW)
    words = words_of(signed_in(viewer).get("/search/?q=020 7946 0958"))
    assert "Ana Ruiz" in words
    assert "+44 20 7946 0958" in words
    assert "Works" in words


def test_a_group_leads_on_to_all_of_it_and_htmx_gets_only_the_results() -> None:
    viewer = make_user()
    for number in range(6):
        make_relationship(name=f"Ash {number}", owner=viewer)
    client = signed_in(viewer)
    response = client.get("/search/?q=ash", **HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert 'href="/search/?q=ash&amp;in=organisations"' in html
    assert "Ash 4" in words_of(response)
    assert "Ash 5" not in words_of(response)
    assert "Ash 5" in words_of(client.get("/search/?q=ash&in=organisations"))
    assert "Ash 4" in words_of(client.get("/search/?q=ash&in=unknown"))


def test_nothing_found_says_what_else_to_try_and_a_slip_what_is_close() -> None:
    viewer = make_user()
    make_relationship(name="Brightwater Clinics", owner=viewer)
    client = signed_in(viewer)
    assert "Search everything you may see" in words_of(client.get("/search/"))
    assert "Nothing found for “zzxqy”" in words_of(client.get("/search/?q=zzxqy"))
    near = words_of(client.get("/search/?q=brigthwater"))
    assert "Nothing is called “brigthwater”" in near
    assert "Brightwater Clinics" in near


def test_a_closed_relationship_is_found_and_said_to_be_closed() -> None:
    viewer = make_user()
    relationship = make_relationship(name="Ash", owner=viewer)
    relationship.closed_at, relationship.closed_by = NOW, viewer
    relationship.save()
    assert "closed" in words_of(signed_in(viewer).get("/search/?q=ash"))


def test_the_palette_gets_options_that_are_links() -> None:
    viewer = make_user()
    relationship = make_relationship(name="Walrus Works", owner=viewer)
    make_interaction(relationship, actor=viewer, body="walrus")
    html = signed_in(viewer).get("/search/options/?q=walrus").content.decode()
    record = f"/customers/{relationship.pk}/"
    assert html.count('role="option"') == 3
    assert html.count(f'href="{record}"') == 2
    assert 'href="/search/?q=walrus"' in html
    assert 'data-said="2 found"' in html
    assert signed_in(viewer).get("/search/options/?q=").content.decode().strip() == ""
