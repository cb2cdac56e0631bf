"""The list as a board and as a calendar: the same rows, and cards that are moved, taken back and disputed."""

import re

import pytest
from django.test import Client

from accounts.models import User
from relationships.filters import encode_list
from relationships.models import Relationship
from relationships.operations.custom_values import set_custom_values
from relationships.operations.saved_views import save_view
from relationships.queries.relationship_list import ListQuery, Shape
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_commitment, make_field, make_follow_up, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
WORD = encode_list(ListQuery("customers", shape=Shape.BOARD))
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


@pytest.fixture
def ada(viewer: User) -> Relationship:
    return make_relationship(name="Ada", owner=viewer, actor=viewer, stage="prospect")


@pytest.fixture
def client(viewer: User) -> Client:
    return signed_in(viewer)


def columns(page: str) -> dict[str, list[str]]:
    """The names on the cards of a page, by the words over their column."""
    found = {}
    for lane in re.findall(r"<section class=\"lane\".*?</section>", page, re.DOTALL):
        title = re.search(r"<h2.*?<a[^>]*>(.*?)</a>", lane, re.DOTALL)
        assert title is not None
        found[title[1]] = re.findall(r"<a class=\"t\"[^>]*>(.*?)</a>", lane)
    return found


def move(ada: Relationship, to: str, was: str = "prospect", key: str = "stage") -> str:
    return f"/customers/{ada.pk}/moves/{key}/?list={WORD}&was={was}&to={to}"


def test_the_board_holds_the_rows_of_the_list_and_every_shape_keeps_what_it_asks(
    viewer: User, ada: Relationship, client: Client
) -> None:
    make_relationship(name="Bea", owner=viewer, stage="active")
    asked = "stage=prospect&stage=active&sort=-name"
    page = client.get(f"/customers/board/?{asked}").content.decode()
    assert columns(page) == {"Prospect": ["Ada"], "Active": ["Bea"]}
    for place in ("", "board/", "calendar/"):
        shapes = re.findall(
            r'href="(/customers/[a-z/]*)\?stage=active&amp;stage=prospect&amp;sort=-name"',
            client.get(f"/customers/{place}?{asked}").content.decode(),
        )
        assert {"/customers/", "/customers/board/", "/customers/calendar/"} <= set(shapes)
    by_owner = client.get("/customers/board/?group=owner").content.decode()
    assert columns(by_owner) == {"Vera": ["Ada", "Bea"]}
    assert columns(client.get("/customers/board/?q=bea", **HTMX).content.decode())["Active"] == ["Bea"]
    assert "No name contains" in words_of(client.get("/customers/board/?q=zz"))


def test_a_saved_view_opens_in_its_shape(viewer: User, client: Client) -> None:
    view = save_view(actor=viewer, kind="customers", name="B", address="group=owner&as=board", now=NOW)
    assert (
        client.get(f"/customers/views/{view.pk}/")["Location"]
        == f"/customers/board/?group=owner&view={view.pk}"
    )
    tabs = client.get(f"/customers/views/?group=owner&view={view.pk}&as=board").content.decode()
    assert "Unsaved changes" not in tabs
    assert f'href="/customers/board/?group=owner&amp;view={view.pk}" aria-current="page"' in tabs
    assert 'href="/customers/board/?health=at_risk&amp;health=watch&amp;sort=health&amp;group=owner"' in tabs


def test_a_card_moves_both_columns_come_back_and_so_does_the_card(
    viewer: User, ada: Relationship, client: Client
) -> None:
    said = client.post(move(ada, "active"), **HTMX).content.decode()
    ada.refresh_from_db()
    assert ada.stage == "active"
    assert columns(said) == {"Prospect": [], "Active": ["Ada"]}
    assert "Ada moved to “Active”." in said
    (undo,) = re.findall(r'action="(/customers/[^"]*undo=1)"', said)
    back = client.post(undo.replace("&amp;", "&"), **HTMX).content.decode()
    ada.refresh_from_db()
    assert (ada.stage, columns(back)) == ("prospect", {"Prospect": ["Ada"], "Active": []})
    assert "Taken back." in back


def test_the_menu_of_a_card_is_a_form_that_works_by_itself(ada: Relationship, client: Client) -> None:
    form = client.get(f"/customers/{ada.pk}/moves/stage/?list={WORD}&was=prospect").content.decode()
    assert "Move “Ada”" in form
    sent = {"stage": "active", "version": "1", "original": '{"stage": "prospect"}', "list": WORD}
    response = client.post(f"/customers/{ada.pk}/moves/stage/", sent)
    ada.refresh_from_db()
    assert (response["Location"], ada.stage) == ("/customers/board/", "active")
    assert client.post(f"/customers/{ada.pk}/moves/objective/").status_code == 404
    without = client.post(move(ada, "lapsed", "active").replace(WORD, "x"))
    assert without["Location"] == "/customers/board/"


def test_what_two_people_moved_is_asked_and_what_else_changed_is_not(
    viewer: User, ada: Relationship, client: Client
) -> None:
    Relationship.objects.filter(pk=ada.pk).update(objective="Grow", version=5)
    assert client.post(move(ada, "active"), **HTMX).status_code == 200
    clash = client.post(move(ada, "lapsed"), **HTMX)
    assert clash.status_code == 409
    assert "Now Active Yours Lapsed Before Prospect" in words_of(clash)
    version, original = (
        re.search(f'name="{name}" value="([^"]*)"', clash.content.decode())
        for name in ("version", "original")
    )
    assert version is not None
    assert original is not None
    sent = {
        "stage": "lapsed",
        "version": version[1],
        "original": original[1].replace("&quot;", '"'),
        "list": WORD,
    }
    assert client.post(f"/customers/{ada.pk}/moves/stage/", sent, **HTMX).status_code == 200
    ada.refresh_from_db()
    assert (ada.stage, ada.objective) == ("lapsed", "Grow")


def test_what_a_stage_asks_for_is_asked_with_the_move(ada: Relationship, client: Client) -> None:
    make_field("text", label="Contract", required_stages=["active"])
    refused = client.post(move(ada, "active"), **HTMX)
    assert refused.status_code == 422
    assert "“Contract” is needed in the stage “Active”." in words_of(refused)
    sent = {"stage": "active", "custom.contract": "C-7", "version": "0", "original": '{"stage": "prospect"}'}
    assert client.post(f"/customers/{ada.pk}/moves/stage/", sent | {"list": WORD}, **HTMX).status_code == 200
    ada.refresh_from_db()
    assert ada.stage == "active"
    assert client.post(move(ada, "nowhere", "active"), **HTMX).status_code == 422


def test_a_card_moves_between_people_and_values_of_the_workspace(
    viewer: User, ada: Relationship, client: Client
) -> None:
    other = make_user(name="Otto")
    make_field("choice", label="Size", choices=["Small", "Large"])
    assert client.post(move(ada, str(other.pk), str(viewer.pk), "owner"), **HTMX).status_code == 200
    assert Relationship.objects.get(pk=ada.pk).owner == other
    set_custom_values(actor=viewer, relationship=ada, values={"size": "small"}, now=NOW)
    said = client.post(move(ada, "large", "small", "f_size"), **HTMX).content.decode()
    assert "Ada moved to “Large”." in said


def test_only_who_may_change_moves_and_only_what_is_written_can_be_moved_by(
    ada: Relationship, client: Client
) -> None:
    assert client.post(move(ada, "watch", key="health")).status_code == 404
    assert "data-move" not in client.get("/customers/board/?group=health").content.decode()
    reader = signed_in(make_user("auditor"))
    page = reader.get("/customers/board/").content.decode()
    assert (columns(page)["Prospect"], "data-move" in page) == (["Ada"], False)
    assert reader.post(move(ada, "active"), **HTMX).status_code == 403
    assert signed_in(make_user("representative", "suppliers")).get("/customers/board/").status_code == 404


def test_a_column_goes_on_where_it_ended(viewer: User, client: Client) -> None:
    for number in range(12):
        make_relationship(name=f"N{number:02}", owner=viewer, stage="active")
    page = client.get("/customers/board/").content.decode()
    (more,) = re.findall(r'hx-get="(/customers/board/lane/[^"]*)"', page)
    following = client.get(more.replace("&amp;", "&")).content.decode()
    assert re.findall(r'<a class="t"[^>]*>(.*?)</a>', following) == ["N10", "N11"]
    assert client.get("/customers/board/lane/?lane=nowhere").status_code == 404


def test_the_calendar_of_a_list_holds_what_anybody_has_to_do_in_what_it_finds(
    viewer: User, ada: Relationship, client: Client
) -> None:
    other = make_user(name="Otto")
    bea = make_relationship(name="Bea", owner=other, actor=other, stage="active")
    make_follow_up(ada, actor=viewer, what="Call Ada", due_date=NOW.date())
    make_commitment(bea, actor=other, what="Quote for Bea", due_date=NOW.date())
    whole = words_of(client.get("/customers/calendar/"))
    assert ("Call Ada" in whole, "Quote for Bea" in whole) == (True, True)
    page = client.get(f"/customers/calendar/?stage=active&span=week&on={NOW:%Y-%m-%d}")
    assert ("Call Ada" in words_of(page), "Quote for Bea" in words_of(page)) == (False, True)
    assert f"/customers/calendar/?stage=active&amp;span=agenda&amp;on={NOW:%Y-%m-%d}" in page.content.decode()
    assert page.content.decode().count('<input type="hidden" name="span" value="week">') == 2
    assert "Nothing in these days" in words_of(client.get("/customers/calendar/?q=zz", **HTMX))


def test_a_list_is_divided_by_the_dialog_of_its_columns_and_says_how_many_later(
    viewer: User, ada: Relationship, client: Client
) -> None:
    for number in range(26):
        make_relationship(name=f"N{number:02}", owner=viewer, stage="active")
    word = encode_list(ListQuery("customers"))
    sent = {
        "list": word,
        "group": "stage",
        "col": ["owner"],
        "w-owner": "wide",
        "w-name": "narrow",
        "show": "1",
    }
    to = client.post("/customers/columns/", sent)["Location"]
    assert to == "/customers/?col=owner&w=name%3Anarrow&w=owner%3Awide&group=stage"
    page = client.get(to).content.decode()
    assert re.findall(r'scope="rowgroup"><span class="n">Stage</span> <a href="([^"]*)">([^<]*)', page) == [
        ("/customers/?stage=prospect&amp;col=owner&amp;w=name%3Anarrow&amp;w=owner%3Awide", "Prospect"),
        ("/customers/?stage=active&amp;col=owner&amp;w=name%3Anarrow&amp;w=owner%3Awide", "Active"),
    ]
    assert (page.count('class="trunc wide sub"'), page.count("stick s2 xs")) == (25, 25)
    (later,) = re.findall(r'hx-get="(/customers/views/[^"]*)"', page)
    numbers = client.get(later.replace("&amp;", "&")).content.decode()
    assert re.findall(r'id="n-(\d)" hx-swap-oob="innerHTML">([^<]*)', numbers) == [("0", "1"), ("1", "26")]
    reset = client.post(
        "/customers/columns/", sent | {"list": encode_list(ListQuery("customers")), "reset": "1"}
    )
    assert reset["Location"] == "/customers/"
