"""A program that calls the API: a client whose every call carries a token."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.enums import Scope
from accounts.models import User
from accounts.operations.tokens import create_token

BASE = "/api/v1/"


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
