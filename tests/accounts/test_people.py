"""People are corrected, let go with nothing left in their hands, and taken back."""

from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.people import add_user, deactivate_user, edit_user, reactivate_user
from accounts.operations.workspace import ensure_workspace
from accounts.queries.open_items import in_hand
from accounts.queries.people import people_page, person_of
from accounts.registry import OpenItems, Registry
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from tests.factories import make_commitment, make_follow_up, make_relationship
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def administrator() -> User:
    return make_user("administrator", name="Ann Lee", email="ann@firm.example")


def test_a_person_is_corrected(administrator: User) -> None:
    user = add_user(
        email="Tom@firm.example", name="Tom", password="correct horse battery", time_zone="UTC", now=NOW
    )
    edited = edit_user(
        actor=administrator,
        user=user,
        name="Tom  Baptiste",
        email="Tom.B@Firm.example",
        job_title="Buyer",
        now=NOW,
    )
    edited.refresh_from_db()
    assert (edited.name, edited.email, edited.job_title) == ("Tom Baptiste", "tom.b@firm.example", "Buyer")
    assert list(edited.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("tom.b@firm.example", True, True)
    ]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.data) == ("user_edited", {"address_changed": True})


def test_the_same_address_again_is_no_change(administrator: User) -> None:
    user = make_user("hr", email="tom@firm.example")
    edit_user(actor=administrator, user=user, name="Tom", email="TOM@firm.example", job_title="", now=NOW)
    assert AuditEntry.objects.get().data == {"address_changed": False}


def test_wrong_values_are_named(administrator: User) -> None:
    user = make_user("hr", name="Tom", email="tom@firm.example")
    with pytest.raises(Invalid) as refusal:
        edit_user(
            actor=administrator,
            user=user,
            name="",
            email="ann@firm.example",
            job_title="Buy\x07er",
            now=NOW,
        )
    assert refusal.value.errors == {
        "name": ["Write a name."],
        "email": ["There is already a person with the address ann@firm.example."],
        "job_title": ["This holds characters that cannot be shown."],
    }
    user.refresh_from_db()
    assert user.name == "Tom"


def test_whoever_goes_is_signed_out_and_cannot_come_back(administrator: User) -> None:
    user = make_user("hr", email="tom@firm.example", password="correct horse battery")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/settings/").status_code == 200
    gone = deactivate_user(actor=administrator, user=user, now=NOW)
    gone.refresh_from_db()
    assert (gone.is_active, gone.deactivated_at, gone.deactivated_by) == (False, NOW, administrator)
    assert theirs.get("/settings/").status_code == 302
    assert Session.objects.filter(pk=theirs.cookies["relman_session"].value).count() == 0
    again = Client().post(
        "/account/login/", {"login": "tom@firm.example", "password": "correct horse battery"}
    )
    assert "_auth_user_id" not in again.client.session
    assert AuditEntry.objects.filter(verb="user_deactivated", subject_id=user.pk).count() == 1


def test_whoever_comes_back_has_their_roles_again(administrator: User) -> None:
    user = make_user("hr")
    deactivate_user(actor=administrator, user=user, now=NOW)
    back = reactivate_user(actor=administrator, user=user, now=NOW)
    assert (back.is_active, back.deactivated_at, back.deactivated_by) == (True, None, None)
    assert [grant.role for grant in back.current_grants()] == ["hr"]
    with pytest.raises(Conflict, match="is active already"):
        reactivate_user(actor=administrator, user=user, now=NOW)


def test_nobody_deactivates_themselves_the_last_administrator_or_the_system(administrator: User) -> None:
    other = make_user("administrator", name="Zoë")
    with pytest.raises(Conflict, match="You cannot deactivate yourself"):
        deactivate_user(actor=administrator, user=administrator, now=NOW)
    deactivate_user(actor=administrator, user=other, now=NOW)
    with pytest.raises(Conflict, match="Zoë has been deactivated already"):
        deactivate_user(actor=administrator, user=other, now=NOW)
    with pytest.raises(Conflict, match="Relman itself is not a person"):
        deactivate_user(actor=administrator, user=ensure_workspace(now=NOW).system_actor, now=NOW)


def test_an_actor_who_lost_their_role_meanwhile_cannot_leave_nobody_in_charge(administrator: User) -> None:
    other = make_user("administrator", name="Zoë")
    assert administrator.current_grants()  # read before the other ended it
    administrator.grants.update(ended_at=NOW, ended_by=other)
    with pytest.raises(Conflict, match="Zoë is the only administrator"):
        deactivate_user(actor=administrator, user=other, now=NOW)


def test_whoever_has_open_work_stays_until_it_is_handed_over(administrator: User) -> None:
    user = make_user(name="Tom")
    relationship = make_relationship(owner=user)
    make_follow_up(relationship, actor=user, assignee=user)
    make_commitment(relationship, actor=user, owner=user)
    make_team("North", lead=user)
    with pytest.raises(Conflict) as refusal:
        deactivate_user(actor=administrator, user=user, now=NOW)
    items = ["1 open relationship", "1 open promise", "1 open follow-up", "the lead of 1 team"]
    assert refusal.value.missing == items
    assert refusal.value.message == f"Tom still has {', '.join(items)}. Hand them over first."
    assert User.objects.get(pk=user.pk).is_active


def test_only_an_administrator_manages_people(administrator: User) -> None:
    manager = make_user("relationship_manager")
    with pytest.raises(NotAllowed):
        deactivate_user(actor=manager, user=administrator, now=NOW)
    with pytest.raises(NotAllowed):
        reactivate_user(actor=manager, user=administrator, now=NOW)
    with pytest.raises(NotAllowed):
        edit_user(actor=manager, user=administrator, name="x", email="x@y.example", job_title="", now=NOW)


def test_the_list_is_by_name_and_pages_have_no_gap(administrator: User) -> None:
    for name in ("Cleo", "Ann Lee", "Bert", "Dora"):
        make_user("", name=name)
    make_user("", name="Gone", is_active=False, deactivated_at=NOW)
    seen, after = [], ""
    for _ in range(3):
        page = people_page(after=after, limit=2)
        seen += [user.name for user in page.people]
        after = str(page.after or "")
    assert seen == ["Ann Lee", "Ann Lee", "Bert", "Cleo", "Dora"]
    assert after == ""
    assert [user.name for user in people_page(former=True).people] == ["Gone"]
    assert [user.name for user in people_page(q="le ann@").people] == ["Ann Lee"]


def test_a_person_that_is_none_is_missing() -> None:
    system = ensure_workspace(now=NOW).system_actor
    for user_id in (0, system.pk):
        with pytest.raises(Missing):
            person_of(user_id)


def nobody(holder_id: int, viewer: User | None) -> "QuerySet[User]":
    return User.objects.none()


def test_open_items_are_told_in_order_and_only_where_there_are_some() -> None:
    registry = Registry()
    many = OpenItems(key="many", of="user", rows=nobody, words=lambda n: f"{n} things", position=2)
    first = OpenItems(key="first", of="user", rows=nobody, words=lambda n: "one", position=1)
    teams = OpenItems(key="teams", of="team", rows=nobody, words=lambda n: "team work")
    for items in (many, first, teams, many):
        registry.add_open_items(items)
    assert registry.open_items("user") == [first, many]
    with pytest.raises(ValueError, match="two kinds of open items are called 'many'"):
        registry.add_open_items(OpenItems(key="many", of="team", rows=nobody, words=str))
    assert many.url(1) == ""
    assert in_hand(of="user", owner_id=0) == []


def test_the_page_of_a_person_edits_and_lets_go(client: Client, administrator: User) -> None:
    user = make_user("hr", name="Tom", email="tom@firm.example", member_of=make_team("North"))
    client.force_login(administrator)
    address = f"/administration/people/{user.pk}/"
    page = client.get(address).content.decode()
    assert ("HR" in page, "North" in page, "Deactivate" in page) == (True, True, True)
    form = {"name": "Tom B", "email": "tom@firm.example", "job_title": "Buyer"}
    assert client.post(address, form).headers["Location"] == address
    assert User.objects.get(pk=user.pk).job_title == "Buyer"
    wrong = client.post(address, {**form, "email": "ann@firm.example"})
    assert (wrong.status_code, 'id="id_email_error"' in wrong.content.decode()) == (422, True)
    assert client.post(address, {**form, "email": "nothing"}).status_code == 422
    client.post(f"{address}deactivation/")
    assert "Coming back" in client.get(address).content.decode()
    assert client.post(f"{address}deactivation/").status_code == 409
    client.post(f"{address}reactivation/")
    assert User.objects.get(pk=user.pk).is_active


def test_the_page_says_what_must_be_handed_over_before_anybody_clicks(
    client: Client, administrator: User
) -> None:
    user = make_user(name="Tom")
    make_relationship(owner=user)
    client.force_login(administrator)
    page = client.get(f"/administration/people/{user.pk}/").content.decode()
    assert ("1 open relationship" in page, "/deactivation/" in page) == (True, False)
    own = client.get(f"/administration/people/{administrator.pk}/").content.decode()
    assert "You cannot deactivate yourself." in own


def test_roles_are_given_and_ended_on_the_pages(client: Client, administrator: User) -> None:
    user = make_user("", name="Tom")
    client.force_login(administrator)
    address = f"/administration/people/{user.pk}/roles/"
    assert "Give Tom a role" in client.get(address).content.decode()
    assert client.post(address, {"role": "hr", "kind": "customers"}).status_code == 302
    grant = user.grants.get()
    assert (grant.role, grant.kind) == ("hr", "customers")
    again = client.post(address, {"role": "administrator", "kind": "customers"})
    assert (again.status_code, "runs the whole workspace" in again.content.decode()) == (422, True)
    assert client.post(address, {"role": "hr", "kind": "customers"}).status_code == 409
    assert client.post(address, {"role": "king"}).status_code == 422
    client.post(f"/administration/roles/{grant.pk}/ending/")
    grant.refresh_from_db()
    assert grant.ended_by == administrator
    assert client.post("/administration/roles/0/ending/").status_code == 404


def test_the_list_page_finds_and_tells_when_there_is_nobody(client: Client, administrator: User) -> None:
    make_user("", name="Nameless Role")
    client.force_login(administrator)
    assert client.get("/administration/").headers["Location"] == "/administration/people/"
    assert "No role" in client.get("/administration/people/").content.decode()
    assert "Nobody is called “zzz”" in client.get("/administration/people/?q=zzz").content.decode()
    former = client.get("/administration/people/?show=former").content.decode()
    assert "Nobody has been deactivated" in former
    assert "Ann Lee" in client.get("/administration/people/?show=nonsense").content.decode()


def test_a_long_list_goes_on(client: Client, administrator: User) -> None:
    for number in range(51):
        make_user("", name=f"Person {number:02}")
    client.force_login(administrator)
    first = client.get("/administration/people/").content.decode()
    last = User.objects.get(name="Person 48")
    assert f"after={last.pk}" in first
    second = client.get(f"/administration/people/?after={last.pk}").content.decode()
    assert ("Person 48" in second, "Person 49" in second, "Person 50" in second) == (False, True, True)
