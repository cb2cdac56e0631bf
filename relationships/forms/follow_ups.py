"""Planning, changing and putting off follow-ups."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from relationships.enums import Channel
from relationships.models import MeetingInvitation, Party
from relationships.operations.meetings import InvitationDraft
from relationships.queries.invitations import Guests

GONE = _("Somebody who was ticked can no longer be asked. Whoever can stands here.")


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"class": "inp", **attrs}, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """A native time field."""

    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"class": "inp", **attrs}, format="%H:%M")


def text_input(**attrs: Any) -> forms.TextInput:
    """A one-line field in the product's looks."""
    return forms.TextInput(attrs={"class": "inp", "autocomplete": "off", **attrs})


def new_name_input() -> forms.TextInput:
    """The name of somebody new: once it is written, those who are called nearly so are shown in `#alike`."""
    return text_input(
        **{"hx-get": "/parties/alike/", "hx-trigger": "change", "hx-target": "#alike", "hx-swap": "innerHTML"}
    )


def text_area(**attrs: Any) -> forms.Textarea:
    """A field of some lines in the product's looks."""
    return forms.Textarea(attrs={"class": "inp", "rows": 3, **attrs})


def select() -> forms.Select:
    """A choice in the product's looks."""
    return forms.Select(attrs={"class": "inp"})


def colleagues() -> Any:
    """Everybody who works here, by name."""
    return User.objects.filter(is_active=True, is_system=False).order_by("name", "pk")


class FollowUpForm(forms.Form):
    """Everything that can be planned of a follow-up."""

    what = forms.CharField(label=_("What"), max_length=300, widget=text_input())
    due_date = forms.DateField(label=_("Due"), widget=DayInput())
    due_time = forms.TimeField(label=_("At"), required=False, widget=ClockInput())
    channel = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("Not said")), *Channel.choices], widget=select()
    )
    assignee = forms.ModelChoiceField(label=_("For"), queryset=User.objects.none(), widget=select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField


class GuestFields(forms.Form):
    """Who is asked to a meeting, and what they read."""

    people = forms.ModelMultipleChoiceField(
        label=_("From outside"), queryset=Party.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(), error_messages={"invalid_choice": GONE},
    )  # fmt: skip
    colleagues = forms.ModelMultipleChoiceField(
        label=_("Colleagues"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(), error_messages={"invalid_choice": GONE},
    )  # fmt: skip
    title = forms.CharField(
        label=_("What guests read"), required=False, max_length=300, widget=text_input(),
        help_text=_("Left empty: what you plan, word for word."),
    )  # fmt: skip
    place = forms.CharField(label=_("Where"), required=False, max_length=300, widget=text_input())
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=1440, initial=60,
        widget=forms.NumberInput(attrs={"class": "inp"}),
    )  # fmt: skip

    def offer(self, guests: Sequence[Party], ours: "QuerySet[User]") -> None:
        """Says who can be ticked."""
        fields: Any = self.fields
        fields["people"].queryset = Party.objects.filter(pk__in=[guest.pk for guest in guests])
        fields["people"].choices = [(guest.pk, guest.name) for guest in guests]
        fields["colleagues"].queryset = ours
        if not guests:
            del fields["people"]

    def draft(self) -> InvitationDraft:
        """What was filled in."""
        said = self.cleaned_data
        people, minutes = said.get("people", ()), said["minutes"]
        return InvitationDraft(
            list(people), list(said["colleagues"]), said["title"], said["place"], minutes or 60
        )


class NewFollowUpForm(GuestFields, FollowUpForm):
    """A follow-up that is planned once, however often the form is sent."""

    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())
    invite = forms.BooleanField(label=_("Send an invitation"), required=False)

    def __init__(self, *args: Any, guests: Sequence[Party] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid.uuid4
        self.offer(guests, colleagues())

    def asked(self) -> dict[str, Any]:
        """What `plan_follow_up` is given: with an invitation only when one is to be sent."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in GuestFields.base_fields
        }
        return given | {"invitation": self.draft() if given.pop("invite") else None}


class InvitationForm(GuestFields):
    """The guests of a meeting that is planned, and why they change."""

    reason = forms.CharField(
        label=_("Why"), max_length=400, required=False, widget=text_input(),
        help_text=_("Stays in the timeline; guests do not read it."),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        invitation: MeetingInvitation,
        guests: Guests,
        people: Sequence[Party],
    ) -> None:
        super().__init__(data, initial=_as_it_is(invitation, guests))
        there = Q(is_active=True, is_system=False) | Q(pk__in=[each.pk for each in guests.colleagues])
        ours = User.objects.filter(there).exclude(pk=invitation.organiser_id)
        self.offer(people, ours.order_by("name", "pk"))


def _as_it_is(invitation: MeetingInvitation, guests: Guests) -> dict[str, Any]:
    return {
        "people": [person.pk for person in guests.people],
        "colleagues": [each.pk for each in guests.colleagues],
        "title": invitation.title if invitation.pk else "",
        "place": invitation.place,
        "minutes": invitation.minutes,
    }


class SnoozeForm(forms.Form):
    """Until when a follow-up is put off."""

    due_date = forms.DateField(label=_("Until"), widget=DayInput())


class CancelForm(forms.Form):
    """Why a follow-up is not needed any more."""

    reason = forms.CharField(label=_("Why"), max_length=400, required=False, widget=text_input())


class BulkFollowUpForm(forms.Form):
    """The same follow-up in many relationships."""

    what = forms.CharField(label=_("What"), max_length=300, widget=text_input())
    due_date = forms.DateField(label=_("Due"), widget=DayInput())
    channel = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("Not said")), *Channel.choices], widget=select()
    )


class AssignForm(forms.Form):
    """A new owner for many relationships, and why."""

    owner = forms.ModelChoiceField(label=_("New owner"), queryset=User.objects.none(), widget=select())
    reason = forms.CharField(
        label=_("Why"), max_length=400, help_text=_("Stays in each timeline."), widget=text_input()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField
