"""A form as a dialog for htmx and as a page for everybody else, from one set of fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import is_htmx


@dataclass(frozen=True)
class Dialog:
    """What a form is called, where it goes, and what its fields are; `danger` marks what cannot be undone, and
    `multipart` what takes a file."""

    title: str
    action: str
    fields: str
    submit: str
    back: str
    danger: bool = False
    multipart: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def ask(request: HttpRequest, dialog: Dialog, form: BaseForm, status: int = 0) -> HttpResponse:
    """Shows the form: 200 when it is asked for, 422 when what came had errors."""
    part = "#dialog" if is_htmx(request) else ""
    context = {**dialog.more, "dialog": dialog, "form": form}
    return render(
        request,
        f"relationships/form_dialog.html{part}",
        context,
        status=status or (422 if form.errors else 200),
    )
