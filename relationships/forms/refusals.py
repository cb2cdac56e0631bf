"""Where a form meets an operation: what the operation refuses is shown beside the fields that it names."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm

from core.refusals import Conflict, Invalid

T = TypeVar("T")
PROFILE = "profile_"
"""How a form calls the fields of a kind's own profile."""


def carry_out(form: BaseForm, operation: Callable[..., T], **arguments: Any) -> T | None:
    """Runs `operation` and returns its result; None when it refuses a value, whose words the form then shows.

    A refusal that names a field that the form lacks stands above the fields. A conflict that only misses a
    field of the form is about that value; every other one, and a missing right, goes on to whoever answers
    it with a page.
    """
    try:
        return operation(**arguments)
    except Invalid as refusal:
        for field, words in refusal.errors.items():
            known = next((name for name in (field, PROFILE + field) if name in form.fields), None)
            for sentence in words:
                form.add_error(known, sentence)
    except Conflict as refusal:
        if not refusal.missing or not set(refusal.missing) <= set(form.fields):
            raise
        for field in refusal.missing:
            form.add_error(field, refusal.message)
    return None
