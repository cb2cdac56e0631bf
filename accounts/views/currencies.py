"""Administration of currencies and rates."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from accounts.forms.refusals import carry_out
from accounts.forms.workspace import CurrencyForm, RateForm
from accounts.middleware import viewer_of
from accounts.operations.currencies import add_currency, retire_currency, set_rate
from accounts.permissions import require
from accounts.queries.workspace import currencies, currency_of, latest_rates, likely_unit
from core.http import Toast, done

CURRENCIES = "/administration/currencies/"


@login_required
@require_GET
def currency_list(request: HttpRequest) -> HttpResponse:
    """The currencies kept, and what they were worth in each other."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return _page(request, CurrencyForm(), _rate_of_today())


def _rate_of_today() -> RateForm:
    return RateForm(initial={"rate_date": timezone.localdate(), "into": likely_unit().currency_id})


def _page(request: HttpRequest, currency_form: CurrencyForm, rate_form: RateForm) -> HttpResponse:
    context = {
        "currencies": currencies(),
        "rates": latest_rates(),
        "currency_form": currency_form,
        "rate_form": rate_form,
    }
    wrong = currency_form.errors or rate_form.errors
    return render(request, "accounts/currency_list.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def currency_add(request: HttpRequest) -> HttpResponse:
    """Starts keeping a currency."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = CurrencyForm(request.POST)
    if form.is_valid():
        added = carry_out(form, add_currency, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if added:
            return done(request, to=CURRENCIES, toast=Toast(_("%s added.") % added.name))
    return _page(request, form, _rate_of_today())


@login_required
@require_POST
def currency_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Stops offering a currency."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    retired = retire_currency(actor=viewer, currency=currency_of(code), now=timezone.now())
    return done(request, to=CURRENCIES, toast=Toast(_("%s retired.") % retired.name))


@login_required
@require_POST
def rate_set(request: HttpRequest) -> HttpResponse:
    """Writes down a rate."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = RateForm(request.POST)
    if form.is_valid():
        rate = carry_out(form, set_rate, actor=viewer, now=timezone.now(), **form.cleaned_data)
        if rate:
            return done(request, to=CURRENCIES, toast=Toast(_("Rate saved.")))
    return _page(request, CurrencyForm(), form)
