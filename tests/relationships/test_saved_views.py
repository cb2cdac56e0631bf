"""Saved views: a list under a name, among the tabs of its owner, shared with those who see their own rows in it."""

import pytest

from accounts.models import User
from core.refusals import Invalid, Missing, NotAllowed
from relationships.filters import encode_list
from relationships.models import SavedView, ViewPin
from relationships.operations import saved_views as operations
from relationships.queries.relationship_list import ListQuery, Shape
from relationships.queries.saved_views import known_views
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_relationship, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
WORD = encode_list(ListQuery("customers", sort="contact").narrowed(stage="active"))
ADDRESS = "stage=active&sort=contact"


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


def saved(actor: User, name: str = "Busy", *, is_shared: bool = False, kind: str = "customers") -> SavedView:
    return operations.save_view(
        actor=actor, kind=kind, name=name, address=ADDRESS, now=NOW, is_shared=is_shared
    )


def names(viewer: User, kind: str = "customers") -> list[str]:
    return [view.name for view in known_views(viewer=viewer, kind=kind)]


def again(viewer: User) -> User:
    return User.objects.get(pk=viewer.pk)


def test_a_list_is_kept_under_a_name_and_opened_by_its_tab(viewer: User) -> None:
    make_relationship(name="Ash", owner=viewer, stage="active")
    make_relationship(name="Birch", owner=viewer, stage="lapsed")
    client = signed_in(viewer)
    assert words_of(client.get(f"/customers/views/new/?list={WORD}")).count("Save as a new view") > 0
    response = client.post("/customers/views/new/", {"list": WORD, "name": "  Busy  ones "})
    view = SavedView.objects.get()
    assert (view.name, view.address, view.owner_id, view.shared_at) == ("Busy ones", ADDRESS, viewer.pk, None)
    assert response["Location"] == f"/customers/?{ADDRESS}&view={view.pk}"
    page = words_of(client.get(response["Location"]))
    assert ("Ash" in page, "Birch" in page) == (True, False)
    tabs = client.get(f"/customers/views/?{ADDRESS}&view={view.pk}").content.decode()
    assert (
        f'<a href="/customers/?stage=active&amp;sort=contact&amp;view={view.pk}" aria-current="page"' in tabs
    )
    assert "Unsaved changes" not in tabs
    assert client.get(f"/customers/views/{view.pk}/")["Location"] == response["Location"]


def test_changes_are_said_saved_and_discarded(viewer: User) -> None:
    view = saved(viewer)
    client = signed_in(viewer)
    tabs = words_of(client.get(f"/customers/views/?stage=active&tier=A&view={view.pk}"))
    assert "Unsaved changes" in tabs
    assert "Discard" in tabs
    word = encode_list(ListQuery("customers", q="ash", view=view.pk).narrowed(tier="A"))
    client.post(f"/customers/views/{view.pk}/changes/", {"do": "save", "list": word})
    view.refresh_from_db()
    assert view.address == "tier=A"
    assert "Not saved" in words_of(client.get("/customers/views/?tier=A"))
    assert "Not saved" not in words_of(client.get("/customers/views/?owner=me&sort=health"))


def test_a_shared_view_shows_everybody_only_what_they_may_know_of(viewer: User) -> None:
    team = make_team()
    mate = make_user("representative", member_of=team)
    make_relationship(name="Hidden", owner=viewer, stage="active")
    make_relationship(name="Seen", owner=viewer, team=team, stage="active")
    assert names(mate) == []
    view = saved(viewer, is_shared=True)
    assert [(v.name, v.is_pinned, v.owner_name) for v in known_views(viewer=mate, kind="customers")] == [
        ("Busy", False, "Vera")
    ]
    page = signed_in(mate).get(f"/customers/views/{view.pk}/", follow=True)
    assert ("Seen" in words_of(page), "Hidden" in words_of(page)) == (True, False)
    tabs = signed_in(mate).get(f"/customers/views/?{ADDRESS}&view={view.pk}").content.decode()
    assert tabs.count('class="n">1<') == 3  # of all, of the silent ones, and of this view
    outsider = make_user("relationship_manager", kind="suppliers")
    assert signed_in(outsider).get(f"/customers/views/{view.pk}/").status_code == 404
    with pytest.raises(Missing):
        operations.pin_view(actor=outsider, view=view, is_pinned=True)


def test_only_who_may_share_shares_and_changes_what_is_shared(viewer: User) -> None:
    mate = make_user("representative")
    with pytest.raises(NotAllowed):
        saved(mate, is_shared=True)
    own = saved(mate, "Mine")
    with pytest.raises(NotAllowed):
        operations.share_view(actor=mate, view=own, is_shared=True, now=NOW)
    view = saved(viewer, is_shared=True)
    with pytest.raises(NotAllowed):
        operations.rename_view(actor=mate, view=view, name="Ours", now=NOW)
    operations.pin_view(actor=mate, view=view, is_pinned=True)
    assert names(mate) == ["Mine", "Busy"]
    other = make_user()
    assert operations.rename_view(actor=other, view=view, name="Ours", now=NOW).name == "Ours"
    operations.share_view(actor=viewer, view=view, is_shared=False, now=NOW)
    assert names(mate) == ["Mine"]
    assert list(ViewPin.objects.filter(view=view).values_list("user_id", flat=True)) == [viewer.pk]
    with pytest.raises(Missing):
        operations.remove_view(actor=mate, view=view, now=NOW)
    assert "is_shared" not in signed_in(mate).get("/customers/views/new/").content.decode()


def test_a_name_is_given_once_and_taken_back(viewer: User) -> None:
    view = saved(viewer)
    saved(viewer, kind="suppliers")
    with pytest.raises(Invalid, match="Another view of yours is called “Busy”"):
        saved(viewer)
    client = signed_in(viewer)
    here = f"/customers/views/{view.pk}/naming/"
    assert client.post(here, {"name": ""}).status_code == 422
    client.post(here, {"name": "Calm"})
    assert names(viewer) == ["Calm"]
    client.post(f"{here}?to=Busy")
    assert names(viewer) == ["Busy"]


def test_a_removed_view_is_put_back_by_its_toast(viewer: User) -> None:
    view = saved(viewer)
    client = signed_in(viewer)
    response = client.post(f"/customers/views/{view.pk}/removal/", follow=True)
    assert f"/customers/views/{view.pk}/restoring/" in response.content.decode()
    assert client.get(f"/customers/views/{view.pk}/").status_code == 404
    taken = saved(viewer)
    with pytest.raises(Invalid):
        operations.restore_view(actor=viewer, view_id=view.pk)
    operations.remove_view(actor=viewer, view=taken, now=NOW)
    assert client.post(f"/customers/views/{view.pk}/restoring/").status_code == 302
    assert operations.restore_view(actor=viewer, view_id=view.pk).removed_at is None
    assert names(viewer) == ["Busy"]


def test_tabs_stand_in_the_order_of_each_person(viewer: User) -> None:
    first, second = saved(viewer, "First"), saved(viewer, "Second")
    client = signed_in(viewer)

    def do(view: SavedView, what: str) -> int:
        return client.post(f"/customers/views/{view.pk}/changes/", {"do": what}).status_code

    assert do(second, "earlier") == 302
    assert names(viewer) == ["Second", "First"]
    assert do(second, "earlier") == 302
    assert do(second, "later") == 302
    assert names(viewer) == ["First", "Second"]
    do(first, "unpin")
    assert [view.is_pinned for view in known_views(viewer=viewer, kind="customers")] == [True, False]
    operations.move_view(actor=viewer, view=first, forwards=True)
    do(first, "pin")
    assert names(viewer) == ["Second", "First"]
    assert do(first, "fly") == 422
    do(first, "share")
    assert known_views(viewer=make_user(), kind="customers")[0].is_shared is True
    do(first, "unshare")
    assert names(make_user()) == []


def test_a_list_opens_with_the_view_that_somebody_chose(viewer: User) -> None:
    view = saved(viewer)
    client = signed_in(viewer)
    client.post(f"/customers/views/{view.pk}/changes/", {"do": "start"})
    assert client.get("/customers/")["Location"] == f"/customers/?{ADDRESS}&view={view.pk}"
    page = client.get("/customers/?all=1")
    assert page.status_code == 200
    assert 'href="/customers/?all=1"' in page.content.decode()
    assert signed_in(make_user()).get("/customers/").status_code == 200
    operations.remove_view(actor=viewer, view=view, now=NOW)
    assert client.get("/customers/").status_code == 200
    operations.restore_view(actor=viewer, view_id=view.pk)
    client.post(f"/customers/views/{view.pk}/changes/", {"do": "unstart"})
    assert again(viewer).start_views == {}
    assert client.get("/customers/").status_code == 200


def test_a_view_has_bounds(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="more than a view can keep"):
        operations.save_view(actor=viewer, kind="customers", name="Long", address="q" * 8_001, now=NOW)
    with pytest.raises(Missing):
        operations.save_view(actor=viewer, kind="moons", name="Far", address="", now=NOW)
    monkeypatch.setattr(operations, "MOST", 1)
    saved(viewer)
    with pytest.raises(Invalid, match="1 views are all there can be"):
        saved(viewer, "Second")


def test_the_next_record_is_the_next_of_the_view(viewer: User) -> None:
    first = make_relationship(name="Ash", owner=viewer, stage="active")
    make_relationship(name="Birch", owner=viewer, stage="lapsed")
    last = make_relationship(name="Cedar", owner=viewer, stage="active")
    word = encode_list(ListQuery("customers", view=7).narrowed(stage="active"))
    html = signed_in(viewer).get(f"/customers/{first.pk}/?from={word}").content.decode()
    assert f"/customers/{last.pk}/?from={word}" in html
    assert "view=7" in html


def test_the_next_record_is_the_next_under_the_same_heading(viewer: User) -> None:
    first = make_relationship(name="Ash", owner=viewer, stage="active")
    other = make_relationship(name="Birch", owner=viewer, stage="lapsed")
    last = make_relationship(name="Cedar", owner=viewer, stage="active")
    client = signed_in(viewer)
    for query in (
        ListQuery("customers", group="stage"),
        ListQuery("customers", shape=Shape.BOARD),
        ListQuery("customers", group="owner").narrowed(stage="active"),
    ):
        html = client.get(f"/customers/{first.pk}/?from={encode_list(query)}").content.decode()
        assert (f"/customers/{last.pk}/?from=" in html, f"/customers/{other.pk}/?from=" in html) == (
            True,
            False,
        )
    gone = encode_list(ListQuery("customers", group="stage").narrowed(stage="lapsed"))
    assert (
        f"/customers/{other.pk}/?from=" in client.get(f"/customers/{last.pk}/?from={gone}").content.decode()
    )
