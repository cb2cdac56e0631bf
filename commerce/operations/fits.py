"""Fits of the purchase models: computed, kept with what they rest on, refused with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.btyd import MODELS, Fit, FitRejected, PurchaseSummary, fit
from commerce.enums import FitOutcome
from commerce.models import ModelFit
from commerce.queries.purchase_history import purchases_until, spend_until
from core.refusals import Conflict, Invalid
from relationships import kinds

MEASURE = "alive"
"""Kinds whose scorecard asks this measure are those whose purchases are modelled."""

WORDS = {
    "too_few_customers": gettext_lazy(
        "Not enough evidence: %(value)d with purchases, at least %(limit)d are needed."
    ),
    "too_few_repeat_buyers": gettext_lazy(
        "Not enough evidence: %(value)d bought again, at least %(limit)d are needed."
    ),
    "parameter_ran_away": gettext_lazy(
        "The model does not describe these purchases: a parameter ran away to %(value)g."
    ),
    "gradient_not_flat": gettext_lazy("The fit did not settle: its gradient is %(value)g, above %(limit)g."),
    "spend_depends_on_frequency": gettext_lazy(
        "Spend depends on how often they buy (correlation %(value).2f, at most %(limit).1f): the model supposes "
        "that it does not."
    ),
    "mean_spend_undefined": gettext_lazy("The mean spend is not finite (q = %(value).2f)."),
}


@dataclass(frozen=True)
class History:
    """What a model is fitted to: purchases up to and including `until`; `currency` of spend, or ""."""

    summary: PurchaseSummary
    until: date
    currency: str = ""


def history_for(*, model: str, kind: str, until: date) -> History:
    """The purchases that `model` looks at. Raises Invalid for an unknown model or kind."""
    _require_known("model", model, MODELS)
    _require_known("kind", kind, kinds.registry.slugs)
    if model != "gamma-gamma":
        return History(purchases_until(kind=kind, until=until), until)
    spend = spend_until(kind=kind, until=until)
    return History(spend.summary, until, spend.currency)


def _require_known(field: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        listed = ", ".join(known)
        raise Invalid(
            {field: _("“%(name)s” is not known; it can be %(known)s.") % {"name": name, "known": listed}}
        )


def compute_fit(*, model: str, history: History) -> Fit:
    """Fits `model` and keeps nothing. Raises Conflict, in words, where the result could not be trusted."""
    try:
        return fit(model, history.summary)
    except FitRejected as rejected:
        words = str(WORDS[rejected.code]) % {"value": rejected.value, "limit": rejected.limit}
        raise Conflict(words) from rejected


@transaction.atomic
def fit_model(*, model: str, kind: str, until: date, now: datetime) -> ModelFit:
    """Fits `model` and keeps the outcome: accepted it is in use from now on, refused it says why.

    A refused fit leaves the last accepted one in use. Raises Invalid for an unknown model or kind.
    """
    history = history_for(model=model, kind=kind, until=until)
    try:
        found = compute_fit(model=model, history=history)
    except Conflict as refused:
        return ModelFit.objects.create(
            model=model,
            kind=kind,
            until_date=until,
            customers=history.summary.customers,
            currency=history.currency,
            parameters={},
            outcome=FitOutcome.REFUSED,
            reason=refused.message[:300],
            fitted_at=now,
        )
    return keep_fit(found=found, kind=kind, history=history, now=now)


@transaction.atomic
def keep_fit(*, found: Fit, kind: str, history: History, now: datetime) -> ModelFit:
    """Puts a fit into daily use for the kind."""
    return ModelFit.objects.create(
        model=found.name,
        kind=kind,
        until_date=history.until,
        customers=found.customers,
        currency=history.currency,
        parameters=found.parameters,
        log_likelihood=found.log_likelihood,
        outcome=FitOutcome.ACCEPTED,
        fitted_at=now,
    )


def model_in_use(*, kind: str, model: str) -> ModelFit | None:
    """The last accepted fit; none while there was not evidence enough."""
    accepted = ModelFit.objects.filter(kind=kind, model=model, outcome=FitOutcome.ACCEPTED)
    return accepted.order_by("-fitted_at", "-id").first()


def modelled_kinds() -> list[str]:
    """The kinds whose scorecard asks whether they will buy again."""
    return [kind.slug for kind in kinds.registry if any(part.measure == MEASURE for part in kind.components)]


def refit_all(*, now: datetime) -> list[ModelFit]:
    """Fits what is in daily use anew, for every modelled kind; each fit is its own transaction."""
    return [
        fit_model(model=model, kind=kind, until=now.date(), now=now)
        for kind in modelled_kinds()
        for model in ("mbg-nbd", "bg-nbd", "gamma-gamma")
    ]
