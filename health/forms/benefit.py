"""Noting value, writing proposals, and what is asked before one goes out."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Currency
from health.enums import BenefitKind
from health.forms.widgets import DayInput, amount_input, select, text_input
from relationships.enums import ValueBasis, ValueCategory, ValueSide


def currencies() -> list[tuple[str, str]]:
    """The currencies kept here."""
    return [(code, code) for code in Currency.objects.order_by("code").values_list("code", flat=True)]


def amount_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    """A field for an amount of money."""
    return forms.DecimalField(
        label=label,
        max_digits=14,
        decimal_places=2,
        required=required,
        help_text=help_text,
        widget=amount_input(),
    )


class ValueForm(forms.Form):
    """Value that went one way."""

    side = forms.ChoiceField(label=_("Who gains"), choices=ValueSide.choices, widget=forms.RadioSelect())
    category = forms.ChoiceField(label=_("What"), choices=ValueCategory.choices, widget=select())
    amount = amount_field(_("Amount"), help_text=_("A cost has a minus."))
    low = amount_field(_("At least"), required=False)
    high = amount_field(_("At most"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), widget=select())
    value_date = forms.DateField(label=_("When"), widget=DayInput())
    basis = forms.ChoiceField(
        label=_("How it is known"), choices=ValueBasis.choices, initial=ValueBasis.ESTIMATE, widget=select()
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=text_input())
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["idempotency_key"].initial = uuid.uuid4


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=300, widget=text_input())


class ProposalForm(forms.Form):
    """What a proposal is called, and in which currency it is weighed."""

    title = forms.CharField(label=_("What we propose"), max_length=200, widget=text_input())
    currency = forms.ChoiceField(label=_("Currency"), widget=select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currencies()  # type: ignore[attr-defined]  # a ChoiceField


class LineForm(forms.Form):
    """What one side gains or gives."""

    side = forms.ChoiceField(label=_("Whose"), choices=ValueSide.choices, widget=forms.RadioSelect())
    what = forms.CharField(label=_("What"), max_length=200, widget=text_input())
    kind = forms.ChoiceField(label=_("Kind"), choices=BenefitKind.choices, widget=select())
    is_cost = forms.BooleanField(label=_("It is a cost to that side"), required=False)
    low = amount_field(_("At least"))
    likely = amount_field(_("Likely"))
    high = amount_field(_("At most"))
    evidence = forms.CharField(label=_("How we know"), max_length=300, required=False, widget=text_input())
