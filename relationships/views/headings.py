"""The headings of a list that is divided by what one field holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from accounts.models import User
from relationships import tables
from relationships.filters import relationship_list as filters
from relationships.queries import relationship_list as lists
from relationships.queries.counts import capped_words
from relationships.queries.lanes import Lane, grouped_page, grouping, lane_counts

Groups = list[tuple[Lane, list[lists.Row]]]
MOST = 26


@dataclass(frozen=True)
class Heading:
    """A heading with the rows under it; `url` is the list of these alone, and `number` how many they are, if known."""

    value: str
    label: Any
    url: str
    number: str
    lines: list[tables.Line]


def list_page(
    viewer: User, query: lists.ListQuery, cursor: str, now: datetime
) -> tuple[lists.ListPage, Groups]:
    """One page of the list, and how it is divided; by nothing, where nothing is asked for."""
    field = grouping(viewer, query) if query.group else None
    if field is None:
        return lists.relationship_page(viewer=viewer, query=query, now=now, cursor=cursor), []
    page = grouped_page(viewer=viewer, query=query, field=field, now=now, cursor=cursor)
    return page, page.groups


def headings(
    query: lists.ListQuery, groups: Groups, lines: Sequence[tables.Line], *, is_whole: bool
) -> list[Heading]:
    """The rows of a page under their headings; without more pages it is known how many each has."""
    found, place = [], 0
    for lane, rows in groups:
        url = filters.list_url(replace(lane.within(query), group="").in_order())
        under = list(lines[place : place + len(rows)])
        number = capped_words(len(rows)) if is_whole else ""
        found.append(Heading(lane.value, lane.label, url, number, under))
        place += len(rows)
    return found


def asked(found: Sequence[Heading]) -> str:
    """What asks for the numbers of headings, to stand at the end of an address."""
    return f"&{urlencode([('g', each.value) for each in found])}" if found else ""


def heading_numbers(
    request: HttpRequest, viewer: User, query: lists.ListQuery, now: datetime
) -> dict[str, Any]:
    """How many rows stand under each heading of a page, in the order of `asked`."""
    if not query.group:
        return {}
    values = request.GET.getlist("g")[:MOST]
    numbers = lane_counts(viewer=viewer, query=lists.for_viewer(viewer, query), values=values, now=now)
    return {"heading_numbers": [capped_words(number) for number in numbers]}
