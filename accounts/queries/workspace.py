"""Teams, business units, currencies and rates as their administrators list them."""

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import BusinessUnit, Currency, ExchangeRate, RoleGrant, Team, TeamMembership
from core.refusals import Missing


def teams() -> QuerySet[Team]:
    """Every team, open ones first, by unit and name, with lead and number of members."""
    members = Count("memberships", filter=Q(memberships__ended_at=None, memberships__user__is_active=True))
    return (
        Team.objects.select_related("business_unit", "lead")
        .annotate(member_count=members)
        .order_by(F("closed_at").desc(nulls_first=True), "business_unit__name", "name", "id")
    )


def team_of(team_id: int) -> Team:
    """One team with its lead and unit. Raises Missing."""
    chosen = Team.objects.select_related("business_unit", "lead").filter(pk=team_id).first()
    if chosen is None:
        raise Missing(_("There is no such team."))
    return chosen


def members_of(team_id: int) -> QuerySet[TeamMembership]:
    """Who is in a team now, by name."""
    held = TeamMembership.objects.filter(team_id=team_id, ended_at=None, user__is_active=True)
    return held.select_related("user").order_by("user__name", "id")


def roles_within(team_id: int) -> QuerySet[RoleGrant]:
    """The roles that are limited to a team now."""
    held = RoleGrant.objects.filter(team_id=team_id, ended_at=None, user__is_active=True)
    return held.select_related("user").order_by("user__name", "id")


def business_units() -> QuerySet[BusinessUnit]:
    """Every unit, open ones first, by name, with its number of open teams."""
    open_teams = Count("teams", filter=Q(teams__closed_at=None))
    return (
        BusinessUnit.objects.select_related("currency")
        .annotate(team_count=open_teams)
        .order_by(F("closed_at").desc(nulls_first=True), "name", "id")
    )


def unit_of(unit_id: int) -> BusinessUnit:
    """One unit. Raises Missing."""
    chosen = BusinessUnit.objects.select_related("currency").filter(pk=unit_id).first()
    if chosen is None:
        raise Missing(_("There is no such business unit."))
    return chosen


def currencies() -> list[Currency]:
    """The currencies kept now, by code, each with the open units that keep their books in it."""
    open_units = BusinessUnit.objects.filter(closed_at=None).order_by("name", "id")
    kept = Currency.objects.filter(retired_at=None).order_by("code")
    return list(kept.prefetch_related(Prefetch("business_units", queryset=open_units)))


def latest_rates(limit: int = 50) -> QuerySet[ExchangeRate]:
    """The rates known last, newest day first."""
    return ExchangeRate.objects.order_by("-rate_date", "currency_id", "into_id")[:limit]


def membership_of(membership_id: int) -> TeamMembership:
    """One membership. Raises Missing."""
    chosen = TeamMembership.objects.select_related("team", "user").filter(pk=membership_id).first()
    if chosen is None:
        raise Missing(_("There is no such membership."))
    return chosen


def currency_of(code: str) -> Currency:
    """One currency that was ever kept. Raises Missing."""
    chosen = Currency.objects.filter(code=code).first()
    if chosen is None:
        raise Missing(_("There is no such currency."))
    return chosen


def likely_unit() -> BusinessUnit:
    """An unsaved unit in the currency, zone and country of the default one: what a new one starts from."""
    default = BusinessUnit.objects.filter(is_default=True).first()
    if default is None:
        return BusinessUnit()
    return BusinessUnit(currency_id=default.currency_id, time_zone=default.time_zone, country=default.country)
