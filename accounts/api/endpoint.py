"""One endpoint of the API: who may call it, what is asked and said, and how its answer is sent.

An endpoint is a class with a method for each verb, made by one of the four words below. A method gets a
`Call` whose parts have been checked, makes one domain call, and gives back a thing, or rows with their order;
everything else is the same everywhere: scopes, limits, keys that make a call repeatable, versions.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.api.access import BrowserAuthentication, CallLimit, TokenAuthentication, require_scope
from accounts.enums import Area
from accounts.models import User
from accounts.operations.calls import keep_answer, take_key
from core import keyset
from core.refusals import Invalid, Missing
from core.rest import fields, paging
from core.rest.problems import Stale, Unconditional, answer

MOST_BYTES = 5 * 1024 * 1024
KEY = re.compile(r"[!-~]{1,100}")
Serializer = type[BaseSerializer[Any]]


@dataclass(frozen=True)
class Spec:
    """What one method of an endpoint takes and gives: what the OpenAPI file tells of it, and what is checked."""

    handler: Callable[..., Any]
    answers: Serializer | None = None
    asks: type[fields.Question] = fields.Question
    says: Serializer | None = None
    status: int = 200
    is_page: bool = False
    is_file: bool = False
    is_change: bool = False
    codes: tuple[int, ...] = ()

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (self.handler.__doc__ or "").strip().splitlines()[0]

    @cached_property
    def question(self) -> fields.Question:
        """What reads the question of each call: one for all of them, for it keeps nothing of any."""
        return self.asks()


@dataclass(frozen=True)
class Rows:
    """Rows to cut a page from; `dress` makes what the serialiser reads, for the rows of one page."""

    rows: "models.QuerySet[Any]"
    order: keyset.Order
    dress: Callable[[list[Any]], list[Any]] = list


@dataclass
class Call:
    """A call whose parts have been checked."""

    request: Request
    viewer: User
    now: datetime
    asked: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        """What serialisers may want to know."""
        return {"viewer": self.viewer, "now": self.now}


class OnlyJson(BaseContentNegotiation):
    """There is one representation: whoever asks for another gets it all the same, and can read its type."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser of the body's type; None refuses it."""
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first."""
        return renderers[0], renderers[0].media_type


class Json(JSONParser):
    """JSON, however deep somebody has nested it."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """What the body says; raises ParseError for what cannot be read."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This is nested too deeply.")) from None


class Endpoint(APIView):
    """The base of all endpoints."""

    area: ClassVar[Area]
    tag: ClassVar[str] = ""
    may_be_missing: ClassVar[bool] = False  # though its address names no single thing
    holder: ClassVar[str] = ""
    """The relation whose row is locked before a version is compared: what the operations lock first, too."""
    find: Callable[..., Any]
    """Gives what the address names, as the viewer may see it; raises Missing. Whoever changes one thing defines it."""

    authentication_classes = [TokenAuthentication, BrowserAuthentication]
    throttle_classes = [CallLimit]
    permission_classes: ClassVar[list[Any]] = []
    parser_classes: Any = [Json]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = OnlyJson
    metadata_class = None
    specs: ClassVar[dict[str, Spec]] = {}
    limits: dict[str, str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Takes the methods that the words have marked; the framework calls `run` for each."""
        super().__init_subclass__(**kwargs)
        found = {
            verb: spec
            for verb in ("get", "post", "patch", "delete")
            if isinstance(spec := getattr(cls, verb, None), Spec)
        }
        cls.specs = {**cls.specs, **found}
        cls.http_method_names = [*cls.specs, *(["head"] if "get" in cls.specs else [])]
        for verb, spec in found.items():
            setattr(cls, verb, _runner(spec))

    def get_exception_handler(self) -> Any:
        """Every error is a problem of RFC 9457."""
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody comes in without being known."""
        self.limits = {}
        self.perform_authentication(request)
        if not request.user or not request.user.is_authenticated:
            raise NotAuthenticated(_("Send a token: Authorization: Bearer …"))
        self.check_throttles(request)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the headers that every answer has."""
        for name, value in getattr(self, "limits", {}).items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    def run(self, spec: Spec, request: Request, **parts: Any) -> Response:
        """One call: checked, done, answered."""
        to_write = request.method not in ("GET", "HEAD")
        require_scope(request.auth, self.area, to_write=to_write)
        call = Call(request, request.user, timezone.now())
        call.asked = dict(spec.question.run_validation(_question(request, spec)))
        if spec.says is not None:
            if _length(request) > MOST_BYTES and Json in self.parser_classes:
                raise RequestDataTooBig  # files have limits of their own
            call.said = _checked(spec.says, request.data, call.context, partial=spec.is_change)
        if not to_write:
            return self._answer(spec, call, spec.handler(self, call, **parts))
        with transaction.atomic():
            return self._write(spec, call, parts)

    def _write(self, spec: Spec, call: Call, parts: dict[str, Any]) -> Response:
        key = call.request.headers.get("Idempotency-Key")
        if call.request.method != "POST" or key is None:
            return self._do(spec, call, parts)
        if not KEY.fullmatch(key):
            raise Invalid({"Idempotency-Key": _("A key has 1 to 100 visible ASCII characters.")})
        taken = take_key(user=call.viewer, key=key, fingerprint=_fingerprint(call.request), now=call.now)
        if taken.answered is not None:
            first = taken.answered
            again = {**first.headers, "Idempotency-Replayed": "true"}
            return Response(first.body, status=first.status, headers=again)
        response = self._do(spec, call, parts)
        body = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
        told = {name: response.headers[name] for name in ("ETag",) if name in response.headers}
        keep_answer(taken=taken, status=response.status_code, body=body, headers=told)
        return response

    def _do(self, spec: Spec, call: Call, parts: dict[str, Any]) -> Response:
        if spec.is_change:
            return self._answer(spec, call, spec.handler(self, call, self._unchanged(call, parts)))
        return self._answer(spec, call, spec.handler(self, call, **parts))

    def _unchanged(self, call: Call, parts: dict[str, Any]) -> Any:
        """The thing, locked, and of the version that the client read; raises Unconditional or Stale."""
        thing = self.find(call, **parts)
        wanted = call.request.headers.get("If-Match", "")
        if not wanted:
            raise Unconditional(_("Send If-Match with the ETag of what you read."))
        locked = getattr(thing, self.holder) if self.holder else thing
        rows = type(locked)._base_manager.filter(pk=locked.pk).select_for_update(of=("self",), no_key=True)
        if not rows.exists():
            raise Missing(_("There is nothing here, or nothing that is yours to see."))
        thing = self.find(call, **parts)
        if wanted.strip() not in ("*", etag(thing)):
            raise Stale(_("This was changed since you read it. Read it again, then change it."))
        return thing

    def _answer(self, spec: Spec, call: Call, given: Any) -> Response:
        """The thing, the page or the nothing that a method gave back."""
        if spec.is_file:
            return given
        if spec.answers is None:
            return Response(status=204)
        if isinstance(given, Rows):
            found, following = paging.cut(given.rows, given.order, path=call.request.path, asked=call.asked)
            rows = spec.answers(given.dress(found.rows), many=True, context=call.context).data
            return Response({"results": rows, "next": following})
        if spec.is_page:
            rows = spec.answers(given.rows, many=True, context=call.context).data
            return Response({"results": rows, "next": given.next})
        headers = {"ETag": etag(given)} if isinstance(given, models.Model) else {}
        return Response(spec.answers(given, context=call.context).data, status=spec.status, headers=headers)


def _runner(spec: Spec) -> Callable[..., Response]:
    def handler(self: Endpoint, request: Request, **parts: Any) -> Response:
        return self.run(spec, request, **parts)

    handler.__doc__ = spec.handler.__doc__
    return handler


def reads(
    answers: Serializer | None = None,
    *,
    asks: type[fields.Question] = fields.Question,
    is_file: bool = False,
    codes: tuple[int, ...] = (),
) -> Callable[[Callable[..., Any]], Any]:
    """GET. A question that is `Paged` makes it a list: the method gives back `Rows`, or a `paging.Page`.

    `codes` are the problems that it may answer with beside the usual ones.
    """
    is_page = issubclass(asks, fields.Paged)
    return lambda handler: Spec(handler, answers, asks=asks, is_page=is_page, is_file=is_file, codes=codes)


def creates(answers: Serializer, *, says: Serializer) -> Callable[[Callable[..., Any]], Any]:
    """POST of something new; the method gives it back."""
    return lambda handler: Spec(handler, answers, says=says, status=201)


def acts(answers: Serializer | None, *, says: Serializer) -> Callable[[Callable[..., Any]], Any]:
    """POST of a noun that does something to what there is; the method gives back how it is then."""
    return lambda handler: Spec(handler, answers, says=says, status=200 if answers else 204)


def changes(answers: Serializer, *, says: Serializer) -> Callable[[Callable[..., Any]], Any]:
    """PATCH, with `If-Match`: the method gets what `find` found, and gives back how it is then."""
    return lambda handler: Spec(handler, answers, says=says, is_change=True)


def removes(*, says: Serializer | None = None) -> Callable[[Callable[..., Any]], Any]:
    """DELETE, with `If-Match`: the method gets what `find` found."""
    return lambda handler: Spec(handler, says=says, is_change=True, status=204)


def etag(thing: models.Model) -> str:
    """The version of a thing: its own count of edits, or a hash of its row where it counts none."""
    version = getattr(thing, "version", None)
    if version is not None:
        return f'"{version}"'
    told = [str(getattr(thing, column.attname)) for column in thing._meta.concrete_fields]
    return f'"{hashlib.sha256(chr(31).join(told).encode()).hexdigest()[:20]}"'


def one(rows: "models.QuerySet[Any]", pk: int) -> Any:
    """The row with this number; raises Missing."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is nothing here, or nothing that is yours to see."))
    return found


def _question(request: Request, spec: Spec) -> dict[str, Any]:
    """The address's question: lists where several values may be given, else the last one."""
    given = request.query_params
    if not given:
        return {}
    several = {name for name, each in spec.question.fields.items() if hasattr(each, "child")}
    return {name: given.getlist(name) if name in several else given[name] for name in given}


def _checked(
    serializer: Serializer, data: Any, context: dict[str, Any] | None = None, *, partial: bool = False
) -> dict[str, Any]:
    checked = serializer(data=data, context=context or {}, partial=partial)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _length(request: Request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _fingerprint(request: Request) -> str:
    """A hash of what a call asks for: the verb, the address and everything that is said."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    said = request.data
    files = getattr(request, "FILES", {})
    plain = {name: said[name] for name in said if name not in files} if files else said
    told.update(json.dumps(plain, sort_keys=True, default=str).encode())
    for name in sorted(files):
        for piece in files[name].chunks():
            told.update(piece)
        files[name].seek(0)
    return told.hexdigest()
