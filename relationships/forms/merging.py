"""Two people change the same thing: what each changed is put together, and only what both changed is asked about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from relationships.forms.relationships import TermsForm

ORIGINAL = "original"
"""The hidden field that says what stood there when the form was opened."""


@dataclass(frozen=True)
class Clash:
    """A field that two people changed differently, each value in words."""

    name: str
    label: str
    current: str
    yours: str
    original: str


def originals(form: forms.BaseForm) -> str:
    """What stands in the form's fields now, as one text to carry along."""
    return json.dumps({bound.name: _text(bound.initial) for bound in form if bound.name != "version"})


def read_originals(text: str) -> dict[str, Any] | None:
    """What `originals` packed; None for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def original_of(form: forms.BaseForm, name: str) -> str:
    """What stands in one field now, as text to carry along; of several choices as JSON."""
    standing = _text(form[name].initial)
    return json.dumps(standing) if isinstance(standing, list) else standing


def read_original(form: forms.BaseForm, name: str, text: str) -> Any:
    """What `original_of` wrote; text that it did not write is taken as it is."""
    if not isinstance(form.fields[name], forms.MultipleChoiceField):
        return text
    try:
        return json.loads(text) if text else []
    except ValueError:
        return text


def merge(
    yours: TermsForm, standing: TermsForm, original: Mapping[str, Any], version: int
) -> tuple[QueryDict, list[Clash]]:
    """The form's data with what others changed meanwhile, and the fields that both changed.

    `standing` is the form with what stands there now. What the giver did not touch keeps what stands there.
    """
    data, clashes = QueryDict(mutable=True), []
    for bound in yours:
        if bound.name == "version":
            continue
        mine, now, was = (
            _text(bound.value()),
            _text(standing[bound.name].initial),
            original.get(bound.name, ""),
        )
        chosen = mine
        if _same(bound.field, mine, was):
            chosen = now
        elif not _same(bound.field, now, was) and not _same(bound.field, now, mine):
            told = (_words(bound.field, value) for value in (now, mine, was))
            clashes.append(Clash(bound.name, str(bound.label), *told))
        data.setlist(bound.html_name, chosen if isinstance(chosen, list) else [chosen])
    data["version"] = str(version)
    return data, clashes


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list | tuple | set):
        return sorted(str(each) for each in value)
    return str(getattr(value, "pk", value))


def _same(field: forms.Field, one: Any, other: Any) -> bool:
    try:
        return bool(field.to_python(one) == field.to_python(other))
    except ValidationError:
        return bool(one == other)


def _words(field: forms.Field, value: Any) -> str:
    """A value as people read it: its choice's words where it has some."""
    values = value if isinstance(value, list) else [value]
    choices = {str(key): words for key, words in getattr(field, "choices", ())}
    return ", ".join(str(choices.get(each, each)) for each in values)
