"""Forms of business units, currencies and rates."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.choices import (
    choices_beside,
    choices_of,
    country_field,
    kept_currency_field,
    time_zone_field,
)
from accounts.models import BusinessUnit, Currency

INTERVAL = re.compile(r"\s*(\d{1,2})[:.]?(\d{2})?\s*(?:-|–|—|to)\s*(\d{1,2})[:.]?(\d{2})?\s*")


class HoursField(forms.CharField):
    """A day's working hours as a person writes them: `09:00-12:30, 13:30-17:00`; empty for a day off."""

    def clean(self, value: Any) -> list[list[str]]:
        """Intervals of two clocks each; whether they make sense together is for the operation to say."""
        words = super().clean(value)
        return [_interval(part) for part in words.split(",")] if words else []


def _interval(words: str) -> list[str]:
    found = INTERVAL.fullmatch(words)
    if not found:
        raise ValidationError(
            _("“%(words)s” is not a span of hours; write 09:00-17:00, and a comma before another.")
            % {"words": words.strip()}
        )
    first_hour, first_minute, last_hour, last_minute = found.groups(default="00")
    return [f"{int(first_hour):02d}:{first_minute}", f"{int(last_hour):02d}:{last_minute}"]


class BusinessUnitForm(forms.Form):
    """A unit with a field of hours for each weekday, Monday first."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    currency = kept_currency_field(gettext_lazy("Currency"))
    time_zone = time_zone_field()
    country = country_field()
    hour_rate = forms.DecimalField(
        label=gettext_lazy("What an hour of work costs"), required=False, max_digits=14, decimal_places=2
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, label in WEEKDAYS.items():
            self.fields[f"day_{day}"] = HoursField(label=label, required=False, max_length=120)

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the week."""
        return [self[f"day_{day}"] for day in WEEKDAYS]

    @property
    def work_week(self) -> dict[str, list[list[str]]]:
        """What the operation takes."""
        return {str(day): self.cleaned_data[f"day_{day}"] for day in WEEKDAYS}

    @property
    def description(self) -> dict[str, Any]:
        """Everything that the operation takes, by its names."""
        names = ("name", "currency", "time_zone", "country", "hour_rate")
        return {**{name: self.cleaned_data[name] for name in names}, "work_week": self.work_week}


def describe(unit: BusinessUnit) -> dict[str, Any]:
    """A unit as the form's initial values."""
    days = {
        f"day_{day}": ", ".join("-".join(span) for span in unit.work_week.get(str(day), []))
        for day in WEEKDAYS
    }
    return {
        "name": unit.name,
        "currency": unit.currency_id,
        "time_zone": unit.time_zone,
        "country": unit.country,
        "hour_rate": unit.hour_rate,
        **days,
    }


class CurrencyForm(forms.Form):
    """A currency to keep from now on, of those that are not in `kept`."""

    def __init__(self, *args: Any, kept: Sequence[Currency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(label=gettext_lazy("Currency"), choices=choices_beside(kept))


class RateForm(forms.Form):
    """What one unit of a currency was worth in another, both of `kept`, on a day."""

    rate = forms.DecimalField(
        label=gettext_lazy("Rate"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    rate_date = forms.DateField(
        label=pgettext_lazy("day", "On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["currency", "into", "rate", "rate_date"]

    def __init__(self, *args: Any, kept: Sequence[Currency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"] = forms.ChoiceField(
            label=gettext_lazy("One unit of"), choices=choices_of(kept)
        )
        self.fields["into"] = forms.ChoiceField(label=gettext_lazy("was worth, in"), choices=choices_of(kept))
        self.order_fields(self.field_order)
