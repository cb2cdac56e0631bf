"""The editor of a rule: its head, and as many lines of conditions and acts as are asked for.

Lines come and go by buttons that send the whole form, so that it works without scripts.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from automation.enums import Choosing, Does, Trigger
from automation.forms.webhooks import verb_choices
from automation.models import WebhookEndpoint
from automation.operations.checking import MOST_LINES
from automation.queries.rules import Act, Says
from relationships import kinds
from relationships.queries.list_fields import Condition, ListField, Takes
from relationships.queries.native_fields import every_field

WEEKDAYS = [
    *((0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday"))),
    *((5, _("Saturday")), (6, _("Sunday"))),
]
BETWEEN = ":"
SEVERAL = ("verbs", "people")
"""Fields that hold several values."""


class HeadForm(forms.Form):
    """What the rule is called, and when it is set off."""

    name = forms.CharField(label=_("Name"), max_length=100)
    trigger = forms.ChoiceField(label=_("When"), choices=Trigger.choices)
    verbs = forms.MultipleChoiceField(
        label=_("Which events"),
        choices=verb_choices,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        required=False,
        help_text=_("For a rule that is set off by what happens."),
    )
    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("day", "On"), choices=WEEKDAYS, coerce=int, initial=0
    )
    hour = forms.TypedChoiceField(
        label=_("At"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int, initial=7
    )
    either = forms.TypedChoiceField(
        label=_("If"),
        choices=[("0", _("all conditions hold")), ("1", _("one of the conditions holds"))],
        coerce=lambda value: value == "1",
        initial="0",
        help_text=_("Without conditions it is for every open relationship of the kind."),
    )


class ConditionForm(forms.Form):
    """One condition on the relationship."""

    field = forms.ChoiceField(label=_("Condition"), required=False)
    value = forms.CharField(
        label=_("Value"), max_length=300, required=False, help_text=_("Several are parted by commas.")
    )

    def __init__(self, *args: Any, fields: Iterable[ListField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(fields)
        chooser: Any = self.fields["field"]
        chooser.choices = [("", _("No condition")), *_asked(known)]
        self.known = {field.key: field for field in known}

    def condition(self) -> Condition | None:
        """What it says; None for a line without any. Labels of choices are understood as their values."""
        key, _between, operator = self.cleaned_data["field"].partition(BETWEEN)
        if not key:
            return None
        given = [part.strip() for part in self.cleaned_data["value"].split(",") if part.strip()]
        field = self.known[key]
        codes = {str(words).casefold(): value for value, words in field.choices}
        asks = field.operator(operator)
        if asks is not None and asks.takes is not Takes.SEVERAL:
            given = [", ".join(given)] if given else []
        return Condition(key, operator, tuple(codes.get(part.casefold(), part) for part in given))


def _asked(known: list[ListField]) -> list[tuple[str, str]]:
    return [
        (f"{field.key}{BETWEEN}{operator.key}", f"{field.label} {operator.words}")
        for field in known
        for operator in field.asks
    ]


class FactForm(forms.Form):
    """What the event has to say."""

    name = forms.SlugField(
        label=_("The event's"), required=False, help_text=_("As channel, direction, kind.")
    )
    so = forms.TypedChoiceField(
        label=_("Is it so"), choices=[("1", _("is")), ("0", _("is not"))], coerce=lambda value: value == "1"
    )
    value = forms.CharField(label=_("Value"), max_length=100, required=False)

    def fact(self) -> tuple[str, bool, str] | None:
        """What it says; None for an empty line."""
        told = self.cleaned_data
        return (told["name"], told["so"], told["value"]) if told["name"] else None


WANTS = {
    Does.ASSIGN: ("people", "by"),
    Does.FOLLOW_UP: ("what", "days"),
    Does.COMMITMENT: ("what", "days"),
    Does.NOTIFY: ("who", "what"),
    Does.STAGE: ("stage",),
    Does.PLAYBOOK: ("playbook",),
    Does.WEBHOOK: ("webhook",),
    Does.OBJECTIVE: ("value",),
    Does.CADENCE: ("value",),
}


class ActForm(forms.Form):
    """One act, with the fields that it wants and no others."""

    does = forms.ChoiceField(choices=Does.choices, widget=forms.HiddenInput)
    people = forms.MultipleChoiceField(label=_("To"), required=False)
    by = forms.ChoiceField(label=_("Of several"), choices=Choosing.choices, required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    what = forms.CharField(label=_("What"), max_length=1000, required=False)
    days = forms.CharField(label=_("Days ahead"), max_length=5, required=False, initial="3")
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    playbook = forms.ChoiceField(label=_("Playbook"), required=False)
    webhook = forms.ChoiceField(label=_("Webhook"), required=False)
    value = forms.CharField(label=_("Value"), max_length=300, required=False)

    def __init__(
        self, *args: Any, does: str, choices: dict[str, list[tuple[Any, Any]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label = Does(does).label
        self.initial["does"] = does
        for name in list(self.fields):
            if name != "does" and name not in WANTS[Does(does)]:
                del self.fields[name]
            elif name in choices:
                chooser: Any = self.fields[name]
                chooser.choices = choices[name]

    def act(self) -> Act:
        """What it says."""
        told = dict(self.cleaned_data)
        does = told.pop("does")
        for name in ("stage", "playbook", "webhook"):
            if name in told:
                told["value"] = told.pop(name)
        return Act(does, told)


class RuleEditor:
    """All of it, from what was sent or from what the rule says; `more` and `drop` are asked for by buttons."""

    def __init__(
        self, *, viewer: User, kind: str, data: Any = None, name: str = "", says: Says | None = None
    ):
        self.kind = kinds.registry.get(kind)
        self.data = data
        self.fields = [field for field in every_field(viewer, kind) if field.is_filter]
        self.choices = _choices(viewer, self.kind)
        told = says or Says(Trigger.EVENT)
        sent = None if self.is_arranging else data  # what was not meant to be kept is not found fault with
        self.head = HeadForm(sent, initial=self._sent("") or _head(name, says))
        self.conditions = [
            ConditionForm(sent, prefix=prefix, fields=self.fields, initial=initial)
            for prefix, initial in self._lines("conditions", [_condition(each) for each in told.conditions])
        ]
        facts = [{"name": name, "so": "1" if so else "0", "value": value} for name, so, value in told.facts]
        self.facts = [
            FactForm(sent, prefix=prefix, initial=initial) for prefix, initial in self._lines("facts", facts)
        ]
        self.acts = [
            ActForm(sent, prefix=prefix, does=initial["does"], choices=self.choices, initial=initial)
            for prefix, initial in self._lines("acts", [_act(each) for each in told.acts])
        ]

    def _sent(self, prefix: str) -> dict[str, Any]:
        """What was sent of a form, to begin it again with."""
        if self.data is None:
            return {}
        begin = f"{prefix}-" if prefix else ""
        return {
            key.removeprefix(begin): self.data.getlist(key) if key.endswith(SEVERAL) else self.data[key]
            for key in self.data
            if key.startswith(begin)
        }

    def _lines(self, name: str, kept: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
        """Prefix and beginning of each line: those that were sent, less the one dropped, and one more if asked."""
        if self.data is None:
            return [(f"{name}-{number}", initial) for number, initial in enumerate(kept)]
        sent = [prefix for prefix in self.data.getlist(f"{name}-line") if _is_line(prefix, name)]
        left = [prefix for prefix in dict.fromkeys(sent) if prefix != self.data.get("drop")][: MOST_LINES + 1]
        if self.data.get("more") == name and len(left) < MOST_LINES:
            number = next(n for n in range(MOST_LINES + 2) if f"{name}-{n}" not in left)
            left.append(f"{name}-{number}")
        added = self.data.get("add_act")
        lines = []
        for prefix in left:
            does = self.data.get(f"{prefix}-does", added)
            does = does if does in Does.values else Does.FOLLOW_UP.value
            lines.append((prefix, self._sent(prefix) | {"does": does}))
        return lines

    @property
    def is_arranging(self) -> bool:
        """Whether a line was asked for or dropped, and nothing is to be kept yet."""
        return self.data is not None and ("more" in self.data or "drop" in self.data)

    @property
    def forms(self) -> list[Any]:
        """Every form of it."""
        return [self.head, *self.conditions, *self.facts, *self.acts]

    def is_valid(self) -> bool:
        """Whether everything can be read; what it means is checked when it is kept."""
        return self.data is not None and not [form for form in self.forms if not form.is_valid()]

    def says(self) -> Says:
        """What was said."""
        told = self.head.cleaned_data
        conditions = [form.condition() for form in self.conditions]
        facts = [form.fact() for form in self.facts]
        return Says(
            trigger=told["trigger"],
            verbs=tuple(told["verbs"]),
            weekday=told["weekday"],
            hour=told["hour"],
            conditions=tuple(each for each in conditions if each is not None),
            either=told["either"],
            facts=tuple(each for each in facts if each is not None),
            acts=tuple(form.act() for form in self.acts),
        )

    def tell(self, errors: dict[str, list[str]]) -> None:
        """Puts what was refused beside its line, and the rest above the form."""
        filled = [form for form in self.conditions if form.condition() is not None]
        lines: dict[str, Any] = {f"conditions-{n}": form for n, form in enumerate(filled)}
        lines |= {f"acts-{n}": form for n, form in enumerate(self.acts)}
        for name, words in errors.items():
            form = lines.get(name, self.head)
            form.add_error(name if name in form.fields else None, words)


def _is_line(prefix: str, name: str) -> bool:
    number = prefix.removeprefix(f"{name}-")
    return prefix.startswith(f"{name}-") and number.isascii() and number.isdigit() and len(number) < 3


def _choices(viewer: User, kind: kinds.Kind) -> dict[str, list[tuple[Any, Any]]]:
    people = User.objects.filter(is_active=True, is_system=False, is_service=False).order_by("name", "pk")
    named: list[tuple[Any, Any]] = [(str(person.pk), person.name) for person in people]
    endpoints = WebhookEndpoint.objects.visible_to(viewer).order_by("pk")
    return {
        "people": named,
        "who": [("owner", _("Its owner")), ("team", _("Its team")), *named],
        "stage": [(stage.slug, stage.label) for stage in kind.stages],
        "playbook": [(playbook.slug, playbook.label) for playbook in kind.playbooks],
        "webhook": [(str(endpoint.pk), str(endpoint)) for endpoint in endpoints],
    }


def _head(name: str, says: Says | None) -> dict[str, Any]:
    if says is None:
        return {"name": name}
    told = {"name": name, "trigger": says.trigger, "verbs": says.verbs, "either": "1" if says.either else "0"}
    return {**told, "weekday": says.weekday, "hour": says.hour}


def _condition(kept: Condition) -> dict[str, Any]:
    return {"field": f"{kept.field}{BETWEEN}{kept.operator}", "value": ", ".join(kept.values)}


def _act(kept: Act) -> dict[str, Any]:
    told = {"does": kept.does, **kept.how}
    name = {"stage": "stage", "playbook": "playbook", "webhook": "webhook"}.get(kept.does, "value")
    return told | {name: kept.how.get("value")}
