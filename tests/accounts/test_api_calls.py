"""What every call of the API has in common: who calls, what is refused and how, keys, versions, pages, limits."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import Scope
from accounts.models import AccessToken, AnsweredCall
from accounts.operations.calls import forget_answers
from accounts.operations.tokens import revoke_token
from accounts.tasks import forget_answered_calls
from relationships.models import Interaction, Party
from tests.api import BASE, ApiClient
from tests.factories import make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db
KINDS = "“company” is not known here. Possible: organisation, person, household, public_body, outlet, internal_unit."
NEW = {"kind": "organisation", "name": "Harbour Bakery"}


def problem(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["type"].rpartition(":")[2]


def test_without_a_token_nobody_comes_in() -> None:
    response = ApiClient().call("get", "parties/")
    assert problem(response) == (401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("header", ["Bearer relman_unknown", "Basic dTpw", "Bearer", "relman_x", "Bearer ä"])
def test_what_is_no_token_opens_nothing(header: str) -> None:
    response = Client().get(BASE + "parties/", headers={"Authorization": header})
    assert problem(response) == (401, "not_signed_in")


def test_a_token_opens_until_it_expires_is_revoked_or_its_user_leaves() -> None:
    user = make_user("administrator")
    client = ApiClient(user)
    assert client.call("get", "parties/").status_code == 200
    assert AccessToken.objects.get().last_used_at is not None
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save()
    assert client.call("get", "parties/").status_code == 401
    user.is_active, user.deactivated_at = True, None
    user.save()
    revoke_token(actor=user, token=client.token, now=timezone.now())
    assert client.call("get", "parties/").status_code == 401
    later = ApiClient(user)
    made = timezone.now() - timedelta(days=40)
    AccessToken.objects.filter(pk=later.token.pk).update(created_at=made, expires_at=made + timedelta(days=1))
    assert later.call("get", "parties/").status_code == 401


def test_a_scope_opens_its_area_and_writing_includes_reading() -> None:
    user = make_user("administrator")
    reader = ApiClient(user, [Scope.RELATIONSHIPS_READ])
    writer = ApiClient(user, [Scope.RELATIONSHIPS_WRITE])
    other = ApiClient(user, [Scope.HEALTH_WRITE])
    assert [each.call("get", "parties/").status_code for each in (reader, writer, other)] == [200, 200, 403]
    assert [each.call("post", "parties/", NEW).status_code for each in (reader, writer, other)] == [
        403,
        201,
        403,
    ]
    told = reader.call("post", "parties/", NEW).json()["detail"]
    assert told == "This token lacks the scope “relationships:write”."


def test_a_browser_reads_with_its_session_and_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        make_user("administrator"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(BASE + "parties/").status_code == 200
    sent = client.post(BASE + "parties/", NEW, content_type="application/json")
    assert problem(sent) == (401, "not_signed_in")
    assert Party.objects.count() == 0


def test_every_wrong_field_is_named_with_its_value_and_the_reason() -> None:
    client = ApiClient(make_user("administrator"))
    wrong = {"kind": "company", "name": 5, "country": "GBR"}
    response = client.call("post", "parties/", wrong)
    assert problem(response) == (422, "invalid")
    assert sorted(response.json()["errors"], key=lambda entry: entry["field"]) == [
        {"field": "country", "value": "GBR", "reason": "Ensure this field has no more than 2 characters."},
        {"field": "kind", "value": "company", "reason": KINDS},
        {"field": "name", "value": 5, "reason": "Not a valid string."},
    ]


def test_what_the_domain_refuses_is_named_in_its_own_words() -> None:
    client = ApiClient(make_user("administrator"))
    response = client.call("post", "parties/", NEW | {"country": "1x"})
    assert response.json()["errors"] == [
        {"field": "country", "value": "1x", "reason": "Write the two letters of the country, such as GB."}
    ]


def test_fields_and_filters_that_do_not_exist_are_refused() -> None:
    client = ApiClient(make_user("administrator"))
    sent = client.call("post", "parties/", NEW | {"colour": "red"})
    asked = client.call("get", "parties/?colour=red")
    assert [(each.status_code, each.json()["errors"][0]["field"]) for each in (sent, asked)] == [
        (422, "colour"),
        (422, "colour"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'{"kind": ', "application/json", (400, "bad_request")),
        (b"kind=x", "application/x-www-form-urlencoded", (415, "not_json")),
        (b"[" * 100_000, "application/json", (400, "bad_request")),
        (b"[1]", "application/json", (422, "invalid")),
        (b'{"kind": "person", "name": "A\\u0000"}', "application/json", (422, "invalid")),
        (b'{"kind": "person", "name": "\\ud800"}', "application/json", (422, "invalid")),
        (b'"' + b"x" * (5 * 1024 * 1024) + b'"', "application/json", (413, "too_large")),
    ],
)
def test_a_body_that_cannot_be_is_refused(body: bytes, kind: str, expected: tuple[int, str]) -> None:
    client = ApiClient(make_user("administrator"))
    sent = client.post(BASE + "parties/", body, content_type=kind, headers=client.own)
    assert problem(sent) == expected


def test_an_unknown_address_or_verb_is_a_problem_too() -> None:
    client = ApiClient(make_user("administrator"))
    assert problem(client.call("get", "nothing/")) == (404, "missing")
    refused = client.call("put", "parties/", NEW)
    assert problem(refused) == (405, "no_such_method")
    assert refused.headers["Allow"] == "GET, POST, HEAD"


def test_a_call_sent_again_with_its_key_gets_its_first_answer() -> None:
    client = ApiClient(make_user("administrator"))
    first = client.call("post", "parties/", NEW, Idempotency_Key="one")
    again = client.call("post", "parties/", NEW, Idempotency_Key="one")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert Party.objects.count() == 1
    other = client.call("post", "parties/", NEW | {"name": "Other"}, Idempotency_Key="one")
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert client.call("post", "parties/", NEW, Idempotency_Key="x" * 101).status_code == 422
    somebody = ApiClient(make_user("administrator"))
    assert somebody.call("post", "parties/", NEW, Idempotency_Key="one").status_code == 201
    assert Party.objects.count() == 2


def test_a_refused_call_gives_its_key_back() -> None:
    client = ApiClient(make_user("administrator"))
    assert client.call("post", "links/", {}, Idempotency_Key="one").status_code == 422
    party = make_party()
    same = {"source_party": party.pk, "target_party": party.pk, "type": "employs"}
    assert client.call("post", "links/", same, Idempotency_Key="two").status_code == 422
    assert AnsweredCall.objects.count() == 0


def test_answers_are_forgotten_after_a_day() -> None:
    client = ApiClient(make_user("administrator"))
    client.call("post", "parties/", NEW, Idempotency_Key="one")
    assert forget_answered_calls() == 0
    assert forget_answers(now=timezone.now() + timedelta(days=1, seconds=1)) == 1


def test_a_change_says_which_version_it_means() -> None:
    client = ApiClient(make_user("administrator"))
    made = client.call("post", "parties/", NEW)
    here, version = f"parties/{made.json()['id']}/", made.headers["ETag"]
    assert client.call("get", here).headers["ETag"] == version == '"1"'
    assert problem(client.call("patch", here, {"place": "Hull"})) == (428, "version_wanted")
    changed = client.call("patch", here, {"place": "Hull"}, If_Match=version)
    assert (changed.status_code, changed.json()["place"], changed.headers["ETag"]) == (200, "Hull", '"2"')
    assert problem(client.call("patch", here, {"place": "York"}, If_Match=version)) == (412, "stale")
    assert client.call("patch", here, {"place": "York"}, If_Match="*").json()["place"] == "York"


def test_a_list_is_paged_by_a_cursor_that_belongs_to_it() -> None:
    client = ApiClient(make_user("administrator"))
    ids = [make_party(f"Firm {number}").pk for number in range(5)]
    first = client.call("get", "parties/?limit=2").json()
    second = client.call("get", f"parties/?limit=2&cursor={first['next']}").json()
    third = client.call("get", f"parties/?limit=2&cursor={second['next']}").json()
    found = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert (found, third["next"]) == (sorted(ids, reverse=True), None)
    for place in (
        f"parties/?q=firm&cursor={first['next']}",
        f"links/?cursor={first['next']}",
        f"parties/?cursor={first['next']}x",
        "parties/?cursor=%C3%A4",
    ):
        refused = client.call("get", place)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cursor")


@time_machine.travel(timezone.now(), tick=False)
def test_too_many_calls_are_told_to_wait(settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 2
    client = ApiClient(make_user("administrator"))
    left = [client.call("get", "parties/").headers["RateLimit-Remaining"] for _ in range(2)]
    refused = client.call("get", "parties/")
    assert (left, problem(refused)) == (["1", "0"], (429, "too_many_calls"))
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Limit"] == "2"
    assert ApiClient(make_user("administrator")).call("get", "parties/").status_code == 200


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Does all of it at the same moment, each on a connection of its own."""
    results: list[Any] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def one(number: int) -> None:
        try:
            gate.wait()
            results[number] = work[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_eight_clients_log_at_once_and_none_is_lost() -> None:
    user = make_user("administrator")
    relationship = make_relationship(owner=user)
    said = {
        "relationship": relationship.pk,
        "channel": "call",
        "direction": "out",
        "happened_at": "2026-03-01T10:00:00Z",
        "body": "They want two more vans.",
    }
    clients = [ApiClient(user) for _ in range(8)]

    def log(client: ApiClient, key: str) -> Callable[[], int]:
        def send() -> int:
            response = client.call("post", "interactions/", said, Idempotency_Key=key)
            assert response.status_code == 201, response.content
            number: int = response.json()["id"]
            return number

        return send

    each = at_once([log(client, f"own-{number}") for number, client in enumerate(clients)])
    assert len(set(each)) == 8
    same = at_once([log(client, "the-same") for client in clients])
    assert len(set(same)) == 1
    assert Interaction.objects.count() == 9
