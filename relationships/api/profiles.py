"""What only one kind has, told and taken as its profile's table declares it."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from rest_framework import serializers

from accounts.models import User
from core.rest import fields
from relationships import kinds

MOST = {
    "PositiveSmallIntegerField": 2**15 - 1,
    "PositiveIntegerField": 2**31 - 1,
    "PositiveBigIntegerField": fields.LARGEST,
}


def _colleagues(viewer: Any) -> Any:
    return User.objects.filter(is_active=True, is_system=False)


def _taken(column: "models.Field[Any, Any]") -> Any:
    """The field that takes a column's values, exactly."""
    common: dict[str, Any] = {"required": False, "allow_null": column.null}
    if column.choices:
        values = [value for value, _label in column.flatchoices]
        empty = [""] if column.blank and isinstance(column, models.CharField) and "" not in values else []
        return fields.Choice(choices=[*empty, *values], **common)
    taken: dict[type, Callable[[], Any]] = {
        models.CharField: lambda: fields.Text(most=column.max_length, required=False),
        models.TextField: lambda: fields.Text(required=False),
        models.DateField: lambda: fields.Day(**common),
        models.BooleanField: lambda: fields.Flag(required=False),
        models.DecimalField: lambda: serializers.DecimalField(min_value=0, **_digits(column), **common),
        models.ForeignKey: lambda: fields.Known(_colleagues, **common),
    }
    return _fitting(taken, column) or fields.Whole(
        min_value=0, max_value=MOST[column.get_internal_type()], **common
    )


def _told(column: "models.Field[Any, Any]") -> Any:
    """The field that tells them."""
    common: dict[str, Any] = {"allow_null": column.null}
    told: dict[type, Callable[[], Any]] = {
        models.CharField: serializers.CharField,
        models.TextField: serializers.CharField,
        models.DateField: lambda: serializers.DateField(**common),
        models.BooleanField: serializers.BooleanField,
        models.DecimalField: lambda: serializers.DecimalField(**_digits(column), **common),
        models.ForeignKey: lambda: serializers.IntegerField(source=f"{column.name}_id", **common),
    }
    return _fitting(told, column) or serializers.IntegerField(**common)


def _fitting(made: "dict[type, Callable[[], Any]]", column: "models.Field[Any, Any]") -> Any:
    """What is made for the column's type; None for a whole number."""
    return next((make() for of, make in made.items() if isinstance(column, of)), None)


def _digits(column: Any) -> dict[str, int]:
    return {"max_digits": column.max_digits, "decimal_places": column.decimal_places}


def _columns(kind: kinds.Kind) -> "list[models.Field[Any, Any]]":
    model = apps.get_model(kind.profile)
    return [column for column in model._meta.concrete_fields if not column.primary_key]


def profile_out(kind: kinds.Kind) -> type[serializers.Serializer[Any]]:
    """How the profile of a kind is told."""
    own: dict[str, Any] = {column.name: _told(column) for column in _columns(kind)}
    doc = {"__doc__": str(kind.label)}
    return type(f"{kind.slug.title()}ProfileOut", (fields.Quick, serializers.Serializer), own | doc)


def profile_in(kind: kinds.Kind) -> type[fields.Body]:
    """How it is taken."""
    own: dict[str, Any] = {column.name: _taken(column) for column in _columns(kind)}
    doc = {"__doc__": str(kind.label)}
    return type(f"{kind.slug.title()}ProfileIn", (fields.Body,), own | doc)
