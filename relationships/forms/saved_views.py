"""Keeping a list under a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.forms.follow_ups import text_input


class ViewNameForm(forms.Form):
    """What a view is called."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=text_input(autofocus=True))


class SaveViewForm(ViewNameForm):
    """A new view; sharing it is offered to those who may."""

    is_shared = forms.BooleanField(
        label=_("Shared: everybody finds it, and sees in it what they may know of"), required=False
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
