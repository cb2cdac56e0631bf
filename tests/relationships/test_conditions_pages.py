"""Conditions put together in a dialog: rows of field, operator and value, in groups joined by and or or."""

import pytest
from django.http import QueryDict

from relationships.filters import encode_list
from relationships.filters.relationship_list import parse_list
from relationships.queries.relationship_list import ListQuery
from tests.doors import signed_in, words_of
from tests.factories import make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}
HERE = "/customers/conditions/"


def test_the_conditions_of_a_list_are_shown_as_rows_with_an_empty_one_after_them() -> None:
    address = "stage=active&if=score:least:10&if1=tier:is:A|B&if1=next:before:today&any=1&match=any"
    word = encode_list(parse_list("customers", QueryDict(address))[0])
    response = signed_in(make_user()).get(f"{HERE}?list={word}", **HTMX)
    groups = response.context["groups"]
    rows = [[(row.field, row.widget, row.value) for row in group.rows] for group in groups]
    assert rows == [
        [("stage", "select", "active"), ("score", "number", "10"), ("", "none", "")],
        [("tier", "select", "A"), ("next", "text", "today"), ("", "none", "")],
        [("", "none", "")],
    ]
    assert [choice.value for choice in groups[1].rows[0].values if choice.chosen] == ["A", "B"]
    assert [group.either for group in groups] == [False, True, True]
    assert "<html" not in response.content.decode()
    assert "conditions/?list=" in signed_in(make_user()).get("/customers/").content.decode()


def test_what_was_filled_in_leads_to_the_list() -> None:
    make_relationship(name="Ash", stage="active")
    make_relationship(name="Birch", stage="lapsed")
    word = encode_list(ListQuery("customers", sort="-contact").narrowed(tier="A"))
    form = {
        "list": word, "show": "1", "match": "any",
        "f-0-0": "stage", "o-0-0": "not", "v-0-0": ["lapsed", "prospect"],
        "f-1-0": "overdue", "o-1-0": "is", "v-1-0": "0",
        "f-1-1": "", "any-1": "1",
        "f-2-0": "owner", "o-2-0": "is", "v-2-0": "me",
        "f-2-1": "score", "o-2-1": "empty", "any-2": "1",
    }  # fmt: skip
    client = signed_in(make_user())
    response = client.post(HERE, form)
    assert response["Location"] == (
        "/customers/?if=stage%3Anot%3Alapsed%7Cprospect&if1=overdue%3Ais%3A0&if2=owner%3Ais%3Ame"
        "&if2=score%3Aempty&any=2&match=any&sort=-contact"
    )
    page = words_of(client.get(response["Location"]))
    assert ("Ash" in page, "Birch" in page) == (True, False)
    assert client.post(HERE, form, **HTMX)["HX-Redirect"] == response["Location"]


def test_choosing_a_field_shows_how_it_can_be_asked() -> None:
    client = signed_in(make_user())
    form = {"f-0-0": "contact", "f-1-0": "owner", "o-1-0": "not", "v-1-0": "team"}
    response = client.post(HERE, form, **HTMX)
    first, second, third = response.context["groups"]
    assert [choice.value for choice in first.rows[0].operators][:2] == ["before", "from"]
    assert (first.rows[0].widget, second.rows[0].widget) == ("date", "select")
    assert [choice.label for choice in second.rows[0].values if choice.chosen] == ["Me or my team"]
    assert third.number == 2
    days = client.post(HERE, {"f-0-0": "contact", "o-0-0": "last"}, **HTMX).context["groups"][0].rows[0]
    assert (days.widget, days.several) == ("number", False)
    empty = client.post(HERE, {"f-0-0": "contact", "o-0-0": "empty"}, **HTMX).context["groups"][0].rows[0]
    assert empty.widget == "none"
    yes = client.post(HERE, {"f-0-0": "problems", "f-0-1": "place"}, **HTMX).context["groups"][0].rows
    assert [choice.value for choice in yes[0].values] == ["1", "0"]
    assert yes[1].widget == "text"


def test_what_cannot_be_used_is_said_in_the_dialog() -> None:
    form = {"f-0-0": "score", "o-0-0": "least", "v-0-0": "lots", "show": "1"}
    response = signed_in(make_user()).post(HERE, form)
    assert response.status_code == 422
    assert "The filter “score” knows no “lots”" in words_of(response)
    assert response.context["groups"][0].rows[0].value == "lots"
    full = {f"f-{group}-{row}": "tier" for group in range(6) for row in range(9)}
    groups = signed_in(make_user()).post(HERE, full).context["groups"]
    assert [len(group.rows) for group in groups] == [8] * 6
