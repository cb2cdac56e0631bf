"""Where a form meets an operation; and the style guide's own form, one field of each layout."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.refusals import Conflict, Invalid

T = TypeVar("T")


def carry_out(
    form: forms.BaseForm, operation: Callable[..., T], prefix: str = "", /, **arguments: Any
) -> T | None:
    """Runs `operation` and returns its result; None when it refuses a value, whose words the form then shows.

    A refusal that names a field that the form lacks, also with `prefix` before it, stands above the fields. A
    conflict that only misses a field of the form is about that value; every other one, and a missing right, goes
    on to whoever answers it with a page.
    """
    try:
        return operation(**arguments)
    except Invalid as refusal:
        for field, words in refusal.errors.items():
            known = next((name for name in (field, prefix + field) if name in form.fields), None)
            for sentence in words:
                form.add_error(known, sentence)
    except Conflict as refusal:
        if not refusal.missing or not set(refusal.missing) <= set(form.fields):
            raise
        for field in refusal.missing:
            form.add_error(field, refusal.message)
    return None


class SpecimenForm(forms.Form):
    """A promise, to show fields, hints, errors and how a dialog answers."""

    promised = forms.CharField(label=_("What is promised"), max_length=200)
    due = forms.DateField(
        label=_("Due date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The original date is kept when it is moved."),
        error_messages={"required": _("Choose the day by which it is kept.")},
    )
    direction = forms.ChoiceField(
        label=_("Who promised"),
        choices=[("ours", _("We did")), ("theirs", _("They did"))],
        widget=forms.RadioSelect,
        initial="ours",
    )
    owner = forms.ChoiceField(
        label=_("Owner"),
        choices=[("", _("Choose a person")), ("amara", "Amara Osei"), ("tom", "Tom Baptiste")],
        error_messages={"required": _("Choose who keeps this promise.")},
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    tell = forms.BooleanField(
        label=_("Tell them by e-mail"), required=False, help_text=_("Sends one message to Dr Helen Marsh.")
    )
