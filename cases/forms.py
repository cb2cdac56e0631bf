"""What is typed into cases: what was raised, what was said, what a move wants to know."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from accounts.models import BusinessUnit, Team, User
from cases.enums import CHANNELS, CaseSeverity, CaseType, CauseResult, ClockType, DeskDoes, MessageSort
from cases.models import Case, MailDesk, Question, SlaPolicy
from cases.operations.cases import Raised
from cases.operations.mail_by_hand import Decision, Desk
from cases.operations.mails import Answer
from cases.operations.moves import Findings
from cases.operations.policies import EVERY, Targets, target_name
from messaging.operations.addresses import split_addresses
from relationships.models import Party, Relationship

HOURS = re.compile(r"(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min)?)?", re.ASCII | re.IGNORECASE)


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


def _offer_questions(form: forms.Form, asked: Sequence[Question]) -> None:
    """The questions that an answer may settle, where there are any."""
    if asked:
        _choose_several(form, "answers", asked)
    else:
        del form.fields["answers"]


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
        _offer_questions(self, asked)

    def clean(self) -> dict[str, Any]:
        """Only an answer of ours carries a promise: with anything else it would be lost."""
        said = super().clean() or {}
        if said.get("promise") and said.get("sort") != MessageSort.OURS:
            self.add_error("promise", _("What is said so does not take this."))
        return said


class MailForm(forms.Form):
    """An answer by mail, and to whom it goes: exactly those who stand here."""

    to = forms.CharField(label=_("To"), max_length=5_000, help_text=_("Addresses, with commas between them."))
    cc = forms.CharField(label=_("Copy to"), required=False, max_length=10_000)
    body = forms.CharField(label=_("Words"), max_length=100_000, widget=_lines(10))
    promise = forms.CharField(label=_("What we promised"), max_length=300, required=False)
    promise_due_date = forms.DateField(label=_("By when"), required=False, widget=_day())
    send_at = forms.DateTimeField(
        label=_("Send at"),
        required=False,
        widget=_moment(),
        help_text=_("Left empty it leaves in a few seconds, and can be taken back until then."),
    )
    mail_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())
    answers = forms.TypedMultipleChoiceField(
        label=_("Questions that this answers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, asked: Sequence[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail_key"].initial = uuid.uuid4
        _offer_questions(self, asked)

    @property
    def answer(self) -> Answer:
        """What the operation takes."""
        said = dict(self.cleaned_data)
        del said["mail_key"]
        return Answer(**said | {name: split_addresses(said[name]) for name in ("to", "cc")})


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


class MatchForm(PersonForm):
    """What a mail is, once it is known whose it is."""

    what = forms.ChoiceField(label=_("What is it"), required=False)

    def __init__(self, *args: Any, people: list[Party], cases: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = {f"case-{case.pk}": case for case in cases}
        answers = [(key, _("Answers %(case)s") % {"case": case}) for key, case in self.cases.items()]
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101 - declared so
        what.choices = [*answers, *CaseType.choices, ("", _("Nothing to answer: keep it as a contact"))]
        what.initial = next(iter(self.cases), CaseType.QUESTION)
        _choose_among(self, "person", _("Do not keep the address"), people)
        self.fields["person"].label = _("Whose address it is")
        self.fields["person"].help_text = _("Their next mail then finds its way by itself.")
        self.order_fields(["what", "person"])

    def decision(self, relationship: Relationship) -> Decision:
        """What the operation takes."""
        what, person = self.cleaned_data["what"], self.cleaned_data["person"]
        case = self.cases.get(what)
        return Decision(relationship, case, "" if case else what, person)


class DeskForm(forms.Form):
    """What is done with the mail of a mailbox."""

    does = forms.ChoiceField(label=_("With mail that answers no case"), choices=DeskDoes.choices)
    case_type = forms.ChoiceField(label=_("What a new case is"), choices=CaseType.choices)
    owner = forms.ModelChoiceField(
        label=_("Who looks after new cases"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever looks after the relationship"),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )
    business_unit = forms.ModelChoiceField(
        label=_("Business unit"),
        queryset=BusinessUnit.objects.none(),
        required=False,
        empty_label=_("Every business unit"),
        help_text=_("Of whoever has several relationships, the one of this unit is meant."),
    )
    agent = forms.ModelChoiceField(
        label=_("In whose name"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("In yours"),
        help_text=_("Senders are known with their eyes, and mail is filed with their rights."),
    )

    def __init__(self, *args: Any, desk: MailDesk | None, **kwargs: Any) -> None:
        names = ("does", "case_type", "owner", "team", "business_unit", "agent")
        kwargs["initial"] = {name: getattr(desk, name) for name in names} if desk else {}
        super().__init__(*args, **kwargs)
        _choose_colleague(self)
        programs = User.objects.filter(is_active=True, is_service=True)
        for name, rows in (
            ("team", Team.objects.filter(closed_at=None)),
            ("business_unit", BusinessUnit.objects.filter(closed_at=None)),
            ("agent", programs),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
            field.queryset = rows.order_by("name", "pk")

    @property
    def desk(self) -> Desk:
        """What the operation takes."""
        return Desk(**self.cleaned_data)


class HoursField(forms.CharField):
    """A length of business time: 4 h, 1 h 30 min, or minutes alone. Its value is in minutes."""

    def to_python(self, value: Any) -> Any:
        """Minutes; "" for nothing."""
        text = str(super().to_python(value)).strip()
        found = HOURS.fullmatch(text)
        if found is None:
            raise forms.ValidationError(
                _("“%(value)s” is no time. Write 4 h, or 1 h 30 min.") % {"value": text}
            )
        hours, minutes = found.groups(default="0")
        return 60 * int(hours) + int(minutes) if text else ""

    def prepare_value(self, value: Any) -> Any:
        """As it is written in the field; what was typed stays as it was."""
        return hours_words(value) if isinstance(value, int) else value


def hours_words(minutes: int) -> str:
    """Business time in hours and minutes: a day of it would be no day of the calendar."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


class PolicyForm(forms.Form):
    """A time for each severity and clock, and why they are to be different."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=SlaPolicy.LONGEST_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for severity, clock in EVERY:
            self.fields[target_name(severity, clock)] = HoursField(label=ClockType(clock).label)

    @property
    def targets(self) -> Targets:
        """Minutes by severity and clock."""
        return {each: self.cleaned_data[target_name(*each)] for each in EVERY}

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each severity, in the order of the clocks."""
        return [
            (
                str(CaseSeverity(severity).label),
                [self[target_name(severity, clock)] for clock in ClockType.values],
            )
            for severity in reversed(CaseSeverity.values)
        ]
