"""Somebody with a browser, as far as the server can tell: signed in, a connection for each request, whole pages."""

import http.client
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import quote, urlencode

from django.conf import settings
from django.test import Client as TestClient

from accounts.models import User
from benchmarks.middleware import FACTS_HEADER, HEADER

CSRF = "b" * 32
OK = (200, 204, 302, 303)


@dataclass(frozen=True)
class Answer:
    """What came back: how long it took to the last byte, in seconds, how many statements, how much.

    `facts` are the seconds of the statement inside of reference F; 0 elsewhere.
    """

    seconds: float
    queries: int
    size: int
    status: int
    body: bytes
    facts: float = 0.0


class Wrong(RuntimeError):
    """A page that did not come, whose time would mean nothing."""


class Visitor:
    """One signed-in person."""

    def __init__(self, user: User, port: int) -> None:
        client = TestClient()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.user, self.port = user, port
        self.headers = {
            "Host": f"localhost:{port}",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
            "X-CSRFToken": CSRF,
            "Connection": "close",
        }
        self.get("/benchmarks/empty/")  # with the first request of a session, the session itself is kept

    def get(self, path: str) -> Answer:
        """The whole page."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """What a form without scripts sends."""
        body = urlencode(fields).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Answer:
        started = perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body=body or None, headers={**self.headers, **more})
        response = connection.getresponse()
        content = response.read()
        seconds = perf_counter() - started
        connection.close()
        if response.status not in OK or "login" in (response.headers.get("Location") or ""):
            raise Wrong(
                f"{method} {path} answered {response.status}: {content[:2000].decode(errors='replace')}"
            )
        told = response.headers
        queries, facts = int(told.get(HEADER, 0)), float(told.get(FACTS_HEADER, 0))
        return Answer(seconds, queries, len(content), response.status, content, facts)


def reference_path(name: str, asked: Mapping[str, object]) -> str:
    """Where reference F of a page stands."""
    return f"/benchmarks/{name}/?with={quote(json.dumps(asked, default=str))}"


def at_once(visitors: Sequence[Visitor], path: str, each: int) -> list[float]:
    """Seconds of every answer when all ask for the page at the same time, `each` times each."""
    seconds: list[float] = []
    faults: list[Exception] = []

    def ask(visitor: Visitor) -> None:
        try:
            seconds.extend(visitor.get(path).seconds for _ in range(each))
        except (Wrong, OSError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return seconds
