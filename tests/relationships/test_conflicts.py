"""Two roles of one party that ask for care are told on both records, to who may know of both."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships import kinds
from relationships.checks import check_kinds
from relationships.kinds import Conflict, Sight
from relationships.operations.relationships import close_relationship
from tests.factories import NOW, make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db
PAIRS = [
    ("press", "investors", "outlet"),
    ("community", "customers", "public_body"),
    ("suppliers", "customers", "organisation"),
    ("staff", "suppliers", "person"),
]


def page(user: User, kind: str, pk: int) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/{kind}/{pk}/").content.decode()


@pytest.mark.parametrize(("kind", "other", "party_kind"), PAIRS)
def test_both_records_say_what_to_heed(workspace: Workspace, kind: str, other: str, party_kind: str) -> None:
    party = make_party(kind=party_kind)
    hr = make_user("hr")
    first = make_relationship(other, party=party, actor=hr)
    second = make_relationship(kind, party=party, actor=hr)
    labels = {slug: f"Also: {kinds.registry.get(slug).label}.".lower() for slug in (kind, other)}
    assert labels[other] in page(hr, kind, second.pk).lower()
    assert labels[kind] in page(hr, other, first.pk).lower()


def test_who_may_not_know_of_the_other_role_is_told_nothing(workspace: Workspace) -> None:
    party = make_party(kind="outlet")
    press = make_relationship("press", party=party)
    before = make_user(kind="press")
    make_relationship("investors", party=party)
    assert "Also:" not in page(before, "press", press.pk)


def test_a_closed_role_and_a_party_of_another_sort_raise_nothing(workspace: Workspace) -> None:
    club = make_party(kind="organisation")
    community = make_relationship("community", party=club)
    make_relationship("customers", party=club)
    holder = make_relationship("investors", party=club)
    close_relationship(actor=holder.owner, relationship=holder, now=NOW, reason="Sold")
    assert "Also:" not in page(make_user("administrator"), "community", community.pk)


def test_a_kind_that_names_what_there_is_not_fails_the_check(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = kinds.Kind(
        "press", "Odd", "Odd", "star", "press", "", "press.Outlet", 9, (kinds.Stage("a", "A"),), (), {},
        conflicts=(Conflict("dragons", "Beware"),), sight=Sight(frozenset({"wizard"}), {}),
    )  # fmt: skip
    monkeypatch.setitem(kinds.registry._kinds, "press", odd)
    assert [error.id for error in check_kinds()] == ["relationships.E008", "relationships.E009"]
