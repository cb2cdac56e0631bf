"""What a relationship has in the fields of its kind: set through every door alike, and asked for by stages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.models import User
from relationships import kinds
from relationships.enums import Verb
from relationships.models import CustomValue, Relationship
from relationships.operations.access import hold_relationship, refuse_stale
from relationships.operations.custom_inputs import Stored, stored
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems
from relationships.queries.custom_fields import CUSTOM, Definition, by_key, definitions, definitions_for
from relationships.queries.custom_values import values_of, words

LONGEST_TOLD = 200


@dataclass(frozen=True)
class Change:
    """A field that has another value than before, said as it was and as it is."""

    definition: Definition
    before: str
    after: str

    def told(self) -> dict[str, str]:
        """For the timeline, which everybody reads who may know of the relationship: of money only that it moved."""
        if self.definition.is_money:
            return {"field": self.definition.label}
        return {"field": self.definition.label, "from": _short(self.before), "to": _short(self.after)}


@transaction.atomic
def set_custom_values(
    *,
    actor: User,
    relationship: Relationship,
    values: Mapping[str, Any],
    now: datetime,
    version: int | None = None,
) -> Relationship:
    """Sets fields by their keys and leaves the others as they are; None or an empty text empties one.

    Values are what `custom_inputs.stored` takes. Raises Missing, NotAllowed, Conflict for a stale `version`, and
    Invalid with an entry `custom.<key>` for each field that is wrong, unknown, or wanted by the stage and emptied.
    """
    held = hold_relationship(actor, relationship.pk, Permission.MANAGE_RELATIONSHIPS)
    if version is not None:
        refuse_stale(held.version, version, held.party_name)
    changes = settle_values(held, values, actor)
    if changes:
        held.version += 1
        held.save(update_fields=["version"])
        tell_values(held, changes, actor, now)
    return held


def settle_values(
    held: Relationship, values: Mapping[str, Any], actor: User, *, entered: bool = False
) -> list[Change]:
    """Writes values of a relationship that is held, and gives what changed.

    `entered` says that it comes into its stage now: every field that the stage wants must then have a value. Where
    it was in the stage before, what has long been missing may go on missing, but nothing that is wanted is emptied.
    """
    known = by_key(definitions_for(actor, held))
    problems = Problems()
    for key in values.keys() - known.keys():
        problems.add(f"{CUSTOM}{key}", _unknown(key, known))
    asked = [known[key] for key in values if key in known]
    wanting = _wanting(held, known.values() if entered else asked, everybody=entered)
    if not asked and not wanting:
        problems.refuse()
        return []
    involved = list({each.id: each for each in [*asked, *wanting]}.values())
    before = values_of([held.pk], involved)[held.pk]
    new = {each.key: stored(each, values[each.key], before.get(each.key), problems) for each in asked}
    for definition in wanting:
        given = new.get(definition.key)
        empty = not given.rows if given is not None else definition.key not in before
        if empty:
            problems.add(definition.name, _wanted(definition, held))
    problems.refuse()
    return [change for each in asked if (change := _write(held, each, before.get(each.key), new[each.key]))]


def refuse_unready(kind: str, relationship_ids: Sequence[int], stage: str) -> None:
    """Raises Invalid, under `stage`, unless each of many relationships has what a stage asks for."""
    problems = Problems()
    for definition in definitions(kind):
        if stage in definition.required_stages:
            having = CustomValue.objects.filter(field_id=definition.id, relationship_id__in=relationship_ids)
            missing = len(set(relationship_ids)) - having.values("relationship_id").distinct().count()
            if missing:
                words = ngettext(
                    "“%(field)s” is needed in this stage, and missing in %(n)s relationship.",
                    "“%(field)s” is needed in this stage, and missing in %(n)s relationships.",
                    missing,
                )
                problems.add("stage", words % {"field": definition.label, "n": missing})
    problems.refuse()


def tell_values(held: Relationship, changes: Sequence[Change], actor: User, now: datetime) -> None:
    """One line on the timeline for all that changed; none where nothing did."""
    if not changes:
        return
    data = {"changes": [change.told() for change in changes]}
    record_event(
        relationship=held, party=held.party, verb=Verb.CUSTOM_VALUES_CHANGED, actor=actor, now=now, data=data
    )


def _wanting(held: Relationship, among: Iterable[Definition], *, everybody: bool) -> list[Definition]:
    """The fields that the stage asks for; on entering it also those that the actor does not see."""
    rest = definitions(held.kind) if everybody else among
    return [each for each in rest if held.stage in each.required_stages]


def _write(held: Relationship, definition: Definition, before: Any, new: Stored) -> Change | None:
    if new.value == before:
        return None
    CustomValue.objects.filter(relationship=held, field_id=definition.id).delete()
    CustomValue.objects.bulk_create(
        CustomValue(relationship=held, field_id=definition.id, **row) for row in new.rows
    )
    return Change(definition, words(definition, before), words(definition, new.value))


def _wanted(definition: Definition, held: Relationship) -> str:
    stage = kinds.registry.get(held.kind).stage_label(held.stage)
    return _("“%(field)s” is needed in the stage “%(stage)s”.") % {"field": definition.label, "stage": stage}


def _unknown(key: str, known: Mapping[str, Definition]) -> str:
    if not known:
        return _("There is no such field here.")
    listed = ", ".join(known)
    return _("There is no field “%(key)s” here. Possible: %(known)s.") % {"key": key, "known": listed}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TOLD else text[: LONGEST_TOLD - 1].rstrip() + "…"
