"""Closing a relationship: why, and what becomes of each thing that is still open in it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relationships import kinds
from relationships.forms.follow_ups import colleagues, select, text_input
from relationships.forms.relationships import ReasonForm
from relationships.models import Commitment, FollowUp, Relationship
from relationships.operations.closings import Decision
from relationships.queries.closing import Closing

CALL_OFF = "off"


@dataclass(frozen=True)
class OpenThing:
    """One thing to decide, with its three fields."""

    thing: Commitment | FollowUp
    act: forms.BoundField
    owner: forms.BoundField
    reason: forms.BoundField

    @property
    def is_promise(self) -> bool:
        """Whether it was promised, and not only planned."""
        return isinstance(self.thing, Commitment)


class ClosingForm(ReasonForm):
    """The reason, and for each open thing where it goes or that it is called off.

    A promise has to be decided on; a follow-up is called off unless it is handed on.
    """

    def __init__(self, *args: Any, still_open: Closing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heirs = {str(heir.pk): heir for heir in still_open.heirs}
        self.people = {str(person.pk): person for person in colleagues()} if self.heirs else {}
        self.things: dict[str, Commitment | FollowUp] = {
            **{f"promise_{promise.pk}_": promise for promise in still_open.promises},
            **{f"follow_up_{plan.pk}_": plan for plan in still_open.follow_ups},
        }
        for prefix, thing in self.things.items():
            self._add(prefix, is_promise=isinstance(thing, Commitment))

    def _add(self, prefix: str, *, is_promise: bool) -> None:
        to = [(pk, _("Hand on: %(where)s") % {"where": _where(heir)}) for pk, heir in self.heirs.items()]
        undecided = [("", _("Choose"))] if is_promise else []
        off = (CALL_OFF, _("Withdraw the promise") if is_promise else _("Cancel the follow-up"))
        self.fields[f"{prefix}act"] = forms.ChoiceField(
            label=_("What becomes of it"),
            choices=[*undecided, *to, off],
            initial="" if is_promise else CALL_OFF,
            error_messages={"required": _("Hand it on, or withdraw it.")},
            required=is_promise,
            widget=select(),
        )
        people = [(pk, person.name) for pk, person in self.people.items()]
        self.fields[f"{prefix}owner"] = forms.ChoiceField(
            label=_("In whose hands"), choices=[("", _("As now")), *people], required=False, widget=select()
        )
        self.fields[f"{prefix}reason"] = forms.CharField(
            label=_("Why, if not as below"), max_length=400, required=False, widget=text_input()
        )

    @property
    def open_things(self) -> list[OpenThing]:
        """Everything to decide, as the page shows it."""
        return [
            OpenThing(thing, self[f"{prefix}act"], self[f"{prefix}owner"], self[f"{prefix}reason"])
            for prefix, thing in self.things.items()
        ]

    def decisions(self) -> list[Decision]:
        """What was decided."""
        told = self.cleaned_data
        return [
            Decision(
                thing,
                to=self.heirs.get(told[f"{prefix}act"]),
                owner=self.people.get(told[f"{prefix}owner"]),
                reason=told[f"{prefix}reason"],
                field=prefix,
            )
            for prefix, thing in self.things.items()
        ]


def _where(heir: Relationship) -> str:
    return f"{kinds.registry.get(heir.kind).label}, {heir.business_unit.name}"
