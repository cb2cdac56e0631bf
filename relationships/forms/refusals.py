"""What an operation refuses, shown beside the fields it speaks of."""

from collections.abc import Mapping

from django import forms

from core.refusals import Conflict, Invalid, Refusal


def show_refusal(form: forms.BaseForm, refusal: Refusal, names: Mapping[str, str] | None = None) -> None:
    """Puts a refusal's words at the form's fields; `names` maps an operation's field to the form's.

    Words about something that the form does not ask for stand above it.
    """
    if isinstance(refusal, Invalid):
        for field, messages in refusal.errors.items():
            shown = (names or {}).get(field, field)
            for words in messages:
                form.add_error(shown if shown in form.fields else None, words)
    elif isinstance(refusal, Conflict) and refusal.missing:
        for field in refusal.missing:
            form.add_error(field if field in form.fields else None, refusal.message)
    else:
        form.add_error(None, refusal.message)
