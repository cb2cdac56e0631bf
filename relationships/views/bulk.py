"""What is done to many rows of a list at once, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import viewer_of
from accounts.models import User
from core.addresses import ids_in
from core.http import Toast, done
from core.refusals import Invalid
from relationships.filters import relationship_list as filters
from relationships.forms.bulk_changes import ChangeForm
from relationships.forms.follow_ups import AssignForm, BulkFollowUpForm
from relationships.forms.refusals import carry_out
from relationships.forms.tags import BulkTagsForm
from relationships.models import BulkChange, Relationship
from relationships.operations import bulk_changes as operations
from relationships.operations.bulk_tags import tag_many
from relationships.queries import relationship_list as lists
from relationships.queries.bulk_changes import latest_changes
from relationships.ui import nearby_days
from relationships.views.dialogs import Dialog, ask
from relationships.views.lists import kind_for

MOST_AT_ONCE = 10_000


@dataclass(frozen=True)
class Selected:
    """The relationships that were ticked, or everything that a list finds, as the dialog was told of them."""

    kind: str
    ids: list[int]
    everything: bool
    word: str
    stated: str

    @property
    def back(self) -> str:
        """The list that the selection was made in."""
        query = filters.decode_list(self.word)
        return filters.list_url(query) if query is not None and query.kind == self.kind else f"/{self.kind}/"

    @property
    def is_as_stated(self) -> bool:
        """Whether there are as many as the viewer agreed to change."""
        return self.stated in ("", str(len(self.ids)))

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What the dialog carries, so that the same are meant when it is sent."""
        if self.everything:
            return [("everything", "1"), ("list", self.word), ("stated", len(self.ids))]
        return [("list", self.word), *(("id", pk) for pk in self.ids)]


@login_required
@require_http_methods(["GET", "POST"])
def bulk_follow_up(request: HttpRequest, kind: str) -> HttpResponse:
    """Plans the same follow-up in every selected relationship, each for its own owner."""
    viewer, now = viewer_of(request), timezone.now()
    selected = _selected(request, viewer, kind, now)
    form = BulkFollowUpForm(request.POST or None)
    if _is_sent(request, form, selected):
        words = form.cleaned_data["what"]
        made = _done(form, operations.plan_many, selected, viewer, now, words, **form.cleaned_data)
        if made is not None:
            told = ngettext("%(n)s follow-up planned.", "%(n)s follow-ups planned.", len(made.ids))
            return _told(request, selected, made, told)
    n = len(selected.ids)
    submit = ngettext("Plan %(n)s follow-up", "Plan %(n)s follow-ups", n) % {"n": n}
    more = {"days": nearby_days(lists.today_of(viewer, now))}
    return _ask(request, form, selected, ("follow-ups", _("New follow-up"), submit, "_bulk_follow_up"), more)


@login_required
@require_http_methods(["GET", "POST"])
def bulk_assign(request: HttpRequest, kind: str) -> HttpResponse:
    """Gives every selected relationship to one owner."""
    viewer, now = viewer_of(request), timezone.now()
    selected = _selected(request, viewer, kind, now)
    form = AssignForm(request.POST or None)
    if _is_sent(request, form, selected):
        words = _("To %(name)s") % {"name": form.cleaned_data["owner"].name}
        made = _done(form, operations.assign_many, selected, viewer, now, words, **form.cleaned_data)
        if made is not None:
            told = ngettext(
                "%(n)s relationship changed hands.", "%(n)s relationships changed hands.", len(made.ids)
            )
            return _told(request, selected, made, told)
    n = len(selected.ids)
    submit = ngettext("Assign %(n)s relationship", "Assign %(n)s relationships", n) % {"n": n}
    return _ask(request, form, selected, ("assignments", _("Assign"), submit, "_bulk_assign"), {})


@login_required
@require_http_methods(["GET", "POST"])
def bulk_tag(request: HttpRequest, kind: str) -> HttpResponse:
    """Puts tags on every selected relationship and takes others off."""
    viewer, now = viewer_of(request), timezone.now()
    selected = _selected(request, viewer, kind, now)
    form = BulkTagsForm(request.POST or None)
    if _is_sent(request, form, selected):
        made = _done(form, tag_many, selected, viewer, now, form.words(), **form.names())
        if made is not None:
            told = ngettext("%(n)s relationship changed.", "%(n)s relationships changed.", len(made.ids))
            return _told(request, selected, made, told)
    n = len(selected.ids)
    submit = ngettext("Tag %(n)s relationship", "Tag %(n)s relationships", n) % {"n": n}
    return _ask(request, form, selected, ("taggings", _("Tags"), submit, "_bulk_tags"), {})


@login_required
@require_http_methods(["GET", "POST"])
def bulk_change(request: HttpRequest, kind: str) -> HttpResponse:
    """Gives one field of every selected relationship the same value."""
    viewer, now = viewer_of(request), timezone.now()
    selected = _selected(request, viewer, kind, now)
    form = ChangeForm(request.POST or None, kind=kind, viewer=viewer)
    if _is_sent(request, form, selected):
        given, words = form.asked()
        made = _done(form, operations.change_many, selected, viewer, now, words, **given)
        if made is not None:
            told = ngettext("%(n)s relationship changed.", "%(n)s relationships changed.", len(made.ids))
            return _told(request, selected, made, told)
    n = len(selected.ids)
    submit = ngettext("Change %(n)s relationship", "Change %(n)s relationships", n) % {"n": n}
    return _ask(request, form, selected, ("changes", _("Change"), submit, "_bulk_change"), {})


@login_required
@require_GET
def bulk_change_list(request: HttpRequest) -> HttpResponse:
    """What the viewer did to many at once, newest first, each to be taken back."""
    changes = latest_changes(viewer=viewer_of(request))
    return render(request, "relationships/bulk_change_list.html", {"changes": changes})


@login_required
@require_POST
def bulk_undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Has everything be as it was, but for what was changed since, which is counted."""
    undone = operations.undo_bulk(actor=viewer_of(request), change_id=change_id, now=timezone.now())
    n = undone.restored
    words = ngettext("%(n)s is as it was.", "%(n)s are as they were.", n) % {"n": n}
    if undone.changed_since:
        n = undone.changed_since
        words += " " + ngettext(
            "%(n)s was changed since and stays.", "%(n)s were changed since and stay.", n
        ) % {"n": n}
    if undone.out_of_reach:
        n = undone.out_of_reach
        words += " " + ngettext(
            "%(n)s is closed or out of your reach and stays.",
            "%(n)s are closed or out of your reach and stay.",
            n,
        ) % {"n": n}
    whole = undone.changed_since == undone.out_of_reach == 0
    return done(request, to="/bulk-changes/", toast=Toast(words, tone="good" if whole else "warn"))


def _selected(request: HttpRequest, viewer: User, kind: str, now: datetime) -> Selected:
    """The selection; raises Invalid for none and for too many."""
    kind_for(viewer, kind)
    data = request.POST if request.method == "POST" else request.GET
    word = data.get("list", "")
    query = filters.decode_list(word) if data.get("everything") == "1" else None
    everything = query is not None and query.kind == kind
    if query is not None and everything:
        ids = lists.matching_ids(viewer=viewer, query=query, now=now, limit=MOST_AT_ONCE + 1)
    else:
        ids = _ticked(data, viewer, kind)
    if not ids:
        raise Invalid({"": _("Nothing is selected. Tick the rows first.")})
    if len(ids) > MOST_AT_ONCE:
        words = _("At most %(most)s relationships at once. Narrow the list first.") % {"most": MOST_AT_ONCE}
        raise Invalid({"": words})
    return Selected(kind, ids, everything, word, data.get("stated", ""))


def _ticked(data: QueryDict, viewer: User, kind: str) -> list[int]:
    given = ids_in(data.getlist("id"))
    rows = Relationship.objects.visible_to(viewer).filter(kind=kind, pk__in=given[: MOST_AT_ONCE + 1])
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _is_sent(request: HttpRequest, form: BaseForm, selected: Selected) -> bool:
    """Whether the form is to be carried out: complete, and of as many as it said."""
    if request.method != "POST" or not form.is_valid():
        return False
    if not selected.is_as_stated:
        words = _("The list holds %(n)s by now, %(stated)s when you opened this. Look again, then confirm.")
        form.add_error(None, words % {"n": len(selected.ids), "stated": selected.stated})
    return selected.is_as_stated


def _done(
    form: BaseForm,
    operation: Callable[..., BulkChange],
    selected: Selected,
    viewer: User,
    now: datetime,
    words: str,
    **given: Any,
) -> BulkChange | None:
    facts = {"actor": viewer, "kind": selected.kind, "relationship_ids": selected.ids, "now": now}
    return carry_out(form, operation, **facts, words=words, **given)


def _told(request: HttpRequest, selected: Selected, made: BulkChange, words: str) -> HttpResponse:
    undo = f"/bulk-changes/{made.pk}/undoing/" if made.ids else ""
    return done(request, to=selected.back, toast=Toast(words % {"n": len(made.ids)}, undo=undo))


def _ask(
    request: HttpRequest,
    form: BaseForm,
    selected: Selected,
    called: tuple[str, str, str, str],
    more: dict[str, Any],
) -> HttpResponse:
    """`called` is the noun of the address, the title, what the button says, and the template of the fields."""
    noun, title, submit, fields = called
    more = {"hidden": selected.hidden, "n": len(selected.ids), **more}
    action, template = f"/{selected.kind}/{noun}/", f"relationships/{fields}_fields.html"
    return ask(request, Dialog(title, action, template, submit, selected.back, more=more), form)
