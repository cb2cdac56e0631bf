"""What a person said of a purpose; and purposes themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import ConsentChannel, ConsentDoor, ConsentState, LawfulBasis
from relationships.forms.follow_ups import DayInput, select, text_area, text_input
from relationships.models import Purpose, PurposeWording


class ConsentForm(forms.Form):
    """Who let us do what, how they said so, and until when."""

    purpose = forms.ModelChoiceField(label=_("What for"), queryset=Purpose.objects.none(), widget=select())
    state = forms.ChoiceField(
        label=_("What they said"),
        choices=[choice for choice in ConsentState.choices if choice[0] != ConsentState.EXPIRED],
        widget=select(),
    )
    channels = forms.MultipleChoiceField(
        label=_("On which ways"),
        choices=ConsentChannel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on every way."),
    )
    door = forms.ChoiceField(
        label=_("How they said it"),
        choices=[choice for choice in ConsentDoor.choices if choice[0] != ConsentDoor.LAPSED],
        widget=select(),
    )
    said_date = forms.DateField(label=_("When"), widget=DayInput())
    wording = forms.ModelChoiceField(
        label=_("Words they were asked by"),
        queryset=PurposeWording.objects.none(),
        required=False,
        widget=select(),
    )
    expires_date = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    evidence = forms.CharField(
        label=_("Proof"),
        max_length=400,
        required=False,
        help_text=_("Where it can be looked up: a form, a mail, who was there."),
        widget=text_area(rows=2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.filter(retired_at=None).order_by("name", "pk")
        self.fields["purpose"].queryset = purposes  # type: ignore[attr-defined]  # a ModelChoiceField
        wordings = PurposeWording.objects.select_related("purpose").order_by(
            "purpose__name", "-version", "pk"
        )
        self.fields["wording"].queryset = wordings  # type: ignore[attr-defined]  # as above
        self.fields["wording"].label_from_instance = _named  # type: ignore[attr-defined]  # as above


def _named(wording: PurposeWording) -> str:
    return f"{wording.purpose.name}: {wording}"


class PurposeForm(forms.Form):
    """A further thing that people are asked about."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=text_input())
    slug = forms.SlugField(
        label=_("Short name"), max_length=40, help_text=_("For programs; it stays."), widget=text_input()
    )
    basis = forms.ChoiceField(label=_("What lets us"), choices=LawfulBasis.choices, widget=select())
    what = forms.CharField(label=_("What is done"), max_length=400, required=False, widget=text_input())
    wording = forms.CharField(
        label=_("Words that people are asked by"), max_length=4000, required=False, widget=text_area()
    )


class WordingForm(forms.Form):
    """Other words for those who are asked from now on."""

    text = forms.CharField(label=_("Words"), max_length=4000, widget=text_area(rows=6))
