"""Who belongs to a party, and how it is reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import ContactPointKind, Stance
from relationships.forms.follow_ups import DayInput, new_name_input, select, text_input
from relationships.models import LinkType
from relationships.queries.tie_words import tie_words

WEIGHTS = [(0, _("Not known")), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, _("5, decides"))]
STRENGTHS = [(1, _("1, loose")), (2, "2"), (3, "3"), (4, "4"), (5, _("5, close"))]


class PersonForm(forms.Form):
    """Somebody who belongs to a party."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=new_name_input())
    job_title = forms.CharField(label=_("Job"), max_length=120, required=False, widget=text_input())
    phone = forms.CharField(label=_("Phone"), max_length=320, required=False, widget=text_input(type="tel"))
    email = forms.CharField(
        label=_("E-mail"), max_length=320, required=False, widget=text_input(type="email")
    )
    influence = forms.TypedChoiceField(
        label=_("Weight in decisions"), choices=WEIGHTS, coerce=int, initial=0, widget=select()
    )
    stance = forms.ChoiceField(label=_("Towards us"), choices=Stance.choices, required=False, widget=select())
    is_another = forms.BooleanField(label=_("It is somebody else: add it all the same"), required=False)


class ContactPointForm(forms.Form):
    """A way to reach a party."""

    kind = forms.ChoiceField(label=_("What it is"), choices=ContactPointKind.choices, widget=select())
    value = forms.CharField(label=_("Number or address"), max_length=320, widget=text_input())
    label = forms.CharField(
        label=_("What for"), max_length=60, required=False, help_text=_("Switchboard, mobile, invoices."),
        widget=text_input(),
    )  # fmt: skip
    preferred = forms.BooleanField(label=_("Prefer it"), required=False)


class ContactPointEditForm(forms.Form):
    """A way to reach a party, corrected or barred."""

    value = forms.CharField(label=_("Number or address"), max_length=320, widget=text_input())
    label = forms.CharField(label=_("What for"), max_length=60, required=False, widget=text_input())
    do_not_use = forms.BooleanField(label=_("Do not use it"), required=False)


class LinkFactsForm(forms.Form):
    """What is known of a link beside its two ends."""

    since_date = forms.DateField(label=_("Since"), required=False, widget=DayInput())
    until_date = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    strength = forms.TypedChoiceField(
        label=_("How close"), choices=STRENGTHS, coerce=int, initial=3, widget=select()
    )
    influence = forms.TypedChoiceField(
        label=_("Weight in decisions"), choices=WEIGHTS, coerce=int, initial=0, widget=select()
    )
    stance = forms.ChoiceField(label=_("Towards us"), choices=Stance.choices, required=False, widget=select())
    note = forms.CharField(label=_("Note"), max_length=400, required=False, widget=text_input())


class LinkForm(LinkFactsForm):
    """A link to another party, told from this end."""

    other = forms.IntegerField(
        label=_("The other party"), widget=forms.HiddenInput(),
        error_messages={"required": _("Choose the other party.")},
    )  # fmt: skip
    type = forms.ChoiceField(label=_("How they belong together"), widget=select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        choices = []
        for link_type in LinkType.objects.filter(retired_at=None).order_by("forward", "pk"):
            choices.append((f"out:{link_type.slug}", tie_words(link_type.forward)))
            if not link_type.is_symmetric:
                choices.append((f"in:{link_type.slug}", tie_words(link_type.reverse)))
        fields["type"].choices = choices
