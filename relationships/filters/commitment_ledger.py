"""What the ledger of promises is narrowed by, in its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.addresses import Chip, id_in, is_id, one_of, search_in
from relationships import kinds
from relationships.filters.relationship_list import Choice, Whose
from relationships.queries.commitment_ledger import SORTS, LedgerQuery, Rate

Text = str | Promise
LEDGER = "/commitments/"

SIDES: dict[str, Text] = {
    "": gettext_lazy("Both sides"),
    "ours": gettext_lazy("We promised"),
    "theirs": gettext_lazy("They promised"),
}
STATUSES: dict[str, tuple[Text, str]] = {
    "open": (gettext_lazy("Open"), "handshake"),
    "at_risk": (gettext_lazy("At risk"), "triangle-alert"),
    "late": (gettext_lazy("Late"), "clock"),
    "kept": (gettext_lazy("Kept"), "circle-check"),
    "withdrawn": (gettext_lazy("Withdrawn"), "undo-2"),
    "": (gettext_lazy("All"), "layout-grid"),
}
RESULTS: dict[str, Text] = {
    "on_time": gettext_lazy("kept on the original date"),
    "late": gettext_lazy("kept late"),
    "broken": gettext_lazy("broken"),
}
SORT_WORDS: dict[str, Text] = {
    "due": gettext_lazy("Due, soonest first"),
    "-due": gettext_lazy("Due, latest first"),
    "-made": gettext_lazy("Made, latest first"),
    "made": gettext_lazy("Made, longest ago first"),
}


@dataclass(frozen=True)
class Tab:
    """A status as a tab: its slug, words, icon and the query it stands for."""

    slug: str
    label: Text
    icon: str
    query: LedgerQuery


def parse_ledger(params: QueryDict) -> LedgerQuery:
    """What an address asks for; without any parameter, what is open. What is not known is left out."""
    status = params.get("status", "" if params else "open")
    relationship = params.get("relationship", "")
    owner, kind, sort = params.get("owner", ""), params.get("kind", ""), params.get("sort", "")
    return LedgerQuery(
        side=one_of(params.get("side", ""), SIDES),
        status=one_of(status, STATUSES),
        result=one_of(params.get("result", ""), RESULTS),
        owner=owner if owner in Whose.values or is_id(owner) else "",
        kind=kind if kind in kinds.registry else "",
        relationship_id=id_in(relationship),
        q=search_in(params.get("q", "")),
        sort=sort if sort in SORT_WORDS and sort.removeprefix("-") in SORTS else "due",
    )


def ledger_url(query: LedgerQuery, cursor: str = "") -> str:
    """The address of the ledger that the query describes."""
    return f"{LEDGER}?{urlencode(to_params(query) + ([('at', cursor)] if cursor else []))}"


def to_params(query: LedgerQuery) -> list[tuple[str, str]]:
    """The query as the parameters of an address. The status is always said: saying nothing means open."""
    params = [
        ("status", query.status),
        ("side", query.side),
        ("result", query.result),
        ("owner", query.owner),
        ("kind", query.kind),
        ("relationship", str(query.relationship_id or "")),
        ("q", query.q),
        ("sort", query.sort if query.sort != "due" else ""),
    ]
    return [(name, value) for name, value in params if value or name == "status"]


def tabs(query: LedgerQuery) -> list[Tab]:
    """The statuses as tabs, each keeping whatever else the query asks for."""
    return [
        Tab(slug, label, icon, replace(query, status=slug, result=""))
        for slug, (label, icon) in STATUSES.items()
    ]


def chips(query: LedgerQuery, owners: Mapping[str, str], relationship_name: str = "") -> list[Chip]:
    """What the ledger is narrowed by beside status and side, in words, each with the address without it."""
    names: dict[str, Text] = {Whose.ME: _("me"), Whose.TEAM: _("me or my team"), **owners}
    kind = kinds.registry.get(query.kind).label_plural if query.kind else ""
    asked: list[tuple[str, Text, Text, dict[str, Any]]] = [
        (query.result, _("Result"), RESULTS.get(query.result, ""), {"result": ""}),
        (query.owner, _("Owner"), names.get(query.owner, _("somebody else")), {"owner": ""}),
        (query.kind, _("Kind"), kind, {"kind": ""}),
        (
            str(query.relationship_id or ""),
            _("Relationship"),
            relationship_name or _("one"),
            {"relationship_id": None},
        ),
    ]
    return [
        Chip(label, words, ledger_url(replace(query, **without)))
        for value, label, words, without in asked
        if value
    ]


def choices(query: LedgerQuery, names: Mapping[str, str]) -> dict[str, Any]:
    """What the filter menu and the sort menu offer, with what is chosen now; `names` has that of the owner."""
    return {
        "owner_name": names.get(query.owner) or dict(Whose.choices).get(query.owner, ""),
        "kind": [Choice(kind.slug, kind.label_plural, kind.slug == query.kind) for kind in kinds.registry],
        "sort": [
            Choice(sort, words, sort == query.sort, ledger_url(replace(query, sort=sort)))
            for sort, words in SORT_WORDS.items()
        ],
    }


def side_choices(query: LedgerQuery) -> list[dict[str, Any]]:
    """Both sides or one, as segments."""
    return [
        {"value": side, "label": words, "url": ledger_url(replace(query, side=side, result=""))}
        for side, words in SIDES.items()
    ]


@dataclass(frozen=True)
class RateCard:
    """How one side kept its word: the rate with its n, and each part with the address of its rows."""

    title: Text
    rate: Rate
    parts: list[dict[str, Any]]


def rate_cards(query: LedgerQuery, rates: tuple[Rate, Rate]) -> list[RateCard]:
    """Ours, then theirs."""
    titles = (gettext_lazy("Our word to them"), gettext_lazy("Their word to us"))
    return [
        RateCard(title, rate, _parts(query, side, rate))
        for title, side, rate in zip(titles, ("ours", "theirs"), rates, strict=True)
    ]


def _parts(query: LedgerQuery, side: str, rate: Rate) -> list[dict[str, Any]]:
    numbers = (("on_time", rate.on_time, "good"), ("late", rate.late, "warn"), ("broken", rate.broken, "bad"))
    return [
        {
            "label": str(RESULTS[result]),
            "count": number,
            "tone": tone,
            "url": ledger_url(replace(query, side=side, status="", result=result)),
        }
        for result, number, tone in numbers
    ]
