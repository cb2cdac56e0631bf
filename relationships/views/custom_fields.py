"""Administration of the fields that the workspace adds to its kinds: each kind's list, a field, its choices."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.permissions import require
from core.addresses import id_in
from core.forms import carry_out
from core.http import Toast, done, is_htmx
from relationships import kinds
from relationships.forms.custom_fields import ChoiceForm, CustomFieldForm, preview
from relationships.models import CustomChoice, CustomField
from relationships.operations import custom_fields as operations
from relationships.queries.custom_fields import definition_of, every_definition

HOME = "/administration/fields/"
LIST = "relationships/custom_field_list.html"
EDIT = "relationships/custom_field_edit.html"


@login_required
@require_GET
def field_home(request: HttpRequest) -> HttpResponse:
    """Leads to the first kind's fields."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return redirect(f"{HOME}{kinds.registry.slugs[0]}/")


@login_required
@require_GET
def field_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The fields of a kind as they stand on its records, and those that are archived."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return render(request, LIST, _listed(kind))


@login_required
@require_http_methods(["GET", "POST"])
def field_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new field of a kind."""
    viewer, declared = viewer_of(request), kinds.registry.get(kind)
    require(viewer, Permission.MANAGE_WORKSPACE)
    form = CustomFieldForm(request.POST or None, kind=declared)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "kind": kind, "now": timezone.now(), **form.described()}
        made = carry_out(form, operations.create_field, **given)
        if made:
            words = _("%(name)s added to %(kind)s.") % {"name": made.label, "kind": declared.label_plural}
            return done(request, to=f"{HOME}{kind}/", toast=Toast(words))
    return _field_page(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def field_edit(request: HttpRequest, field_id: int) -> HttpResponse:
    """A field's description; beside it its choices."""
    viewer, field = viewer_of(request), _field(request, field_id)
    form = _form_of(field, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"actor": viewer, "field": field, "now": timezone.now(), **form.described()}
        saved = carry_out(form, operations.edit_field, **given)
        if saved:
            toast = Toast(_("%s saved.") % saved.label)
            return done(request, to=f"{HOME}{field.kind}/", toast=toast)
    return _field_page(request, form)


@login_required
@require_GET
def field_preview(request: HttpRequest, kind: str) -> HttpResponse:
    """How the field that is being described will look."""
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    of = CustomField.objects.filter(kind=kind, pk=_number(request.GET.get("field", ""))).first()
    declared = kinds.registry.get(kind)
    form = CustomFieldForm(request.GET, kind=declared, of=definition_of(of) if of else None)
    return render(request, "relationships/_custom_field_preview.html", {"shown": preview(form.draft())})


@login_required
@require_POST
def field_move(request: HttpRequest, field_id: int) -> HttpResponse:
    """Puts a field one place up or down; for htmx only the list, so that the button keeps the focus."""
    field = _field(request, field_id)
    forwards = request.POST.get("to") == "down"
    operations.move_field(actor=viewer_of(request), field=field, forwards=forwards, now=timezone.now())
    if is_htmx(request):
        return render(request, f"{LIST}#fields", _listed(field.kind))
    return redirect(f"{HOME}{field.kind}/")


@login_required
@require_POST
def field_archive(request: HttpRequest, field_id: int) -> HttpResponse:
    """Takes a field out of use."""
    field = _field(request, field_id)
    operations.archive_field(actor=viewer_of(request), field=field, now=timezone.now())
    words = _("%(name)s is archived; what it holds is kept.") % {"name": field.label}
    return done(request, to=f"{HOME}{field.kind}/", toast=Toast(words))


@login_required
@require_POST
def field_restore(request: HttpRequest, field_id: int) -> HttpResponse:
    """Takes an archived field into use again."""
    field = _field(request, field_id)
    operations.restore_field(actor=viewer_of(request), field=field, now=timezone.now())
    words = _("%(name)s is back, with what it held.") % {"name": field.label}
    return done(request, to=f"{HOME}{field.kind}/", toast=Toast(words))


@login_required
@require_POST
def choice_new(request: HttpRequest, field_id: int) -> HttpResponse:
    """One more choice of a field."""
    field = _field(request, field_id)
    form = ChoiceForm(request.POST)
    given: dict[str, Any] = {"actor": viewer_of(request), "field": field, "now": timezone.now()}
    if form.is_valid():
        carry_out(form, operations.add_choice, **given, **form.cleaned_data)
    return _choices(request, field, form if form.errors else None)


@login_required
@require_POST
def choice_edit(request: HttpRequest, choice_id: int) -> HttpResponse:
    """Calls a choice otherwise."""
    choice = _choice(request, choice_id)
    form = ChoiceForm(request.POST)
    given: dict[str, Any] = {"actor": viewer_of(request), "choice": choice, "now": timezone.now()}
    if form.is_valid():
        carry_out(form, operations.rename_choice, **given, **form.cleaned_data)
    return _choices(request, choice.field, form if form.errors else None)


@login_required
@require_POST
def choice_move(request: HttpRequest, choice_id: int) -> HttpResponse:
    """Puts a choice one place up or down."""
    choice = _choice(request, choice_id)
    forwards = request.POST.get("to") == "down"
    operations.move_choice(actor=viewer_of(request), choice=choice, forwards=forwards, now=timezone.now())
    return _choices(request, choice.field)


@login_required
@require_POST
def choice_retire(request: HttpRequest, choice_id: int) -> HttpResponse:
    """Offers a choice no more."""
    choice = _choice(request, choice_id)
    operations.retire_choice(actor=viewer_of(request), choice=choice, now=timezone.now())
    return _choices(request, choice.field)


@login_required
@require_POST
def choice_return(request: HttpRequest, choice_id: int) -> HttpResponse:
    """Offers a retired choice again."""
    choice = _choice(request, choice_id)
    operations.return_choice(actor=viewer_of(request), choice=choice, now=timezone.now())
    return _choices(request, choice.field)


def _field(request: HttpRequest, field_id: int) -> CustomField:
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return get_object_or_404(CustomField, pk=field_id)


def _choice(request: HttpRequest, choice_id: int) -> CustomChoice:
    require(viewer_of(request), Permission.MANAGE_WORKSPACE)
    return get_object_or_404(CustomChoice.objects.select_related("field"), pk=choice_id)


def _number(text: str) -> int:
    return id_in(text) or 0


def _listed(slug: str) -> dict[str, Any]:
    found = every_definition(slug)
    tabs = [
        {
            "label": kind.label_plural,
            "url": f"{HOME}{kind.slug}/",
            "icon": kind.icon,
            "current": kind.slug == slug,
        }
        for kind in kinds.registry
    ]
    return {
        "kind": kinds.registry.get(slug),
        "kind_tabs": tabs,
        "used": [each for each in found if not each.is_archived],
        "archived": [each for each in found if each.is_archived],
    }


def _form_of(field: CustomField, data: Any = None) -> CustomFieldForm:
    return CustomFieldForm(data, kind=kinds.registry.get(field.kind), of=definition_of(field))


def _field_page(
    request: HttpRequest,
    form: CustomFieldForm,
    choice_form: ChoiceForm | None = None,
) -> HttpResponse:
    """A field that is described, with how it will look."""
    of = form.of
    context = {"form": form, "kind": form.kind, "definition": of, "choice_form": choice_form or ChoiceForm()}
    wrong = form.errors or (choice_form and choice_form.errors)
    # Drafting reads the form: only then, so that an unbound one shows no errors.
    drawn = form.draft() if form.is_bound or of is None else of
    context["shown"] = preview(drawn)
    return render(request, EDIT, context, status=422 if wrong else 200)


def _choices(request: HttpRequest, field: CustomField, form: ChoiceForm | None = None) -> HttpResponse:
    """After something was done to a field's choices: them alone for htmx, the page otherwise."""
    if is_htmx(request):
        context = {"definition": definition_of(field), "choice_form": form or ChoiceForm()}
        return render(request, f"{EDIT}#choices", context, status=422 if form else 200)
    if form is None:
        return redirect(f"{HOME}{field.pk}/")
    return _field_page(request, _form_of(field), form)
