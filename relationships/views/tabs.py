"""The tabs over a list: the ready-made views, the viewer's saved ones, and what can be done to the current one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from accounts.enums import Permission
from accounts.models import User
from relationships.filters import relationship_list as filters
from relationships.permissions import may_somewhere
from relationships.queries import relationship_list as lists
from relationships.queries.counts import FIGURE_CAP, figure_words
from relationships.queries.saved_views import KnownView

MOST_COUNTED = 12


def tabs(viewer: User, query: lists.ListQuery, numbers: Sequence[int] = ()) -> list[dict[str, Any]]:
    """The ready-made views as tabs; how much each holds is told where it is known."""
    current = "" if query.view else filters.current_view(query).slug
    starts = query.kind in viewer.start_views  # the bare address leads elsewhere
    return [
        {
            "label": view.label,
            "url": f"{filters.place_of(query)}?all=1"
            if starts and view.slug == "all"
            else filters.list_url(_alike(view, query)),
            "icon": view.icon,
            "count": _figure(number),
            "current": view.slug == current,
        }
        for view, number in zip_longest(filters.views(query.kind), numbers)
    ]


def shown_views(
    viewer: User, query: lists.ListQuery, known: Sequence[KnownView], now: datetime
) -> dict[str, Any]:
    """Every tab with its number, the views that are not among them, and the current one with what it may become."""
    pinned = [(view, _opened(query, view)) for view in known if view.is_pinned or view.id == query.view]
    ready = filters.views(query.kind)
    asked = [view.query for view in ready] + [opened for _view, opened in pinned[:MOST_COUNTED]]
    numbers = lists.counts(viewer=viewer, queries=asked, now=now, cap=FIGURE_CAP)
    saved = [
        _tab(view, opened, number, query)
        for (view, opened), number in zip_longest(pinned, numbers[len(ready) :])
    ]
    current = next((view for view in known if view.id == query.view), None)
    may_share = may_somewhere(viewer, Permission.SHARE_VIEWS, query.kind)
    return {
        "views": tabs(viewer, query, numbers[: len(ready)]) + saved,
        "others": [(view, filters.list_url(_opened(query, view))) for view in known if not view.is_pinned],
        "current": current,
        "as_saved": current and filters.list_url(_opened(query, current)),
        "is_changed": _is_changed(query, current),
        "may_change": current is not None and (current.owner_id == viewer.pk or may_share),
        "may_share": may_share,
        "starts": current is not None and viewer.start_views.get(query.kind) == current.id,
        "starts_elsewhere": query.kind in viewer.start_views,
    }


def _is_changed(query: lists.ListQuery, current: KnownView | None) -> bool:
    """Whether the list shows something else than the saved view, or than every view that there is."""
    if current is not None:
        return filters.kept_address(query) != current.address
    return filters.kept_address(query) not in {
        filters.kept_address(_alike(view, query)) for view in filters.views(query.kind)
    }


def _alike(view: filters.View, query: lists.ListQuery) -> lists.ListQuery:
    """A ready-made view in the shape of the list that it stands over."""
    is_list = query.shape is lists.Shape.LIST
    return view.query if is_list else replace(view.query, shape=query.shape, group=query.group)


def _opened(query: lists.ListQuery, view: KnownView) -> lists.ListQuery:
    return filters.of_address(query.kind, view.address, view.id)


def _tab(
    view: KnownView, opened: lists.ListQuery, number: int | None, query: lists.ListQuery
) -> dict[str, Any]:
    return {
        "label": view.name,
        "url": filters.list_url(opened),
        "icon": "users" if view.is_shared else "bookmark",
        "count": _figure(number),
        "current": view.id == query.view,
    }


def _figure(number: int | None) -> str:
    return "" if number is None else figure_words(number)
