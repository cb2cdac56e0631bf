"""The rows behind the numbers of an import."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from exchange.models import ImportRun
from relationships.models import Party, Relationship
from tests.doors import words_of
from tests.exchange.conftest import Bring
from tests.factories import make_user

PEOPLE = "ref,name,place\nA,Acme,Leeds\nB,Bo,York\n"
PARTIES: dict[str, Any] = {"dataset": "parties", "constants": {"kind": "customers"}}


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rows(client: Client, what: str) -> list[str]:
    here = f"/imports/{ImportRun.objects.latest('id').pk}/"
    assert f'href="{here}rows/{what}/"' in client.get(here).content.decode()
    return [line.title for line in client.get(f"{here}rows/{what}/").context["lines"]]


def test_numbers_open_to_what_was_made_and_changed(manager: User, bring: Bring) -> None:
    client = signed_in(manager)
    bring(PEOPLE, actor=manager, **PARTIES)
    assert rows(client, "created/parties") == ["Acme", "Bo"]
    assert rows(client, "created/customers") == ["Acme", "Bo"]
    bring(PEOPLE.replace("York", "Hull"), actor=manager, **PARTIES)
    assert rows(client, "updated/parties") == ["Bo"]
    Party.objects.filter(name="Bo").update(confidentiality=4)
    Relationship.objects.filter(party_name="Bo").update(confidentiality=4)
    other = signed_in(make_user("relationship_manager"))
    gone = other.get(f"/imports/{ImportRun.objects.latest('id').pk}/rows/updated/parties/")
    assert "not open to you" in words_of(gone)


def test_talks_payments_and_orders_open_too(manager: User, bring: Bring) -> None:
    client = signed_in(manager)
    bring(PEOPLE, actor=manager, **PARTIES)
    talk = "party_ref,channel,direction,happened_at,subject\nA,call,in,2026-03-01T10:00:00Z,Hello\n"
    bring(talk, actor=manager, dataset="interactions", constants={"kind": "customers"})
    assert rows(client, "created/interactions") == ["Acme: Hello"]
    bring("supplier,paid_date,amount\nZed,2026-01-05,5\n", actor=manager, dataset="payments")
    assert rows(client, "created/payments") == ["Zed"]
    bring("Order,Customer,Date,Amount\n7,C,2026-01-05,5\n", actor=manager)
    assert rows(client, "created/orders") == ["Customer C: 7"]


def test_amounts_are_for_whoever_imported_them_and_nothing_else_is_counted(
    manager: User, bring: Bring
) -> None:
    bring("supplier,paid_date,amount\nZed,2026-01-05,5\n", actor=manager, dataset="payments")
    here, other = f"/imports/{ImportRun.objects.get().pk}/", signed_in(make_user("relationship_manager"))
    assert f"{here}rows/created/payments/" not in other.get(here).content.decode()
    paths = ("created/payments", "created/nothing", "removed/parties", "created/parties")
    assert [other.get(f"{here}rows/{path}/").status_code for path in paths] == [404, 404, 404, 200]
