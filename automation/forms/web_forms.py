"""The form that makes web forms, and the one that a visitor sees."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from automation.enums import Asking, Choosing, FormField
from automation.models import WebForm
from automation.operations.web_forms import Draft
from relationships import kinds
from relationships.models import Purpose, PurposeWording

ASKED = "asked_"
AGREE = "agree_"
TRAP = "homepage"
"""A field that no person sees: who fills it in is no person."""
MOST_LINKS = 3
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
AUTOFILL = {
    FormField.ORGANISATION: "organization",
    FormField.NAME: "name",
    FormField.EMAIL: "email",
    FormField.PHONE: "tel",
    FormField.MESSAGE: "off",
}


class DefinitionForm(forms.Form):
    """Everything that a web form says."""

    name = forms.CharField(label=_("Name, for you"), max_length=100)
    title = forms.CharField(label=_("Title, for visitors"), max_length=120)
    intro = forms.CharField(
        label=_("What stands above it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    thanks = forms.CharField(
        label=_("Thanks, once it was sent"), max_length=400, initial=_("Thank you. We will be in touch.")
    )
    questions = forms.CharField(
        label=_("Questions of your own"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line; the answers go into the talk."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Ask for consent to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stage = forms.ChoiceField(label=_("Stage of somebody new"))
    people = forms.MultipleChoiceField(
        label=_("Somebody new goes to"), widget=forms.SelectMultiple(attrs={"size": 5})
    )
    choosing = forms.ChoiceField(label=_("Of several"), choices=Choosing.choices)
    follow_up = forms.CharField(
        label=_("Follow-up"), max_length=200, initial=_("Answer what came by the web form")
    )
    follow_up_days = forms.IntegerField(label=_("Days ahead"), min_value=0, max_value=366, initial=1)
    origins = forms.CharField(
        label=_("Web sites that may show it in a frame"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
        help_text=_("One on each line, without a path. None: it stands on its own page alone."),
    )

    def __init__(self, data: Any = None, *, kind: str, form: WebForm | None = None) -> None:
        super().__init__(data, initial=_initial(form) if form else None)
        asked = form.asked if form else {}
        for key, label in FormField.choices:
            usual = Asking.REQUIRED if key in (FormField.NAME, FormField.EMAIL) else Asking.ASKED
            self.fields[ASKED + key] = forms.ChoiceField(
                label=label, choices=Asking.choices, initial=asked.get(key, usual)
            )
        people = User.objects.filter(is_active=True, is_system=False, is_service=False)
        purposes = Purpose.objects.filter(retired_at=None, wordings__isnull=False).distinct()
        self._offer("people", [(person.pk, person.name) for person in people.order_by("name", "pk")])
        self._offer("purposes", [(purpose.pk, purpose.name) for purpose in purposes.order_by("name", "pk")])
        self._offer("stage", [(stage.slug, stage.label) for stage in kinds.registry.get(kind).stages])

    def _offer(self, name: str, choices: list[Any]) -> None:
        chooser: Any = self.fields[name]
        chooser.choices = choices

    @property
    def asked(self) -> list[Any]:
        """The fields that say what is asked."""
        return [self[ASKED + key] for key in FormField.values]

    def draft(self) -> Draft:
        """What was said."""
        told = self.cleaned_data
        plain = ("name", "title", "intro", "thanks", "stage", "choosing", "follow_up", "follow_up_days")
        return Draft(
            **{name: told[name] for name in plain},
            asked={key: told[ASKED + key] for key in FormField.values},
            questions=[line for line in told["questions"].splitlines() if line.strip()],
            purposes=[int(pk) for pk in told["purposes"]],
            people=[int(pk) for pk in told["people"]],
            origins=[line for line in told["origins"].splitlines() if line.strip()],
        )


def _initial(form: WebForm) -> dict[str, Any]:
    plain = (
        *("name", "title", "intro", "thanks", "stage", "choosing", "follow_up", "follow_up_days"),
        *("purposes", "people"),
    )
    several = ("questions", "origins")
    told = {name: getattr(form, name) for name in plain}
    return told | {name: "\n".join(getattr(form, name)) for name in several}


class VisitorForm(forms.Form):
    """What a visitor is asked. `TRAP` is shown to nobody."""

    homepage = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any = None, *, form: WebForm, wordings: Iterable[PurposeWording]) -> None:
        super().__init__(data)
        self.questions = form.questions
        self.wordings = list(wordings)
        for key, label in FormField.choices:
            asking = form.asked.get(key, Asking.NOT)
            if asking != Asking.NOT:
                self.fields[key] = _field(key, label, is_required=asking == Asking.REQUIRED)
        for number, question in enumerate(form.questions):
            self.fields[f"question_{number}"] = forms.CharField(
                label=question, required=False, max_length=1000
            )
        for wording in self.wordings:
            self.fields[f"{AGREE}{wording.pk}"] = forms.BooleanField(label=wording.text, required=False)

    @property
    def shown(self) -> list[Any]:
        """The fields that people see."""
        return [self[name] for name in self.fields if name != TRAP]

    def told(self) -> dict[str, Any]:
        """What is kept of it."""
        given = self.cleaned_data
        return {
            "answers": {key: given[key].strip() for key in FormField.values if key in given},
            "questions": [[text, given[f"question_{n}"].strip()] for n, text in enumerate(self.questions)],
            "agreed": [wording.pk for wording in self.wordings if given[f"{AGREE}{wording.pk}"]],
        }

    def suspicion(self) -> str:
        """Why this looks like no person wrote it, in words; "" for nothing."""
        if self.cleaned_data[TRAP]:
            return str(_("A field that nobody sees was filled in."))
        if (
            sum(len(LINK.findall(value)) for value in self.cleaned_data.values() if isinstance(value, str))
            > MOST_LINKS
        ):
            return str(_("It holds many links."))
        return ""


def _field(key: str, label: Any, *, is_required: bool) -> forms.Field:
    told: dict[str, Any] = {"label": label, "required": is_required}
    autofill = {"autocomplete": AUTOFILL[FormField(key)]}
    if key == FormField.MESSAGE:
        return forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5, **autofill}), **told)
    if key == FormField.EMAIL:
        return forms.EmailField(max_length=254, widget=forms.EmailInput(attrs=autofill), **told)
    if key == FormField.PHONE:
        return forms.CharField(
            max_length=40, widget=forms.TextInput(attrs={"type": "tel", **autofill}), **told
        )
    return forms.CharField(max_length=120, widget=forms.TextInput(attrs=autofill), **told)
