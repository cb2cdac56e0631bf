"""The first administrator comes in by a link from the console, once."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEntry, BusinessUnit, Currency, SetupToken, User
from accounts.operations.setup import create_first_administrator, new_setup_link, open_setup
from accounts.operations.workspace import ensure_workspace
from accounts.queries.actors import system_actor
from core.refusals import Conflict, Invalid, Missing
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
FILLED_IN = {
    "workspace_name": "Lark and Field",
    "country": "DE",
    "currency": "CHF",
    "time_zone": "Europe/Berlin",
    "name": "Ann Lee",
    "email": "Ann@Lark.example",
    "password": "correct horse battery",
}


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def path_of(link: str) -> str:
    return f"/set-up/{token_of(link)}/"


def test_a_workspace_is_made_once() -> None:
    first = ensure_workspace(now=NOW)
    again = ensure_workspace(now=NOW + timedelta(days=1))
    assert again == first
    assert (BusinessUnit.objects.count(), User.objects.filter(is_system=True).count()) == (1, 1)
    assert system_actor() == first.system_actor
    assert not first.system_actor.has_usable_password()
    assert sorted(Currency.objects.values_list("code", flat=True)) == ["EUR", "GBP", "USD"]


def test_the_command_says_what_the_workspace_is() -> None:
    said = StringIO()
    call_command("ensure_workspace", stdout=said)
    assert said.getvalue() == "Workspace: Main, GBP.\n"


def test_the_link_makes_the_first_administrator() -> None:
    token = token_of(new_setup_link(now=NOW))
    user = create_first_administrator(token=token, now=NOW, **FILLED_IN)
    assert (user.email, user.name, user.time_zone) == ("ann@lark.example", "Ann Lee", "Europe/Berlin")
    assert user.check_password("correct horse battery")
    assert [(grant.role, grant.is_unscoped) for grant in user.current_grants()] == [("administrator", True)]
    unit = BusinessUnit.objects.get()
    assert (unit.name, unit.currency_id, unit.country, unit.is_default) == (
        "Lark and Field",
        "CHF",
        "DE",
        True,
    )
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor_id")) == [
        ("workspace_set_up", user.pk),
        ("role_granted", user.pk),
    ]


def test_only_a_hash_of_the_link_is_kept() -> None:
    token = token_of(new_setup_link(now=NOW))
    kept = SetupToken.objects.get().token_hash
    assert (len(kept), token in kept) == (64, False)


def test_a_used_link_works_no_more() -> None:
    token = token_of(new_setup_link(now=NOW))
    create_first_administrator(token=token, now=NOW, **FILLED_IN)
    with pytest.raises(Missing):
        create_first_administrator(token=token, now=NOW, **{**FILLED_IN, "email": "eve@lark.example"})
    assert User.objects.filter(is_system=False).count() == 1


def test_a_link_works_for_a_day() -> None:
    token = token_of(new_setup_link(now=NOW))
    open_setup(token=token, now=NOW + timedelta(hours=23, minutes=59))
    with pytest.raises(Missing):
        open_setup(token=token, now=NOW + timedelta(days=1))


def test_a_new_link_ends_the_one_before() -> None:
    first = token_of(new_setup_link(now=NOW))
    second = token_of(new_setup_link(now=NOW))
    open_setup(token=second, now=NOW)
    with pytest.raises(Missing):
        open_setup(token=first, now=NOW)


def test_an_old_link_is_dead_once_somebody_administers() -> None:
    token = token_of(new_setup_link(now=NOW))
    make_user("administrator")
    with pytest.raises(Missing):
        open_setup(token=token, now=NOW)
    with pytest.raises(Conflict, match="There is an administrator already"):
        new_setup_link(now=NOW)


def test_a_deactivated_administrator_does_not_count() -> None:
    make_user("administrator", is_active=False, deactivated_at=NOW)
    assert "/set-up/" in new_setup_link(now=NOW)


def test_every_wrong_field_is_named_and_the_link_still_works() -> None:
    make_user("", email="taken@lark.example")
    token = token_of(new_setup_link(now=NOW))
    wrong = {
        "workspace_name": " ",
        "country": "XX",
        "currency": "XYZ",
        "time_zone": "Mars/Base",
        "name": "",
        "email": "taken@lark.example",
        "password": "password",
    }
    with pytest.raises(Invalid) as refusal:
        create_first_administrator(token=token, now=NOW, **wrong)
    assert refusal.value.errors == {
        "workspace_name": ["Write a name."],
        "country": ["“XX” is not a country."],
        "currency": ["“XYZ” is not a currency that can be kept here."],
        "time_zone": ["“Mars/Base” is not a time zone."],
        "name": ["Write a name."],
        "email": ["There is already a person with the address taken@lark.example."],
        "password": [
            "This password is too short. It must contain at least 12 characters. This password is too common."
        ],
    }
    open_setup(token=token, now=NOW)


def test_a_password_made_of_ones_own_name_is_refused() -> None:
    token = token_of(new_setup_link(now=NOW))
    with pytest.raises(Invalid) as refusal:
        create_first_administrator(
            token=token, now=NOW, **{**FILLED_IN, "name": "Annabella Lee", "password": "annabella lee"}
        )
    assert list(refusal.value.errors) == ["password"]


def test_the_page_sets_up_and_signs_in(client: Client) -> None:
    path = path_of(new_setup_link(now=datetime.now(UTC)))
    assert "Set up Relman" in client.get(path).content.decode()
    answer = client.post(path, FILLED_IN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(User.objects.get(email="ann@lark.example").pk)
    assert client.get("/settings/").status_code == 200


def test_the_page_shows_errors_beside_their_fields_and_keeps_the_rest(client: Client) -> None:
    path = path_of(new_setup_link(now=datetime.now(UTC)))
    answer = client.post(path, {**FILLED_IN, "password": "short", "email": "no address"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_email_error"' in page
    assert 'value="Lark and Field"' in page
    assert "short" not in page.replace("too short", "")
    answer = client.post(path, {**FILLED_IN, "password": "short"})
    assert 'id="id_password_error"' in answer.content.decode()


def test_a_dead_link_says_nothing_more_than_that(client: Client) -> None:
    make_user("administrator")
    for token in ("x", "A" * 43):
        answer = client.get(f"/set-up/{token}/")
        assert answer.status_code == 404
        assert "This set-up link does not work any more." in answer.content.decode()
    assert client.post("/set-up/x/", FILLED_IN).status_code == 404


def test_the_command_prints_the_link_alone_until_there_is_an_administrator() -> None:
    said, beside = StringIO(), StringIO()
    call_command("setup_link", stdout=said, stderr=beside)
    assert said.getvalue().startswith("http://localhost:8000/set-up/")
    assert said.getvalue().count("\n") == 1
    assert beside.getvalue() == "Open it in a browser within 24 hours; it works once.\n"
    make_user("administrator")
    said, beside = StringIO(), StringIO()
    call_command("setup_link", stdout=said, stderr=beside)
    assert (said.getvalue(), beside.getvalue()) == (
        "",
        "There is an administrator already. Ask them for an invitation.\n",
    )
