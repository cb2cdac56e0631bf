"""Forms of the administration of people, roles and teams."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import ActivePersonField, OpenTeamField, OpenUnitField, kind_field, role_field


class RoleForm(forms.Form):
    """A role and where it holds."""

    role = role_field()
    kind = kind_field()
    team = OpenTeamField(label=_("Team"), required=False, empty_label=_("Every team"))
    business_unit = OpenUnitField(
        label=_("Business unit"), required=False, empty_label=_("Every business unit")
    )


class InvitationForm(RoleForm):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    field_order = ["name", "email", "role", "kind", "team", "business_unit"]


class PersonForm(forms.Form):
    """Somebody's name, address and job title."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("They sign in with it."))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)


class PeopleFilterForm(forms.Form):
    """What the list of people is narrowed to."""

    q = forms.CharField(label=_("Find a person"), required=False, max_length=120)
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("Active")), ("former", _("Deactivated"))]
    )


class NewTeamForm(forms.Form):
    """A team of a business unit."""

    name = forms.CharField(label=_("Name"), max_length=120)
    business_unit = OpenUnitField(label=_("Business unit"), empty_label=None)
    lead = ActivePersonField(label=_("Lead"), required=False, empty_label=_("Nobody yet"))


class TeamForm(forms.Form):
    """A team's name and lead."""

    name = forms.CharField(label=_("Name"), max_length=120)
    lead = ActivePersonField(label=_("Lead"), required=False, empty_label=_("Nobody yet"))


class MemberForm(forms.Form):
    """Who joins a team."""

    user = ActivePersonField(label=_("Person"), empty_label=_("Choose a person"))
