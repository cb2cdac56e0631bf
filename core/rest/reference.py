"""The reference of the API as pages: drawn from the OpenAPI file, so that it cannot say anything else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

PLACE = settings.BASE_DIR / "static" / "api" / "openapi.json"
DEEPEST = 3


@dataclass(frozen=True)
class Field:
    """One field of a body, an answer or a question; `name` is its path."""

    name: str
    kind: str
    wanted: bool
    words: str


@dataclass(frozen=True)
class Call:
    """One call: what it is for, what it takes, what it gives."""

    key: str
    verb: str
    place: str
    summary: str
    scope: str
    asks: list[Field]
    says: list[Field]
    gives: list[Field]
    codes: list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """The calls of one heading."""

    slug: str
    title: str
    calls: list[Call]


@cache
def sections() -> list[Section]:
    """Everything that the file tells, by heading."""
    drawn = json.loads(PLACE.read_text())
    found: dict[str, list[Call]] = {}
    for place, verbs in drawn["paths"].items():
        for verb, call in verbs.items():
            found.setdefault(call["tags"][0], []).append(_call(drawn, place, verb, call))
    return [Section(slugify(title), title, calls) for title, calls in sorted(found.items())]


def _call(drawn: dict[str, Any], place: str, verb: str, call: dict[str, Any]) -> Call:
    asked = [each for each in call.get("parameters", []) if each["in"] != "path"]
    answer: dict[str, Any] = next(
        (given for code, given in call["responses"].items() if code.startswith("2")), {}
    )
    return Call(
        key=call["operationId"],
        verb=verb.upper(),
        place=place,
        summary=call["summary"],
        scope=call["description"].partition("`")[2].partition("`")[0],
        asks=[
            Field(
                each["name"],
                _kind(each["schema"]),
                each.get("required", False),
                each.get("description", ""),
            )
            for each in asked
        ],
        says=_said(drawn, call.get("requestBody", {})),
        gives=_said(drawn, answer),
        codes=[(code, given["description"]) for code, given in call["responses"].items() if code[0] == "4"],
    )


def _said(drawn: dict[str, Any], body: dict[str, Any]) -> list[Field]:
    """The fields of a body."""
    content: dict[str, Any] = next(iter(body.get("content", {}).values()), {})
    return list(_fields(drawn, content.get("schema", {})))


def _fields(drawn: dict[str, Any], schema: dict[str, Any], path: str = "", deep: int = 0) -> Iterator[Field]:
    """Each field by its path, those within it after it."""
    schema = _resolved(drawn, schema)
    for name, field in schema.get("properties", {}).items():
        inner = _resolved(drawn, field)
        here, is_list = f"{path}{name}", inner.get("type") == "array"
        wanted = name in schema.get("required", [])
        within = _resolved(drawn, inner["items"]) if is_list else inner
        kind = f"list of {_kind(within)}" if is_list else _kind(inner)
        yield Field(here, kind, wanted, field.get("description", ""))
        if "properties" in within and deep < DEEPEST:
            yield from _fields(drawn, within, f"{here}[]." if is_list else f"{here}.", deep + 1)


def _resolved(drawn: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; of alternatives the first, for the other is nothing."""
    schema = schema.get("oneOf", [schema])[0]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = drawn["components"]["schemas"][name] if name else schema
    return found


def _kind(schema: dict[str, Any]) -> str:
    """The type in words, with what it may be."""
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value not in ("", None))
    kinds = schema.get("type", "object")
    told = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    return str(schema.get("format") or " or ".join(told))


@require_safe
def openapi_file(request: HttpRequest) -> FileResponse:
    """The OpenAPI file. It tells of the product alone, so anybody may have it."""
    return FileResponse(PLACE.open("rb"), content_type="application/json")


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every call in one line."""
    return render(request, "core/api_overview.html", {"sections": sections()})


@login_required
@require_safe
def section(request: HttpRequest, tab: str) -> HttpResponse:
    """The calls of one heading with everything that they take and give."""
    found = next((each for each in sections() if each.slug == tab), None)
    if found is None:
        raise Http404
    return render(request, "core/api_section.html", {"section": found, "sections": sections()})
