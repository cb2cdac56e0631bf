"""A signed-in visitor of any address: what is sent back, and what of the question after the address was looked at."""

import re
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import User

CHANGING = re.compile(
    r"(?<=/log/\?relationship=)\d+|"  # the address itself, told back
    r'(?:name="csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
WHOLE = (
    "__copy__",
    "__deepcopy__",
    "__iter__",
    "__len__",
    "copy",
    "dict",
    "items",
    "keys",
    "lists",
    "urlencode",
)
WHO_ASKS = 'FROM "accounts_user" WHERE "accounts_user"."id" = '
Answer = tuple[int, str]


class Noted(QueryDict):
    """A question that notes the names it is asked for; "" once somebody takes the whole of it."""

    def __init__(self, question: str) -> None:
        self.names: set[str] = set()
        super().__init__(question)
        self.names.clear()  # of what it asked itself

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)


def _noting(name: str) -> Any:
    def method(self: Noted, *given: Any, **named: Any) -> Any:
        self.names.add("")
        return getattr(super(Noted, self), name)(*given, **named)

    return method


for each in WHOLE:
    setattr(Noted, each, _noting(each))


class Read:
    """Notes the statements that a page had executed, but for the one that reads who asks."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WHO_ASKS not in sql:
            self.statements.append(sql)
        return execute(sql, params, many, context)


class Handler(ClientHandler):
    """Asks every page with a question that notes."""

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:
        request.GET = Noted(request.META["QUERY_STRING"])  # type: ignore[misc, assignment]  # in place of the cached one
        return super().get_response(request)


class Visitor(Client):
    """Somebody who asks, and need not ask again what was answered of no row: it is so whatever rows there are."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = Handler(enforce_csrf_checks=False)
        self.settled: dict[str, tuple[Answer, set[str]]] = {}


def signed_in(user: User) -> Visitor:
    client = Visitor()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answer(client: Visitor, method: str, address: str, **data: str) -> Answer:
    """What is sent back, without what changes from one time to the next."""
    return _answer(client, method, address, data)[0]


def answers(client: Visitor, page: str, questions: list[str]) -> dict[str, Answer]:
    """What a page answers by itself, and to those of the questions that it looks at.

    A page that never looks at a name goes the same way whatever the question says of it, up to its last word;
    it is not asked. Each question is one name with its value.
    """
    found, names = _answer(client, "get", page, {})
    heard = [ask for ask in questions if names & {"", ask[1:].partition("=")[0]}]
    return {"": found} | {ask: answer(client, "get", page + ask) for ask in heard}


def _answer(client: Visitor, method: str, address: str, data: dict[str, str]) -> tuple[Answer, set[str]]:
    if method == "get" and address in client.settled:
        return client.settled[address]
    read = Read()
    with connection.execute_wrapper(read):
        response = getattr(client, method)(address, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    words = CHANGING.sub("", body.decode(errors="replace")).replace(address, "")
    found = (response.status_code, words), response.wsgi_request.GET.names
    if method == "get" and not data and not read.statements:
        client.settled[address] = found
    return found


def words_of(response: Any) -> str:
    """The words of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
