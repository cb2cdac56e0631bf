"""What is asked for a person: erasure, and that nothing of them may go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from oversight.enums import ErasureBasis


class ErasureForm(forms.Form):
    """Why somebody is to be erased."""

    basis = forms.ChoiceField(label=_("Why"), choices=ErasureBasis.choices)
    reason = forms.CharField(
        label=_("Where that can be looked up"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HoldForm(forms.Form):
    """Why nothing of somebody may go, or why it may again."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.TextInput)
