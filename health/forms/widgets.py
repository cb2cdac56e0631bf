"""Fields in the product's looks, and where a form meets an operation."""

from typing import Any, TypeVar

from django import forms

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
