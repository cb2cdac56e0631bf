"""The columns of a list: chosen and put in order, each with what the viewer may know, in the page and in the file."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import RoleGrant, User
from accounts.operations.workspace import Workspace
from relationships.filters import encode_list
from relationships.models import RelationshipState
from relationships.operations.tags import tag_relationships
from relationships.queries.relationship_list import ListQuery
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_interaction, make_party, make_relationship, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HERE = "/customers/columns/"


@pytest.fixture
def viewer() -> User:
    return make_user("administrator", name="Vera")


def test_the_chosen_columns_stand_in_their_order(viewer: User) -> None:
    relationship = make_relationship(
        party=make_party("Ash", place="Leeds"), owner=viewer, stage="lapsed", cadence_days=14
    )
    make_interaction(relationship, actor=viewer, happened_at=NOW - timedelta(days=3))
    RelationshipState.objects.update(value_amount=Decimal(1200), value_currency="GBP", health=Decimal(71))
    address = (
        "?col=cadence&col=stage&col=place&col=owner&col=contact&col=next&col=health&col=value&col=opened"
    )
    page = signed_in(viewer).get(f"/customers/{address}")
    heads = [str(head.label) for head in page.context["heads"]]
    assert heads == [
        "Customer", "Rhythm, in days", "Stage", "Place", "Owner", "Last contact", "Next step", "Health",
        "Value a year", "Since",
    ]  # fmt: skip
    cells = page.context["lines"][0].cells
    assert [cell.value for cell in cells][:4] == ["14", "Lapsed", "Leeds", "Vera"]
    assert cells[-1].value == "18 Mar 2026"
    html = page.content.decode()
    assert f'id="f-{relationship.pk}-stage" data-edit="stage" title="Stage">Lapsed</button>' in html
    assert "£1,200" in words_of(page)


def test_the_edges_of_chosen_columns_say_how_wide_they_are(viewer: User) -> None:
    make_relationship(party=make_party("Ash"), owner=viewer)
    page = signed_in(viewer).get("/customers/?col=owner&col=place&w=name:wide&w=owner:narrow")
    assert [(head.key, head.width_step, str(head.width_words)) for head in page.context["heads"]] == [
        ("name", 3, "Wide"),
        ("owner", 1, "Narrow"),
        ("place", 2, "Normal"),
    ]
    html = page.content.decode()
    assert html.count('role="separator"') == 3
    assert 'aria-valuetext="Narrow" aria-label="Width of Owner"' in html
    assert ["js/apart/widths" in html, "css/apart/layout" in html] == [True, True]
    usual = signed_in(viewer).get("/customers/").content.decode()
    assert ['role="separator"' in usual, "js/apart/widths" in usual] == [False, False]


def test_columns_are_chosen_by_ticks_and_numbers_and_reset(viewer: User) -> None:
    client, word = signed_in(viewer), encode_list(ListQuery("customers").narrowed(stage="active"))
    form = {"list": word, "col": ["stage", "owner", "tier"], "at-owner": "1", "at-stage": "2", "at-tier": "x"}
    to = client.post(HERE, form)["Location"]
    assert to == "/customers/?stage=active&col=owner&col=stage&col=tier"
    chosen = encode_list(ListQuery("customers", shown=("owner", "stage")))
    offered = client.get(f"{HERE}?list={chosen}").context["offered"]
    assert [(each.field.key, each.place) for each in offered[:3]] == [
        ("owner", 1),
        ("stage", 2),
        ("health", 0),
    ]
    dialog = client.get(f"{HERE}?list={chosen}", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in dialog
    assert client.post(HERE, form | {"reset": "1"})["Location"] == "/customers/?stage=active"
    assert client.post(HERE, form, HTTP_HX_REQUEST="true")["HX-Redirect"] == to
    wrong = words_of(client.get("/customers/?col=moon&col=silent"))
    assert "The filter “col” knows no “moon”" in wrong
    assert "The filter “col” knows no “silent”" in wrong


def test_a_list_is_sorted_by_the_head_of_a_column_that_has_an_order(viewer: User) -> None:
    make_relationship(owner=viewer)
    heads = signed_in(viewer).get("/customers/?col=contact&col=stage&sort=contact").context["heads"]
    assert [(head.sort, head.direction) for head in heads] == [
        ("/customers/?col=contact&col=stage", ""),
        ("/customers/?sort=-contact&col=contact&col=stage", "ascending"),
        ("", ""),
    ]


def test_a_column_says_nothing_where_its_permission_does_not_reach(workspace: Workspace) -> None:
    team = make_team()
    viewer = make_user("hr", kind="customers")
    RoleGrant.objects.create(
        user=viewer, role="relationship_manager", team=team, granted_at=NOW, granted_by=viewer
    )
    make_relationship(name="Ours", team=team)
    make_relationship(name="Theirs")
    RelationshipState.objects.update(value_amount=Decimal(1200), value_currency="GBP")
    page = signed_in(User.objects.get(pk=viewer.pk)).get("/customers/?col=value")
    hidden = {line.relationship.party_name: line.cells[0].is_hidden for line in page.context["lines"]}
    assert hidden == {"Ours": False, "Theirs": True}
    assert words_of(page).count("£1,200") == 1
    nobody = make_user("hr", kind="suppliers")
    make_relationship("suppliers", owner=nobody)
    page = signed_in(nobody).get("/suppliers/?col=value&col=stage&sort=-value")
    assert [str(head.label) for head in page.context["heads"]][1:] == ["Stage"]


def test_the_file_has_the_columns_of_the_list(viewer: User) -> None:
    relationship = make_relationship(name="Ash", owner=viewer, stage="lapsed", cadence_days=14)
    make_interaction(relationship, actor=viewer, happened_at=NOW - timedelta(days=3))
    tag_relationships(actor=viewer, relationship_ids=[relationship.pk], add=["=gold"], remove=[], now=NOW)
    answer = signed_in(viewer).post(
        "/customers/export.csv?col=contact&col=cadence&col=stage&col=tag&col=owner"
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert list(csv.reader(text.splitlines())) == [
        ["Customer", "Last contact", "Rhythm, in days", "Stage", "Tags", "Owner"],
        ["Ash", (NOW - timedelta(days=3)).date().isoformat(), "14", "Lapsed", "'=gold", "Vera"],
    ]
