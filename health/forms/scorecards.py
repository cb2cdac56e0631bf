"""How things are measured: the components of a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from health.models import Component
from health.registry import measures
from relationships import kinds


class CurveField(forms.CharField):
    """Corners as a person writes them, one a line: value and points."""

    widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})

    def clean(self, value: Any) -> list[list[float]]:
        """Pairs of numbers; whether they make a curve is for the operation to say."""
        corners = []
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            try:
                x, points = (float(word) for word in line.replace(",", " ").replace(":", " ").split())
            except ValueError as error:
                raise forms.ValidationError(
                    _("Line %(line)s, “%(words)s”, is not a value and its points; write 0.5 80.")
                    % {"line": number, "words": line.strip()[:40]}
                ) from error
            corners.append([x, points])
        return corners


class ComponentForm(forms.Form):
    """How one thing is measured in a draft."""

    weight = forms.FloatField(label=_("Weight"), help_text=_("Against the other components' weights."))
    half_life_days = forms.FloatField(
        label=_("Half-life in days"), help_text=_("After so many days a piece of evidence counts half.")
    )
    min_evidence = forms.FloatField(
        label=_("Least evidence"), help_text=_("Below so many pieces it does not count at all.")
    )
    curve = CurveField(
        label=_("Curve"), help_text=_("One corner a line: the value, a blank, its points from 0 to 100.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("weight", "half_life_days", "min_evidence"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})


def component_values(component: Component) -> dict[str, Any]:
    """A component as the form's initial values."""
    return {
        "weight": f"{component.weight:g}",
        "half_life_days": f"{component.half_life_days:g}",
        "min_evidence": f"{component.min_evidence:g}",
        "curve": "\n".join(f"{x:g} {points:g}" for x, points in component.curve),
    }


class NewComponentForm(forms.Form):
    """Another measure for a draft, in one of the kind's groups."""

    def __init__(self, *args: Any, kind: str, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(measure.key, measure.label) for measure in measures if measure.key not in taken]
        groups = list(kinds.registry.get(kind).groups.items())
        self.fields["measure"] = forms.ChoiceField(label=_("Measure"), choices=free)
        self.fields["group"] = forms.ChoiceField(label=_("Group"), choices=groups)
