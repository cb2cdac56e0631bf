"""Where a form meets an operation: what the operation refuses is shown beside the fields that it names."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm

from core.refusals import Invalid

T = TypeVar("T")


def carry_out(form: BaseForm, operation: Callable[..., T], **arguments: Any) -> T | None:
    """Runs `operation` and returns its result; None when it refuses a value, whose words the form then shows.

    A refusal that names a field that the form lacks stands above the fields. Conflicts and missing rights are
    not about a value: they go on to whoever answers them with a page.
    """
    try:
        return operation(**arguments)
    except Invalid as refusal:
        for field, words in refusal.errors.items():
            for sentence in words:
                form.add_error(field if field in form.fields else None, sentence)
    return None
