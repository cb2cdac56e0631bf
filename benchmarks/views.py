"""Reference F: plain signed-in views with the product's middleware, one query each, and a bare template."""

import json
from time import perf_counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, reads
from accounts.enums import Area
from accounts.middleware import viewer_of
from benchmarks.middleware import FACTS_HEADER
from benchmarks.reference import FACTS
from relationships.models import Party


@login_required
@require_GET
def plain(request: HttpRequest, name: str) -> HttpResponse:
    """The facts of one of the product's pages, as rows of a table; `?with=` holds what the query asks for."""
    started = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(FACTS[name], json.loads(request.GET["with"]))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    seconds = perf_counter() - started
    told = [[*map(str, row)] for row in rows]
    response = render(request, "benchmarks/plain.html", {"rows": told})
    response[FACTS_HEADER] = f"{seconds:.6f}"
    return response


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """The same frame with nothing in it; a POST is answered without a page."""
    if request.method == "POST":
        return HttpResponse(status=204)
    return render(request, "benchmarks/empty.html")


@login_required
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """A party as barely as it can be written."""
    viewer = viewer_of(request)
    Party.objects.create(
        kind="organisation", name=request.POST["name"], created_at=timezone.now(), created_by=viewer
    )
    return HttpResponse(status=204)


class EmptyOut(serializers.Serializer[Any]):
    """Nothing."""


class EmptyCall(Endpoint):
    """A call of the API that finds nothing and says nothing."""

    area = Area.WORKSPACE

    @reads(EmptyOut)
    def get(self, call: Call) -> dict[str, Any]:
        """Nothing."""
        return {}
