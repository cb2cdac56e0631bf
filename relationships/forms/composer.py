"""The composer of a record: a text read like the one-line log, and beside it what is easier to tap than to write."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import CommitmentDirection, Direction, Severity
from relationships.forms.follow_ups import ClockInput, DayInput, text_input
from relationships.forms.quick_log import CHANNELS, FELT
from relationships.queries.people import Tie
from relationships.templatetags.vocabulary import channel_icon

LONGEST = 20_000


def asked_channel(word: str) -> str:
    """The kind of talk that a link asks for, when it is one."""
    return word if word in {channel.value for channel in CHANNELS} else ""


def channel_options() -> list[dict[str, Any]]:
    """The kinds of talk of the composer's switch."""
    return [{"value": c.value, "label": c.label, "icon": channel_icon(c.value)} for c in CHANNELS]


class ComposerForm(forms.Form):
    """What happened, with whom, when, how it felt, what was promised and what comes next."""

    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in CHANNELS])
    body = forms.CharField(
        max_length=LONGEST, strip=False, error_messages={"required": _("Write what happened.")}
    )
    direction = forms.ChoiceField(choices=Direction.choices, required=False)
    people = forms.TypedMultipleChoiceField(coerce=int, required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput())
    clock = forms.TimeField(label=_("Time"), required=False, widget=ClockInput())
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=1440)
    felt = forms.ChoiceField(choices=FELT, required=False)
    severity = forms.TypedChoiceField(choices=Severity.choices, coerce=int, required=False, empty_value=None)
    promise_direction = forms.ChoiceField(choices=CommitmentDirection.choices, required=False)
    promise_what = forms.CharField(
        label=_("What is promised"), max_length=300, required=False, widget=text_input()
    )
    promise_due = forms.DateField(label=_("Due"), required=False, widget=DayInput())
    next_what = forms.CharField(label=_("What"), max_length=300, required=False, widget=text_input())
    next_due = forms.DateField(label=_("Due"), required=False, widget=DayInput())
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, persons: Sequence[Tie], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "composer_%s", **kwargs})
        fields: Any = self.fields
        fields["people"].choices = [(tie.party_id, tie.name) for tie in persons]
        fields["idempotency_key"].initial = uuid.uuid4

    def clean(self) -> dict[str, Any]:
        """A promise has words and a day; a next touch has a day."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("promise_what") and not cleaned.get("promise_due"):
            self.add_error("promise_due", _("By which day is it promised?"))
        if cleaned.get("promise_due") and not cleaned.get("promise_what"):
            self.add_error("promise_what", _("Write what is promised."))
        if cleaned.get("next_what") and not cleaned.get("next_due"):
            self.add_error("next_due", _("On which day is it due?"))
        return cleaned

    def lines(self) -> tuple[str, str]:
        """The first line, which is read like the one-line log, and the others, which are kept as they are."""
        first, _break, rest = str(self.cleaned_data["body"]).strip().partition("\n")
        return first.strip(), rest.rstrip()

    def happened_at(self, now: datetime, zone: str) -> datetime | None:
        """The moment that was tapped; None when none was. A past day without a time counts as its noon."""
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        if day is None and clock is None:
            return None
        local = now.astimezone(ZoneInfo(zone))
        if clock is None and day == local.date():
            return None
        return datetime.combine(day or local.date(), clock or time(12), ZoneInfo(zone))
