"""Fields in the product's looks, and where a form meets an operation."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from core.refusals import Conflict, Invalid

T = TypeVar("T")


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"class": "inp", **attrs}, format="%Y-%m-%d")


def text_input(**attrs: Any) -> forms.TextInput:
    """A field of one line."""
    return forms.TextInput(attrs={"class": "inp", "autocomplete": "off", **attrs})


def text_area(**attrs: Any) -> forms.Textarea:
    """A field of some lines."""
    return forms.Textarea(attrs={"class": "inp", "rows": 3, **attrs})


def select() -> forms.Select:
    """A choice."""
    return forms.Select(attrs={"class": "inp"})


def amount_input(**attrs: Any) -> forms.TextInput:
    """An amount of money; its decimals have a point."""
    return forms.TextInput(attrs={"class": "inp num", "inputmode": "decimal", "autocomplete": "off", **attrs})


def carry_out(form: forms.BaseForm, operation: Callable[..., T], **arguments: Any) -> T | None:
    """Runs `operation` and returns its result; None when it refuses a value, whose words the form then shows.

    A conflict that only misses a field of the form is about that value; every other one goes on to a page.
    """
    try:
        return operation(**arguments)
    except Invalid as refusal:
        for field, words in refusal.errors.items():
            for sentence in words:
                form.add_error(field if field in form.fields else None, sentence)
    except Conflict as refusal:
        if not refusal.missing or not set(refusal.missing) <= set(form.fields):
            raise
        for field in refusal.missing:
            form.add_error(field, refusal.message)
    return None
