"""One field of the workspace's own in many relationships at once, and back; by a handful of statements."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Invalid
from relationships.enums import CustomType, Verb
from relationships.models import CustomValue, Relationship
from relationships.operations.custom_inputs import stored
from relationships.operations.custom_values import Change
from relationships.operations.events import event_of, record_events
from relationships.operations.inputs import Problems
from relationships.queries.custom_fields import CUSTOM, Definition, by_key, definitions_for
from relationships.queries.custom_values import Person, values_of, words


def give_value(
    *, actor: User, held: Sequence[Relationship], field: str, value: Any, now: datetime, reason: str = ""
) -> tuple[dict[int, Any], Any]:
    """Sets a field, called `custom.<key>`, in relationships of one kind that are held; those that have it stay alone.

    Gives what stood in those that changed and what stands now, as JSON keeps both. A `reason` says that it is a
    value that was there before, which may be a choice that nobody can make any more. Raises Invalid under `field`
    for one that the actor does not see everywhere, under `value` for what it does not take.
    """
    definition = _seen_everywhere(actor, held, field)
    problems = Problems()
    new = stored(definition, value, _as_before(definition, value) if reason else None, problems)
    if not new.rows and any(each.stage in definition.required_stages for each in held):
        problems.add(definition.name, _("“%(field)s” is needed in this stage.") % {"field": definition.label})
    try:
        problems.refuse()
    except Invalid as refusal:
        raise Invalid({"value": refusal.errors[definition.name]}) from None
    standing = standing_in(held, definition)
    changing = [each for each in held if standing[each.pk] != new.value]
    ids = [each.pk for each in changing]
    CustomValue.objects.filter(relationship_id__in=ids, field_id=definition.id).delete()
    CustomValue.objects.bulk_create(
        CustomValue(relationship=each, field_id=definition.id, **row) for each in changing for row in new.rows
    )
    Relationship.objects.filter(pk__in=ids).update(version=F("version") + 1)
    after = words(definition, new.value)
    told = {
        each.pk: Change(definition, words(definition, standing[each.pk]), after).told() for each in changing
    }
    record_events(
        [
            event_of(
                relationship=each, party=each.party, verb=Verb.CUSTOM_VALUES_CHANGED, actor=actor, now=now,
                data={"changes": [told[each.pk]]}, reason=reason,
            )
            for each in changing
        ]
    )  # fmt: skip
    return {pk: plainly(standing[pk]) for pk in ids}, plainly(new.value)


def give_back_values(
    *,
    actor: User,
    rows: Sequence[Relationship],
    field: str,
    was: Mapping[int, Any],
    after: Any,
    now: datetime,
) -> tuple[int, int]:
    """Sets what stood there where nobody changed it since; gives how many were restored, and how many were changed.

    What cannot be set any more stays: a field that went, or that the stage by now wants to have a value.
    """
    try:
        definition = _seen_everywhere(actor, rows, field)
    except Invalid:
        return 0, 0
    standing = standing_in(rows, definition)
    here = [row for row in rows if plainly(standing[row.pk]) == after]
    groups: dict[tuple[str, str], list[Relationship]] = {}
    for row in here:
        groups.setdefault((json.dumps(was[row.pk]), row.stage), []).append(row)
    restored = 0
    for group in groups.values():
        value, reason = was[group[0].pk], _("Taken back")
        try:
            give_value(actor=actor, held=group, field=field, value=value, now=now, reason=reason)
        except Invalid:
            continue
        restored += len(group)
    return restored, len(rows) - len(here)


def standing_in(rows: Sequence[Relationship], definition: Definition) -> dict[int, Any]:
    """What each of them has in the field; None where there is nothing."""
    found = values_of([row.pk for row in rows], [definition])
    return {pk: values.get(definition.key) for pk, values in found.items()}


def plainly(value: Any) -> Any:
    """As JSON keeps it, and as the field takes it again."""
    if isinstance(value, Person):
        return value.id
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else value


def _as_before(definition: Definition, value: Any) -> Any:
    """A value that stood there before, as `values_of` would have given it."""
    return Person(value, "") if definition.type is CustomType.PERSON and value else value


def _seen_everywhere(actor: User, held: Sequence[Relationship], field: str) -> Definition:
    """The field, when the actor sees it in each of them. Raises Invalid."""
    key = field.removeprefix(CUSTOM)
    found = [by_key(definitions_for(actor, each)).get(key) for each in held]
    if not found or found[0] is None or None in found:
        raise Invalid({"field": _("“%(field)s” is not set for many at once.") % {"field": field}})
    return found[0]
