"""The workspace's own fields edited where they stand."""

import pytest

from relationships.operations.custom_values import set_custom_values
from relationships.queries.custom_fields import definitions
from relationships.queries.custom_values import values_of
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_field, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


def test_one_field_is_written_where_it_stands_and_the_others_stay() -> None:
    admin = make_user("administrator")
    for type_, label in (("text", "Contract"), ("choices", "Topics"), ("whole", "Seats")):
        make_field(type_, label=label, actor=admin)
    one = make_relationship(owner=admin)
    set_custom_values(actor=admin, relationship=one, values={"contract": "A", "seats": 4}, now=NOW)
    client = signed_in(admin)
    places = {key: f"/customers/{one.pk}/fields/f_{key}/" for key in ("contract", "topics", "seats")}
    for place in places.values():
        page = client.get(place, headers={"HX-Request": "true"})
        assert page.status_code == 200
    version = client.get(places["contract"]).context["version"]
    said = {"custom.contract": "Bee", "version": version}
    written = client.post(places["contract"], said, headers={"HX-Request": "true"})
    assert (written.status_code, "Bee" in words_of(written)) == (200, True)
    refused = client.post(places["seats"], {"custom.seats": "many", "version": version + 1})
    assert refused.status_code == 422
    held = values_of([one.pk], definitions("customers"))[one.pk]
    assert held == {"contract": "Bee", "seats": 4}
