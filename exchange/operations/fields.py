"""The fields of one import: the data set's own, and what the kind and its profile say of some of them."""

from dataclasses import replace

from exchange.operations.custom_values import custom_field
from exchange.operations.profiles import PROFILE, profile_field
from exchange.operations.terms import Terms
from exchange.registry import Field
from relationships.queries.custom_fields import CUSTOM


def fields_of(terms: Terms) -> list[Field]:
    """Every field of the data set and those of its families that the mapping uses.

    Raises Invalid for a field of the profile that the kind does not have.
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
        return profile_field(terms, field)
    if field.name.startswith(CUSTOM):
        return custom_field(terms, field)
    return field
