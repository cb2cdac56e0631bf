"""Whose sight is asked about, and of what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import ActivePersonField


class PersonForm(forms.Form):
    """A colleague."""

    person = ActivePersonField(label=_("Person"), empty_label=_("Choose a person"))


class SightForm(PersonForm):
    """A colleague, and the name of a record or of somebody."""

    q = forms.CharField(
        label=_("Record or person"),
        required=False,
        max_length=100,
        help_text=_("Part of a name. You find only what you may see yourself."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
