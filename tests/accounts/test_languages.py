"""The language of pages, answers and mails: as somebody chose, else as their browser asks."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.models import User
from messaging.models import OutboxMessage
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then_as_before() -> Iterator[None]:
    with translation.override(settings.LANGUAGE_CODE):
        yield


def speaker(language: str) -> User:
    user = make_user("representative", name="Ann")
    User.objects.filter(pk=user.pk).update(language=language)
    return user


def test_who_chose_a_language_reads_it_whatever_the_browser_asks(client: Client) -> None:
    client.force_login(speaker("de"))
    answer = client.get("/settings/", headers={"Accept-Language": "fr"})
    page = answer.content.decode()
    assert '<html lang="de"' in page
    assert "<h1>Profil</h1>" in page
    assert "Profile" not in page
    assert answer.headers["Content-Language"] == "de"


def test_who_chose_none_reads_what_the_browser_asks(client: Client) -> None:
    client.force_login(speaker(""))
    for asked, spoken in [("fr-CA,fr;q=0.9", "fr"), ("es", "es"), ("tlh", "en-gb"), ("en-US", "en-gb")]:
        answer = client.get("/settings/", headers={"Accept-Language": asked})
        assert (asked, answer.headers["Content-Language"]) == (asked, spoken)
        assert f'<html lang="{spoken}"' in answer.content.decode()


def test_a_chosen_language_holds_from_the_next_page_on(client: Client) -> None:
    client.force_login(speaker(""))
    form = {"name": "Ann", "job_title": "", "time_zone": "Europe/Berlin", "language": "de"}
    assert client.post("/settings/", form).status_code == 302
    assert client.get("/settings/").headers["Content-Language"] == "de"
    assert client.post("/settings/", {**form, "language": "tlh"}).status_code == 422


def test_choices_of_places_and_currencies_are_in_the_language_of_the_page(client: Client) -> None:
    administrator = make_user("administrator")
    client.force_login(administrator)
    User.objects.filter(pk=administrator.pk).update(language="fr")
    kept = client.get("/administration/currencies/").content.decode()
    units = client.get("/administration/business-units/").content.decode()
    new = client.get("/administration/business-units/new/").content.decode()
    assert [words in kept for words in ("Livre sterling", "Franc suisse (CHF)", "Pound sterling")] == [
        1,
        1,
        0,
    ]
    assert [words in units for words in ("Londres", "Royaume-Uni", "Europe/London")] == [1, 1, 0]
    assert [words in new for words in ('label="Afrique"', ">Allemagne<", ">Germany<")] == [1, 1, 0]
    assert 'value="DE"' in new


def test_before_signing_in_the_browser_says(client: Client) -> None:
    answer = client.get("/account/login/", headers={"Accept-Language": "de-AT"})
    assert '<html lang="de"' in answer.content.decode()
    assert "Passwort" in answer.content.decode()
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_api_answers_in_the_language_that_is_asked_for(client: Client) -> None:
    told = [
        client.get("/api/v1/customers/", headers={"Accept-Language": asked}).json()["detail"]
        for asked in ("en", "de")
    ]
    assert told[0] == "Send a token: Authorization: Bearer …"
    assert told[1] != told[0]


def test_a_page_asks_no_query_more_for_its_language(client: Client) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    user = speaker("")
    client.force_login(user)
    client.get("/settings/")
    asked = []
    for language in ("", "de"):
        User.objects.filter(pk=user.pk).update(language=language)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/settings/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_mail_about_the_account_is_in_its_owners_language(client: Client) -> None:
    user = speaker("de")
    client.post("/account/password/reset/", {"email": user.email}, headers={"Accept-Language": "fr"})
    mail = OutboxMessage.objects.get()
    with translation.override("de"):
        assert mail.subject == translation.gettext("Choose a new password for Relman")
    assert mail.subject != "Choose a new password for Relman"
