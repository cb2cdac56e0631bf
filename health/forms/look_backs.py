"""What the lines of an accepted proposal came to."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from health.enums import ActualSource
from health.forms.benefit import amount_field
from health.forms.widgets import select
from health.models import BenefitLine


class LookBackForm(forms.Form):
    """An amount and how it is known for each line; a line left empty is not known yet."""

    def __init__(self, data: Any = None, *, lines: Iterable[BenefitLine]) -> None:
        super().__init__(data)
        self.lines = list(lines)
        for line in self.lines:
            actual = amount_field(line.what, required=False)
            actual.initial = line.actual
            self.fields[f"actual_{line.pk}"] = actual
            self.fields[f"source_{line.pk}"] = forms.ChoiceField(
                label=_("How it is known"),
                choices=ActualSource.choices,
                initial=line.actual_source or ActualSource.BOOKS,
                widget=select(),
            )

    @property
    def rows(self) -> Iterator[tuple[BenefitLine, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        for line in self.lines:
            yield line, self[f"actual_{line.pk}"], self[f"source_{line.pk}"]

    @property
    def actuals(self) -> dict[int, tuple[Decimal, str]]:
        """What was said, by line."""
        return {
            line.pk: (self.cleaned_data[f"actual_{line.pk}"], self.cleaned_data[f"source_{line.pk}"])
            for line in self.lines
            if self.cleaned_data.get(f"actual_{line.pk}") is not None
        }
