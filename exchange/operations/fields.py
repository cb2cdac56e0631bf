"""The fields of one import: the data set's own, and what the kind and its profile say of some of them."""

from collections.abc import Iterator
from dataclasses import replace

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from core.refusals import Invalid
from exchange.operations.terms import Terms
from exchange.registry import Field

PROFILE = "profile."


def fields_of(terms: Terms) -> list[Field]:
    """Every field of the data set and those of its families that the mapping uses.

    Raises Invalid for a field of the profile that the kind does not have or that is not a text.
    """
    mapping, spec = terms.mapping, terms.mapping.dataset_fields
    named = [name for name in (*mapping.columns, *mapping.constants) if name not in spec.settings]
    families = [field for field in map(spec.get, named) if field is not None]
    return [_narrowed(terms, field) for field in dict.fromkeys([*spec.fields, *families])]


def _narrowed(terms: Terms, field: Field) -> Field:
    kind = terms.kind
    if field.name == "party_kind" and kind is not None:
        return replace(field, choices=kind.party_kinds)
    if field.name == "stage" and kind is not None:
        return replace(field, choices=tuple(stage.slug for stage in kind.stages))
    if field.name.startswith(PROFILE):
        return _profile_field(terms, field)
    return field


def _profile_field(terms: Terms, field: Field) -> Field:
    model = apps.get_model(terms.needed_kind.profile)
    known = {column.name: column for column in _texts(model)}
    column = known.get(field.name.removeprefix(PROFILE))
    if column is None:
        words = _("“%(name)s” is not a text of the profile; it can be %(known)s.") % {
            "name": field.name,
            "known": ", ".join(f"{PROFILE}{name}" for name in known),
        }
        raise Invalid({f"mapping.columns.{field.name}": words})
    choices = tuple(str(value) for value, _label in column.flatchoices)
    return replace(field, max_length=column.max_length or field.max_length, choices=choices)


def _texts(model: type[models.Model]) -> "Iterator[models.CharField[str, str]]":
    return (column for column in model._meta.concrete_fields if isinstance(column, models.CharField))
