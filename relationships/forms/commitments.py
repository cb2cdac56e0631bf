"""Making, changing and moving promises."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from relationships.enums import CommitmentDirection, CommitmentState, Materiality
from relationships.forms.follow_ups import DayInput, colleagues, select, text_area, text_input


class CommitmentForm(forms.Form):
    """What a promise says, whose it is, and by when. The relationship is said by the address or by a picker."""

    direction = forms.ChoiceField(
        label=_("Whose promise"),
        choices=CommitmentDirection.choices,
        initial=CommitmentDirection.OURS,
        widget=forms.RadioSelect(),
    )
    what = forms.CharField(label=_("What is promised"), max_length=300, widget=text_input())
    due_date = forms.DateField(
        label=_("Due"), help_text=_("The original date; it stays in the ledger."), widget=DayInput()
    )
    owner = forms.ModelChoiceField(
        label=_("Who of us looks after it"), queryset=User.objects.none(), widget=select()
    )
    materiality = forms.ChoiceField(
        label=_("How much hangs on it"),
        choices=Materiality.choices,
        initial=Materiality.NORMAL,
        help_text=_("High needs evidence to be called delivered."),
        widget=select(),
    )
    state = forms.ChoiceField(
        label=_("Agreed already?"),
        choices=[
            (CommitmentState.AGREED, _("Yes, agreed")),
            (CommitmentState.PROPOSED, _("No, only proposed")),
        ],
        initial=CommitmentState.AGREED,
        widget=select(),
    )
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["idempotency_key"].initial = uuid.uuid4


class CommitmentEditForm(forms.Form):
    """What may change of an open promise; its dates may not."""

    what = forms.CharField(label=_("What is promised"), max_length=300, widget=text_input())
    owner = forms.ModelChoiceField(
        label=_("Who of us looks after it"), queryset=User.objects.none(), widget=select()
    )
    materiality = forms.ChoiceField(
        label=_("How much hangs on it"), choices=Materiality.choices, widget=select()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues()  # type: ignore[attr-defined]  # a ModelChoiceField


class MoveForm(forms.Form):
    """A move that needs no words."""


class DeliverForm(MoveForm):
    """What shows that a promise was kept."""

    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        help_text=_("A delivery note, a link, who received it."),
        widget=text_area(),
    )


class WithdrawForm(MoveForm):
    """Why a promise is taken back."""

    reason = forms.CharField(
        label=_("Why"), max_length=400, help_text=_("What the other side was told."), widget=text_input()
    )


class PromiseAgainForm(MoveForm):
    """A new date for a promise that was missed, and who on the other side accepted it."""

    new_due_date = forms.DateField(label=_("New date"), widget=DayInput())
    agreed_with = forms.CharField(
        label=_("Who on the other side agreed"), max_length=200, widget=text_input()
    )
    reason = forms.CharField(label=_("Why"), max_length=400, widget=text_input())


class RenegotiateForm(forms.Form):
    """A moved date is an agreement: it names who agreed, and why."""

    to_date = forms.DateField(label=_("New date"), widget=DayInput())
    agreed_with = forms.CharField(
        label=_("Who on the other side agreed"), max_length=200, widget=text_input()
    )
    reason = forms.CharField(label=_("Why"), max_length=400, widget=text_input())


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "deliver": DeliverForm,
    "withdraw": WithdrawForm,
    "re_promise": PromiseAgainForm,
}
