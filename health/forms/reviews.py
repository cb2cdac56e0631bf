"""What is asked on the way of a review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from health.enums import ReviewVerdict
from health.forms.widgets import DayInput, select, text_area, text_input


class DiscussForm(forms.Form):
    """What was said."""

    discussion = forms.CharField(label=_("What was said"), max_length=4000, widget=text_area())


class DecideForm(forms.Form):
    """The verdict, why, and what follows."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=ReviewVerdict.choices, widget=select())
    reason = forms.CharField(label=_("Why"), max_length=400, widget=text_input())
    plan = forms.CharField(
        label=_("Plan"),
        required=False,
        max_length=4000,
        help_text=_("What is done by whom, and what it is to change. An exit says who is told, and when."),
        widget=text_area(),
    )
    notice_date = forms.DateField(label=_("Told to them on"), required=False, widget=DayInput())
    data_note = forms.CharField(
        label=_("What is kept of their data, and how long"),
        required=False,
        max_length=400,
        widget=text_input(),
    )
    next_review_date = forms.DateField(label=_("Next review"), widget=DayInput())
