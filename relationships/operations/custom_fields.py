"""Fields that the workspace adds to a kind: made, described, ordered, archived and taken back, with their choices."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import Currency, User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Conflict, Missing
from relationships import kinds
from relationships.enums import CustomType
from relationships.models import CustomChoice, CustomField
from relationships.operations.inputs import Problems
from relationships.queries.custom_fields import forget

MOST_FIELDS = 100
MOST_CHOICES = 200
LONGEST = {CustomType.TEXT: 400, CustomType.LONG_TEXT: 20_000}
DESCRIBED = {"label", "help_text", "section", "unit", "least", "most", "longest", "required_stages"}
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@transaction.atomic
def create_field(
    *,
    actor: User,
    kind: str,
    type: str,
    now: datetime,
    key: str = "",
    choices: Sequence[str] = (),
    **described: Any,
) -> CustomField:
    """A new field of a kind, after the others; without a key one is made of its label.

    `described` may hold label, help_text, section, unit, least, most, longest and required_stages. Raises NotAllowed
    without the right to manage the workspace, and Invalid.
    """
    require(actor, Permission.MANAGE_WORKSPACE)
    if kind not in kinds.registry:
        raise Missing(_("There is no such kind."))
    problems = Problems()
    problems.choice("type", type, CustomType.values)
    problems.refuse()
    others = CustomField.objects.select_for_update().filter(kind=kind)
    taken = {other.key for other in others}
    if len(taken) >= MOST_FIELDS:
        raise Conflict(_("A kind has at most %(most)d fields of its own.") % {"most": MOST_FIELDS})
    field = CustomField(kind=kind, type=type, created_at=now, position=1 + (_last(others) or 0))
    _describe(field, described, problems)
    field.key = key.strip() or _free_key(field.label, taken)
    _check_key(field.key, taken, problems)
    labels = _checked_labels(field, choices, problems)
    problems.refuse()
    field.save()
    used: set[str] = set()
    for position, label in enumerate(labels, 1):
        made = CustomChoice.objects.create(
            field=field, key=_free_key(label, used), label=label, position=position
        )
        used.add(made.key)
    _changed(actor, field, "custom_field_created", now)
    return field


@transaction.atomic
def edit_field(*, actor: User, field: CustomField, now: datetime, **described: Any) -> CustomField:
    """Describes a field otherwise; its key and its type stay. Values that a new bound would refuse stay too."""
    held = _hold(actor, field)
    if unknown := set(described) - DESCRIBED:
        raise TypeError(f"a custom field has no {', '.join(sorted(unknown))} to edit")
    problems = Problems()
    before = (held.unit, held.type)
    _describe(held, described, problems)
    if held.type == CustomType.MONEY and before[0] != held.unit and held.values.exists():
        problems.add("unit", _("There are amounts in %(currency)s already.") % {"currency": before[0]})
    problems.refuse()
    held.save()
    _changed(actor, held, "custom_field_edited", now)
    return held


@transaction.atomic
def move_field(*, actor: User, field: CustomField, forwards: bool, now: datetime) -> None:
    """Changes places with the field before it (or after it, if `forwards`) among those in use."""
    held = _hold(actor, field)
    used = CustomField.objects.filter(kind=held.kind, archived_at=None)
    if _swap(list(used.select_for_update().order_by("position", "pk")), held.pk, forwards=forwards):
        _changed(actor, held, "custom_field_moved", now)


@transaction.atomic
def archive_field(*, actor: User, field: CustomField, now: datetime) -> None:
    """Takes a field out of use; what it holds stays and comes back with it."""
    held = _hold(actor, field)
    if held.archived_at is not None:
        raise Conflict(_("“%(name)s” is archived already.") % {"name": held.label})
    held.archived_at = now
    held.save(update_fields=["archived_at"])
    _changed(actor, held, "custom_field_archived", now)


@transaction.atomic
def restore_field(*, actor: User, field: CustomField, now: datetime) -> None:
    """Takes an archived field into use again, after the others."""
    held = _hold(actor, field)
    if held.archived_at is None:
        raise Conflict(_("“%(name)s” is in use.") % {"name": held.label})
    held.archived_at = None
    held.position = 1 + (_last(CustomField.objects.filter(kind=held.kind)) or 0)
    held.save(update_fields=["archived_at", "position"])
    _changed(actor, held, "custom_field_restored", now)


@transaction.atomic
def add_choice(*, actor: User, field: CustomField, label: str, now: datetime) -> CustomChoice:
    """One more choice, after the others."""
    held = _hold(actor, field)
    problems = Problems()
    standing = list(held.choices.all())
    words = _checked_label(label, [choice.label for choice in standing], problems)
    if not CustomType(held.type).has_choices:
        problems.add("label", _("“%(name)s” has no choices.") % {"name": held.label})
    if len(standing) >= MOST_CHOICES:
        problems.add("label", _("At most %(most)d choices.") % {"most": MOST_CHOICES})
    problems.refuse()
    key = _free_key(words, {choice.key for choice in standing})
    position = 1 + (_last(held.choices) or 0)
    made = CustomChoice.objects.create(field=held, key=key, label=words, position=position)
    _changed(actor, held, "custom_choices_changed", now)
    return made


@transaction.atomic
def rename_choice(*, actor: User, choice: CustomChoice, label: str, now: datetime) -> CustomChoice:
    """Calls a choice otherwise, for everything that has it."""
    field = _hold(actor, choice.field)
    held = field.choices.get(pk=choice.pk)
    problems = Problems()
    others = list(field.choices.exclude(pk=held.pk).values_list("label", flat=True))
    held.label = _checked_label(label, others, problems)
    problems.refuse()
    held.save(update_fields=["label"])
    _changed(actor, field, "custom_choices_changed", now)
    return held


@transaction.atomic
def move_choice(*, actor: User, choice: CustomChoice, forwards: bool, now: datetime) -> None:
    """Changes places with the choice before it, or after it."""
    field = _hold(actor, choice.field)
    if _swap(list(field.choices.order_by("position", "pk")), choice.pk, forwards=forwards):
        _changed(actor, field, "custom_choices_changed", now)


@transaction.atomic
def retire_choice(*, actor: User, choice: CustomChoice, now: datetime) -> None:
    """Offers a choice no more; whatever has it keeps it."""
    field = _hold(actor, choice.field)
    field.choices.filter(pk=choice.pk, retired_at=None).update(retired_at=now)
    _changed(actor, field, "custom_choices_changed", now)


@transaction.atomic
def return_choice(*, actor: User, choice: CustomChoice, now: datetime) -> None:
    """Offers a retired choice again."""
    field = _hold(actor, choice.field)
    field.choices.filter(pk=choice.pk).update(retired_at=None)
    _changed(actor, field, "custom_choices_changed", now)


def _hold(actor: User, field: CustomField) -> CustomField:
    require(actor, Permission.MANAGE_WORKSPACE)
    return CustomField.objects.select_for_update().get(pk=field.pk)


def _last(rows: Any) -> int | None:
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return last


def _swap(rows: list[Any], pk: int, *, forwards: bool) -> bool:
    """Gives two neighbours each other's place; returns whether there was a neighbour."""
    at = next((place for place, row in enumerate(rows) if row.pk == pk), None)
    if at is None:
        return False
    other = at + (1 if forwards else -1)
    if not 0 <= other < len(rows):
        return False
    rows[at], rows[other] = rows[other], rows[at]
    for position, row in enumerate(rows, 1):
        row.position = position
    type(rows[0])._default_manager.bulk_update(rows, ["position"])
    return True


def _describe(field: CustomField, described: Mapping[str, Any], problems: Problems) -> None:
    """Sets what is said and checks what then stands there."""
    for name in DESCRIBED & described.keys():
        setattr(field, name, described[name])
    type_ = CustomType(field.type)
    field.label = problems.text("label", field.label, most=80, required=True)
    field.help_text = problems.text("help_text", field.help_text, most=200)
    field.section = problems.text("section", field.section, most=60)
    field.unit = problems.text("unit", field.unit, most=12) if type_.is_number else ""
    if type_ is CustomType.MONEY:
        problems.choice("unit", field.unit, Currency.objects.order_by("code").values_list("code", flat=True))
    _check_bounds(field, type_, problems)
    stages = [stage.slug for stage in kinds.registry.get(field.kind).stages]
    for stage in field.required_stages:
        problems.choice("required_stages", stage, stages)
    field.required_stages = [stage for stage in stages if stage in field.required_stages]


def _check_bounds(field: CustomField, type_: CustomType, problems: Problems) -> None:
    if not type_.is_number:
        field.least = field.most = None
    for name in ("least", "most"):
        bound: Decimal | None = getattr(field, name)
        if bound is not None and abs(bound) >= Decimal(10) ** 12:
            problems.add(name, _("“%(text)s” is too large to be kept.") % {"text": bound})
    if field.least is not None and field.most is not None and field.least > field.most:
        problems.add("most", _("This is below the least, %(least)s.") % {"least": f"{field.least:f}"})
    if not type_.is_text:
        field.longest = None
    problems.whole_number("longest", field.longest, least=1, most=LONGEST.get(type_, 400))


def _check_key(key: str, taken: Collection[str], problems: Problems) -> None:
    if not KEY.fullmatch(key):
        problems.add(
            "key", _("A key has small letters, digits and _, and begins with a letter; at most 40 of them.")
        )
    elif key in taken:
        problems.add("key", _("Another field has the key “%(key)s”.") % {"key": key})


def _checked_labels(field: CustomField, labels: Sequence[str], problems: Problems) -> list[str]:
    """The choices of a new field; a field of choices has at least one."""
    if not CustomType(field.type).has_choices:
        return []
    found: list[str] = []
    for label in labels:
        if label.strip():
            found.append(_checked_label(label, found, problems, name="choices"))
    if not found:
        problems.add("choices", _("Write at least one choice."))
    if len(found) > MOST_CHOICES:
        problems.add("choices", _("At most %(most)d choices.") % {"most": MOST_CHOICES})
    return found


def _checked_label(label: str, others: Sequence[str], problems: Problems, *, name: str = "label") -> str:
    words = problems.text(name, label, most=80, required=True)
    if words.casefold() in {other.casefold() for other in others}:
        problems.add(name, _("There is a choice “%(label)s” already.") % {"label": words})
    return words


def _free_key(label: str, taken: Collection[str]) -> str:
    """A key made of words, with a number where another has it."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36]
    stem = stem if stem[:1].isalpha() else f"f_{stem}".rstrip("_")
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


def _changed(actor: User, field: CustomField, verb: str, now: datetime) -> None:
    forget(field.kind)
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="customfield", subject_id=field.pk,
        data={"kind": field.kind},
    )  # fmt: skip
