"""For how long something is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import kind_field
from oversight.enums import KeptData


class RuleForm(forms.Form):
    """What, of which kind of relationship, for how many days."""

    what = forms.ChoiceField(label=_("What"), choices=KeptData.choices)
    kind = kind_field()
    days = forms.IntegerField(
        label=_("Kept for, in days"), min_value=30, max_value=36_500, help_text=_("Three years are 1,095.")
    )
