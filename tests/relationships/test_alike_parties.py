"""Who is called nearly as somebody new is: shown while the name is written, and only to who may know of them."""

import pytest
from django.test import Client

from accounts.models import User
from relationships.models import Party, Relationship
from relationships.queries.alike_parties import alike_parties
from tests.factories import make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(workspace: object) -> User:
    return make_user("relationship_manager")


def test_a_name_is_alike_whatever_its_legal_form_and_accents(viewer: User) -> None:
    tea = make_party("Northern Tea Limited")
    coffee = make_party("Café Müller GmbH")
    make_party("Southern Steel Limited")
    assert alike_parties(viewer=viewer, name="Northern Tea Ltd.") == [tea]
    assert alike_parties(viewer=viewer, name="northen tea") == [tea]
    assert alike_parties(viewer=viewer, name="Cafe Muller") == [coffee]
    assert alike_parties(viewer=viewer, name="No ") == []


def test_the_likeliest_five_come_first(viewer: User) -> None:
    for number in range(6):
        make_party(f"Northern Tea {number}")
    same = make_party("Northern Tea")
    found = alike_parties(viewer=viewer, name="Northern Tea")
    assert (found[0], len(found)) == (same, 5)


def test_what_one_may_not_know_of_is_not_among_them(client: Client, viewer: User) -> None:
    shown = make_relationship(name="Northern Tea Ltd").party
    hidden = make_relationship(name="Northern Tea Limited")
    Relationship.objects.filter(pk=hidden.pk).update(confidentiality=3)
    client.force_login(viewer)
    page = client.get("/parties/alike/", {"name": "Northern Tea"}).content.decode()
    assert (f"/parties/{shown.pk}/" in page, f"/parties/{hidden.party_id}/" in page) == (True, False)
    assert client.get("/parties/alike/").content.decode().strip() == ""
    assert 'hx-get="/parties/alike/"' in client.get("/customers/new/").content.decode()
    assert Party.objects.count() == 2
