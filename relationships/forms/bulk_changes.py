"""One field, given to many relationships at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships import kinds
from relationships.enums import RevenueType
from relationships.forms.follow_ups import select, text_input
from relationships.queries.list_fields import FieldType
from relationships.queries.native_fields import native_fields


class ChangeForm(forms.Form):
    """What to change, and to what: every value of every field that has choices, or a rhythm."""

    change = forms.ChoiceField(label=_("Change"), required=False, widget=select())
    cadence_days = forms.IntegerField(
        label=_("Or the rhythm, in days"),
        min_value=1,
        max_value=3650,
        required=False,
        widget=text_input(inputmode="numeric"),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels: dict[str, str] = {}
        groups: list[Any] = [("", _("Choose"))]
        for name, label, choices in changeable(kind):
            offered = [(f"{name}={value}", words) for value, words in choices]
            self.labels |= {key: f"{label}: {words}" for key, words in offered}
            groups.append((label, offered))
        field: Any = self.fields["change"]
        field.choices = groups

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or {}
        if not self.errors and bool(given.get("change")) == bool(given.get("cadence_days")):
            raise forms.ValidationError(_("Choose one thing to change."))
        return given

    def asked(self) -> tuple[dict[str, Any], str]:
        """The field and its value as the operation takes them, and both in words."""
        days = self.cleaned_data["cadence_days"]
        if days:
            return {"field": "cadence_days", "value": days}, str(_("Rhythm: %(n)s days") % {"n": days})
        chosen = self.cleaned_data["change"]
        field, _sep, value = chosen.partition("=")
        return {"field": field, "value": value}, self.labels[chosen]


def changeable(kind: str) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """The fields that have choices and are written by hand: name, label, choices."""
    found = [
        (field.edit, field.label, list(field.choices))
        for field in native_fields(kind).values()
        if field.edit and field.type is FieldType.CHOICE
    ]
    if kinds.registry.get(kind).has_trade:
        found.append(("revenue_type", _("Trade"), list(RevenueType.choices)))
    return found
