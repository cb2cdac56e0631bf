"""Web forms in the settings: made, opened, and what was held let in; and read by the API."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from automation.models import SentForm, WebForm
from tests.api import ApiClient
from tests.automation.pages import make_sent
from tests.doors import words_of
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
NEW = "/settings/forms/new/?kind=customers"


@pytest.fixture
def author(client: Client) -> User:
    ensure_workspace(now=NOW)
    user = make_user("relationship_manager")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def sent_for(user: User, **given: Any) -> dict[str, Any]:
    return {
        "name": "Contact",
        "title": "Write to us",
        "thanks": "Thanks.",
        "follow_up": "Answer",
        "follow_up_days": "1",
        "people": [user.pk],
        "choosing": "turn",
        "stage": "prospect",
        **{f"asked_{key}": "asked" for key in ("organisation", "email", "phone", "message")},
        "asked_name": "required",
        "questions": "How many?\n\nBy when?",
        "origins": "https://shop.example",
        **given,
    }


def test_a_form_is_made_opened_and_changed(client: Client, author: User) -> None:
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, sent_for(author, stage="prospect")).status_code == 302
    form = WebForm.objects.get()
    assert (form.questions, form.origins) == (["How many?", "By when?"], ["https://shop.example"])
    here = f"/settings/forms/{form.pk}/"
    assert "Closed" in words_of(client.get(here))
    assert client.post(here + "switch/", {"on": "1"}).status_code == 302
    shown = client.get(here).content.decode()
    assert (
        f"&lt;iframe src=&quot;http://localhost:8000/forms/{form.public_id}/" in shown
        or "&lt;iframe" in shown
    )
    assert client.get(f"/forms/{form.public_id}/").status_code == 200
    assert client.post(here + "change/", sent_for(author, version="1", name="Other")).status_code == 302
    assert client.post(here + "change/", sent_for(author, version="1")).status_code == 409
    assert "Other" in words_of(client.get("/settings/forms/"))
    assert client.post(here + "switch/", {"on": "0"}).status_code == 302


def test_what_is_wrong_stands_beside_its_field(client: Client, author: User) -> None:
    answer = client.post(NEW, sent_for(author, asked_name="asked", origins="shop"))
    assert answer.status_code == 422
    assert "“shop” is no place" in words_of(answer)
    form = make_sent(author, 0)
    answer = client.post(f"/settings/forms/{form.pk}/change/", sent_for(author, version="1", name=""))
    assert answer.status_code == 422


def test_what_was_held_is_taken_in_or_dropped(client: Client, author: User) -> None:
    form = make_sent(author, 2, state="held", reason="It holds many links.")
    page = words_of(client.get(f"/settings/forms/{form.pk}/"))
    assert "It holds many links." in page
    first, second = SentForm.objects.order_by("pk")
    here = f"/settings/forms/{form.pk}/sent/"
    assert client.post(f"{here}{first.pk}/", {"take": "1"}).status_code == 302
    assert client.post(f"{here}{second.pk}/", {"take": "0"}).status_code == 302
    assert client.post(f"{here}{second.pk}/", {"take": "0"}).status_code == 409
    assert list(SentForm.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "dropped"]


def test_nobody_else_comes_near(client: Client, author: User) -> None:
    form = make_sent(author, 1)
    client.force_login(
        make_user("representative"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(f"/settings/forms/{form.pk}/").status_code == 404
    assert client.get(NEW).status_code == 403
    assert client.get("/settings/forms/").status_code == 200
    assert Client().get("/settings/forms/").status_code == 302


def test_the_api_reads_forms_and_what_came_by_them(author: User) -> None:
    form = make_sent(author, 1, state="held")
    client = ApiClient(author)
    assert [each["name"] for each in client.call("get", "web-forms/").json()["results"]] == ["Contact page"]
    assert client.call("get", f"web-forms/{form.pk}/").json()["public_id"] == form.public_id
    sent = client.call("get", f"web-forms/{form.pk}/sent/").json()["results"]
    assert [(each["state"], each["answers"]["name"]) for each in sent] == [("held", "Visitor 0")]
