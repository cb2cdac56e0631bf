"""Forms of health: what a person judges."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from health.operations.overrides import MOST_DAYS, USUAL_DAYS, WHOLE


class OverrideForm(forms.Form):
    """A value beside a computed one. `components` are those that are computed, as (key, words)."""

    component = forms.ChoiceField(label=_("What"), required=False)
    value = forms.DecimalField(
        label=_("Value, 0 to 100"),
        max_digits=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reason = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    expires_date = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, components: list[tuple[str, str | Promise]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(WHOLE, _("The whole score")), *components]
        self.fields["component"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["expires_date"].initial = today + timedelta(days=USUAL_DAYS)
        self.fields["expires_date"].help_text = _("At most %(days)s days ahead.") % {"days": MOST_DAYS}
