"""A form as a dialog for htmx and as a page for everybody else; and where one goes back to from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.http import is_htmx


@dataclass(frozen=True)
class Dialog:
    """What a form is called, where it goes, and which template draws its fields; `danger` cannot be undone."""

    title: str
    action: str
    fields: str
    submit: str
    back: str
    danger: bool = False
    multipart: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def ask(request: HttpRequest, dialog: Dialog, form: BaseForm) -> HttpResponse:
    """Shows the form: 200 when it is asked for, 422 when what came had errors."""
    part = "#dialog" if is_htmx(request) else ""
    context = {**dialog.more, "dialog": dialog, "form": form}
    status = 422 if form.errors else 200
    return render(request, f"relationships/form_dialog.html{part}", context, status=status)


def back_of(request: HttpRequest, default: str) -> str:
    """The address in `back`, or the default when there is none or it leads elsewhere."""
    asked = request.POST.get("back", "") or request.GET.get("back", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours else default
