"""Forms of tokens and of the programs that use them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope

LIVES = [(30, _("30 days")), (90, _("90 days")), (366, _("One year"))]


class TokenForm(forms.Form):
    """What a token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself. Writing includes reading."),
    )
    days = forms.TypedChoiceField(label=_("It opens the door for"), choices=LIVES, coerce=int, initial=90)


class ServiceAccountForm(forms.Form):
    """A program by its name."""

    name = forms.CharField(
        label=_("Name of the program"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
