"""What somebody settles for themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Theme
from accounts.forms.choices import language_field, time_zone_field


class ProfileForm(forms.Form):
    """How one is named and where one is."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = forms.CharField(
        label=_("Job title"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    time_zone = time_zone_field()
    language = language_field()


class AppearanceForm(forms.Form):
    """Colours, and whether single letters act."""

    theme = forms.ChoiceField(
        label=_("Colours"), choices=Theme.choices, required=False, widget=forms.RadioSelect
    )
    keys_on = forms.BooleanField(
        label=_("Single keys act"),
        required=False,
        help_text=_(
            "L logs an interaction, J and K move through lists, G and a letter goes to a page. "
            "Switch them off if you speak to your computer or press keys by accident."
        ),
    )
