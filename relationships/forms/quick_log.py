"""Logging: one line, or on a phone a few taps and a text that become the same line."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import Channel
from relationships.forms.follow_ups import DayInput, text_area

LONGEST_LINE = 2000
CHANNELS = (Channel.CALL, Channel.EMAIL, Channel.MEETING, Channel.NOTE)
OUTCOMES = [
    ("spoke", _("Spoke")),
    ("left message", _("Left message")),
    ("no answer", _("No answer")),
    ("moved", _("Moved")),
]
FELT = [("0.5", _("Better")), ("0", _("Same")), ("-0.5", _("Worse"))]
NEXT = [
    ("", _("None")),
    ("1", _("Tomorrow")),
    ("friday", _("Friday")),
    ("7", _("In 1 week")),
    ("date", _("Pick a day")),
]


class LineForm(forms.Form):
    """The line, where it was typed, and the key that makes sending it twice harmless."""

    line = forms.CharField(max_length=LONGEST_LINE, strip=False)
    relationship = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid.uuid4


class SheetForm(forms.Form):
    """The phone's sheet: with whom, how, what happened, how they felt, and when next."""

    party = forms.RegexField(r"^\d+-\d*$", max_length=40, required=False)
    relationship = forms.IntegerField(required=False, min_value=1)
    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in CHANNELS])
    outcome = forms.ChoiceField(choices=OUTCOMES, required=False)
    body = forms.CharField(label=_("What happened"), max_length=LONGEST_LINE, widget=text_area(rows=4))
    felt = forms.ChoiceField(choices=FELT, required=False)
    next = forms.ChoiceField(choices=NEXT, required=False)
    next_date = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid.uuid4

    def clean(self) -> dict[str, Any]:
        """Somebody must be said, and a day where one is to be picked."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("party") and not cleaned.get("relationship"):
            self.add_error("party", _("Say who it was with."))
        if cleaned.get("next") == "date" and not cleaned.get("next_date") and "next_date" not in self.errors:
            self.add_error("next_date", _("Pick the day."))
        return cleaned

    def next_day(self, today: Any) -> Any:
        """The day of the next touch, counted from today; None for none."""
        choice = self.cleaned_data["next"]
        if choice == "date":
            return self.cleaned_data["next_date"]
        if choice == "friday":
            return today + timedelta(days=(4 - today.weekday()) % 7 or 7)
        return today + timedelta(days=int(choice)) if choice else None
