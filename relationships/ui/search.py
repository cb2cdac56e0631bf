"""What a search found, as lines that lead somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.wording import figure
from relationships import kinds
from relationships.queries.counts import figure_words
from relationships.queries.relationship_list import today_of
from relationships.queries.search import GROUPS, Group, PartyHit, Results, TextHit, search
from relationships.queries.search_talk import LATEST, MOST
from relationships.templatetags.vocabulary import channel_icon

Text = str | Promise

LABELS: Mapping[str, Text] = {
    "organisations": gettext_lazy("Organisations"),
    "people": gettext_lazy("People"),
    "commitments": gettext_lazy("Commitments"),
    "follow_ups": gettext_lazy("Follow-ups"),
    "interactions": gettext_lazy("Talk"),
    "documents": gettext_lazy("Documents"),
}
ICONS = {"commitments": "handshake", "follow_ups": "clock", "documents": "file-text"}
CLOSED = gettext_lazy("closed")
LONGEST_ABOUT = 140


@dataclass(frozen=True)
class Line:
    """One thing that was found: where it leads, its name, and `about` in short pieces.

    `avatar` is the shape of a party's initials (`sq` for an organisation, `round` for a person); other things
    have an `icon`.
    """

    href: str
    title: str
    about: tuple[Text, ...]
    avatar: str = ""
    icon: str = ""
    at: datetime | None = None

    @property
    def is_person(self) -> bool:
        """Whether the initials stand in a circle."""
        return self.avatar == "round"


@dataclass(frozen=True)
class LineGroup:
    """Lines of one sort; `more` is the address of all that the search tells of them, if it tells more."""

    key: str
    label: Text
    count: str
    lines: list[Line]
    more: str = ""


@dataclass(frozen=True)
class Found:
    """Everything that a page of results shows; `latest` texts of each sort alone were looked through, "" for all."""

    q: str
    is_enough: bool
    is_near: bool
    latest: str
    count: str
    groups: list[LineGroup]


def look_for(viewer: User, typed: str, group: str, now: datetime) -> Found:
    """What the viewer finds by a line, in all groups or in one."""
    only = group if group in GROUPS else ""
    results = search(viewer=viewer, typed=typed, today=today_of(viewer, now), group=only)
    return Found(
        q=results.sought.text,
        is_enough=results.sought.is_enough,
        is_near=results.is_near,
        latest=figure(LATEST) if results.is_recent else "",
        count=_count(results),
        groups=[_lines(one, results.sought.text) for one in results.groups],
    )


def _count(results: Results) -> str:
    """How many there are; “or more” where one of the groups was not counted to its end."""
    is_open = any(group.found >= MOST for group in results.groups)
    return f"{figure(results.found)}+" if is_open else figure(results.found)


def _lines(group: Group, q: str) -> LineGroup:
    lines = [
        _party_line(hit) if isinstance(hit, PartyHit) else _text_line(group.key, hit) for hit in group.hits
    ]
    more = f"/search/?{urlencode({'q': q, 'in': group.key})}" if group.found > len(lines) else ""
    return LineGroup(group.key, LABELS[group.key], figure_words(group.found, MOST - 1), lines, more)


def _party_line(hit: PartyHit) -> Line:
    """A party, leading to what it is to us: its first open relationship, or its own page."""
    roles = [kinds.registry.get(role.kind).label for role in hit.roles if role.is_open]
    closed = [CLOSED] if hit.roles and not roles else []
    href = f"/{hit.roles[0].kind}/{hit.roles[0].relationship}/" if hit.roles else f"/parties/{hit.party.pk}/"
    pieces = [hit.party.by, hit.party.about, hit.belongs_to, *dict.fromkeys(roles), *closed]
    about = tuple(piece for piece in pieces if piece and piece != hit.party.name)
    return Line(href, hit.party.name, about, avatar="round" if hit.party.is_person else "sq")


def _text_line(key: str, hit: TextHit) -> Line:
    """Something said or written, leading to itself or to the record that it belongs to."""
    row = hit.row
    text = str(row["text"]).strip()
    title = str(row["title"] or text)  # one of them has the words that were looked for
    about = tuple(piece for piece in (row["party_name"], _short(text if row["title"] else "")) if piece)
    icon = channel_icon(row["channel"]) if key == "interactions" else ICONS[key]
    return Line(_leads_to(key, row), _short(title), about, icon=icon, at=row["said_at"])


def _leads_to(key: str, row: Mapping[str, Any]) -> str:
    if key == "commitments":
        return f"/commitments/{row['id']}/"
    if key == "documents":
        return f"/documents/{row['id']}/preview/"
    return f"/{row['kind']}/{row['relationship_id']}/"


def _short(text: str) -> str:
    """The text on one line, cut where it is too long to read at a glance."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ABOUT else f"{line[: LONGEST_ABOUT - 1].rstrip()}…"
