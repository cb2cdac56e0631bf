"""Handing on: one thing to a colleague, a whole book to one or several, a playbook's start, steps and end."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from relationships import kinds
from relationships.enums import RunEffect
from relationships.forms.follow_ups import DayInput, colleagues, select, text_area, text_input
from relationships.queries.handover_mails import Letter
from relationships.queries.handovers import BookLine

SHARE = "share_"


class MoveForm(forms.Form):
    """To whom, and why."""

    to = forms.ModelChoiceField(
        label=_("To"), queryset=User.objects.none(), widget=select(), empty_label=_("Choose somebody")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=400, widget=text_input(),
        help_text=_("Both of you and everybody on the record can read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField has one


class HandoverForm(forms.Form):
    """Who takes a book over, and whom single relationships of it go to instead."""

    receiver = forms.ModelChoiceField(
        label=_("Everything goes to"), queryset=User.objects.none(), widget=select(),
        help_text=_("Single relationships can go to others below."), empty_label=_("Choose somebody"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), max_length=400, widget=text_input(), help_text=_("It stands on every timeline.")
    )

    returns_date = forms.DateField(
        label=_("Comes back on"),
        required=False,
        widget=DayInput(),
        help_text=_("For an absence: what is still open comes back by itself on this day."),
    )

    def __init__(self, *args: Any, leaver: User, lines: Sequence[BookLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(colleagues().exclude(pk=leaver.pk))
        self.people = {str(person.pk): person for person in people}
        self.fields["receiver"].queryset = colleagues().exclude(pk=leaver.pk)  # type: ignore[attr-defined]  # a ModelChoiceField has one
        offered = [("", _("As above")), *((key, person.name) for key, person in self.people.items())]
        for line in lines:
            self.fields[f"{SHARE}{line.relationship.pk}"] = forms.ChoiceField(
                label=line.relationship.party_name, choices=offered, required=False, widget=select()
            )

    @property
    def shares(self) -> dict[int, User]:
        """Who takes over what does not go with the rest, by relationship."""
        return {
            int(name.removeprefix(SHARE)): self.people[value]
            for name, value in self.cleaned_data.items()
            if name.startswith(SHARE) and value
        }


class PackNoteForm(forms.Form):
    """What the receiver is to know."""

    note = forms.CharField(
        label=_("What to know, and what not to raise"), max_length=400, required=False, widget=text_area()
    )


class LetterForm(forms.Form):
    """An introduction before it goes."""

    address = forms.ChoiceField(label=_("To"), widget=select())
    subject = forms.CharField(label=_("Subject"), max_length=200, widget=text_input())
    body = forms.CharField(label=_("Words"), max_length=4000, widget=text_area(rows=12))

    def __init__(self, data: Any = None, *, letter: Letter) -> None:
        now = letter.address.value if letter.address else ""
        super().__init__(data, initial={"address": now, "subject": letter.subject, "body": letter.body})
        self.fields["address"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            (each.value, f"{each.name} <{each.value}>") for each in letter.addresses
        ]


class PlaybookForm(forms.Form):
    """Which playbook, for what, and who does it."""

    playbook = forms.ChoiceField(label=_("Playbook"), widget=forms.RadioSelect)
    aim = forms.CharField(
        label=_("What it is to change"), max_length=300, required=False, widget=text_input()
    )
    assignee = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none(), widget=select())
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = kinds.registry.get(kind).playbooks
        self.fields["playbook"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            (playbook.slug, f"{playbook.label}: {playbook.purpose}") for playbook in offered
        ]
        self.fields["assignee"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["idempotency_key"].initial = uuid.uuid4


class EffectForm(forms.Form):
    """What a playbook changed."""

    effect = forms.ChoiceField(label=_("What it changed"), choices=RunEffect.choices, widget=select())
    note = forms.CharField(label=_("In words"), max_length=400, widget=text_input())


class SkipForm(forms.Form):
    """Why a step is left out."""

    reason = forms.CharField(label=_("Why"), max_length=400, widget=text_input())
