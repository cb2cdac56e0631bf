"""Somebody new whose address or number is known already: shown, as far as one may know, and added when one insists."""

from typing import Any

import pytest

from accounts.models import AuditEntry, User
from core.refusals import Invalid
from relationships.models import ContactPoint, Event, Party, PartyIdentifier, Relationship
from relationships.operations.equal_parties import KnownAlready, Reach
from relationships.operations.openings import open_with_party
from relationships.operations.persons import add_person
from relationships.queries.equal_parties import equal_parties
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_party, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def opened(actor: User, *, name: str = "Brightwater", country: str = "GB", **given: Any) -> Relationship:
    reach = {key: given.pop(key) for key in ("email", "phone", "registration") if key in given}
    return open_with_party(
        actor=actor, kind="customers", party=None, party_kind="organisation",
        facts={"name": name, "country": country}, terms={}, now=NOW, reach=Reach(**reach), **given,
    )  # fmt: skip


def known(name: str = "Lark", *, country: str = "GB", **relationship: Any) -> Party:
    party = make_relationship("customers", name=name, **relationship).party
    Party.objects.filter(pk=party.pk).update(country=country)
    for kind, value in (("email", "office@lark.example"), ("phone", "+442079460000")):
        ContactPoint.objects.create(party=party, kind=kind, value=value, normalised=value, created_at=NOW)
    PartyIdentifier.objects.create(party=party, scheme="registration", value="SC 123-456")
    return party


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ({"email": "Office@LARK.example"}, ("email",)),
        ({"phone": "020 7946 0000"}, ("phone",)),
        ({"registration": "sc123456"}, ("registration",)),
        ({"name": "Lárk"}, ("name",)),
        ({"email": "office@lark.example", "registration": "SC123456"}, ("email", "registration")),
    ],
)
def test_an_equal_value_is_found_however_it_is_written(given: dict[str, str], by: tuple[str, ...]) -> None:
    actor, party = make_user(), known()
    with pytest.raises(KnownAlready) as refused:
        opened(actor, **given)
    assert [(equal.party, equal.by) for equal in refused.value.equals] == [(party, by)]
    assert str(refused.value) == "Known already: “Lark”. Say that it is somebody else to add it."
    assert (Party.objects.count(), Relationship.objects.count()) == (1, 1)


@pytest.mark.parametrize(("known_in", "given", "number"), [("DE", "GB", 0), ("", "GB", 1), ("DE", "", 1)])
def test_registration_numbers_of_two_countries_are_not_equal(known_in: str, given: str, number: int) -> None:
    known(country=known_in)
    found = equal_parties(viewer=make_user(), told={"registration": "SC123456"}, country=given)
    assert len(found) == number


def test_a_party_out_of_sight_is_not_told_of() -> None:
    owner, outsider = make_user(), make_user()
    known(owner=owner, confidentiality=3)
    made = opened(
        outsider, name="Lark", email="office@lark.example", phone="+442079460000", registration="SC123456"
    )
    assert made.party_name == "Lark"
    assert not AuditEntry.objects.filter(verb="equal_party_added").exists()
    assert [equal.party.pk for equal in equal_parties(viewer=owner, told={"phone": "+442079460000"})] == [
        Relationship.objects.get(owner=owner).party_id, made.party_id
    ]  # fmt: skip


def test_somebody_else_is_added_all_the_same_and_the_security_record_says_so() -> None:
    actor, party = make_user(), known()
    made = opened(
        actor, email=" office@lark.example ", phone="020 7946 0000", registration="SC123456", is_another=True
    )
    points = made.party.contact_points.order_by("kind")
    assert list(points.values_list("kind", "value", "normalised", "is_preferred")) == [
        ("email", "office@lark.example", "office@lark.example", True),
        ("phone", "020 7946 0000", "+442079460000", True),
    ]  # fmt: skip
    assert list(made.party.identifiers.values_list("scheme", "value")) == [("registration", "SC123456")]
    entry = AuditEntry.objects.get(verb="equal_party_added")
    assert (entry.actor_id, entry.subject_id) == (actor.pk, made.party_id)
    assert entry.data == {"equal_to": [party.pk], "by": ["email", "phone", "registration"]}
    verbs = list(Event.objects.filter(party=made.party).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["party_created", "contact_point_added", "contact_point_added", "relationship_opened"]


def test_the_same_form_again_gives_what_it_made_and_writes_nothing() -> None:
    actor = make_user()
    known()
    first = opened(actor, email="office@lark.example", is_another=True, idempotency_key="k1")
    again = opened(actor, email="office@lark.example", idempotency_key="k1")
    assert (again, Party.objects.count(), AuditEntry.objects.filter(verb="equal_party_added").count()) == (
        first, 2, 1
    )  # fmt: skip


def test_what_is_no_address_and_no_number_is_refused_under_its_name() -> None:
    with pytest.raises(Invalid) as refused:
        opened(make_user(), email="office", phone="12", registration="–")
    assert set(refused.value.errors) == {"email", "phone", "registration"}
    assert refused.value.errors["registration"] == ["“–” is not a registration number."]
    assert Party.objects.count() == 0


def test_a_number_is_read_as_one_of_the_party_s_own_country_or_of_ours() -> None:
    actor = make_user()
    assert (
        opened(actor, country="DE", phone="030 901820").party.contact_points.get().normalised == "+4930901820"
    )
    ours = opened(actor, name="Other", country="", phone="020 7946 0000").party
    assert ours.contact_points.get().normalised == "+442079460000"


def test_the_form_names_who_has_it_and_adds_when_one_insists() -> None:
    viewer, party = make_user(), known()
    given = {
        "name": "Brightwater", "party_kind": "organisation", "country": "GB", "stage": "prospect", "owner": viewer.pk,
        "cadence_days": 21, "revenue_type": "transactional", "confidentiality": 1, "email": "office@lark.example",
        "registration": "SC 123456", "idempotency_key": "k1",
    }  # fmt: skip
    client = signed_in(viewer)
    page = client.post("/customers/new/", given)
    assert page.status_code == 422
    assert "(same e-mail address, same registration number): Use this one" in words_of(page)
    assert f'name="party" value="{party.pk}"' in page.content.decode()
    assert client.post("/customers/new/", given | {"is_another": "on"}).status_code == 303
    made = Relationship.objects.get(party_name="Brightwater")
    shown = words_of(client.get(f"/customers/{made.pk}/"))
    assert "registration SC 123456" in shown


def test_a_known_party_is_opened_without_being_compared() -> None:
    actor, party = make_user(), make_party("Lark")
    made = open_with_party(
        actor=actor, kind="customers", party=party, party_kind="", facts={}, terms={}, now=NOW
    )
    assert (made.party, AuditEntry.objects.filter(verb="equal_party_added").count()) == (party, 0)


def test_of_whom_nothing_is_told_nobody_is_equal() -> None:
    known()
    assert equal_parties(viewer=make_user(), told={"email": ""}) == []


def test_somebody_at_a_party_is_compared_too_but_not_by_their_own_switchboard() -> None:
    actor, lark = make_user(), known()
    person = add_person(actor=actor, party=lark, name="Ann Lee", phone="020 7946 0000", now=NOW)
    assert [point.normalised for point in person.contact_points.all()] == ["+442079460000"]
    given = {"actor": actor, "party": make_party("Wren"), "email": "office@lark.example", "now": NOW}
    with pytest.raises(KnownAlready) as refused:
        add_person(name="Bo Ash", **given)
    assert [(equal.party, equal.by) for equal in refused.value.equals] == [(lark, ("email",))]
    assert not Party.objects.filter(name="Bo Ash").exists()
    made = add_person(name="Bo Ash", is_another=True, **given)
    entry = AuditEntry.objects.get(verb="equal_party_added")
    assert (entry.subject_id, entry.data) == (made.pk, {"equal_to": [lark.pk], "by": ["email"]})


def test_somebody_at_a_party_is_not_told_who_out_of_sight_has_their_address() -> None:
    known(owner=make_user(), confidentiality=3)
    made = add_person(
        actor=make_user(), party=make_party("Wren"), name="Bo Ash", email="office@lark.example", now=NOW
    )
    assert (made.name, AuditEntry.objects.filter(verb="equal_party_added").count()) == ("Bo Ash", 0)


def test_the_form_for_somebody_names_who_has_the_address_and_adds_when_one_insists() -> None:
    known()
    party = make_relationship(name="Wren").party
    client, address = signed_in(make_user("administrator")), f"/parties/{party.pk}/people/new/"
    given = {"name": "Bo Ash", "email": "office@lark.example", "influence": 0}
    page = client.post(address, given)
    assert page.status_code == 422
    assert "Lark (same e-mail address): Look at it" in words_of(page)
    assert client.post(address, given | {"is_another": "on"}).status_code == 302
    assert Party.objects.filter(name="Bo Ash").count() == 1
