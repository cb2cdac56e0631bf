"""Correcting what was written down, and closing a problem that was raised."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import Channel, Direction, Severity
from relationships.forms.follow_ups import select, text_area, text_input
from relationships.models import Interaction

CORRECTABLE = ("channel", "direction", "happened_at", "subject", "body", "problem_severity")


class CorrectionForm(forms.Form):
    """Everything of an entry that can be corrected here, and why."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=select())
    direction = forms.ChoiceField(label=_("Who started it"), choices=Direction.choices, widget=select())
    happened_at = forms.DateTimeField(
        label=_("When it happened"),
        widget=forms.DateTimeInput(
            attrs={"class": "inp", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200, widget=text_input())
    body = forms.CharField(label=_("What happened"), required=False, widget=text_area(rows=5))
    problem_severity = forms.TypedChoiceField(
        label=_("Problem"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("None")), *Severity.choices],
        widget=select(),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=400, help_text=_("Stays beside both versions."), widget=text_input()
    )

    def __init__(self, data: Any = None, *, interaction: Interaction) -> None:
        self.interaction = interaction
        initial = {name: getattr(interaction, name) for name in CORRECTABLE}
        initial["happened_at"] = interaction.happened_at.replace(microsecond=0)
        super().__init__(data, initial=initial)

    def changes(self) -> dict[str, Any]:
        """What the form says otherwise than the entry did; a moment that was left alone keeps its seconds."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE if name in self.changed_data}


class ProblemClosingForm(forms.Form):
    """How a problem was solved."""

    reason = forms.CharField(label=_("How it was solved"), max_length=400, widget=text_input())
