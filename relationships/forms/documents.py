"""Adding a file to a relationship, and taking it away."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from relationships.forms.follow_ups import text_input


class DocumentForm(forms.Form):
    """A file, what it is, and who may see it; what may be in it is for the operation to say."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("At most 25 MB; no programs."),
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"class": "inp"}),
    )
    note = forms.CharField(label=_("What it is"), required=False, max_length=300, widget=text_input())
    confidentiality = forms.TypedChoiceField(
        label=_("Who may see it"),
        coerce=int,
        choices=[
            (Confidentiality.INTERNAL, _("Everybody who sees this relationship")),
            (Confidentiality.CONFIDENTIAL, _("Only I and the owner of the relationship")),
        ],
        initial=Confidentiality.INTERNAL,
        widget=forms.RadioSelect(),
    )
    idempotency_key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid.uuid4


class VersionForm(forms.Form):
    """The next content of a document, and what changed in it."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("At most 25 MB; no programs. The earlier versions stay."),
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"class": "inp"}),
    )
    reason = forms.CharField(
        label=_("What changed"), required=False, max_length=400, help_text=_("Stays on the timeline."),
        widget=text_input(),
    )  # fmt: skip


class RemovalForm(forms.Form):
    """Why a document is taken away."""

    reason = forms.CharField(
        label=_("Why"), max_length=400, help_text=_("Stays on the timeline."), widget=text_input()
    )
