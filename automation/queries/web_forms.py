"""Web forms as their makers and their visitors look at them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from automation.models import SentForm, WebForm
from core import keyset
from core.refusals import Missing
from relationships.models import PurposeWording
from relationships.queries.custom_fields import definitions

NEWEST = keyset.Order(keyset.SortKey("pk", parse=int), descending=True)
ROWS = 25


def forms_of(viewer: User) -> QuerySet[WebForm]:
    """The forms that somebody may look at, by name."""
    return WebForm.objects.visible_to(viewer).select_related("author").order_by("name", "pk")


def form_of(viewer: User, form_id: int) -> WebForm:
    """One form. Raises Missing."""
    found = forms_of(viewer).filter(pk=form_id).first()
    if found is None:
        raise Missing(_("There is no such form."))
    return found


def public_form(public_id: str) -> WebForm:
    """The form that visitors see, while it is on and its maker works here. Raises Missing."""
    found = WebForm.objects.select_related("author").filter(public_id=public_id).first()
    if found is None or found.on_since is None or not found.author.is_active:
        raise Missing(_("There is no such form, or it is closed."))
    return found


def wanting(kind: str, stage: str) -> list[str]:
    """The own fields that a stage wants, by their names: a web form does not ask for them, so none opens there."""
    return [each.label for each in definitions(kind) if stage in each.required_stages]


def wordings_of(form: WebForm) -> list[PurposeWording]:
    """The words by which visitors are asked for consent: the latest of each purpose that is still in use."""
    wordings = PurposeWording.objects.filter(purpose__in=form.purposes, purpose__retired_at=None)
    latest = wordings.order_by("purpose", "-version").distinct("purpose")
    return list(latest.select_related("purpose"))


def sent_by(viewer: User, form: WebForm) -> QuerySet[SentForm]:
    """What was sent by a form, as far as the viewer may know of it."""
    return SentForm.objects.visible_to(viewer).filter(form=form).select_related("relationship")


def sent_page(viewer: User, form: WebForm, cursor: str) -> keyset.Page[SentForm]:
    """A page of it, newest first."""
    return keyset.page(sent_by(viewer, form), NEWEST, cursor=cursor, limit=ROWS)


def sent_of(viewer: User, form: WebForm, sent_id: int) -> SentForm:
    """One of them. Raises Missing."""
    found = sent_by(viewer, form).filter(pk=sent_id).first()
    if found is None:
        raise Missing(_("There is nothing like that."))
    return found
