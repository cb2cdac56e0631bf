"""What the record is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.registry import registry as accounts_registry
from oversight.enums import Book, Format
from oversight.queries.audit import Question
from oversight.queries.event_words import event_verbs

LARGEST = 2**63 - 1


def _number() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)


def day_field(label: Any) -> forms.DateField:
    """A day, chosen by the browser's own calendar."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class AuditForm(forms.Form):
    """Who, what, about whom and when."""

    book = forms.ChoiceField(choices=Book.choices, required=False, widget=forms.HiddenInput)
    actor = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.order_by("name", "id"),
        required=False,
        empty_label=_("Everybody"),
    )
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = day_field(pgettext_lazy("day", "From"))
    until = day_field(pgettext_lazy("day", "To"))
    party = _number()
    subject_type = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    subject = _number()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.chosen = Book.RELATIONSHIPS if (data or {}).get("book") == Book.RELATIONSHIPS else Book.SECURITY
        verbs = event_verbs() if self.chosen == Book.RELATIONSHIPS else accounts_registry.audit_verbs()
        listed = sorted(((verb, str(words)) for verb, words in verbs.items()), key=lambda pair: pair[1])
        self.fields["verb"].choices = [("", _("Everything")), *listed]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return given

    @property
    def question(self) -> Question:
        """What is asked; what is wrong asks nothing, and its words stand beside the field."""
        given = self.cleaned_data if self.is_bound and (self.is_valid() or self.errors) else {}
        actor = given.get("actor")
        return Question(
            book=self.chosen,
            actor_id=actor.pk if actor else None,
            verb=given.get("verb") or "",
            subject_type=given.get("subject_type") or "",
            subject_id=given.get("subject"),
            party_id=given.get("party"),
            since=given.get("since"),
            until=given.get("until"),
        )


class ExportForm(forms.Form):
    """As what the record is taken out."""

    format = forms.ChoiceField(choices=Format.choices)
