"""Where a form of the kernel meets an operation: refusals may name fields of a kind's own profile."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm

from core import forms

T = TypeVar("T")
PROFILE = "profile_"
"""How a form calls the fields of a kind's own profile."""


def carry_out(form: BaseForm, operation: Callable[..., T], **arguments: Any) -> T | None:
    """`core.forms.carry_out`, for forms that may hold a profile's fields."""
    return forms.carry_out(form, operation, PROFILE, **arguments)
