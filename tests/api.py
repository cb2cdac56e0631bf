"""A program that calls the API: a client whose every call carries a token, and is answered as the OpenAPI file says."""

import json
import re
from functools import cache
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.enums import Scope
from accounts.models import User
from accounts.operations.tokens import create_token

BASE = "/api/v1/"


@cache
def documented() -> list[tuple[re.Pattern[str], dict[str, frozenset[str]]]]:
    """The addresses of the OpenAPI file as patterns, words before numbers, each with the statuses of its verbs."""
    drawn = json.loads((settings.BASE_DIR / "static" / "api" / "openapi.json").read_text())
    return [
        (
            re.compile(re.sub(r"\{\w+\}", "[^/]+", place)),
            {verb.upper(): frozenset(call["responses"]) for verb, call in verbs.items()},
        )
        for place, verbs in sorted(drawn["paths"].items(), key=lambda entry: entry[0].count("{"))
    ]


class ApiClient(Client):
    """Calls with a token of `user`, or without any."""

    def __init__(self, user: User | None = None, scopes: list[str] | None = None, **given: Any) -> None:
        super().__init__(**given)
        self.own: dict[str, str] = {}
        if user is not None:
            wanted = list(Scope.values) if scopes is None else scopes
            self.token, secret = create_token(
                actor=user, user=user, name="Test", scopes=wanted, days=30, now=timezone.now()
            )
            self.own = {"Authorization": f"Bearer {secret}"}

    def call(self, verb: str, place: str, body: Any = None, **headers: str) -> Any:
        """One call of `place` below the API; headers by their name with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self, verb)(BASE + place, headers=self.own | named, **told)

    def request(self, **given: Any) -> Any:
        """The answer, of which the file knows that it may come, where it knows the call."""
        response = super().request(**given)
        path, verb = given["PATH_INFO"], given["REQUEST_METHOD"]
        verbs = next((verbs for pattern, verbs in documented() if pattern.fullmatch(path)), {})
        if verb in verbs and response.status_code < 500:
            assert str(response.status_code) in verbs[verb], f"{verb} {path}: {response.content!r}"
        return response
