"""How somebody wants to be told; an address that is to get no more mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.enums import Channel, SuppressedBecause
from messaging.models import NotificationChoice
from messaging.queries.notification_choices import channel_of
from messaging.registry import registry


class ChoiceForm(forms.Form):
    """A channel for each topic that is registered, and three clocks."""

    digest_at = forms.TimeField(
        label=_("The daily mail comes at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Only when there is something. What you read before then is left out."),
    )
    quiet_from = forms.TimeField(
        label=_("No mail from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("What comes in these hours is mailed when they are over. Empty: no quiet hours."),
    )
    quiet_until = forms.TimeField(
        label=_("until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, given: Any = None, *, choice: NotificationChoice) -> None:
        clocks = ("digest_at", "quiet_from", "quiet_until")
        super().__init__(given, initial={name: getattr(choice, name) for name in clocks})
        for topic in registry.topics():
            self.fields[f"topic_{topic.key}"] = forms.ChoiceField(
                label=str(topic.label), choices=Channel.choices, initial=channel_of(choice, topic.key)
            )

    @property
    def channels(self) -> list[forms.BoundField]:
        """The fields of the topics, in order."""
        return [self[name] for name in self.fields if name.startswith("topic_")]

    def chosen(self) -> NotificationChoice:
        """What was chosen, not yet kept."""
        channels = {topic.key: self.cleaned_data[f"topic_{topic.key}"] for topic in registry.topics()}
        clocks = {name: self.cleaned_data[name] for name in ("digest_at", "quiet_from", "quiet_until")}
        return NotificationChoice(channels=channels, **clocks)


class SuppressForm(forms.Form):
    """An address that is to get no more mail."""

    address = forms.CharField(label=_("Address"), max_length=320)
    reason = forms.ChoiceField(label=_("Why"), choices=SuppressedBecause.choices)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
