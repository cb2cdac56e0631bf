"""Naming somebody who may know of what is confidential."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from relationships.forms.follow_ups import DayInput, colleagues, select, text_input


class AccessForm(forms.Form):
    """Who, why, and until when."""

    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), widget=select())
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Stays on the timeline."), widget=text_input()
    )
    until_date = forms.DateField(
        label=_("Until"), required=False, help_text=_("The last day; empty for no end."), widget=DayInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField
