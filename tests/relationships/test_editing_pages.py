"""Writing where it stands, and two people at once: what each changed is put together, the same is asked about."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from relationships.models import Relationship
from relationships.operations.relationships import edit_relationship
from relationships.queries.custom_fields import definitions
from relationships.queries.custom_values import values_of
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_relationship, make_team, make_user
from tests.factories.custom import make_field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


@pytest.fixture
def held(viewer: User) -> Relationship:
    return make_relationship(
        name="Ash",
        owner=viewer,
        stage="active",
        cadence_days=30,
        objective="Grow",
        profile={"segment": "Care"},
    )


def meanwhile(held: Relationship, **fields: Any) -> None:
    """Somebody else saves."""
    version = Relationship.objects.get(pk=held.pk).version
    edit_relationship(actor=make_user(), relationship=held, version=version, now=NOW, **fields)


def opened(client: Client, held: Relationship) -> dict[str, str]:
    """What the edit page sends when nothing was touched."""
    form = client.get(f"/customers/{held.pk}/edit/").context["form"]
    values = {bound.name: "" if bound.initial is None else str(bound.initial) for bound in form}
    return values | {
        "original": json.dumps({name: each for name, each in values.items() if name != "version"})
    }


def stands(held: Relationship) -> tuple[Any, ...]:
    held = Relationship.objects.select_related("customer").get(pk=held.pk)
    return held.stage, held.cadence_days, held.objective, held.customer.segment


def test_two_people_changing_two_fields_both_succeed(viewer: User, held: Relationship) -> None:
    client = signed_in(viewer)
    form = opened(client, held)
    meanwhile(held, stage="renewing", profile={"segment": "Retail"})
    response = client.post(f"/customers/{held.pk}/edit/", form | {"objective": "Keep", "cadence_days": "14"})
    assert response.status_code == 302
    assert stands(held) == ("renewing", 14, "Keep", "Retail")


def test_two_people_changing_the_same_field_are_asked_with_all_three_values(
    viewer: User, held: Relationship
) -> None:
    client = signed_in(viewer)
    form = opened(client, held)
    meanwhile(held, stage="renewing", objective="Keep")
    response = client.post(f"/customers/{held.pk}/edit/", form | {"stage": "lapsed", "cadence_days": "14"})
    assert response.status_code == 409
    assert "Stage: now “Renewing”, yours “Lapsed”, before “Active”" in words_of(response)
    assert stands(held) == ("renewing", 30, "Keep", "Care")
    again = form | {"stage": "lapsed", "cadence_days": "14", "objective": "Keep"}
    again |= {"version": "2", "original": response.context["original"]}
    assert client.post(f"/customers/{held.pk}/edit/", again).status_code == 302
    assert stands(held) == ("lapsed", 14, "Keep", "Care")


def test_the_same_change_by_two_is_no_conflict(viewer: User, held: Relationship) -> None:
    client = signed_in(viewer)
    form = opened(client, held)
    meanwhile(held, objective="Keep")
    assert client.post(f"/customers/{held.pk}/edit/", form | {"objective": "Keep"}).status_code == 302
    assert stands(held)[2] == "Keep"


def test_what_was_merged_is_checked_as_everything_else(viewer: User, held: Relationship) -> None:
    client = signed_in(viewer)
    form = opened(client, held)
    meanwhile(held, stage="renewing")
    response = client.post(f"/customers/{held.pk}/edit/", form | {"original": "[", "stage": "renewing"})
    assert response.status_code == 302  # nothing but what stands there anyway
    response = client.post(f"/customers/{held.pk}/edit/", form | {"original": "[]", "stage": "lapsed"})
    assert response.status_code == 409


def test_a_field_is_written_where_it_stands_and_taken_back(viewer: User, held: Relationship) -> None:
    client, here = signed_in(viewer), f"/customers/{held.pk}/fields/stage/"
    page = client.get(f"/customers/{held.pk}/about/").content.decode()
    assert 'data-edit="stage">Active</button>' in page
    editor = client.get(here, **HTMX).content.decode()
    assert '<option value="active" selected>' in editor
    assert 'name="original" value="active"' in editor
    meanwhile(held, objective="Keep")
    sent = {"stage": "lapsed", "original": "active", "version": "1"}
    answer = client.post(here, sent, **HTMX).content.decode()
    assert 'data-edit="stage" title="Stage">Lapsed</button>' in answer
    assert f"{here}?to=active&amp;was=lapsed" in answer
    assert stands(held)[:3] == ("lapsed", 30, "Keep")
    back = client.post(f"{here}?to=active&was=lapsed", **HTMX)
    assert 'hx-swap-oob="true">Active</button>' in back.content.decode()
    assert stands(held)[0] == "active"
    assert client.post(here, sent | {"version": "9"}).status_code == 302  # without htmx, to the record
    assert stands(held)[0] == "lapsed"


@pytest.mark.parametrize("before", [[], ["Gold"], ["Gold", "Silver"]])
def test_several_choices_are_written_where_they_stand_and_taken_back(
    viewer: User, held: Relationship, before: list[str]
) -> None:
    make_field("choices", label="Metals")
    (metals,) = definitions("customers")
    keys = {option.label: option.key for option in metals.options}
    client, here = signed_in(viewer), f"/customers/{held.pk}/fields/f_{metals.key}/"
    if before:
        told = [keys[each] for each in before]
        client.post(here, {metals.name: told, "original": "", "version": "1"}, **HTMX)
    standing = values_of([held.pk], [metals])
    page = client.get(here, **HTMX).content.decode()
    sent = dict(re.findall(r'name="(original|version)" value="([^"]*)"', page))
    sent = {name: unescape(value) for name, value in sent.items()}
    other = [] if before else [keys["Silver"]]
    answer = client.post(here, {**sent, metals.name: other}, **HTMX)
    assert values_of([held.pk], [metals]) != standing
    undo, *_same = re.findall(rf'{here}\?[^"]+', answer.content.decode())
    client.post(unescape(undo), **HTMX)
    assert values_of([held.pk], [metals]) == standing


def test_a_field_that_somebody_changed_since_is_asked_about(viewer: User, held: Relationship) -> None:
    client, here = signed_in(viewer), f"/customers/{held.pk}/fields/c_segment/"
    meanwhile(held, profile={"segment": "Retail"})
    sent = {"profile_segment": "Schools", "original": "Care", "version": "1"}
    answer = client.post(here, sent, **HTMX)
    assert answer.status_code == 409
    assert "Now Retail Yours Schools Before Care" in words_of(answer)
    assert 'name="original" value="Retail"' in answer.content.decode()
    assert stands(held)[3] == "Retail"
    client.post(here, sent | {"original": "Retail", "version": "2"}, **HTMX)
    assert stands(held)[3] == "Schools"
    undo = client.post(f"{here}?to=Care&was=Retail", **HTMX)
    assert undo.status_code == 409
    assert stands(held)[3] == "Schools"


def test_a_wrong_value_is_said_in_its_place(viewer: User, held: Relationship) -> None:
    here = f"/customers/{held.pk}/fields/cadence/"
    client = signed_in(viewer)
    answer = client.post(here, {"cadence_days": "0", "original": "30", "version": "1"}, **HTMX)
    assert answer.status_code == 422
    assert "greater than or equal to 1" in words_of(answer)
    assert client.get(here).status_code == 200
    assert stands(held)[1] == 30


def test_only_who_may_write_a_field_writes_it(viewer: User, held: Relationship) -> None:
    here = f"/customers/{held.pk}/fields"
    client = signed_in(viewer)
    for key in ("health", "moon", "value"):
        assert client.get(f"{here}/{key}/").status_code == 404
    team = make_team()
    Relationship.objects.filter(pk=held.pk).update(team=team)
    mate = signed_in(make_user("representative", member_of=team))
    assert mate.get(f"{here}/stage/").status_code == 403
    assert mate.post(f"{here}/owner/", {"owner": "1"}).status_code == 403
    assert "data-edit" not in mate.get("/customers/").content.decode()
    outsider = signed_in(make_user("relationship_manager", kind="suppliers"))
    assert outsider.get(f"{here}/stage/").status_code == 404


def test_an_owner_is_given_where_it_stands(viewer: User, held: Relationship) -> None:
    heir = make_user(name="Hal")
    sent = {"owner": heir.pk, "original": viewer.pk, "version": "1"}
    answer = signed_in(viewer).post(f"/customers/{held.pk}/fields/owner/", sent, **HTMX)
    assert ">Hal</button>" in answer.content.decode()
    assert Relationship.objects.get(pk=held.pk).owner == heir
