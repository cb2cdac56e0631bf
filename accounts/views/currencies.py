"""Administration of currencies and rates."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from accounts.forms.workspace import CurrencyForm, RateForm
from accounts.middleware import viewer_of
from accounts.models import Currency
from accounts.operations.currencies import add_currency, retire_currency, set_rate
from accounts.permissions import require
from accounts.queries.workspace import currencies, currency_of, latest_rates
from core.forms import carry_out
from core.http import Toast, done

CURRENCIES = "/administration/currencies/"


@login_required
@require_GET
def currency_list(request: HttpRequest) -> HttpResponse:
    """The currencies kept, and what they were worth in each other."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return _page(request, currencies())


def _page(
    request: HttpRequest,
    kept: list[Currency],
    currency_form: CurrencyForm | None = None,
    rate_form: RateForm | None = None,
) -> HttpResponse:
    context = {
        "currencies": kept,
        "rates": latest_rates(),
        "currency_form": currency_form or CurrencyForm(kept=kept),
        "rate_form": rate_form or RateForm(kept=kept, initial=_likely_rate(kept)),
    }
    wrong = currency_form or rate_form
    return render(request, "accounts/currency_list.html", context, status=422 if wrong else 200)


def _likely_rate(kept: list[Currency]) -> dict[str, Any]:
    """Of today, into the currency of the default unit."""
    likely = next((each.code for each in kept for unit in each.business_units.all() if unit.is_default), "")
    return {"rate_date": timezone.localdate(), "into": likely}


@login_required
@require_POST
def currency_add(request: HttpRequest) -> HttpResponse:
    """Starts keeping a currency."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    kept = currencies()
    form = CurrencyForm(request.POST, kept=kept)
    if form.is_valid():
        added = carry_out(form, add_currency, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if added:
            return done(request, to=CURRENCIES, toast=Toast(_("%s added.") % added.label))
    return _page(request, kept, currency_form=form)


@login_required
@require_POST
def currency_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Stops offering a currency."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    retired = retire_currency(actor=viewer, currency=currency_of(code), now=timezone.now())
    return done(request, to=CURRENCIES, toast=Toast(_("%s retired.") % retired.label))


@login_required
@require_POST
def rate_set(request: HttpRequest) -> HttpResponse:
    """Writes down a rate."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    kept = currencies()
    form = RateForm(request.POST, kept=kept)
    if form.is_valid():
        rate = carry_out(form, set_rate, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if rate:
            return done(request, to=CURRENCIES, toast=Toast(_("Rate saved.")))
    return _page(request, kept, rate_form=form)
