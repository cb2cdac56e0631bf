"""One field, given to many relationships at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from relationships import kinds
from relationships.enums import CustomType, RevenueType
from relationships.forms.follow_ups import select, text_input
from relationships.queries.custom_fields import definitions_in
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

    def __init__(self, *args: Any, kind: str, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels: dict[str, str] = {}
        groups: list[Any] = [("", _("Choose"))]
        for name, label, choices in [*changeable(kind), *own_fields(viewer, kind)]:
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


def own_fields(viewer: User, kind: str) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """The same of fields that the workspace added: choices that can be made, yes or no."""
    found: list[tuple[str, Any, list[tuple[str, Any]]]] = []
    for each in definitions_in(viewer, kind):
        if each.type is CustomType.CHOICE:
            offered = [(option.key, option.label) for option in each.options if not option.is_retired]
            found.append((each.name, each.label, offered))
        elif each.type is CustomType.YES_NO:
            found.append((each.name, each.label, [("true", _("Yes")), ("false", _("No"))]))
    return found


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
