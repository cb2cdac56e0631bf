"""Writing down a party and what it is to us."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from accounts.models import Team, User
from relationships import kinds
from relationships.enums import PartyKind, RevenueType
from relationships.forms.custom_fields import form_field
from relationships.forms.follow_ups import colleagues, new_name_input, select, text_area, text_input
from relationships.forms.refusals import PROFILE
from relationships.operations.equal_parties import Reach
from relationships.operations.relationships import profile_model
from relationships.queries.custom_fields import Definition

PARTY_FIELDS = ("name", "legal_name", "job_title", "sector", "place", "country", "about")


class PartyForm(forms.Form):
    """Who somebody is, whatever they are to us."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=text_input())
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False, widget=text_input())
    job_title = forms.CharField(label=_("Job"), max_length=120, required=False, widget=text_input())
    sector = forms.CharField(label=_("Sector"), max_length=80, required=False, widget=text_input())
    place = forms.CharField(label=_("Place"), max_length=120, required=False, widget=text_input())
    country = forms.CharField(
        label=_("Country"), max_length=2, required=False, help_text=_("Two letters, as in GB."),
        widget=text_input(),
    )  # fmt: skip
    about = forms.CharField(label=_("Notes"), max_length=20_000, required=False, widget=text_area())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class TermsForm(forms.Form):
    """What somebody is to us, with the fields of the kind's own profile."""

    stage = forms.ChoiceField(label=_("Stage"), widget=select())
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), widget=select())
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        widget=select(),
        empty_label=_("No team"),
    )
    cadence_days = forms.IntegerField(
        label=_("Rhythm, in days"), min_value=1, max_value=3650, help_text=_("A contact at least this often.")
    )
    objective = forms.CharField(label=_("Objective"), max_length=300, required=False, widget=text_input())
    sensitivity_note = forms.CharField(
        label=_("Handle with care"), max_length=400, required=False, widget=text_input(),
        help_text=_("Shown at the top of the record."),
    )  # fmt: skip
    revenue_type = forms.ChoiceField(label=_("Trade"), choices=RevenueType.choices, widget=select())
    confidentiality = forms.TypedChoiceField(
        label=_("Who may know of it"), choices=Confidentiality.choices, coerce=int, widget=select()
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        kind: str,
        custom: Sequence[Definition] = (),
        values: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        declared = kinds.registry.get(kind)
        fields: Any = self.fields
        fields["stage"].choices = [(stage.slug, stage.label) for stage in declared.stages]
        fields["owner"].queryset = colleagues()
        fields["team"].queryset = Team.objects.filter(closed_at=None).order_by("name", "pk")
        if not declared.has_trade:
            del fields["revenue_type"]
        self.own = forms.fields_for_model(profile_model(kind), exclude=["relationship"])
        for name, field in self.own.items():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[PROFILE + name] = field
        self.custom = custom
        for definition in custom:
            self.fields[definition.name] = form_field(definition, (values or {}).get(definition.key))

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The workspace's own fields, by their sections."""
        found: dict[str, list[forms.BoundField]] = {}
        for definition in self.custom:
            found.setdefault(definition.section, []).append(self[definition.name])
        return list(found.items())

    @property
    def profile_fields(self) -> list[forms.BoundField]:
        """The fields of the kind's own profile."""
        return [self[PROFILE + name] for name in self.own]

    def terms(self) -> dict[str, Any]:
        """The relationship's fields, with `profile`, as operations take them."""
        given = {name: value for name, value in self.cleaned_data.items() if name in TermsForm.base_fields}
        given.pop("version", None)
        parts = {
            "profile": {
                name: self.cleaned_data[PROFILE + name] for name in self.own if PROFILE + name in self.fields
            },
            "custom": {
                each.key: self.cleaned_data[each.name] for each in self.custom if each.name in self.fields
            },
        }
        return given | {name: values for name, values in parts.items() if values}


class NewRelationshipForm(TermsForm):
    """A party, new or known, with what it is to us."""

    party = forms.IntegerField(required=False, widget=forms.HiddenInput())
    party_kind = forms.ChoiceField(label=_("What it is"), widget=select())
    name = forms.CharField(label=_("Name"), max_length=200, required=False, widget=new_name_input())
    place = forms.CharField(label=_("Place"), max_length=120, required=False, widget=text_input())
    country = forms.CharField(
        label=_("Country"), max_length=2, required=False, help_text=_("Two letters, as in GB."),
        widget=text_input(),
    )  # fmt: skip
    sector = forms.CharField(label=_("Sector"), max_length=80, required=False, widget=text_input())
    email = forms.CharField(
        label=_("E-mail"), max_length=320, required=False, widget=text_input(type="email")
    )
    phone = forms.CharField(label=_("Phone"), max_length=320, required=False, widget=text_input(type="tel"))
    registration = forms.CharField(
        label=_("Registration number"), max_length=120, required=False,
        help_text=_("As the company register has it."), widget=text_input(),
    )  # fmt: skip
    is_another = forms.BooleanField(label=_("It is somebody else: add it all the same"), required=False)
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        declared = kinds.registry.get(kind)
        fields: Any = self.fields
        fields["party_kind"].choices = [(value, PartyKind(value).label) for value in declared.party_kinds]
        fields["idempotency_key"].initial = uuid.uuid4

    def party_facts(self) -> dict[str, Any]:
        """What is said of a new party."""
        return {name: self.cleaned_data[name] for name in ("name", "place", "country", "sector")}

    def reach(self) -> Reach:
        """How a new party is reached and registered."""
        return Reach(**{name: self.cleaned_data[name] for name in ("email", "phone", "registration")})

    def clean(self) -> dict[str, Any]:
        """Somebody must be said."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("party") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write a name, or choose somebody known."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("Why"), max_length=400, help_text=_("Stays on the timeline."), widget=text_input()
    )
