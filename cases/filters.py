"""From an address to what the queue is narrowed to, and back: the address is the state, so it can be shared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import CaseSeverity, CaseState, CaseType
from cases.queries.queue import QueueQuery
from core.addresses import Chip, id_in, is_id, one_of, search_in
from relationships import kinds

Text = str | Promise
QUEUE = "/cases/"
WHOSE: dict[str, Text] = {
    "": gettext_lazy("Everybody's"),
    "me": gettext_lazy("Mine"),
    "team": gettext_lazy("Mine or my team's"),
}
STATUSES: dict[str, tuple[Text, str]] = {
    "open": (gettext_lazy("Open"), "life-buoy"),
    "overdue": (gettext_lazy("Overdue"), "clock"),
    "ended": (gettext_lazy("Ended"), "circle-check"),
    "": (gettext_lazy("All"), "layout-grid"),
}
SORT_WORDS: dict[str, Text] = {
    "due": gettext_lazy("Due, soonest first"),
    "-due": gettext_lazy("Due, latest first"),
    "-opened": gettext_lazy("Opened, latest first"),
    "opened": gettext_lazy("Opened, longest ago first"),
}


def parse_queue(params: QueryDict) -> QueueQuery:
    """What an address asks for; without any parameter, what is open. What is not known is left out."""
    relationship, owner = params.get("relationship", ""), params.get("owner", "")
    severity, kind = params.get("severity", ""), params.get("kind", "")
    return QueueQuery(
        status=one_of(params.get("status", "" if params else "open"), STATUSES),
        state=one_of(params.get("state", ""), CaseState.values),
        type=one_of(params.get("type", ""), CaseType.values),
        severity=int(severity) if severity in {str(each) for each in CaseSeverity.values} else None,
        owner=owner if owner in WHOSE or is_id(owner) else "",
        kind=kind if kind in kinds.registry else "",
        relationship_id=id_in(relationship),
        q=search_in(params.get("q", "")),
        sort=one_of(params.get("sort", ""), SORT_WORDS) or "due",
    )


def queue_url(query: QueueQuery, cursor: str = "") -> str:
    """The address of the queue that the query describes."""
    return f"{QUEUE}?{urlencode(to_params(query) + ([('at', cursor)] if cursor else []))}"


def to_params(query: QueueQuery) -> list[tuple[str, str]]:
    """The query as the parameters of an address. The status is always said: saying nothing means open."""
    params = [
        ("status", query.status),
        ("state", query.state),
        ("type", query.type),
        ("severity", str(query.severity or "")),
        ("owner", query.owner),
        ("kind", query.kind),
        ("relationship", str(query.relationship_id or "")),
        ("q", query.q),
        ("sort", query.sort if query.sort != "due" else ""),
    ]
    return [(name, value) for name, value in params if value or name == "status"]


def tab_queries(query: QueueQuery) -> dict[str, QueueQuery]:
    """The queue of each status, each keeping whatever else is asked for."""
    return {status: replace(query, status=status, state="") for status in STATUSES}


def whose_segments(query: QueueQuery) -> list[dict[str, Any]]:
    """Whose cases, as segments."""
    return [
        {"value": whose, "label": words, "url": queue_url(replace(query, owner=whose))}
        for whose, words in WHOSE.items()
    ]


def chips(query: QueueQuery, names: Mapping[str, str]) -> list[Chip]:
    """What the queue is narrowed by beside status and whose; `names` has those of people and relationships."""
    kind = kinds.registry.get(query.kind).label_plural if query.kind else ""
    severity = CaseSeverity(query.severity).label if query.severity else ""
    person = "" if query.owner in WHOSE else names.get(f"owner {query.owner}", _("somebody else"))
    party = names.get(f"relationship {query.relationship_id}", _("one")) if query.relationship_id else ""
    asked: list[tuple[Text, Text, dict[str, Any]]] = [
        (_("State"), dict(CaseState.choices).get(query.state, ""), {"state": ""}),
        (_("Sort"), dict(CaseType.choices).get(query.type, ""), {"type": ""}),
        (_("Severity"), severity, {"severity": None}),
        (_("Owner"), person, {"owner": ""}),
        (_("Kind"), kind, {"kind": ""}),
        (_("Relationship"), party, {"relationship_id": None}),
    ]
    return [
        Chip(label, value, queue_url(replace(query, **without))) for label, value, without in asked if value
    ]


def choices(query: QueueQuery) -> dict[str, Any]:
    """What the filter menu and the sort menu offer, with what is chosen now."""
    return {
        "type": [(value, label, value == query.type) for value, label in CaseType.choices],
        "state": [(value, label, value == query.state) for value, label in CaseState.choices],
        "severity": [(value, label, value == query.severity) for value, label in CaseSeverity.choices],
        "kind": [(kind.slug, kind.label_plural, kind.slug == query.kind) for kind in kinds.registry],
        "sort": [
            (queue_url(replace(query, sort=sort)), words, sort == query.sort)
            for sort, words in SORT_WORDS.items()
        ],
    }
