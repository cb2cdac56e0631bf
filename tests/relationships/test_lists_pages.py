"""The pages of the list: what they show, to whom, and what can be done to many rows at once."""

from datetime import date

import pytest

from accounts.models import RoleGrant
from relationships.filters import encode_list
from relationships.models import BulkChange, FollowUp, Relationship
from relationships.queries import relationship_list as lists
from relationships.queries.relationship_list import ListQuery
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_follow_up, make_relationship, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_a_list_shows_its_rows_with_their_next_step() -> None:
    relationship = make_relationship(name="Brightwater Clinics")
    make_follow_up(relationship, what="Ring Helen", due_date=date(2026, 3, 19))
    response = signed_in(make_user()).get("/customers/")
    words = words_of(response)
    assert "Brightwater Clinics" in words
    assert "Ring Helen" in words
    word = encode_list(ListQuery("customers"))
    assert f"/customers/{relationship.pk}/?from={word}" in response.content.decode()


def test_htmx_gets_only_the_results() -> None:
    make_relationship(name="Brightwater Clinics")
    response = signed_in(make_user()).get("/customers/?q=bright", **HTMX)
    html = response.content.decode()
    assert "Brightwater Clinics" in html
    assert "<html" not in html


def test_an_empty_list_offers_the_first_entry_and_an_empty_filter_its_removal() -> None:
    client = signed_in(make_user())
    assert "No customers yet" in words_of(client.get("/customers/"))
    make_relationship(name="Ash", stage="active")
    words = words_of(client.get("/customers/?stage=lapsed&tier=A"))
    assert "Nothing matches" in words
    assert "No name contains “zz”" in words_of(client.get("/customers/?q=zz"))
    words = words_of(client.get("/customers/?stage=lapsed"))
    assert "1 customers match without “Stage: lapsed”" in words


def test_a_filter_that_is_not_understood_is_said() -> None:
    make_relationship()
    assert "The filter “health” knows no “great”" in words_of(
        signed_in(make_user()).get("/customers/?health=great")
    )


def test_a_kind_out_of_reach_does_not_exist() -> None:
    make_relationship("customers", name="Secret Customer")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    assert client.get("/customers/").status_code == 404
    assert client.get("/moons/").status_code == 404
    words = words_of(client.get("/suppliers/"))
    assert "Customers" not in words
    assert "Secret Customer" not in words


def test_money_is_shown_and_sorted_by_only_for_those_who_may_see_it() -> None:
    make_relationship()
    assert "Value a year" in words_of(signed_in(make_user()).get("/customers/"))
    words = words_of(signed_in(make_user("hr")).get("/customers/?sort=-value"))
    assert "Value a year" not in words
    assert "Name, A to Z" in words
    both = make_user("relationship_manager", kind="customers")
    RoleGrant.objects.create(user=both, role="hr", kind="suppliers", granted_at=NOW, granted_by=both)
    for kind, offered in (("customers", ["value", "-value"]), ("suppliers", [])):
        sorts = signed_in(both).get(f"/{kind}/").context["sorts"]
        assert [each.value for each in sorts if each.value.endswith("value")] == offered


def ids(*relationships: Relationship) -> list[int]:
    return [relationship.pk for relationship in relationships]


def test_a_follow_up_is_planned_in_every_selected_relationship_for_its_owner() -> None:
    viewer, owner = make_user(), make_user()
    first, second, third = (make_relationship(owner=owner) for _ in range(3))
    client = signed_in(viewer)
    dialog = client.get("/customers/follow-ups/", {"id": ids(first, second)}, **HTMX)
    assert "One follow-up is planned in each of 2 relationships" in words_of(dialog)
    form = {
        "id": ids(first, second),
        "what": "Wish a good season",
        "due_date": "2026-03-20",
        "channel": "call",
    }
    response = client.post("/customers/follow-ups/", form, **HTMX)
    assert response.headers["HX-Redirect"] == "/customers/"
    planned = FollowUp.objects.order_by("relationship_id").values_list(
        "relationship_id", "what", "assignee_id"
    )
    assert list(planned) == [(pk, "Wish a good season", owner.pk) for pk in ids(first, second)]
    assert third.follow_ups.count() == 0


def test_a_wrong_follow_up_is_refused_with_words_and_plans_nothing() -> None:
    relationship = make_relationship()
    form = {"id": ids(relationship), "what": "", "due_date": "1492-10-12"}
    response = signed_in(make_user()).post("/customers/follow-ups/", form, **HTMX)
    assert response.status_code == 422
    assert "This field is required" in words_of(response)
    response = signed_in(make_user()).post("/customers/follow-ups/", form | {"what": "Sail"}, **HTMX)
    assert response.status_code == 422
    assert "1492-10-12 is not between 1900 and 2100" in words_of(response)
    assert FollowUp.objects.count() == 0


def test_everything_in_a_view_can_be_selected() -> None:
    viewer, owner = make_user("administrator"), make_user()
    for name in ("Ash", "Ashton", "Birch"):
        make_relationship(name=name)
    word = encode_list(ListQuery("customers", q="ash"))
    form = {"everything": "1", "list": word, "owner": owner.pk, "reason": "Area change"}
    response = signed_in(viewer).post("/customers/assignments/", form)
    assert response.headers["Location"] == "/customers/?q=ash"
    mine = Relationship.objects.filter(owner=owner).order_by("party_name")
    assert [relationship.party_name for relationship in mine] == ["Ash", "Ashton"]


def test_what_the_viewer_may_not_know_of_cannot_be_selected() -> None:
    hidden = make_relationship("customers")
    form = {"id": ids(hidden), "what": "Pry", "due_date": "2026-03-20"}
    team = make_team()
    response = signed_in(make_user("representative", member_of=team)).post("/customers/follow-ups/", form)
    assert response.status_code in (400, 422)
    assert FollowUp.objects.count() == 0


def test_nothing_selected_and_too_much_selected_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(make_user())
    assert "Nothing is selected" in words_of(client.get("/customers/follow-ups/"))
    monkeypatch.setattr("relationships.views.bulk.MOST_AT_ONCE", 1)
    first, second = make_relationship(), make_relationship()
    response = client.get("/customers/follow-ups/", {"id": ids(first, second)})
    assert "At most 1 relationships at once" in words_of(response)


def test_who_may_not_assign_is_refused() -> None:
    relationship, owner = make_relationship(), make_user()
    team = make_team()
    Relationship.objects.filter(pk=relationship.pk).update(team=team)
    client = signed_in(make_user("representative", member_of=team))
    form = {"id": ids(relationship), "owner": owner.pk, "reason": "I like it"}
    response = client.post("/customers/assignments/", form)
    assert response.status_code == 403
    assert "Your role does not allow this here." in words_of(response)
    assert Relationship.objects.get().owner_id != owner.pk


def test_a_stage_is_given_to_everything_in_a_view_and_taken_back_by_the_toast() -> None:
    viewer = make_user("administrator")
    for name in ("Ash", "Ashton", "Birch"):
        make_relationship(name=name, stage="active")
    client, word = signed_in(viewer), encode_list(ListQuery("customers", q="ash"))
    dialog = client.get("/customers/changes/", {"everything": "1", "list": word}, **HTMX)
    assert "2 relationships change. Each timeline says so" in words_of(dialog)
    form = {"everything": "1", "list": word, "stated": "2", "change": "stage=lapsed"}
    make_relationship(name="Ashes", stage="active")
    again = client.post("/customers/changes/", form, **HTMX)
    assert again.status_code == 422
    assert "The list holds 3 by now, 2 when you opened this" in words_of(again)
    response = client.post("/customers/changes/", form | {"stated": "3"}, follow=True)
    assert "3 relationships changed." in words_of(response)
    change = BulkChange.objects.get()
    assert f"/bulk-changes/{change.pk}/undoing/" in response.content.decode()
    assert "Stage: Lapsed" in words_of(client.get("/bulk-changes/"))
    Relationship.objects.filter(party_name="Ash").update(stage="prospect")
    page = client.post(f"/bulk-changes/{change.pk}/undoing/", follow=True)
    assert "2 are as they were. 1 was changed since and stays." in words_of(page)
    rows = Relationship.objects.order_by("party_name").values_list("party_name", "stage")
    assert list(rows) == [("Ash", "prospect"), ("Ashes", "active"), ("Ashton", "active"), ("Birch", "active")]
    assert "Taken back" in words_of(client.get("/bulk-changes/"))
    assert "Nothing was changed at once yet" in words_of(signed_in(make_user()).get("/bulk-changes/"))


def test_what_is_out_of_reach_by_now_is_said_when_a_change_is_taken_back() -> None:
    viewer = make_user("administrator")
    rows = [make_relationship(stage="active") for _ in range(3)]
    client = signed_in(viewer)
    client.post("/customers/changes/", {"id": ids(*rows), "cadence_days": "9"})
    Relationship.objects.filter(pk__in=ids(*rows[:2])).update(
        closed_at=rows[0].opened_at, closed_by=viewer, closed_reason="Gone"
    )
    page = client.post(f"/bulk-changes/{BulkChange.objects.get().pk}/undoing/", follow=True)
    assert "1 is as it was. 2 are closed or out of your reach and stay." in words_of(page)


def test_one_thing_is_changed_at_once() -> None:
    relationship = make_relationship()
    client = signed_in(make_user())
    for form in ({}, {"change": "stage=lapsed", "cadence_days": "9"}):
        response = client.post("/customers/changes/", {"id": relationship.pk, **form})
        assert "Choose one thing to change." in words_of(response)
    offered = client.get("/customers/changes/", {"id": relationship.pk}).content.decode()
    assert '<optgroup label="Trade">' in offered
    same = client.post("/customers/changes/", {"id": relationship.pk, "cadence_days": "30"}, follow=True)
    assert "0 relationships changed." in words_of(same)


def test_whose_list_it_is_to_be_is_found_by_name_and_said() -> None:
    viewer, other = make_user("administrator"), make_user(name="Ottilie Quill")
    make_user(name="Somebody Else")
    make_relationship(owner=other, name="Theirs")
    make_relationship(owner=viewer, name="Ours")
    client = signed_in(viewer)
    offered = client.get("/colleagues/options/", {"owner_q": "otti"}).content.decode()
    assert f'data-value="{other.pk}"' in offered
    assert "Somebody Else" not in offered
    assert 'data-value="me"' in client.get("/colleagues/options/").content.decode()
    page = client.get("/customers/", {"owner": other.pk, "owner_q": "Ottilie Quill"}).content.decode()
    assert ("Theirs" in page, "Ours" in page, 'value="Ottilie Quill"' in page) == (True, False, True)


def test_how_many_a_list_finds_is_said_once_it_stands() -> None:
    viewer = make_user("administrator")
    for number in range(26):
        make_relationship(owner=viewer, name=f"Firm {number:02}")
    client = signed_in(viewer)
    page = client.get("/customers/?q=firm").content.decode()
    assert 'hx-get="/customers/views/?q=firm&amp;total=1"' in page
    assert "26 match" not in page
    assert "26 match" in words_of(client.get("/customers/views/?q=firm&total=1"))
    part = client.get("/customers/?q=firm", HTTP_HX_REQUEST="true").content.decode()
    assert 'hx-get="/customers/total/?q=firm" hx-trigger="load"' in part
    assert "26 match" in words_of(client.get("/customers/total/?q=firm"))
    assert "All 26 in this view" in words_of(client.get("/customers/total/"))
    whole = client.get("/customers/?q=firm+03")
    assert "1 match" in words_of(whole)
    assert "/customers/total/" not in whole.content.decode()


def test_who_sees_nothing_is_told_of_nothing() -> None:
    nobody = make_user("")
    make_relationship(name="Ash")
    assert lists.counts(viewer=nobody, queries=[ListQuery("customers")] * 2, now=NOW) == [0, 0]
