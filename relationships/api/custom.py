"""The workspace's own fields and its tags: what there are, and those of a relationship."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, reads
from accounts.enums import Area, Permission
from accounts.models import User
from core import keyset
from core.refusals import Missing
from core.rest import fields
from relationships import kinds
from relationships.enums import CustomType, TagColour
from relationships.models import CustomField, Relationship, Tag, Tagging
from relationships.permissions import may_in
from relationships.queries.custom_fields import definition_of, definitions, definitions_in
from relationships.queries.custom_values import Person, plain, values_of
from relationships.queries.reach import reaches
from relationships.queries.tags import seen_tags

TAG_NAMES = "tag_names"
VALUES = "own_held"


def with_tags(rows: Any) -> Any:
    """Relationships with the names of their tags, in the same query."""
    names = Tagging.objects.filter(relationship_id=OuterRef("pk")).order_by(Lower("tag__name"))
    return rows.annotate(**{TAG_NAMES: ArraySubquery(names.values("tag__name"))})


def dressed(rows: list[Relationship], kind: str) -> list[Relationship]:
    """The relationships with what they hold in the fields of their kind: one query, none where it has no fields."""
    own = definitions(kind)
    held = values_of([row.pk for row in rows], own) if own else {}
    for row in rows:
        setattr(row, VALUES, held.get(row.pk, {}))
    return rows


def told_values(viewer: User, relationship: Relationship) -> dict[str, Any]:
    """What a relationship that was `dressed` holds, by the keys of the fields; amounts for who may see money."""
    held: dict[str, Any] = getattr(relationship, VALUES)
    with_money = may_in(viewer, Permission.VIEW_MONEY, relationship)
    found = (each for each in definitions(relationship.kind) if with_money or not each.is_money)
    return {each.key: _told(each.type, held.get(each.key)) for each in found}


def _told(type_: CustomType, value: Any) -> Any:
    """A value in JSON: decimals and amounts as text, a person by their number; null for none."""
    if isinstance(value, Person):
        return value.id
    if value is not None and type_ in (CustomType.DECIMAL, CustomType.MONEY):
        return plain(value).replace(",", "")
    return value.isoformat() if type_ is CustomType.DATE and value is not None else value


class OwnValue(serializers.Field[Any, Any, Any, Any]):
    """A value of a field: its type says which; null or an empty text empties it."""

    default_error_messages = {
        "invalid": gettext_lazy("This is a text, a number, true, false, null, or a list of choices' keys.")
    }

    _spectacular_annotation = {
        "field": {
            "oneOf": [
                {"type": "string", "maxLength": 20_000},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "array", "items": {"type": "string"}},
                {"type": "null"},
            ]
        }
    }
    """What the OpenAPI file says of it; read there alone, so that nothing of what writes it is loaded here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Refuses whatever no field of any type could hold."""
        listed = data if isinstance(data, list) else [data]
        if not all(isinstance(each, str | int | float) for each in listed):
            self.fail("invalid")
        if isinstance(data, list) and not all(isinstance(each, str) for each in data):
            self.fail("invalid")
        return data


class OwnValues(serializers.DictField):
    """An object with the keys of the kind's own fields, as `/custom-fields/` lists them; others stay."""

    child = OwnValue()

    def to_internal_value(self, data: Any) -> Any:
        """Refuses keys that no field can have."""
        if isinstance(data, dict) and any(len(str(key)) > 40 for key in data):
            raise serializers.ValidationError(_("A key has at most 40 characters."))
        return super().to_internal_value(data)


class ChoiceOut(serializers.Serializer[Any]):
    """One choice of a field; a retired one is kept where it is, and chosen no more."""

    key = serializers.CharField()
    label = serializers.CharField()
    is_retired = serializers.BooleanField()


class CustomFieldOut(serializers.Serializer[Any]):
    """A field that the workspace added to a kind."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    key = serializers.CharField()
    label = serializers.CharField()
    type = serializers.ChoiceField(choices=CustomType.values)
    help_text = serializers.CharField()
    section = serializers.CharField()
    unit = serializers.CharField()
    required_stages = serializers.ListField(child=serializers.CharField())
    choices = ChoiceOut(many=True, source="options")


class FieldsQuestion(fields.Paged):
    """Of which kind."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs)


class CustomFields(Endpoint):
    """`/custom-fields/`"""

    area, tag, may_be_missing = Area.RELATIONSHIPS, "Fields and tags", True

    @reads(CustomFieldOut, asks=FieldsQuestion)
    def get(self, call: Call) -> Rows:
        """The fields that the workspace added to a kind, in order of their number."""
        kind = call.asked["kind"]
        if not reaches(call.viewer, kinds.registry.get(kind)):
            raise Missing(_("There is nothing here, or nothing that is yours to see."))
        seen = [each.id for each in definitions_in(call.viewer, kind)]
        rows = CustomField.objects.filter(pk__in=seen).prefetch_related("choices")
        return Rows(rows, keyset.Order(keyset.SortKey("pk", int)), dress=_defined)


def _defined(rows: list[CustomField]) -> list[Any]:
    return [definition_of(row) for row in rows]


class TagOut(serializers.ModelSerializer[Tag]):
    """A label that relationships bear."""

    colour = serializers.ChoiceField(choices=TagColour.values)

    class Meta:
        model = Tag
        fields = ["id", "name", "colour"]


class Tags(Endpoint):
    """`/tags/`"""

    area, tag = Area.RELATIONSHIPS, "Fields and tags"

    @reads(TagOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """The tags that are offered to everybody, and those on something that the token's user may know of."""
        return Rows(seen_tags(call.viewer), keyset.Order(keyset.SortKey("name")))


class TagsIn(fields.Body):
    """Every tag that is to stand there, by name."""

    tags = serializers.ListField(child=fields.Text(most=40, words=True), max_length=30)
