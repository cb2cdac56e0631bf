"""The style guide's own form: one field of each layout."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
