"""Fields of the API that take what the OpenAPI file says and nothing that merely looks like it.

The framework's own fields read `5` as text, `"yes"` as true and `"7"` as a number: a client that sends those
has made a mistake, and learns of it here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property
from math import isfinite
from operator import attrgetter
from typing import Any

from django.db.models import IntegerChoices
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

FIRST_YEAR, LAST_YEAR = 1900, 2100
LARGEST = 2**63 - 1
LONGEST_ECHO = 80


class Text(serializers.CharField):
    """A string; it may be empty unless it is to have `words`."""

    def __init__(self, *, most: int | None = None, words: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", not words)
        super().__init__(max_length=most, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuses numbers."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, as a number."""

    def to_internal_value(self, data: Any) -> int:
        """Refuses text, truth values and fractions."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    """A number."""

    def to_internal_value(self, data: Any) -> float:
        """Refuses text, truth values, and what is too large to be counted with."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        found = super().to_internal_value(data)
        if not isfinite(found):
            self.fail("invalid")
        return found


class Flag(serializers.BooleanField):
    """True or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuses everything that stands for it."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of some words, or of some numbers."""

    default_error_messages = {"unknown": _("“{value}” is not known here. Possible: {known}.")}

    def to_internal_value(self, data: Any) -> Any:
        """Refuses a number as text, and text as a number."""
        if isinstance(data, bool) or not isinstance(data, str | int) or data not in self.choices:
            known = ", ".join(str(choice) for choice in self.choices if choice != "")
            self.fail("unknown", value=str(data)[:LONGEST_ECHO], known=known)
        return data


class Amount(serializers.DecimalField):
    """Money as text with a point, `"1234.50"`: binary fractions cannot hold it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Refuses numbers."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day, ISO 8601."""

    default_error_messages = {"range": _("This day is not between 1900 and 2100.")}

    def to_internal_value(self, value: Any) -> date:
        """Refuses everything but `2026-03-18`, and days that nothing here can be about."""
        day = _parsed(parse_date, value)
        if day is None or len(value) != len("2026-03-18"):
            self.fail("invalid", format="YYYY-MM-DD")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("range")
        return day


class Clock(serializers.RegexField):
    """A time of day, `14:30` or `14:30:00`; of no zone, so JSON Schema's `time` does not describe it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The text; what it means is known once the pattern has been asked for."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def run_validation(self, data: Any = empty) -> Any:
        """The time of day."""
        found = super().run_validation(data)
        return time.fromisoformat(found) if isinstance(found, str) else found

    def to_representation(self, value: time) -> str:
        """With its seconds."""
        return value.isoformat(timespec="seconds")


class Moment(serializers.DateTimeField):
    """A moment, ISO 8601 with its offset; told in UTC."""

    default_error_messages = {
        "offset": _("Say the offset from UTC, as in 2026-03-18T10:00:00Z."),
        "range": _("This moment is not between 1900 and 2100."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """Refuses a moment without its offset: whose clock it would be is anybody's guess."""
        moment = _parsed(parse_datetime, value)
        if moment is None:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        if moment.tzinfo is None:
            self.fail("offset")
        if not FIRST_YEAR < moment.year < LAST_YEAR:
            self.fail("range")
        return moment.astimezone(UTC)

    def to_representation(self, value: Any) -> str | None:
        """In UTC, whatever the zone of the viewer."""
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def _parsed(parse: Any, value: Any) -> Any:
    """What the text says; None for what is no text, or says nothing possible (30 February)."""
    try:
        return parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


class Quick:
    """Tells a thing as the fields declare it; how each of them is read is found once, for lists tell many things."""

    fields: Any

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The fields in their order; what there is not is null."""
        told = {}
        for name, read, tell in self._readers:
            value = read(instance)
            told[name] = None if value is None else tell(value)
        return told

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        return [
            (name, _itself if field.source == "*" else attrgetter(field.source), field.to_representation)
            for name, field in self.fields.items()
        ]


def _itself(instance: Any) -> Any:
    return instance


class Ref(serializers.Serializer[Any]):
    """Something else, by its number and its name."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The two, without going through fields: lists are full of these."""
        return {"id": instance.pk, "name": str(instance)}


class RefBeside(serializers.Field[Any, Any, Any, Any]):
    """A `Ref` of what a row points at, without reading that: the row has `<of>_id`, and `<of>_name` beside it."""

    _spectacular_annotation = {"field": Ref}

    def __init__(self, of: str, **kwargs: Any) -> None:
        self.number, self.named = attrgetter(f"{of}_id"), attrgetter(f"{of}_name")
        super().__init__(source="*", **kwargs)

    def to_representation(self, instance: Any) -> Any:
        """The two; null for none."""
        number = self.number(instance)
        return None if number is None else {"id": number, "name": self.named(instance)}


class Many(serializers.Field[Any, Any, Any, Any]):
    """What `find` gives for a thing, told by the serialiser `out`: rows, or with `many=False` the one."""

    def __init__(
        self, out: type[serializers.BaseSerializer[Any]], find: Callable[[Any], Any], *, many: bool = True
    ) -> None:
        self.out, self.find, self.many = out, find, many
        self._spectacular_annotation = {"field": out(many=True) if many else out()}
        super().__init__(source="*", read_only=True)

    def to_representation(self, instance: Any) -> Any:
        """As the serialiser tells it."""
        return self.out(self.find(instance), many=self.many, context=self.context).data


class Money(serializers.Serializer[Any]):
    """An amount with its currency."""

    amount = Amount()
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217")


def money(amount: Any, currency: str) -> dict[str, str] | None:
    """An amount as `Money` tells it; None where there is none."""
    return None if amount is None else {"amount": f"{amount:.2f}", "currency": currency}


class Body(serializers.Serializer[Any]):
    """What a call says. What it says beside the fields that there are is refused, not dropped."""

    def to_internal_value(self, data: Any) -> Any:
        """The fields; wrong is every name that is none of them."""
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [str(name) for name in data if name not in known]
            if unknown:
                words = _("There is no such field here. Possible: %(known)s.") % {"known": ", ".join(known)}
                raise serializers.ValidationError({name: [words] for name in unknown})
        return super().to_internal_value(data)


class Question(Body):
    """What the address of a call asks for, after its question mark."""


class Paged(Question):
    """A question whose answer comes in pages."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=25, help_text="Rows on a page.")
    cursor = serializers.CharField(
        max_length=600, required=False, help_text="`next` of the page before; never made by hand."
    )


class Known(Whole):
    """Something that is there already, by its number; `rows` gives what this viewer may name."""

    default_error_messages = {"unknown": _("There is no such thing, or none that you may know of.")}

    def __init__(self, rows: Callable[[Any], Any], **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(min_value=1, max_value=LARGEST, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The thing itself."""
        number = super().to_internal_value(data)
        if not 1 <= number <= LARGEST:
            self.fail("unknown")
        found = self.rows(self.context["viewer"]).filter(pk=number).first()
        if found is None:
            self.fail("unknown")
        return found

    def run_validators(self, value: Any) -> None:
        """The bounds are those of the number, and have been asked for."""


class Word(Choice):
    """A numbered class by its name in lower case (`internal`), for the numbers are nobody's business."""

    def __init__(self, classes: type[IntegerChoices], **kwargs: Any) -> None:
        self.classes = classes
        super().__init__(choices=[entry.name.lower() for entry in classes], **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        return int(self.classes[super().to_internal_value(data).upper()])

    def to_representation(self, value: Any) -> str:
        """The name."""
        return self.classes(value).name.lower()
