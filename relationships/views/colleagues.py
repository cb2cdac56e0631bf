"""Choosing one of our own people, who may be a thousand."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from accounts.models import User
from core.addresses import ids_in
from core.http import picker_words
from relationships.filters.relationship_list import Whose
from relationships.forms.follow_ups import colleagues
from relationships.queries.relationship_list import named

OFFERED = 10


@login_required
@require_GET
def whose_options(request: HttpRequest) -> HttpResponse:
    """Whose work a list is to show: the viewer's, their team's, or that of whoever is called so."""
    q = picker_words(request)
    ours = [{"value": value, "label": capfirst(str(label))} for value, label in Whose.choices]
    options: list[dict[str, Any]] = [each for each in ours if q.casefold() in each["label"].casefold()]
    found = named(colleagues(), q, field="name")[:OFFERED]
    options += [{"value": row.pk, "label": row.name} for row in found]
    return render(request, "ui/_options.html", {"options": options, "q": q, "list": "whose-option"})


def names_of(values: "list[str] | tuple[str, ...]") -> dict[str, str]:
    """The names of those of our people whose ids are among the values of a filter, by their id as text."""
    ids = ids_in(values)
    rows = User.objects.filter(pk__in=ids).values_list("pk", "name") if ids else []
    return {str(pk): name for pk, name in rows}
