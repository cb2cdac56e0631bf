"""What is typed into the overviews: a decision, an outside issue, its next move."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.enums import Impact, OutsideCategory
from relationships.kinds import Kind
from relationships.models import Party, Relationship

T = TypeVar("T")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "inp"}, format="%Y-%m-%d")


class DecisionForm(forms.Form):
    """What was decided, about whom if anybody, and by when somebody follows up."""

    what = forms.CharField(label=_("What is decided"), max_length=300)
    relationship = forms.TypedChoiceField(label=_("About"), required=False, coerce=int, empty_value=None)
    due_date = forms.DateField(
        label=_("Follow-up by"),
        required=False,
        widget=_day(),
        help_text=_("The owner gets it as a follow-up."),
    )

    def __init__(self, *args: Any, relationships: list[Relationship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["relationship"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", _("No single relationship")),
            *((row.pk, row.party_name) for row in relationships),
        ]


class OutsideIssueForm(forms.Form):
    """Everything that is said of an outside issue."""

    title = forms.CharField(label=_("What is it"), max_length=160)
    what = forms.CharField(
        label=_("What we know"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    source = forms.CharField(label=_("Where we know it from"), required=False, max_length=200)
    category = forms.ChoiceField(label=_("Sort"), choices=OutsideCategory.choices)
    impact = forms.ChoiceField(
        label=_("How much it may touch us"), choices=Impact.choices, initial=Impact.MEDIUM
    )
    workaround = forms.CharField(
        label=_("What we do meanwhile"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Whom it touches"), required=False, widget=forms.CheckboxSelectMultiple
    )
    parties = forms.MultipleChoiceField(
        label=_("Who is affected"), required=False, widget=forms.CheckboxSelectMultiple
    )
    party = forms.IntegerField(label=_("Who else is affected"), required=False, min_value=1)
    owner = forms.ModelChoiceField(label=_("Who watches it"), queryset=User.objects.none())
    since_date = forms.DateField(label=_("Since"), widget=_day())
    next_look_date = forms.DateField(label=_("Next look"), widget=_day())

    def __init__(self, *args: Any, kinds: list[Kind], named: Iterable[Party] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["parties"]
        assert isinstance(offered, forms.MultipleChoiceField)  # noqa: S101 - declared above
        offered.choices = [(str(party.pk), party.name) for party in named]
        offered.initial = [key for key, _name in offered.choices]
        chosen = self.fields["kinds"]
        assert isinstance(chosen, forms.MultipleChoiceField)  # noqa: S101 - declared above
        chosen.choices = [(kind.slug, kind.label_plural) for kind in kinds]
        people = self.fields["owner"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101 - declared above
        people.queryset = User.objects.filter(is_active=True, is_system=False).order_by("name", "pk")

    @property
    def given(self) -> dict[str, Any]:
        """What the operation takes: the parties still ticked, and the one picked beside them."""
        said = dict(self.cleaned_data)
        picked = {int(key) for key in said["parties"]} | ({said["party"]} if said["party"] else set())
        del said["party"]
        return said | {"parties": [Party(pk=pk) for pk in sorted(picked)]}


class IssueMoveForm(forms.Form):
    """Why it moves, and when somebody looks again."""

    note = forms.CharField(label=_("Note"), required=False, max_length=400)
    next_look_date = forms.DateField(label=_("Next look"), required=False, widget=_day())


class ReconciliationForm(forms.Form):
    """Two lists as CSV, and the column by which their rows are the same."""

    left = forms.FileField(
        label=_("Our list"), help_text=_("CSV with the names of the columns in its first line.")
    )
    right = forms.FileField(label=_("Their list"))
    key = forms.CharField(
        label=_("Column that names a row"),
        required=False,
        max_length=200,
        help_text=_("For example invoice number. Left empty it is the first column that both have."),
    )
