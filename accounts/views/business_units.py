"""Administration of business units."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.forms.workspace import BusinessUnitForm, describe
from accounts.middleware import viewer_of
from accounts.operations.business_units import (
    close_business_unit,
    create_business_unit,
    edit_business_unit,
    make_default,
)
from accounts.permissions import require
from accounts.queries.open_items import in_hand
from accounts.queries.workspace import business_units, likely_unit, unit_of
from core.forms import carry_out
from core.http import Toast, done

UNITS = "/administration/business-units/"


@login_required
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Every business unit."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return render(request, "accounts/unit_list.html", {"units": business_units()})


@login_required
@require_http_methods(["GET", "POST"])
def unit_create(request: HttpRequest) -> HttpResponse:
    """A new business unit, described like the default one until somebody says otherwise."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = BusinessUnitForm(request.POST or None, initial=describe(likely_unit()))
    if request.method == "POST" and form.is_valid():
        unit = carry_out(form, create_business_unit, actor=viewer, now=timezone.now(), **form.description)
        if unit:
            return done(request, to=UNITS, toast=Toast(_("%s created.") % unit.name))
    return render(request, "accounts/unit_edit.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Describes a unit anew; beside it, what hangs on it."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    unit = unit_of(unit_id)
    form = BusinessUnitForm(request.POST or None, initial=describe(unit))
    if request.method == "POST" and form.is_valid():
        edited = carry_out(
            form, edit_business_unit, actor=viewer, unit=unit, now=timezone.now(), **form.description
        )
        if edited:
            return done(request, to=UNITS, toast=Toast(_("%s saved.") % edited.name))
    context = {
        "form": form,
        "unit": unit,
        "in_hand": in_hand(of="business_unit", owner_id=unit.pk, viewer=viewer_of(request)),
    }
    return render(request, "accounts/unit_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def unit_make_default(request: HttpRequest, unit_id: int) -> HttpResponse:
    """New relationships belong to this unit from now on."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    unit = make_default(actor=viewer, unit=unit_of(unit_id), now=timezone.now())
    return done(request, to=UNITS, toast=Toast(_("%s is the default unit.") % unit.name))


@login_required
@require_POST
def unit_close(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Closes a unit."""
    viewer = viewer_of(request)
    require(viewer, Permission.MANAGE_WORKSPACE)
    unit = close_business_unit(actor=viewer, unit=unit_of(unit_id), now=timezone.now())
    return done(request, to=UNITS, toast=Toast(_("%s is closed.") % unit.name))
