"""What is asked when somebody acts on an alert or judges it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from health.forms.widgets import DayInput, text_input


class SeeForm(forms.Form):
    """A move that needs no words."""


class ActForm(forms.Form):
    """What is done, and by when if it is still to be done."""

    what = forms.CharField(label=_("What is done about it"), max_length=300, widget=text_input())
    due_date = forms.DateField(
        label=_("By when"),
        required=False,
        help_text=_("With a day it becomes a follow-up of the owner."),
        widget=DayInput(),
    )


class ConfirmForm(forms.Form):
    """What shows that it was right, for whoever likes to say."""

    why = forms.CharField(label=_("What came of it"), max_length=400, required=False, widget=text_input())


class DismissForm(forms.Form):
    """Why it was false, so that the rule can be mended."""

    why = forms.CharField(label=_("Why it was a false alarm"), max_length=400, widget=text_input())


class RetireForm(forms.Form):
    """Why a rule shall raise nothing any more."""

    reason = forms.CharField(label=_("Why"), max_length=400, widget=text_input())


MOVE_FORMS: dict[str, type[forms.Form]] = {
    "acknowledge": SeeForm,
    "act": ActForm,
    "confirm": ConfirmForm,
    "dismiss": DismissForm,
}
