"""Writing down who somebody is and what they are to us, and changing it."""

from datetime import timedelta

import pytest

from accounts.models import User
from relationships.models import ContactPoint, Party, PartyLink, Relationship
from relationships.operations.parties import edit_party
from tests.doors import signed_in, words_of
from tests.factories import (
    NOW,
    make_commitment,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def new_form(viewer: User, **fields: object) -> dict[str, object]:
    given = {
        "name": "Brightwater", "party_kind": "organisation", "place": "Leeds", "country": "gb", "sector": "",
        "stage": "prospect", "owner": viewer.pk, "team": "", "cadence_days": 21, "objective": "Renew",
        "sensitivity_note": "", "revenue_type": "transactional", "confidentiality": 1,
        "profile_segment": "Key account", "profile_account_number": "", "idempotency_key": "k1",
    }  # fmt: skip
    return given | fields


def test_a_party_and_its_relationship_are_written_down_on_one_page_once() -> None:
    viewer = make_user()
    client = signed_in(viewer)
    assert "New customer" in words_of(client.get("/customers/new/"))
    response = client.post("/customers/new/", new_form(viewer))
    made = Relationship.objects.get()
    assert response.headers["Location"] == f"/customers/{made.pk}/"
    told = (made.party_name, made.party.country, made.cadence_days, made.objective, made.customer.segment)
    assert told == ("Brightwater", "GB", 21, "Renew", "Key account")
    again = client.post("/customers/new/", new_form(viewer, is_another="on"))
    assert again.headers["Location"] == f"/customers/{made.pk}/"
    assert (Relationship.objects.count(), Party.objects.count()) == (1, 1)


def test_a_namesake_is_shown_first_and_can_be_used() -> None:
    viewer = make_user()
    known = make_party("Brïghtwater")
    client = signed_in(viewer)
    response = client.post("/customers/new/", new_form(viewer))
    assert response.status_code == 422
    assert "This may be known already Brïghtwater (same name): Use this one" in words_of(response)
    assert Relationship.objects.count() == 0
    client.post("/customers/new/", new_form(viewer, party=known.pk))
    assert Relationship.objects.get().party == known
    client.post("/customers/new/", new_form(viewer, is_another="on", idempotency_key="k2"))
    assert Party.objects.filter(name="Brightwater").count() == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written() -> None:
    viewer = make_user()
    response = signed_in(viewer).post("/customers/new/", new_form(viewer, name="", cadence_days=0))
    assert response.status_code == 422
    assert "Write a name, or choose somebody known." in words_of(response)
    response = signed_in(viewer).post("/customers/new/", new_form(viewer, country="Britain"))
    assert response.status_code == 422
    assert Party.objects.count() == 0


def test_who_may_not_open_relationships_has_no_form() -> None:
    assert signed_in(make_user("auditor")).get("/customers/new/").status_code == 403
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    assert client.get("/customers/new/").status_code == 404


def test_a_stale_form_shows_both_values_and_can_then_be_saved() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer, objective="First")
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/edit/"
    form = new_form(viewer, version=1, objective="Second")
    assert client.post(here, form).headers["Location"] == f"/customers/{relationship.pk}/"
    stale = client.post(here, new_form(viewer, version=1, objective="Third"))
    assert stale.status_code == 409
    assert "now “Second”, yours “Third”" in words_of(stale)
    assert 'name="version" value="2"' in stale.content.decode()
    client.post(here, new_form(viewer, version=2, objective="Third"))
    assert Relationship.objects.get().objective == "Third"


def test_a_party_is_changed_and_a_stale_form_is_refused() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer, name="Old name")
    party = relationship.party
    client = signed_in(viewer)
    form = {"name": "New name", "place": "York", "version": 1}
    client.post(f"/parties/{party.pk}/edit/", form)
    relationship.refresh_from_db()
    assert relationship.party_name == "New name"
    edit_party(actor=viewer, party=party, version=2, now=NOW, place="Hull")
    stale = client.post(f"/parties/{party.pk}/edit/", form | {"place": "Bath", "version": 2})
    assert stale.status_code == 409
    assert "now “Hull”, yours “Bath”" in words_of(stale)


def test_closing_wants_a_decision_on_every_open_promise() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    promise = make_commitment(relationship, actor=viewer, what="Replace the trays")
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/closing/"
    assert "Replace the trays" in words_of(client.get(here, **HTMX))
    refused = client.post(here, {"reason": "Over"})
    assert (refused.status_code, "Hand it on, or withdraw it." in words_of(refused)) == (422, True)
    client.post(f"/commitments/{promise.pk}/transitions/withdraw/", {"reason": "Told them"})
    assert client.post(here, {"reason": "Over"}).status_code == 302
    relationship.refresh_from_db()
    assert relationship.closed_reason == "Over"
    client.post(f"/customers/{relationship.pk}/reopening/", {"reason": "Back again"})
    relationship.refresh_from_db()
    assert relationship.closed_at is None


def test_somebody_is_added_with_how_to_reach_them() -> None:
    viewer = make_user()
    party = make_relationship(owner=viewer).party
    client = signed_in(viewer)
    form = {"name": "Ann Lee", "job_title": "Buyer", "phone": "0113 496 0123", "email": "ann@example.org",
            "influence": 5, "stance": "supporter"}  # fmt: skip
    client.post(f"/parties/{party.pk}/people/new/", form)
    link = PartyLink.objects.get(source_party=party)
    assert (link.target_party.name, link.influence, link.stance) == ("Ann Lee", 5, "supporter")
    points = ContactPoint.objects.order_by("kind").values_list("kind", "normalised")
    assert list(points) == [("email", "ann@example.org"), ("phone", "+441134960123")]
    wrong = client.post(f"/parties/{party.pk}/people/new/", form | {"name": "Bo", "phone": "12"}, **HTMX)
    assert wrong.status_code == 422
    assert not Party.objects.filter(name="Bo").exists()


def test_contact_points_are_added_corrected_barred_and_removed() -> None:
    viewer = make_user()
    party = make_relationship(owner=viewer).party
    client = signed_in(viewer)
    here = f"/parties/{party.pk}/contact-points/"
    client.post(f"{here}new/", {"kind": "email", "value": "A@Example.org", "label": ""})
    client.post(f"{here}new/", {"kind": "email", "value": "b@example.org", "label": ""})
    first, second = ContactPoint.objects.order_by("pk")
    client.post(f"{here}{second.pk}/preference/")
    client.post(f"{here}{first.pk}/", {"value": "c@example.org", "label": "Old", "do_not_use": "on"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.normalised, first.do_not_use_since, second.is_preferred) == ("c@example.org", NOW, True)
    client.post(f"{here}{first.pk}/removal/")
    assert list(ContactPoint.objects.all()) == [second]
    assert client.post(f"{here}{first.pk}/removal/").status_code == 404


def test_parties_are_linked_either_way_and_the_link_can_end() -> None:
    viewer = make_user()
    firm, parent = make_relationship(owner=viewer).party, make_relationship(owner=viewer).party
    client = signed_in(viewer)
    form = {"other": parent.pk, "type": "in:owns", "strength": 3, "influence": 0, "stance": ""}
    client.post(f"/parties/{firm.pk}/links/new/", form)
    link = PartyLink.objects.get()
    assert (link.source_party, link.target_party, link.type.slug) == (parent, firm, "owns")
    day = (NOW - timedelta(days=1)).date()
    change = {"strength": 5, "influence": 0, "stance": "", "until_date": day.isoformat()}
    client.post(f"/parties/{firm.pk}/links/{link.pk}/", change)
    link.refresh_from_db()
    assert (link.strength, link.until_date) == (5, day)
    stranger = make_relationship().party
    assert client.post(f"/parties/{stranger.pk}/links/{link.pk}/", change).status_code == 404


def test_a_party_leads_to_its_relationship_or_has_a_page_of_its_own() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    ann = make_person("Ann Lee", works_for=relationship.party)
    make_interaction(relationship, people=[ann], body="About the trays")
    client = signed_in(viewer)
    led = client.get(f"/parties/{relationship.party_id}/")
    assert led.headers["Location"] == f"/customers/{relationship.pk}/"
    words = words_of(client.get(f"/parties/{ann.pk}/"))
    assert "About the trays" in words
    assert relationship.party_name in words


def test_a_person_page_tells_nothing_of_talks_out_of_sight() -> None:
    firm = make_party("Twofold")
    customer, supplier = make_relationship(party=firm), make_relationship("suppliers", party=firm)
    ann = make_person("Ann Lee", works_for=firm)
    make_link(make_relationship(name="Secret Parent").party, ann, "knows")
    make_interaction(customer, people=[ann], body="Secret talk")
    make_interaction(supplier, people=[ann], body="Open talk")
    page = signed_in(make_user("relationship_manager", kind="suppliers")).get(f"/parties/{ann.pk}/")
    assert ("Open talk" in words_of(page), "Secret" in page.content.decode()) == (True, False)


def test_the_picker_offers_only_whom_one_may_know_of() -> None:
    make_relationship("customers", name="Ash Customer")
    make_relationship("suppliers", name="Ash Supplier")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    words = words_of(client.get("/parties/options/", {"party_q": "ash"}))
    assert ("Ash Supplier" in words, "Ash Customer" in words) == (True, False)
