"""What is typed into cases: what was raised, what was said, what a move wants to know."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from accounts.models import Team, User
from cases.enums import CHANNELS, CaseSeverity, CaseType, CauseResult, MessageSort
from cases.models import Case, Question
from cases.operations.cases import Raised
from cases.operations.moves import Findings
from relationships.models import Party


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", "class": "inp"}, format="%Y-%m-%dT%H:%M")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "inp"}, format="%Y-%m-%d")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choose_colleague(form: forms.Form) -> None:
    field = form.fields["owner"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
    field.queryset = User.objects.filter(is_active=True, is_system=False).order_by("name", "pk")


def _choose_among(form: forms.Form, name: str, none: Any, rows: Sequence[Model]) -> None:
    """Offers rows at hand; what is chosen is the row itself."""
    field = form.fields[name]
    assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared so
    by_key = {str(row.pk): row for row in rows}
    field.choices = [("", none), *((key, str(row)) for key, row in by_key.items())]
    field.coerce = lambda key: by_key[str(key)]


def _choose_several(form: forms.Form, name: str, rows: Sequence[Model]) -> None:
    """The same for several of them."""
    field = form.fields[name]
    assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared so
    by_key = {str(row.pk): row for row in rows}
    field.choices = [(key, str(row)) for key, row in by_key.items()]
    field.coerce = lambda key: by_key[str(key)]


class PersonForm(forms.Form):
    """Who of theirs raised it, of those whom we know there."""

    person = forms.TypedChoiceField(label=_("Who of theirs"), required=False, empty_value=None)


class CaseForm(PersonForm):
    """What somebody raised."""

    type = forms.ChoiceField(label=_("What is it"), choices=CaseType.choices)
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS)
    subject = forms.CharField(label=_("In a few words"), max_length=200)
    body = forms.CharField(label=_("What they said"), max_length=100_000, widget=_lines(5))
    severity = forms.TypedChoiceField(
        label=_("How serious"),
        choices=CaseSeverity.choices,
        coerce=int,
        initial=CaseSeverity.MEDIUM,
        help_text=_("It decides by when they are answered."),
    )
    concerns_safety = forms.BooleanField(label=_("Somebody may come to harm"), required=False)
    remedy_sought = forms.CharField(label=_("What they ask for"), max_length=300, required=False)
    raised_at = forms.DateTimeField(
        label=_("When they raised it"),
        required=False,
        widget=_moment(),
        help_text=_("Left empty it is now. The clocks run from then."),
    )
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none())
    confidentiality = forms.TypedChoiceField(
        label=_("Who may know of it"),
        choices=[
            (Confidentiality.INTERNAL, _("Whoever may know of the relationship")),
            (Confidentiality.CONFIDENTIAL, _("Only who looks after it, opened it or owns the relationship")),
        ],
        coerce=int,
        initial=Confidentiality.INTERNAL,
    )
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, people: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, "person", _("Nobody in particular"), people)
        _choose_colleague(self)
        self.fields["idempotency_key"].initial = uuid.uuid4
        self.order_fields(["type", "channel", "subject", "body", "person"])

    def raised(self, follows: Case | None) -> Raised:
        """What the operation takes."""
        said = dict(self.cleaned_data)
        del said["idempotency_key"]
        return Raised(**said, follows=follows)


class CaseEditForm(PersonForm):
    """What of a case can be said anew."""

    subject = forms.CharField(label=_("In a few words"), max_length=200)
    severity = forms.TypedChoiceField(
        label=_("How serious"),
        choices=CaseSeverity.choices,
        coerce=int,
        help_text=_("Another one gives the clocks other targets; what has passed stays."),
    )
    concerns_safety = forms.BooleanField(label=_("Somebody may come to harm"), required=False)
    remedy_sought = forms.CharField(label=_("What they ask for"), max_length=300, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)

    def __init__(self, *args: Any, people: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, "person", _("Nobody in particular"), people)
        self.order_fields(["subject", "severity", "concerns_safety", "remedy_sought", "person", "reason"])


class AssignForm(forms.Form):
    """To whom a case goes."""

    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none())
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_colleague(self)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - declared so
        teams.queryset = Team.objects.filter(closed_at=None).order_by("name", "pk")


class MessageForm(forms.Form):
    """What was said: by us, by them, or among ourselves."""

    sort = forms.ChoiceField(choices=MessageSort.choices, initial=MessageSort.OURS, widget=forms.RadioSelect)
    body = forms.CharField(label=_("Words"), max_length=100_000, widget=_lines(3))
    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, required=False)
    said_at = forms.DateTimeField(
        label=_("When"), required=False, widget=_moment(), help_text=_("Left empty it is now.")
    )
    is_thanks = forms.BooleanField(
        label=_("They only say thanks: nobody waits for an answer"), required=False
    )
    promise = forms.CharField(label=_("What we promised"), max_length=300, required=False)
    promise_due_date = forms.DateField(label=_("By when"), required=False, widget=_day())
    idempotency_key = forms.CharField(
        max_length=100, required=False, widget=forms.HiddenInput(), initial=uuid.uuid4
    )
    answers = forms.TypedMultipleChoiceField(
        label=_("Questions that this answers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, asked: Sequence[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked:
            _choose_several(self, "answers", asked)
        else:
            del self.fields["answers"]

    def clean(self) -> dict[str, Any]:
        """Only an answer of ours carries a promise: with anything else it would be lost."""
        said = super().clean() or {}
        if said.get("promise") and said.get("sort") != MessageSort.OURS:
            self.add_error("promise", _("What is said so does not take this."))
        return said


class MoveForm(forms.Form):
    """A move that may come with a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)

    @property
    def findings(self) -> Findings:
        """What is said beside the reason."""
        return Findings()


class ReasonForm(MoveForm):
    """A move that wants a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class CloseForm(MoveForm):
    """What closing a case wants to know."""

    cause_result = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("Not looked for")), *CauseResult.choices], required=False
    )
    cause = forms.CharField(label=_("What the cause is"), required=False, max_length=10_000, widget=_lines(2))
    outcome = forms.CharField(
        label=_("What was decided"),
        required=False,
        max_length=10_000,
        widget=_lines(3),
        help_text=_("As they were told."),
    )
    override = forms.CharField(
        label=_("Why it is closed over an open promise"),
        required=False,
        max_length=400,
        help_text=_("Only who manages the relationship may."),
    )

    @property
    def findings(self) -> Findings:
        """Cause, decision, and the reason of an exception."""
        said = dict(self.cleaned_data)
        del said["reason"]
        return Findings(**said)


class DoubleForm(MoveForm):
    """The other case that says the same."""

    other = forms.TypedChoiceField(label=_("Which other case"), empty_value=None, required=False)

    def __init__(self, *args: Any, others: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, "other", _("Choose one"), others)

    @property
    def findings(self) -> Findings:
        """The other case."""
        return Findings(other=self.cleaned_data["other"])


class QuestionForm(forms.Form):
    """A question of theirs, in words that can be answered, and who answers it."""

    text = forms.CharField(label=_("What they want to know"), max_length=500, widget=_lines(2))
    owner = forms.ModelChoiceField(label=_("Who answers it"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_colleague(self)


class NoAnswerForm(forms.Form):
    """Why a question cannot be answered."""

    reason = forms.CharField(
        label=_("Why no answer is possible"), max_length=400, help_text=_("As they were told.")
    )


class SettleForm(forms.Form):
    """A move of a question that wants to know nothing."""
