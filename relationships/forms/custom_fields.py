"""The fields of the workspace's own as a form asks for them, and the forms in which they are made."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relationships import kinds
from relationships.enums import CustomType
from relationships.forms.follow_ups import DayInput, colleagues, select, text_area, text_input
from relationships.operations.custom_fields import LONGEST
from relationships.queries.custom_fields import Definition, Option
from relationships.queries.custom_values import Person, plain

INPUTS: dict[CustomType, dict[str, str]] = {
    CustomType.WHOLE: {"inputmode": "numeric"},
    CustomType.DECIMAL: {"inputmode": "decimal"},
    CustomType.MONEY: {"inputmode": "decimal"},
    CustomType.LINK: {"type": "url", "placeholder": "https://"},
}


def form_field(definition: Definition, value: Any = None) -> forms.Field:
    """The field as a form shows it, with what stands there; what was given is checked by the operation."""
    label, hint = definition.label, _hint(definition)
    if definition.unit:
        label = f"{label} ({definition.unit})"
    told: dict[str, Any] = {"label": label, "help_text": hint, "required": False, "initial": _initial(value)}
    if definition.type is CustomType.CHOICES:
        boxes = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=_options(definition, value or []), widget=boxes, **told)
    if definition.type is CustomType.CHOICE:
        options = [("", "–"), *_options(definition, [value])]
        return forms.ChoiceField(choices=options, widget=select(), **told)
    if definition.type is CustomType.YES_NO:
        options = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=options, widget=select(), **told)
    if definition.type is CustomType.PERSON:
        return forms.ChoiceField(choices=lambda: _people(value), widget=select(), **told)
    return forms.CharField(widget=_widget(definition), **told)


def _widget(definition: Definition) -> forms.Widget:
    if definition.type is CustomType.DATE:
        return DayInput()
    most = definition.longest or LONGEST.get(definition.type, 0)
    attrs = {"maxlength": str(most)} if most else {}
    if definition.type is CustomType.LONG_TEXT:
        return text_area(**attrs)
    return text_input(**attrs, **INPUTS.get(definition.type, {}))


def _initial(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Person):
        return value.id
    return plain(value).replace(",", "") if isinstance(value, Decimal) else value


def _options(definition: Definition, chosen: Sequence[Any]) -> list[tuple[str, str]]:
    """What is offered, and what is chosen though it is offered no more."""
    return [
        (option.key, option.label)
        for option in definition.options
        if not option.is_retired or option.key in chosen
    ]


def _people(value: Person | None) -> list[tuple[str, str]]:
    found = [(str(pk), name) for pk, name in colleagues().values_list("pk", "name")]
    if value is not None and str(value.id) not in dict(found):
        found.append((str(value.id), value.name))
    return [("", "–"), *found]


def _hint(definition: Definition) -> str:
    """The help of the field, its bounds, and where it is needed."""
    words = [definition.help_text] if definition.help_text else []
    least, most = definition.least, definition.most
    if least is not None and most is not None:
        words.append(_("From %(least)s to %(most)s.") % {"least": plain(least), "most": plain(most)})
    elif least is not None:
        words.append(_("At least %(least)s.") % {"least": plain(least)})
    elif most is not None:
        words.append(_("At most %(most)s.") % {"most": plain(most)})
    if definition.required_stages:
        kind = kinds.registry.get(definition.kind)
        stages = ", ".join(str(kind.stage_label(stage)) for stage in definition.required_stages)
        words.append(_("Needed in: %(stages)s.") % {"stages": stages})
    return " ".join(words)


class CustomFieldForm(forms.Form):
    """How a field of a kind is described. A field that is there keeps its key, its type and its choices' form."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=80, widget=text_input())
    type = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=CustomType.choices, widget=select())
    key = forms.CharField(
        label=gettext_lazy("Key"), max_length=40, required=False, widget=text_input(),
        help_text=gettext_lazy("How files and the API call it; it never changes. Left empty, it is made of the label."),
    )  # fmt: skip
    section = forms.CharField(
        label=gettext_lazy("Section"), max_length=60, required=False, widget=text_input(),
        help_text=gettext_lazy("Fields of one section stand together under its name."),
    )  # fmt: skip
    help_text = forms.CharField(
        label=gettext_lazy("Help"), max_length=200, required=False, widget=text_input(),
        help_text=gettext_lazy("Stands below the field."),
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("Unit or currency"), max_length=12, required=False, widget=text_input(),
        help_text=gettext_lazy("Of a number, such as kg or %; of money, its currency, such as GBP."),
    )  # fmt: skip
    least = forms.DecimalField(
        label=gettext_lazy("Least"), required=False, widget=text_input(inputmode="decimal")
    )
    most = forms.DecimalField(
        label=gettext_lazy("Most"), required=False, widget=text_input(inputmode="decimal")
    )
    longest = forms.IntegerField(
        label=gettext_lazy("Characters at most"), required=False, widget=text_input(inputmode="numeric")
    )
    choices = forms.CharField(
        label=gettext_lazy("Choices"), required=False, widget=text_area(),
        help_text=gettext_lazy("One a line, in their order."),
    )  # fmt: skip
    required_stages = forms.MultipleChoiceField(
        label=gettext_lazy("Needed in the stages"), required=False, widget=forms.CheckboxSelectMultiple(),
        help_text=gettext_lazy("Nobody comes into such a stage without it."),
    )  # fmt: skip

    FIXED = ("type", "key", "choices")

    def __init__(self, *args: Any, kind: kinds.Kind, of: Definition | None = None, **kwargs: Any) -> None:
        if of is not None:
            kwargs["initial"] = {name: getattr(of, name) for name in self.base_fields if hasattr(of, name)}
            kwargs["initial"] |= {
                name: None if (bound := getattr(of, name)) is None else plain(bound).replace(",", "")
                for name in ("least", "most")
            }
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["required_stages"].choices = [(stage.slug, stage.label) for stage in kind.stages]
        for name in self.FIXED if of is not None else ():
            del fields[name]
        self.kind, self.of = kind, of

    def described(self) -> dict[str, Any]:
        """What is said, as the operations take it."""
        given = dict(self.cleaned_data)
        if "choices" in given:
            given["choices"] = given["choices"].splitlines()
        return given

    def draft(self) -> Definition:
        """The field as it would be, as far as what is said makes sense yet."""
        self.is_valid()
        said: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        type_ = self.of.type if self.of else CustomType(said.get("type") or CustomType.TEXT)
        return Definition(
            id=0, kind=self.kind.slug, key="preview", label=said.get("label") or _("Label"), type=type_,
            help_text=said.get("help_text", ""), section=said.get("section", ""),
            unit=said.get("unit", "") if type_.is_number else "",
            least=said.get("least") if type_.is_number else None,
            most=said.get("most") if type_.is_number else None,
            longest=said.get("longest") if type_.is_text else None,
            required_stages=tuple(said.get("required_stages", ())),
            options=self.of.options if self.of else _drafted(said.get("choices", "")), is_archived=False,
        )  # fmt: skip


def _drafted(lines: str) -> tuple[Option, ...]:
    labels = [line.strip() for line in lines.splitlines() if line.strip()]
    return tuple(Option(number, str(number), label, is_retired=False) for number, label in enumerate(labels))


def preview(definition: Definition) -> forms.BoundField:
    """The field alone, for the page on which it is made."""
    form = forms.Form()
    form.fields["preview"] = form_field(definition)
    return form["preview"]


class ChoiceForm(forms.Form):
    """What a choice is called."""

    label = forms.CharField(label=gettext_lazy("Choice"), max_length=80, widget=text_input())
