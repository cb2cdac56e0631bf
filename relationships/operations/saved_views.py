"""Saved views: kept, changed, shared, pinned, removed and put back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from core.refusals import Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.models import SavedView, ViewPin
from relationships.operations.inputs import Problems
from relationships.permissions import may_somewhere
from relationships.queries.reach import reaches
from relationships.queries.saved_views import seen_views

MOST = 50
LONGEST_ADDRESS = 8_000


@transaction.atomic
def save_view(
    *, actor: User, kind: str, name: str, address: str, now: datetime, is_shared: bool = False
) -> SavedView:
    """Keeps a list of a kind under a name, among the actor's tabs; shared, others find it too."""
    if kind not in kinds.registry or not reaches(actor, kinds.registry.get(kind)):
        raise Missing(_("There is no such list."))
    own = SavedView.objects.select_for_update(no_key=True).filter(owner=actor, kind=kind, removed_at=None)
    if len(own) >= MOST:
        raise Invalid({"name": _("%(n)s views are all there can be; remove one first.") % {"n": MOST}})
    view = SavedView(owner=actor, kind=kind, address=address, created_at=now, changed_at=now)
    _name(view, name)
    _check_address(address)
    if is_shared:
        _require_sharing(actor, kind)
        view.shared_at = now
    view.save()
    _pin(actor, view)
    return view


@transaction.atomic
def change_view(*, actor: User, view: SavedView, address: str, now: datetime) -> SavedView:
    """Has the view show something else from now on."""
    held = _hold(actor, view.pk)
    _check_address(address)
    held.address, held.changed_at = address, now
    held.save(update_fields=["address", "changed_at"])
    return held


@transaction.atomic
def rename_view(*, actor: User, view: SavedView, name: str, now: datetime) -> SavedView:
    """Calls the view something else."""
    held = _hold(actor, view.pk)
    _name(held, name)
    held.changed_at = now
    held.save(update_fields=["name", "changed_at"])
    return held


@transaction.atomic
def share_view(*, actor: User, view: SavedView, is_shared: bool, now: datetime) -> SavedView:
    """Has everybody who reaches the kind find the view, or nobody but its owner."""
    held = _hold(actor, view.pk)
    _require_sharing(actor, held.kind)
    if is_shared != (held.shared_at is not None):
        held.shared_at = now if is_shared else None
        held.save(update_fields=["shared_at"])
    if not is_shared:
        held.pins.exclude(user_id=held.owner_id).delete()
    return held


@transaction.atomic
def remove_view(*, actor: User, view: SavedView, now: datetime) -> SavedView:
    """Takes the view away; it can be put back."""
    held = _hold(actor, view.pk)
    held.removed_at = now
    held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def restore_view(*, actor: User, view_id: int) -> SavedView:
    """Puts a removed view back as it was, among the same tabs."""
    held = _hold(actor, view_id, removed=True)
    if held.removed_at is not None:
        held.removed_at = None
        _name(held, held.name)
        held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def pin_view(*, actor: User, view: SavedView, is_pinned: bool) -> None:
    """Puts a view after the actor's other tabs, or takes it out of them."""
    if is_pinned:
        _pin(actor, _seen(actor, view.pk))
    else:
        ViewPin.objects.filter(user=actor, view=view).delete()


@transaction.atomic
def move_view(*, actor: User, view: SavedView, forwards: bool) -> None:
    """Changes places with the tab before (or after, if `forwards`) of the same list."""
    own = ViewPin.objects.filter(user=actor, view__kind=view.kind, view__removed_at=None)
    pins = list(own.select_for_update(of=["self"]).order_by("position", "pk"))
    at = next((place for place, pin in enumerate(pins) if pin.view_id == view.pk), None)
    other = -1 if at is None else at + (1 if forwards else -1)
    if at is None or not 0 <= other < len(pins):
        return
    pins[at].position, pins[other].position = pins[other].position, pins[at].position
    ViewPin.objects.bulk_update([pins[at], pins[other]], ["position"])


@transaction.atomic
def start_with(*, actor: User, kind: str, view: SavedView | None) -> None:
    """Has the list of a kind open with a view for the actor, or with everything."""
    held = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if view is None:
        held.start_views.pop(kind, None)
    else:
        held.start_views[kind] = _seen(actor, view.pk).pk
    held.save(update_fields=["start_views"])


def _hold(actor: User, view_id: int, *, removed: bool = False) -> SavedView:
    """A view that the actor may change: their own, or a shared one where they may share."""
    rows = seen_views(actor) if removed else seen_views(actor).filter(removed_at=None)
    found = rows.filter(pk=view_id).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Missing(_("There is no such view."))
    if found.owner_id != actor.pk:
        _require_sharing(actor, found.kind)
    return found


def _seen(actor: User, view_id: int) -> SavedView:
    found = seen_views(actor).filter(pk=view_id, removed_at=None).first()
    if found is None or not reaches(actor, kinds.registry.get(found.kind)):
        raise Missing(_("There is no such view."))
    return found


def _pin(actor: User, view: SavedView) -> None:
    last = ViewPin.objects.filter(user=actor).aggregate(last=Max("position"))["last"] or 0
    ViewPin.objects.get_or_create(user=actor, view=view, defaults={"position": last + 1})


def _name(view: SavedView, name: str) -> None:
    problems = Problems()
    view.name = problems.text("name", " ".join(name.split()), most=60, required=True)
    problems.refuse()
    same = SavedView.objects.filter(owner=view.owner, kind=view.kind, name=view.name, removed_at=None)
    if same.exclude(pk=view.pk).exists():
        raise Invalid({"name": _("Another view of yours is called “%(name)s”.") % {"name": view.name}})


def _check_address(address: str) -> None:
    if len(address) > LONGEST_ADDRESS:
        raise Invalid({"": _("This asks for more than a view can keep.")})


def _require_sharing(actor: User, kind: str) -> None:
    if not may_somewhere(actor, Permission.SHARE_VIEWS, kind):
        raise NotAllowed(_("Your role does not allow sharing views."))
