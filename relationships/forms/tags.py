"""Tags: which of them a relationship bears, and how one is called."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships.enums import TagColour
from relationships.forms.follow_ups import select, text_input
from relationships.queries.tags import Label


class TagsForm(forms.Form):
    """The tags of a relationship: known ones to tick, others to write."""

    tags = forms.MultipleChoiceField(
        label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple()
    )  # fmt: skip
    others = forms.CharField(
        label=_("Others"), required=False, max_length=400, widget=text_input(),
        help_text=_("With commas between them. One that is not there yet is made."),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[Label], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["tags"].choices = [(label.name, label.name) for label in offered]
        if not offered:
            del fields["tags"]

    def names(self) -> list[str]:
        """Every tag that is to stand there."""
        written = self.cleaned_data["others"].split(",")
        return [*self.cleaned_data.get("tags", []), *(name for name in written if name.strip())]


class BulkTagsForm(forms.Form):
    """Tags for many relationships: what is put on, and what is taken off."""

    add = forms.CharField(
        label=_("Put on"), required=False, max_length=400, widget=text_input(),
        help_text=_("With commas between them. One that is not there yet is made."),
    )  # fmt: skip
    remove = forms.CharField(
        label=_("Take off"), required=False, max_length=400, widget=text_input(),
        help_text=_("With commas between them."),
    )  # fmt: skip

    def names(self) -> dict[str, list[str]]:
        """The names of both, as the operation takes them."""
        return {name: self.cleaned_data[name].split(",") for name in ("add", "remove")}

    def words(self) -> str:
        """What is done, in words."""
        said = {"on": self.cleaned_data["add"].strip(), "off": self.cleaned_data["remove"].strip()}
        if said["on"] and said["off"]:
            return str(_("Tags: %(on)s put on, %(off)s taken off") % said)
        return str((_("Tags: %(on)s put on") if said["on"] else _("Tags: %(off)s taken off")) % said)


class TagForm(forms.Form):
    """How a tag is called, and its colour."""

    name = forms.CharField(label=_("Tag"), max_length=40, widget=text_input())
    colour = forms.ChoiceField(label=_("Colour"), choices=TagColour.choices, widget=select())
