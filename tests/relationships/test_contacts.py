"""A relationship's own contacts are found quickly, and never let through what the viewer may not know of."""

import pytest

from relationships.models import Party
from tests.factories.people import make_user
from tests.factories.relationships import make_link, make_party, make_person, make_relationship

pytestmark = pytest.mark.django_db


def test_contacts_are_the_unclaimed_parties_linked_to_the_relationships_party() -> None:
    acme, other = make_party(name="Acme"), make_party(name="Other")
    relationship = make_relationship(party=acme, kind="customers")
    ana, ben, claimed, stranger = (make_person(name=name) for name in ("Ana", "Ben", "Cleo", "Dan"))
    make_link(acme, ana, "knows")
    make_link(ben, acme, "knows")
    make_link(acme, claimed, "knows")
    make_relationship(party=claimed, kind="suppliers")
    make_link(other, stranger, "knows")

    assert set(Party.objects.contacts_of(relationship)) == {ana, ben}


def test_every_contact_of_a_visible_relationship_is_visible() -> None:
    acme = make_party(name="Acme")
    relationship = make_relationship(party=acme, kind="customers")
    for name in ("Ana", "Ben"):
        make_link(acme, make_person(name=name), "knows")
    viewer = make_user(role="relationship_manager", kind="customers")

    visible = set(Party.objects.visible_to(viewer))

    assert set(Party.objects.contacts_of(relationship)) - visible == set()
    assert Party.objects.contacts_of(relationship).count() == 2
