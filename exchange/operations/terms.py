"""What a mapping's constants mean in this workspace: kind, unit, currency, owner; refused when unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import BusinessUnit, Currency, User
from commerce.enums import OrderSide
from core.refusals import Invalid, NotAllowed
from exchange.permissions import may_import
from exchange.queries.mappings import Mapping
from relationships import kinds
from relationships.operations.bulk import Opening

Tell = Callable[[str], None]
"""Takes a line about how far an import is."""


def unheard(_words: str) -> None:
    """Where nobody waits to hear how far it is."""


@dataclass(frozen=True)
class Terms:
    """Under which an import takes place."""

    actor: User
    mapping: Mapping
    business_unit: BusinessUnit
    currency: Currency
    owner: User
    kind: kinds.Kind | None
    party_kind: str
    stage: str
    side: str
    now: datetime
    sample: bool
    accepts_equal: bool = False
    """Whether a new party may have the address or number of another."""
    tell: Tell = unheard

    @property
    def needed_kind(self) -> kinds.Kind:
        """The kind, for data sets that cannot do without one; raises Invalid when the mapping names none."""
        if self.kind is None:
            known = ", ".join(kinds.registry.slugs)
            raise Invalid(
                {
                    "mapping.constants.kind": _("Say which kind of relationship this is: %(known)s.")
                    % {"known": known}
                }
            )
        return self.kind

    @property
    def opening(self) -> Opening:
        """How relationships that are new are opened."""
        return Opening(
            kind=self.kind.slug if self.kind else "",
            source=self.mapping.source,
            business_unit=self.business_unit,
            owner=self.owner,
            stage=self.stage,
            sample=self.sample,
        )

    @property
    def minor_units(self) -> int:
        """The decimals to which amounts are rounded; two at most are kept."""
        return min(self.currency.minor_units, 2)


def settle_terms(*, actor: User, mapping: Mapping, now: datetime, sample: bool) -> Terms:
    """The terms of an import. Raises Invalid naming each constant that is unknown here, or NotAllowed."""
    given = {**dict(mapping.dataset_fields.defaults), **mapping.constants}
    wrong = dict[str, str]()
    unit = _business_unit(given.get("business_unit", ""), wrong)
    kind = _kind(given.get("kind", ""), wrong)
    _require(actor, kind, unit)
    terms = Terms(
        actor=actor,
        mapping=mapping,
        business_unit=unit,
        currency=_currency(given.get("currency", ""), unit, wrong),
        owner=_owner(given.get("owner", ""), actor, wrong),
        kind=kind,
        party_kind=given.get("party_kind", "organisation"),
        stage=given.get("stage", ""),
        side=given.get("side", OrderSide.THEY_BUY.value),
        now=now,
        sample=sample,
    )
    if kind is not None:
        _choice("party_kind", terms.party_kind, list(kind.party_kinds), wrong)
        _choice("stage", terms.stage, ["", *(stage.slug for stage in kind.stages)], wrong)
    _choice("side", terms.side, list(OrderSide.values), wrong)
    if wrong:
        raise Invalid({f"mapping.constants.{name}": words for name, words in wrong.items()})
    return terms


def _business_unit(name: str, wrong: dict[str, str]) -> BusinessUnit:
    default = BusinessUnit.objects.select_related("currency").get(is_default=True)
    if not name:
        return default
    found = BusinessUnit.objects.select_related("currency").filter(name=name, closed_at=None).first()
    if found is None:
        known = (
            BusinessUnit.objects.filter(closed_at=None).order_by("name", "id").values_list("name", flat=True)
        )
        _choice("business_unit", name, list(known), wrong)
    return found or default


def _kind(slug: str, wrong: dict[str, str]) -> kinds.Kind | None:
    if not slug:
        return None
    _choice("kind", slug, kinds.registry.slugs, wrong)
    return kinds.registry.get(slug) if slug in kinds.registry else None


def _currency(code: str, unit: BusinessUnit, wrong: dict[str, str]) -> Currency:
    if not code:
        return unit.currency
    known = list(Currency.objects.filter(retired_at=None).order_by("code"))
    _choice("currency", code, [currency.code for currency in known], wrong)
    return next((currency for currency in known if currency.code == code), unit.currency)


def _owner(email: str, actor: User, wrong: dict[str, str]) -> User:
    if not email:
        return actor
    found = User.objects.filter(email=email.strip().lower(), is_active=True, is_system=False).first()
    if found is None:
        wrong["owner"] = _("Nobody with the address %(email)s works here.") % {"email": email}
    return found or actor


def _choice(name: str, value: str, known: list[str], wrong: dict[str, str]) -> None:
    if value not in known:
        listed = ", ".join(entry for entry in known if entry)
        wrong[name] = _("“%(value)s” is not known here; it can be %(known)s.") % {
            "value": value,
            "known": listed,
        }


def _require(actor: User, kind: kinds.Kind | None, unit: BusinessUnit) -> None:
    if not may_import(actor, kind.slug if kind else "", unit.pk):
        raise NotAllowed(_("Your role does not allow importing here."))
