"""Fields that offer a list: places, currencies, roles and the scopes of a role."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BusinessUnit, Currency, Team, User
from accounts.permissions import ROLES
from accounts.registry import registry
from core.currencies import currency_names
from core.places import countries, time_zones_by_region


def _time_zones() -> list[tuple[str, Any]]:
    """Grouped by continent; UTC stands alone at the top."""
    groups: list[tuple[str, Any]] = []
    for region, zones in time_zones_by_region().items():
        groups += [(region, list(zones.items()))] if region else list(zones.items())
    return groups


def time_zone_field() -> forms.ChoiceField:
    """Every zone, by continent and city."""
    return forms.ChoiceField(label=gettext_lazy("Time zone"), choices=_time_zones)


def language_field() -> forms.ChoiceField:
    """Every language that the product speaks, each in its own words."""
    return forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=lambda: [("", _("As my browser says")), *settings.LANGUAGES],
        help_text=gettext_lazy("Of the pages, and of the mails that you get."),
    )


def country_field() -> forms.ChoiceField:
    """Every country, by name."""
    return forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=lambda: list(countries().items()),
        help_text=gettext_lazy("For public holidays."),
    )


def currency_field() -> forms.ChoiceField:
    """Every currency that could be kept, by name."""
    return forms.ChoiceField(label=gettext_lazy("Currency"), choices=_currencies)


def _currencies() -> list[tuple[str, str]]:
    return [(code, f"{name} ({code})") for code, name in currency_names().items()]


def kept_currency_field(label: Any) -> forms.ChoiceField:
    """The currencies that the workspace keeps now."""
    return forms.ChoiceField(label=label, choices=_kept_currencies)


def _kept_currencies() -> list[tuple[str, str]]:
    return choices_of(Currency.objects.filter(retired_at=None).order_by("code"))


def choices_of(kept: Iterable[Currency]) -> list[tuple[str, str]]:
    """Currencies that are kept, as choices."""
    return [(currency.code, f"{currency.code} · {currency.label}") for currency in kept]


def choices_beside(kept: Iterable[Currency]) -> list[tuple[str, str]]:
    """Every other currency, by name, after an empty choice."""
    codes = {currency.code for currency in kept}
    others = [(code, words) for code, words in _currencies() if code not in codes]
    return [("", _("Choose a currency")), *others]


def role_field() -> forms.ChoiceField:
    """Every role, with what it is for."""
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=lambda: [(role.slug, f"{role.label}: {role.summary}") for role in ROLES.values()],
    )


def kind_field() -> forms.ChoiceField:
    """A stakeholder kind that a role is limited to."""
    return forms.ChoiceField(
        label=gettext_lazy("Kind of relationship"),
        required=False,
        choices=lambda: [("", _("Every kind")), *registry.kind_choices()],
    )


class OpenTeamField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A team that is not closed, named with its business unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Team.objects.filter(closed_at=None)
            .select_related("business_unit")
            .order_by("business_unit__name", "name", "id"),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        """Team, unit."""
        return f"{obj.name} ({obj.business_unit.name})"


class OpenUnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A business unit that is not closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=BusinessUnit.objects.filter(closed_at=None).order_by("name", "id"), **kwargs
        )


class ActivePersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Somebody who works here now, other than those in `without`."""

    def __init__(self, *, without: Iterable[int] = (), **kwargs: Any) -> None:
        people = User.objects.filter(is_active=True, is_system=False).exclude(pk__in=list(without))
        super().__init__(queryset=people.order_by("name", "id"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name and address: two people may share a name."""
        return f"{obj.name} ({obj.email})"
