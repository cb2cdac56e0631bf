"""The fields that every list has, with those that its kind declares; all fields of a list by their key."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import User
from core import keyset
from relationships import kinds
from relationships.enums import Channel, HealthStatus, ValueTier
from relationships.models import Commitment, Fold, Interaction, Party, PartyLink, Relationship
from relationships.permissions import may_somewhere
from relationships.queries.list_fields import (
    Asked,
    FieldType,
    ListField,
    Operator,
    Takes,
    Text,
    all_provided,
    provided,
)

NO_EVIDENCE = "none"  # how an address says the empty health band
OWN = "c_"
"""How the keys of a kind's own columns begin."""

SILENT_FOR = Operator("for", _("for"), Takes.DAYS)
DUE_IN = Operator("within", _("within"), Takes.DAYS)
DUE_BEFORE = Operator("before", _("is before"))


def _health(operator: str, values: tuple[str, ...], _asked: Asked) -> Q:
    bands = [HealthStatus.NONE if band == NO_EVIDENCE else band for band in values]
    meant = Q(state__health_status__in=bands)
    return ~meant if operator == "not" else meant


def _silent(_operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    since = asked.now - timedelta(days=int(values[0]))
    return Q(state__last_interaction_at=None) | Q(state__last_interaction_at__lt=since)


def _overdue(_operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    late = Q(state__next_touch_date__lt=asked.today)
    return late if values[0] == "1" else ~late


def _problems(_operator: str, values: tuple[str, ...], _asked: Asked) -> Q:
    return Q(state__open_problems__gt=0) if values[0] == "1" else Q(state__open_problems=0)


def _promise_due(operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    """An open promise, of those that the viewer may know of, that is due by a day."""
    last = asked.today + timedelta(days=int(values[0])) if operator == "within" else asked.day(values[0])
    due = {"current_due_date__lte" if operator == "within" else "current_due_date__lt": last}
    promises = (
        Commitment.objects.visible_to(asked.viewer).open().filter(relationship_id=OuterRef("pk"), **due)
    )
    return Q(Exists(promises))


def _last_channel(operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    """The channel of the last talk that the viewer may know of."""
    talks = Interaction.objects.visible_to(asked.viewer).current()
    talks = talks.filter(relationship_id=OuterRef(OuterRef("pk")))
    newest = Subquery(talks.order_by("-happened_at", "-pk").values("pk")[:1])
    by_channel = Interaction.objects.filter(pk=newest, channel__in=values)
    return Q(~Exists(by_channel)) if operator == "not" else Q(Exists(by_channel))


def _contact(_operator: str, values: tuple[str, ...], asked: Asked) -> Q:
    """A party linked to it, of those that the viewer may know of, with every word in its name."""
    near = Party.objects.visible_to(asked.viewer)
    for word in values[0].split():
        near = near.filter(Q(Contains(Fold("name"), Fold(Value(word)))))
    outwards = PartyLink.objects.filter(target_party__in=near).values("source_party_id")
    inwards = PartyLink.objects.filter(source_party__in=near).values("target_party_id")
    return Q(party_id__in=outwards) | Q(party_id__in=inwards)


HEALTH_CHOICES: tuple[tuple[str, Text], ...] = (
    *((str(value), label) for value, label in HealthStatus.choices if value),
    (NO_EVIDENCE, HealthStatus.NONE.label),
)
TIERS: tuple[tuple[str, Text], ...] = tuple((tier, tier) for tier in ValueTier.values if tier)
SCORE = keyset.SortKey("state__health", Decimal, nullable=True)
TALKED = keyset.SortKey(
    "state__last_interaction_at", datetime.fromisoformat, nullable=True, empties_first=True
)
PLANNED = keyset.SortKey("state__next_touch_date", date.fromisoformat, nullable=True)
WORTH = keyset.SortKey("state__value_amount", Decimal, nullable=True)

Type = FieldType
EVERYWHERE: tuple[ListField, ...] = (
    ListField(
        "name", _("Name"), Type.TEXT, "party_name", sort=keyset.SortKey("party_name"),
        sort_words=(_("Name, A to Z"), _("Name, Z to A")), is_column=False,
    ),
    ListField("health", _("Health"), Type.CHOICE, "state__health_status", HEALTH_CHOICES, condition=_health,
              sort=SCORE, sort_words=(_("Health, lowest first"), _("Health, highest first"))),
    ListField("owner", _("Owner"), Type.PERSON, "owner", edit="owner", twin="state__owner"),
    ListField("tier", _("Tier"), Type.CHOICE, "state__value_tier", TIERS),
    ListField("silent", _("No contact in"), Type.NUMBER, operators=(SILENT_FOR,), condition=_silent, is_column=False),
    ListField("overdue", _("Next step overdue"), Type.YES_NO, condition=_overdue, is_column=False),
    ListField("problems", _("Open problems"), Type.YES_NO, "state__open_problems", condition=_problems, numeric=True),
    ListField("score", _("Health score"), Type.NUMBER, "state__health", numeric=True, is_column=False),
    ListField("contact", _("Last contact"), Type.DATE, "state__last_interaction_at", is_moment=True, sort=TALKED,
              sort_words=(_("Last contact, longest ago first"), _("Last contact, latest first"))),
    ListField("next", _("Next step"), Type.DATE, "state__next_touch_date", sort=PLANNED,
              sort_words=(_("Next step, soonest first"), _("Next step, latest first"))),
    ListField("promise", _("Open promise due"), Type.DATE, operators=(DUE_IN, DUE_BEFORE), condition=_promise_due,
              is_column=False),
    ListField("promises", _("Open promises"), Type.NUMBER, "state__open_commitments", numeric=True, indexed=False),
    ListField("channel", _("Last talk by"), Type.CHOICE, "", tuple(Channel.choices), condition=_last_channel,
              indexed=False, is_column=False),
    ListField("person", _("A contact's name"), Type.TEXT, operators=(Operator("has", _("contains")),),
              condition=_contact, is_column=False),
    ListField("place", _("Place"), Type.TEXT, "party__place", indexed=False),
    ListField("sector", _("Sector"), Type.TEXT, "party__sector", indexed=False),
    ListField("objective", _("Objective"), Type.TEXT, "objective", indexed=False, edit="objective"),
    ListField("cadence", _("Rhythm, in days"), Type.NUMBER, "cadence_days", numeric=True, indexed=False,
              edit="cadence_days"),
    ListField("opened", _("Since"), Type.DATE, "opened_at", is_moment=True, indexed=False),
    ListField("value", _("Value a year"), Type.MONEY, "state__value_amount", sort=WORTH, numeric=True,
              sort_words=(_("Value, lowest first"), _("Value, highest first")), is_filter=False,
              permission=Permission.VIEW_MONEY),
)  # fmt: skip
"""In the order in which they stand in addresses and menus; the stages, which differ by kind, come after the owner."""

_of_kinds: dict[str, tuple[kinds.Kind, dict[str, ListField]]] = {}


def native_fields(slug: str) -> Mapping[str, ListField]:
    """The fields of a kind's list that need no query to be known, by key."""
    kind = kinds.registry.get(slug)
    known = _of_kinds.get(slug)
    if known is None or known[0] is not kind:
        fields = [
            *EVERYWHERE[:3],
            _stage(kind),
            *EVERYWHERE[3:],
            *(_own(column, kind) for column in kind.columns),
        ]
        _of_kinds[slug] = known = (kind, {field.key: field for field in fields})
    return known[1]


def field_of(slug: str, key: str) -> ListField | None:
    """The field of a kind's list that is called so; None where there is none."""
    return native_fields(slug).get(key) or provided(slug, key)


def every_field(viewer: User, slug: str) -> list[ListField]:
    """All fields of a kind's list that the viewer may know of, those of the workspace too."""
    fields = [*native_fields(slug).values(), *all_provided(slug)]
    return [field for field in fields if may_know(viewer, field, slug)]


def may_know(viewer: User, field: ListField, slug: str) -> bool:
    """Whether the field is anything to the viewer in the kind."""
    if field.key == "value" and not kinds.registry.get(slug).has_trade:
        return False
    return field.permission is None or may_somewhere(viewer, field.permission, slug)


def _stage(kind: kinds.Kind) -> ListField:
    stages = tuple((stage.slug, stage.label) for stage in kind.stages)
    return ListField("stage", _("Stage"), Type.CHOICE, "stage", stages, edit="stage")


def _own(column: kinds.Column, kind: kinds.Kind) -> ListField:
    """A column that the kind declares; what can be written in a list is what its profile holds."""
    choices = tuple(column_choices(kind.slug, column.key))
    profile, _sep, name = column.path.partition("__")
    is_profile = profile == kinds.profile_name(kind.slug) and "__" not in name
    field = model_field(column.path)
    return ListField(
        OWN + column.key,
        column.label,
        _type_of(field, has_choices=bool(choices)),
        column.path,
        choices,
        numeric=column.numeric,
        is_filter=column.is_filter,
        edit=f"profile.{name}" if is_profile and field.editable else "",
    )


def _type_of(field: Any, *, has_choices: bool) -> FieldType:
    if has_choices:
        return FieldType.CHOICE
    if isinstance(field, models.BooleanField):
        return FieldType.YES_NO
    if isinstance(field, models.DateField):
        return FieldType.DATE
    numeric = isinstance(field, models.IntegerField | models.DecimalField | models.FloatField)
    return FieldType.NUMBER if numeric else FieldType.TEXT


def column_choices(slug: str, key: str) -> list[tuple[str, Any]]:
    """The values that one of the kind's own columns can have; none where it is free text."""
    path = next(column.path for column in kinds.registry.get(slug).columns if column.key == key)
    return [(str(value), label) for value, label in model_field(path).flatchoices]


def model_field(path: str) -> Any:
    """The column at the end of a path from Relationship."""
    model: Any = Relationship
    *steps, name = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(name)
