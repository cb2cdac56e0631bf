"""What is given for a field of the workspace's own, through whatever door: read by the field's type and checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from accounts.models import User
from core.addresses import is_id
from relationships.enums import CustomType
from relationships.operations.inputs import Problems
from relationships.queries.custom_fields import Definition, Option
from relationships.queries.custom_values import Person, plain

SHORT, LONG = 400, 20_000
DECIMALS = {CustomType.WHOLE: 0, CustomType.MONEY: 2, CustomType.DECIMAL: 6}
YES, NO = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}
is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Stored:
    """A value as it is kept: `value` as `values_of` reads it, `rows` as the columns of its rows."""

    value: Any
    rows: list[dict[str, Any]]


NOTHING = Stored(None, [])


def stored(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    """What is given for a field, checked; what is wrong is noted under the field's name.

    Texts are read for every type, as a form or a file gives them: days as 2026-03-18, decimals with a point, choices
    by key or label. Beside these: numbers, days, bool, a list for several choices, a User or an id for a person.
    `before` may stay though nobody could choose it any more.
    """
    if given is None or given == [] or (isinstance(given, str) and not given.strip()):
        return NOTHING
    return READERS[definition.type](definition, given, before, problems)


def _text(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    most = definition.longest or (LONG if definition.type is CustomType.LONG_TEXT else SHORT)
    text = problems.text(definition.name, str(given), most=most)
    return Stored(text, [{definition.type.column: text}])


def _link(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    text = problems.text(definition.name, str(given), most=SHORT)
    try:
        is_link(text)
    except ValidationError:
        problems.add(
            definition.name, _("“%(text)s” is no link: it begins with https://.") % {"text": text[:80]}
        )
    return Stored(text, [{"text": text}])


def _number(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    number = _decimal(given)
    places = DECIMALS[definition.type]
    if number is None or isinstance(given, bool):
        words = _("“%(text)s” is not a number. Write decimals with a point, as in 1234.50.")
        problems.add(definition.name, words % {"text": str(given)[:40]})
        return NOTHING
    if number != round(number, places):
        words = _("%(text)s has too many decimals; at most %(most)d.")
        problems.add(definition.name, words % {"text": given, "most": places})
    if definition.least is not None and number < definition.least:
        words = _("%(text)s is below the least, %(least)s.")
        problems.add(definition.name, words % {"text": plain(number), "least": plain(definition.least)})
    if definition.most is not None and number > definition.most:
        words = _("%(text)s is above the most, %(most)s.")
        problems.add(definition.name, words % {"text": plain(number), "most": plain(definition.most)})
    value = int(number) if definition.type is CustomType.WHOLE else number
    return Stored(value, [{"number": number}])


def _decimal(given: Any) -> Decimal | None:
    """The number; None for what is none, or too large to be kept."""
    plainly = str(given).strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    whole, _point, rest = plainly.partition(".")
    head, *groups = whole.split(",")
    if "," in rest or (groups and not (head and all(len(group) == 3 for group in groups))):
        return None
    try:
        number = Decimal(plainly.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None


def _day(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given).strip())
    except ValueError:
        words = _("“%(text)s” is not a day, written as in 2026-03-18.")
        problems.add(definition.name, words % {"text": str(given)[:40]})
        return NOTHING
    problems.day(definition.name, day)
    return Stored(day, [{"value_date": day}])


def _yes_no(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    said = str(given).strip().lower()
    if said not in YES | NO:
        problems.add(definition.name, _("“%(text)s” is neither yes nor no.") % {"text": str(given)[:40]})
        return NOTHING
    return Stored(said in YES, [{"number": Decimal(said in YES)}])


def _choice(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    option = _option(definition, given, [before], problems)
    return Stored(option.key, [{"choice_id": option.id}]) if option else NOTHING


def _choices(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    asked = given if isinstance(given, list | tuple) else str(given).replace(";", ",").split(",")
    wanted = [each for each in asked if str(each).strip()]
    found = {option.id for each in wanted if (option := _option(definition, each, before or [], problems))}
    chosen = [option for option in definition.options if option.id in found]
    rows = [{"choice_id": option.id, "place": option.id} for option in chosen]
    return Stored([option.key for option in chosen] or None, rows)


def _option(definition: Definition, given: Any, before: Any, problems: Problems) -> Option | None:
    """The choice with this key or this label; a retired one only where it is chosen already."""
    said = str(given).strip()
    offered = [option for option in definition.options if not option.is_retired or option.key in before]
    found = next((option for option in offered if option.key == said), None)
    found = found or next((option for option in offered if option.label.casefold() == said.casefold()), None)
    if found is None:
        known = ", ".join(option.label for option in offered)
        words = _("“%(value)s” is not known here. Possible: %(known)s.")
        problems.add(definition.name, words % {"value": said[:40], "known": known})
    return found


def _person(definition: Definition, given: Any, before: Any, problems: Problems) -> Stored:
    said = str(
        given.pk if isinstance(given, User) else given.id if isinstance(given, Person) else given
    ).strip()
    rows = User.objects.filter(is_system=False)
    found = rows.filter(pk=int(said)).first() if is_id(said) else None
    found = found or rows.filter(email__iexact=said).first()
    if found is None or not (found.is_active or (before is not None and before.id == found.pk)):
        words = _("“%(text)s” is nobody who works here.")
        problems.add(definition.name, words % {"text": said[:80]})
        return NOTHING
    return Stored(Person(found.pk, found.name), [{"user_id": found.pk}])


READERS: dict[CustomType, Callable[[Definition, Any, Any, Problems], Stored]] = {
    CustomType.TEXT: _text,
    CustomType.LONG_TEXT: _text,
    CustomType.WHOLE: _number,
    CustomType.DECIMAL: _number,
    CustomType.MONEY: _number,
    CustomType.DATE: _day,
    CustomType.YES_NO: _yes_no,
    CustomType.CHOICE: _choice,
    CustomType.CHOICES: _choices,
    CustomType.PERSON: _person,
    CustomType.LINK: _link,
}
