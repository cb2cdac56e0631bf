"""The OpenAPI file is the one that the code has, and tells of everything."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.rest.reference import sections
from relman.management.commands import openapi
from tests.factories import make_user

FILE: dict[str, Any] = json.loads(openapi.PLACE.read_text())
CALLS = [(f"{verb} {place}", call) for place, verbs in FILE["paths"].items() for verb, call in verbs.items()]


def test_the_file_is_as_the_code_has_it() -> None:
    call_command("openapi", "--check")


def test_a_stale_file_is_noticed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "PLACE", tmp_path / "openapi.json")
    with pytest.raises(CommandError):
        call_command("openapi", "--check")


def test_every_call_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = [call["operationId"] for _name, call in CALLS]
    assert len(set(names)) == len(names)
    assert [name for name, call in CALLS if not call["summary"] or not call["tags"][0]] == []


def test_every_call_wants_a_token_and_every_change_its_version() -> None:
    assert [name for name, call in CALLS if {"token": []} not in call["security"]] == []
    given = {name: {each["name"] for each in call.get("parameters", [])} for name, call in CALLS}
    verbs = {name: name.partition(" ")[0] for name in given}
    assert {verbs[name] for name in given if "If-Match" in given[name]} == {"patch", "delete"}
    assert {verbs[name] for name in given if "Idempotency-Key" in given[name]} == {"post"}
    assert [name for name in given if verbs[name] == "post" and "Idempotency-Key" not in given[name]] == []


def test_the_reference_tells_every_call_of_the_file(client: Client, db: None) -> None:
    assert client.get("/api/v1/").status_code == 302
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    told = [call for section in sections() for call in section.calls]
    assert len(told) == len(CALLS)
    page = client.get("/api/v1/").content.decode()
    assert [call.key for call in told if f"#{call.key}" not in page] == []
    commitments = client.get("/api/v1/reference/commitments/").content.decode()
    assert "renegotiations[].to_date" in commitments
    assert client.get("/api/v1/reference/nothing/").status_code == 404


def test_anybody_may_have_the_file(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    assert json.loads(response.getvalue()) == FILE
