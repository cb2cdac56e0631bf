"""Forms of endpoints."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import holds_everywhere
from automation.enums import EVENT_AREAS
from automation.models import WebhookEndpoint
from relationships import kinds
from relationships.registry import registry


def verb_choices() -> list[tuple[str, str]]:
    """Every event by its code, which is what receivers are told."""
    return [(verb, verb) for verb in sorted(registry.event_words)]


class EndpointForm(forms.Form):
    """Where an endpoint is and what it is told of."""

    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        help_text=_("Of a public host, with https. It is called by POST."),
    )
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    areas = forms.MultipleChoiceField(
        label=_("What it may be told of"),
        choices=[(area.value, area.label) for area in EVENT_AREAS],
        widget=forms.CheckboxSelectMultiple,
        initial=[area.value for area in EVENT_AREAS],
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        choices=kinds.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: every kind."),
    )
    verbs = forms.MultipleChoiceField(
        label=_("Events"),
        choices=verb_choices,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        required=False,
        help_text=_("None chosen: every event, also of types that come later."),
    )


class NewEndpointForm(EndpointForm):
    """The same with whose it is, for those who look after programs."""

    owner = forms.ModelChoiceField(
        label=_("Whose eyes it sees with"),
        queryset=User.objects.none(),
        empty_label=None,
        help_text=_("It is told what they may see, and nothing else."),
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = User.objects.filter(pk=viewer.pk)
        if holds_everywhere(viewer, Permission.MANAGE_PEOPLE):
            own |= User.objects.filter(is_service=True, is_active=True)
        chooser: Any = self.fields["owner"]
        chooser.queryset = own.order_by("is_service", "name", "pk")
        chooser.initial = viewer.pk


def form_of(endpoint: WebhookEndpoint, data: Any) -> EndpointForm:
    """The form of an endpoint that is there."""
    names = ("url", "description", "areas", "kinds", "verbs")
    return EndpointForm(data, initial={name: getattr(endpoint, name) for name in names})


class SinceForm(forms.Form):
    """From which moment on everything is to be sent again."""

    since = forms.DateTimeField(
        label=_("Everything since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("At most 30 days ago. Receivers know by the id what they have had."),
    )
