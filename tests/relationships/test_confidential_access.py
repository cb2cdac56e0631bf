"""Who may see a relationship: listed with the reasons, named until a day, and told to nobody else."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Confidentiality
from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from relationships.models import ConfidentialAccess, Event, Relationship
from relationships.operations.confidential_access import end_due, name_access
from relationships.queries.audience import Seer, audience
from relationships.tasks import end_due_access
from tests.api import ApiClient
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_business_unit, make_relationship, make_team, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def secret_of(owner: User, **fields: Any) -> Relationship:
    return make_relationship(actor=owner, **{"confidentiality": Confidentiality.CONFIDENTIAL} | fields)


def named(relationship: Relationship, user: User, until_date: date | None = None) -> ConfidentialAccess:
    return name_access(
        actor=relationship.owner,
        relationship=relationship,
        user=user,
        now=NOW,
        reason="Audit",
        until_date=until_date,
    )


def told(relationship: Relationship) -> dict[str, Seer]:
    return {seer.user.name: seer for seer in audience(Relationship.objects.get(pk=relationship.pk))}


@pytest.mark.parametrize("level", Confidentiality)
@pytest.mark.parametrize("in_team", [False, True])
@pytest.mark.parametrize("kind_of_it", ["customers", "staff"])
def test_the_list_names_exactly_those_who_see_it(
    workspace: Workspace, level: Confidentiality, in_team: bool, kind_of_it: str
) -> None:
    team, unit = make_team(), make_business_unit()
    owner = make_user("representative", name="Owner")
    employee = make_user("")
    profile = {"user": employee} if kind_of_it == "staff" else {}
    relationship = make_relationship(kind_of_it, owner=owner, team=team if in_team else None, profile=profile)
    Relationship.objects.filter(pk=relationship.pk).update(confidentiality=level)
    for kind in ("", "customers", "suppliers", "staff"):
        for role in ("administrator", "representative", "finance", "hr"):
            make_user(role, kind)
            make_user(role, kind, member_of=team)
            make_user(role, kind, team=team)
            make_user(role, kind, business_unit=unit)
    for user in [make_user(), make_user(kind="suppliers"), make_user("")]:
        granted = {"granted_at": NOW, "granted_by": owner, "reason": "x"}
        ConfidentialAccess.objects.create(relationship=relationship, user=user, **granted)
    team.lead = make_user("representative", name="Lead")
    team.save()
    gone = make_user()
    gone.is_active, gone.deactivated_at = False, NOW
    gone.save()
    seeing = {
        user.pk
        for user in User.objects.filter(is_system=False)
        if Relationship.objects.visible_to(user).filter(pk=relationship.pk).exists()
    }
    seers = audience(Relationship.objects.get(pk=relationship.pk))
    assert {seer.user.pk for seer in seers if seer.sees} == seeing
    assert owner.pk in seeing
    assert (employee.pk in seeing) is (kind_of_it == "staff" and level < Confidentiality.CONFIDENTIAL)


def test_each_is_listed_with_the_reasons_owner_and_named_first(workspace: Workspace) -> None:
    team = make_team("Key accounts")
    owner = make_user(name="Wendy")
    relationship = secret_of(owner, team=team)
    ana = make_user("auditor", "customers", name="Ana", member_of=team)
    bo = make_user("auditor", name="Bo")
    for user in (ana, bo):
        named(relationship, user)
    bo.grants.update(ended_at=NOW, ended_by=owner)
    bo.is_active, bo.deactivated_at = False, NOW
    bo.save()
    make_user("administrator", name="Not listed")
    seers = audience(Relationship.objects.get(pk=relationship.pk))
    assert [
        (s.user.name, s.is_owner, s.access is not None, s.sees, s.is_in_team, s.roles) for s in seers
    ] == [
        ("Wendy", True, False, True, False, ["Relationship manager"]),
        ("Ana", False, True, True, True, ["Auditor for customers"]),
        ("Bo", False, True, False, False, []),
    ]


def test_access_until_a_day_ends_when_the_day_is_over_where_the_unit_is(workspace: Workspace) -> None:
    owner, ana, bo = make_user(), make_user("auditor", name="Ana"), make_user("auditor")
    unit = make_business_unit(time_zone="Pacific/Auckland")
    relationship = secret_of(owner, business_unit=unit)
    named(relationship, ana, TODAY)
    named(relationship, bo)
    with pytest.raises(Invalid) as over:
        named(relationship, make_user("auditor"), TODAY - timedelta(days=1))
    assert over.value.errors == {"until_date": ["This day is over already."]}
    with pytest.raises(Invalid) as far:
        named(relationship, make_user("auditor"), date(2101, 1, 1))
    assert list(far.value.errors) == ["until_date"]
    assert end_due(now=NOW) == 0
    with time_machine.travel(NOW + timedelta(hours=1, minutes=30), tick=False):  # midnight in Auckland
        assert end_due_access() == 1
        assert end_due_access() == 0
    assert [access.user for access in relationship.confidential_access.all()] == [bo]
    assert not Relationship.objects.visible_to(User.objects.get(pk=ana.pk)).exists()
    event = Event.objects.get(verb="access_ended")
    assert (event.actor.is_system, event.data) == (True, {"user": "Ana", "until_date": TODAY.isoformat()})
    entry = AuditEntry.objects.get(verb="access_ended")
    assert entry.data == {"user": ana.pk, "until": TODAY.isoformat()}


def test_the_page_lists_names_and_ends(workspace: Workspace) -> None:
    owner, ana = make_user(name="Amara Osei"), make_user("auditor", name="Ana Ruiz")
    relationship = secret_of(owner, name="Project Heron")
    client, here = signed_in(owner), f"/customers/{relationship.pk}/access/"
    words = words_of(client.get(here))
    assert "People 1" in words
    assert "Only the owner and the people named here see it" in words
    assert client.post(f"{here}new/", {"user": ana.pk, "reason": ""}, **HTMX).status_code == 422
    late = client.post(f"{here}new/", {"user": ana.pk, "reason": "Audit", "until_date": "2026-03-01"}, **HTMX)
    assert (late.status_code, "This day is over already." in words_of(late)) == (422, True)
    outside = make_user("auditor", "suppliers", name="Bo")
    refused = client.post(f"{here}new/", {"user": outside.pk, "reason": "Audit"})
    assert (refused.status_code, "Bo cannot see 1 of these relationships." in words_of(refused)) == (
        422,
        True,
    )
    given = {"user": ana.pk, "reason": "Audit of March", "until_date": "2026-03-31"}
    assert client.post(f"{here}new/", given).headers["Location"] == here
    again = client.post(f"{here}new/", given)
    assert (again.status_code, "Ana Ruiz is named already." in words_of(again)) == (409, True)
    words = words_of(client.get(here))
    for expected in (
        "People 2",
        "Named by Amara Osei: Audit of March",
        "31 Mar",
        "let Ana Ruiz know of it",
    ):
        assert expected in words
    access = relationship.confidential_access.get()
    assert "Ana Ruiz" in words_of(client.get(f"{here}{access.pk}/ending/"))
    assert client.post(f"{here}{access.pk}/ending/", **HTMX).headers["HX-Redirect"] == here
    assert "ended the access of Ana Ruiz" in words_of(client.get(here))
    assert client.post(f"{here}{access.pk}/ending/").status_code == 404
    verbs = AuditEntry.objects.filter(verb__startswith="access").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["access_named", "access_ended"]


def test_only_who_manages_it_may_look_and_to_others_it_does_not_exist(workspace: Workspace) -> None:
    owner, reader, daily = (
        make_user(),
        make_user("auditor"),
        make_user("representative", member_of=make_team()),
    )
    relationship = secret_of(owner)
    access = named(relationship, reader)
    other = named(secret_of(owner), reader)
    client, here = signed_in(reader), f"/customers/{relationship.pk}/access/"
    places = ("", "new/", f"{access.pk}/ending/")
    assert [client.get(here + place).status_code for place in places] == [403] * 3
    assert [client.post(here + place).status_code for place in places[1:]] == [403] * 2
    for nobody in (daily, make_user("administrator")):
        outsider = signed_in(nobody)
        assert [outsider.get(here + place).status_code for place in places] == [404] * 3
    assert signed_in(owner).get(f"{here}{other.pk}/ending/").status_code == 404
    page = client.get(f"/customers/{relationship.pk}/").content.decode()
    assert "/access/" not in page
    assert here in signed_in(owner).get(f"/customers/{relationship.pk}/").content.decode()


def test_whoever_ends_their_own_access_is_led_to_what_they_still_see(workspace: Workspace) -> None:
    owner, manager = make_user(), make_user()
    relationship = secret_of(owner)
    access = named(relationship, manager)
    response = signed_in(manager).post(f"/customers/{relationship.pk}/access/{access.pk}/ending/")
    assert response.headers["Location"] == "/customers/"


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (Confidentiality.INTERNAL, "Everybody whose role reaches it sees it."),
        (Confidentiality.RESTRICTED, "a role for every kind is not enough"),
    ],
)
def test_the_page_says_what_each_class_means(
    workspace: Workspace, level: Confidentiality, words: str
) -> None:
    owner = make_user()
    relationship = make_relationship(actor=owner, confidentiality=level)
    assert words in words_of(signed_in(owner).get(f"/customers/{relationship.pk}/access/"))


def test_beyond_a_hundred_people_the_rest_are_counted(workspace: Workspace) -> None:
    owner = make_user()
    relationship = make_relationship(owner=owner)
    for _ in range(102):
        make_user("finance")
    words = words_of(signed_in(owner).get(f"/customers/{relationship.pk}/access/"))
    people = len(told(relationship))
    assert f"People {people}" in words
    assert f"and {people - 100} more people" in words


@pytest.mark.parametrize("level", [Confidentiality.CONFIDENTIAL, Confidentiality.SEALED])
def test_opening_a_confidential_record_is_noted_once_a_day_and_an_ordinary_one_never(
    workspace: Workspace, level: Confidentiality, django_capture_on_commit_callbacks: Any
) -> None:
    owner, other = make_user(name="Olga"), make_user("auditor", name="Otto")
    secret = secret_of(owner, confidentiality=level, name="Quiet Ltd")
    plain = make_relationship(actor=owner, owner=owner, confidentiality=Confidentiality.RESTRICTED)
    noted = AuditEntry.objects.filter(verb="record_opened").order_by("pk")
    client, page = signed_in(owner), f"/customers/{secret.pk}/"
    for address in (f"/customers/{plain.pk}/", f"/customers/{plain.pk}/people/"):
        assert client.get(address).status_code == 200
    assert signed_in(other).get(page).status_code == 404
    assert not noted.exists()
    for _ in range(2):  # the second without the word in the cache, which no commit has set yet
        assert client.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(f"{page}commitments/").status_code == 200
    api = ApiClient(owner)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
        assert api.call("get", f"customers/{secret.pk}/").status_code == 200
    assert [row["sql"] for row in asked if "auditentry" in row["sql"]] == []
    entry = noted.get()
    assert (entry.actor_id, entry.subject_type, entry.subject_id, entry.at) == (
        owner.pk,
        "relationship",
        secret.pk,
        NOW,
    )
    named(secret, other)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert signed_in(owner).get(page).status_code == 200
        assert ApiClient(other).call("get", f"relationships/{secret.pk}/timeline/").status_code == 200
    assert [each.actor_id for each in noted] == [owner.pk, owner.pk, other.pk]
    shown = signed_in(make_user("administrator")).get("/administration/audit/?verb=record_opened")
    assert shown.content.decode().count("Confidential record opened") >= 3
