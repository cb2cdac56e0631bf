"""A list as a board: its columns, the next cards of one, and a card that moves from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import Toast, done, is_htmx
from core.refusals import Missing
from relationships import tables
from relationships.filters import relationship_list as filters
from relationships.forms.merging import ORIGINAL, original_of, originals, read_originals
from relationships.models import Relationship
from relationships.permissions import may_somewhere
from relationships.queries import lanes
from relationships.queries.counts import capped_words
from relationships.queries.custom_fields import definitions_for
from relationships.queries.custom_values import values_of
from relationships.queries.list_fields import Asked, ListField
from relationships.queries.native_fields import field_of
from relationships.queries.record import visible_relationship
from relationships.queries.relationship_list import ListQuery, Shape, for_viewer
from relationships.views.dialogs import Dialog, ask
from relationships.views.editing import Outcome, form_name, require_edit, save, terms_form
from relationships.views.lists import controls, kind_for, rescue
from relationships.views.tabs import tabs


@dataclass(frozen=True)
class Column:
    """A column, ready to be shown: `url` is the list of its rows, `more_url` leads to the cards that follow.

    A card's record has its number after `place`, and behind that `move` to be given to another column.
    """

    lane: lanes.Lane
    cards: list[tables.Line]
    number: str
    url: str
    more_url: str
    place: str
    move: str


@login_required
@require_GET
def relationship_board(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as a board; for htmx only the part that the search field changes."""
    viewer, now = viewer_of(request), timezone.now()
    chosen = kind_for(viewer, kind)
    query, complaints = filters.parse_list(kind, request.GET)
    query = replace(for_viewer(viewer, query), shape=Shape.BOARD)
    context = _columns(viewer, query, now) | {"kind": chosen, "here": f"/{kind}/", "query": query}
    context["rescue"] = rescue(viewer, query, now) if query.is_filtered and context["is_empty"] else None
    if not is_htmx(request):
        context |= {"views": tabs(viewer, query), "views_url": filters.views_url(query)}
        context["may_open"] = may_somewhere(viewer, Permission.MANAGE_RELATIONSHIPS, kind)
        context |= controls(viewer, chosen, query) | _choices(viewer, query) | {"complaints": complaints}
        context["caption"] = filters.sort_words(query)
    part = "#results" if is_htmx(request) else ""
    return render(request, f"relationships/relationship_board.html{part}", context)


@login_required
@require_GET
def board_lane(request: HttpRequest, kind: str) -> HttpResponse:
    """The cards of one column beyond those that are shown."""
    viewer, now = viewer_of(request), timezone.now()
    kind_for(viewer, kind)
    query, _complaints = filters.parse_list(kind, request.GET)
    query = replace(for_viewer(viewer, query), shape=Shape.BOARD)
    value, cursor = request.GET.get("lane", ""), request.GET.get("at", "")
    found = lanes.lane_page(viewer=viewer, query=query, value=value, cursor=cursor, now=now)
    if found is None:
        raise Missing(_("There is no such column."))
    board, rows = found
    context = {"column": _column(viewer, query, board.field, rows, now)}
    return render(request, "relationships/_board_cards.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def card_move(request: HttpRequest, kind: str, relationship_id: int, key: str) -> HttpResponse:
    """Another value for the field that a board is divided by: asked for in a dialog, or told by `?to=…&was=…`."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    found = field_of(kind, key)
    if found is None or not found.edit or not lanes.can_group(found):
        raise Missing(_("There is no such field to write."))
    require_edit(viewer, relationship, found.edit)
    name = form_name(found)
    if request.method == "GET":
        return _ask(request, relationship, found, Outcome(terms_form(viewer, relationship, only=(name,))))
    data, original = _sent(request, name)
    names = (name, *_wanted(viewer, relationship, data.get(name, "")))
    form = terms_form(viewer, relationship, data, only=names)
    before = str(form[name].initial or "")
    outcome = Outcome(form)
    if form.is_valid():
        outcome = save(viewer, relationship, form, original, now, only=names)
    if outcome.saved is None:
        return _ask(request, relationship, found, outcome)
    return _moved(request, relationship, found, before)


def _columns(
    viewer: User, query: ListQuery, now: datetime, values: Sequence[str] | None = None
) -> dict[str, Any]:
    board = lanes.board(viewer=viewer, query=query, now=now, values=values)
    columns = [_column(viewer, query, board.field, rows, now) for rows in board.lanes]
    is_empty = not any(column.cards for column in columns)
    return {"columns": columns, "board": board, "is_empty": is_empty}


def _column(viewer: User, query: ListQuery, field: ListField, found: lanes.LaneRows, now: datetime) -> Column:
    word = filters.encode_list(query)
    following = [*filters.to_params(query), ("lane", found.lane.value), ("at", found.next)]
    as_list = replace(found.lane.within(query), shape=Shape.LIST, group="").in_order()
    asked = urlencode([("list", word), ("was", found.lane.value)])
    return Column(
        lane=found.lane,
        cards=tables.lines(found.rows, [], viewer=viewer, now=now, from_list=word),
        number=capped_words(found.number),
        url=filters.list_url(as_list),
        more_url=f"/{query.kind}/board/lane/?{urlencode(following)}" if found.next else "",
        place=f"/{query.kind}/",
        move=f"moves/{field.key}/?{asked}" if _may_move(viewer, field, query.kind) else "",
    )


def _may_move(viewer: User, field: ListField, kind: str) -> bool:
    """Whether anything of the kind can be moved by the viewer from column to column."""
    wanted = Permission.ASSIGN if field.edit == "owner" else Permission.MANAGE_RELATIONSHIPS
    return bool(field.edit) and may_somewhere(viewer, wanted, kind)


def _choices(viewer: User, query: ListQuery) -> dict[str, Any]:
    """The fields that the board can have as its columns."""
    current = lanes.columns_of(viewer, query)
    choices = [
        filters.Choice(
            field.key, field.label, field == current, filters.list_url(replace(query, group=field.key))
        )
        for field in lanes.groupings(viewer, query.kind)
    ]
    return {"by_choices": choices, "by_words": current.label}


def _sent(request: HttpRequest, name: str) -> tuple[QueryDict, dict[str, Any] | None]:
    """What the form says and what stood there when it was opened; of a drag and of an undo the address says both."""
    data = request.POST.copy()
    if "to" in request.GET:
        data.setlist(name, [each for each in request.GET.getlist("to") if each])
        data["version"] = "0"
        return data, {name: request.GET.get("was", "")}
    return data, read_originals(data.get(ORIGINAL, ""))


def _wanted(viewer: User, relationship: Relationship, stage: str) -> list[str]:
    """How the form calls the fields that a stage asks for and that hold nothing yet."""
    asking = [each for each in definitions_for(viewer, relationship) if stage in each.required_stages]
    held = values_of([relationship.pk], asking)[relationship.pk] if asking else {}
    return [each.name for each in asking if each.key not in held]


def _ask(
    request: HttpRequest, relationship: Relationship, found: ListField, outcome: Outcome
) -> HttpResponse:
    """The dialog: with what the stage asks for, and after a clash with what stands there now."""
    viewer, form, name = viewer_of(request), outcome.form, form_name(found)
    clash = outcome.clashes[0] if outcome.clashes else None
    original = request.POST.get(ORIGINAL) or originals(form)
    if clash:
        relationship = visible_relationship(viewer, relationship.kind, relationship.pk)
        original = originals(terms_form(viewer, relationship, only=(name,)))
    word = _word(request)
    more = {"list": word, "original": original, "clash": clash, "version": relationship.version}
    title = _("Move “%(name)s”") % {"name": relationship.party_name}
    fields, back = "relationships/_move_fields.html", _back(relationship, word)
    dialog = Dialog(title, _address(relationship, found), fields, _("Move"), back, more=more)
    return ask(request, dialog, form, 409 if clash else 0)


def _moved(request: HttpRequest, relationship: Relationship, found: ListField, before: str) -> HttpResponse:
    """Both columns as they are now, and a toast that takes it back."""
    viewer, now, word = viewer_of(request), timezone.now(), _word(request)
    relationship = visible_relationship(viewer, relationship.kind, relationship.pk)
    name = form_name(found)
    there = original_of(terms_form(viewer, relationship, only=(name,)), name)
    toast = Toast(_("Taken back."))
    if "undo" not in request.GET:
        undo = urlencode([("to", before), ("was", there), ("list", word), ("undo", "1")])
        held = found.values([relationship], Asked(viewer, now)) if found.values else None
        value = tables.said(found, relationship, held) or lanes.NOT_SET
        words = _("%(name)s moved to “%(value)s”.") % {"name": relationship.party_name, "value": value}
        toast = Toast(words, undo=f"{_address(relationship, found)}?{undo}")
    query = filters.decode_list(word)
    if query is None or query.kind != relationship.kind or not is_htmx(request):
        return done(request, to=_back(relationship, word), toast=toast)
    query = replace(for_viewer(viewer, query), shape=Shape.BOARD)
    context = _columns(viewer, query, now, [before, there]) | {"oob": True}
    pieces = [render_to_string("relationships/_board_lanes.html", context, request)]
    events = {"board:moved": {"id": relationship.pk}}
    return done(request, to=_back(relationship, word), also=pieces, toast=toast, events=events)


def _word(request: HttpRequest) -> str:
    """The board that the card is moved on, packed."""
    return request.POST.get("list", "") or request.GET.get("list", "")


def _address(relationship: Relationship, found: ListField) -> str:
    return f"/{relationship.kind}/{relationship.pk}/moves/{found.key}/"


def _back(relationship: Relationship, word: str) -> str:
    query = filters.decode_list(word)
    here = query if query is not None and query.kind == relationship.kind else ListQuery(relationship.kind)
    return filters.list_url(replace(here, shape=Shape.BOARD))
