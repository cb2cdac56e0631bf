"""The OpenAPI file, drawn from what the endpoints declare. Imported by the command that writes it, never to serve."""

import re
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.rest.fields import LARGEST, Choice

PROBLEM = "application/problem+json"
WORDS = {
    400: "The request could not be read.",
    401: "There is no token, or it opens nothing.",
    403: "The token or its user may not do this.",
    404: "There is no such thing, or none that the token's user may know of.",
    409: "The state of things does not allow it.",
    412: "It was changed since it was read.",
    413: "This is more than a call may carry.",
    415: "The body is of another type than this call takes.",
    422: "Something that was said is wrong; `errors` names each field with its reason.",
    428: "Say by If-Match which version is meant.",
    429: "Too many calls; wait for Retry-After seconds.",
}
LIMITS = {
    "RateLimit-Limit": "Calls in a minute.",
    "RateLimit-Remaining": "Calls left in this minute.",
    "RateLimit-Reset": "Seconds to the next minute.",
}


class WrongField(serializers.Serializer[Any]):
    """One reason why a field is refused."""

    field = serializers.CharField(help_text="Its path; empty for the whole.")
    value = serializers.JSONField(required=False, help_text="What was sent.")
    reason = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = WrongField(many=True, required=False)
    allowed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The moves that are possible instead."
    )
    missing = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What is wanting for it."
    )


class Schema(AutoSchema):
    """One operation, as the endpoint's `Spec` tells of it."""

    @property
    def spec(self) -> Any:
        """What the method declares."""
        return self.view.specs[self.method.lower()]

    def is_excluded(self) -> bool:
        """What is no endpoint of ours."""
        return self.method.lower() not in getattr(self.view, "specs", {})

    def get_operation_id(self) -> str:
        """The verb and the address: `get_parties_one`."""
        place = re.sub(r"\{\w+\}", "one", self.path.removeprefix("/api/v1/")).strip("/")
        return f"{self.method.lower()}_{re.sub(r'[^a-z]+', '_', place)}"

    def get_summary(self) -> str:
        """The first line of the docstring."""
        return str(self.spec.summary)

    def get_description(self) -> str:
        """The scope that it wants."""
        verb = "read" if self.method == "GET" else "write"
        return f"Scope: `{self.view.area}:{verb}`."

    def get_tags(self) -> list[str]:
        """The heading it stands under."""
        return [self.view.tag]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A token, always; a browser's session too where nothing is changed."""
        return [{"token": []}, {"session": []}] if self.method == "GET" else [{"token": []}]

    def get_request_serializer(self) -> Any:
        """What is said."""
        return self.spec.says

    def map_parsers(self) -> list[str]:
        """The types of body that it takes."""
        return [parser.media_type for parser in self.view.parser_classes]

    def get_override_parameters(self) -> list[Any]:
        """The question's fields and the headers that matter."""
        found: list[Any] = [self.spec.asks] if self.spec.asks().fields else []
        if self.spec.is_change:
            words = "The `ETag` of what was read; `*` for whatever there is."
            header = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r'^("[0-9a-f]+"|\*)$'}
            found.append(
                OpenApiParameter(
                    "If-Match", header, OpenApiParameter.HEADER, required=True, description=words
                )
            )
        if self.method == "POST":
            words = (
                "Sent again with the same key within a day, a call gets its first answer and does nothing."
            )
            key = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
            found.append(OpenApiParameter("Idempotency-Key", key, OpenApiParameter.HEADER, description=words))
        return found

    def get_response_serializers(self) -> Any:
        """The answer, and a problem for everything else that may happen."""
        found: dict[Any, Any] = {}
        if self.spec.is_file:
            found[(200, "application/octet-stream")] = bytes
        elif self.spec.answers is None:
            found[204] = OpenApiResponse(description="Done.")
        elif self.spec.is_page:
            found[200] = self._page()
        else:
            found[self.spec.status] = self.spec.answers
        if self.spec.asks().fields:  # the server in front, before anything of ours
            found[(414, "text/html")] = OpenApiResponse(str, "The address is too long.")
        return found | {(code, PROBLEM): OpenApiResponse(Problem, WORDS[code]) for code in self._codes()}

    def _codes(self) -> list[int]:
        spec, codes = self.spec, {401, 403, 429, *self.spec.codes}
        if spec.asks().fields or spec.says:
            codes.add(422)
        if spec.says or self.method != "GET":
            codes |= {400, 409, 413, 415, 422} if spec.says else {409, 422}
        if spec.is_change:
            codes |= {412, 428}
        if "{" in self.path or self.view.may_be_missing:
            codes.add(404)
        if spec.says:
            codes.add(404)  # what the body names may be gone by the time it is held
        return sorted(codes)

    def _page(self) -> Any:
        """Some rows, and the cursor of what follows."""
        row = self.spec.answers
        name = f"{row.__name__}Page"
        own = {
            "__doc__": f"Some rows of {self.view.tag}.",
            "results": row(many=True),
            "next": serializers.CharField(
                allow_null=True, help_text="Put it into `cursor` for the page after; null at the end."
            ),
        }
        return type(name, (serializers.Serializer,), own)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def _get_response_headers_for_code(self, status_code: Any, direction: Any = "response") -> Any:
        code = status_code[0] if isinstance(status_code, tuple) else status_code
        told = {**LIMITS, "Retry-After": "Seconds to wait."} if str(code) == "429" else LIMITS
        if str(code)[0] == "2" or str(code) == "429":
            return {
                name: {"schema": {"type": "integer"}, "description": words} for name, words in told.items()
            }
        return {}

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        found = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, Choice) and isinstance(found, dict) and "enum" in found:
            kinds = {type(value).__name__ for value in found["enum"] if value is not None}
            found["type"] = ["integer" if kinds == {"int"} else "string"]
            if field.allow_null:
                found["type"].append("null")
        return found

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """Bodies take no other fields than these."""
        found = super()._map_basic_serializer(serializer, direction)
        if direction == "request":
            found["additionalProperties"] = False
            if self.spec.is_change:
                found.pop("required", None)
        return found


def openapi() -> dict[str, Any]:
    """The whole file."""
    generator = SchemaGenerator(api_version="1")
    drawn: dict[str, Any] = generator.get_schema(request=None, public=True)
    drawn["servers"] = [{"url": "/", "description": "This workspace."}]
    drawn["info"]["description"] = (
        "Every relationship a company depends on: the same operations as the pages, with the same rights. "
        "Times are UTC, ISO 8601; amounts are text with a currency; what somebody may not know of is not there."
    )
    drawn["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of Settings › API tokens."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "relman_session",
            "description": "Reading alone.",
        },
    }
    _tidy(drawn)
    return drawn


def _tidy(drawn: Any) -> None:
    """Takes out what only the drawing needed."""
    if isinstance(drawn, dict):
        drawn.pop("x-spec-enum-id", None)
        if drawn.get("in") == "path":
            drawn["schema"] |= {"minimum": 1, "maximum": LARGEST}
    for inner in drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ():
        _tidy(inner)
