"""Promises that were found in a text: what somebody said yes to, as drafts."""

from collections.abc import Sequence

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from analytics.promises import MOST
from relationships.enums import CommitmentDirection
from relationships.operations.commitments import CommitmentDraft

YES = "found"


class FoundForm(forms.Form):
    """One promise that was found, as the page showed it."""

    side = forms.ChoiceField(choices=CommitmentDirection.choices)
    what = forms.CharField(max_length=300)
    due = forms.DateField()


def accepted_promises(data: MultiValueDict[str, str]) -> tuple[Sequence[CommitmentDraft], Sequence[str]]:
    """The promises that were ticked, and what is wrong with those that cannot be taken as they are."""
    drafts, wrong = [], []
    for key in data.getlist(YES)[:MOST]:
        form = FoundForm({name: data.get(f"{YES}_{name}:{key}", "") for name in FoundForm.base_fields})
        if form.is_valid():
            said = form.cleaned_data
            drafts.append(CommitmentDraft(said["side"], said["what"], said["due"]))
        else:
            what = data.get(f"{YES}_what:{key}", "")[:80]
            wrong.append(_("By which day is “%(what)s” promised?") % {"what": what})
    return drafts, wrong
