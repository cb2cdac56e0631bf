"""The frame's contents: which places the viewer can go, and what waits there."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from accounts.permissions import ROLES
from core.addresses import is_id
from relationships import kinds
from relationships.models import Commitment, FollowUp, HandoverPack
from relationships.permissions import may_somewhere
from relationships.queries import commitment_ledger as ledger
from relationships.queries.kept import VIEWER, KeptRows, anyone_like, kept
from relationships.queries.pins import Pinned, pins_beside, pins_in
from relationships.queries.reach import kinds_reached, personal_kinds_beside, remember_personal_kinds
from relationships.queries.relationship_list import today_of
from relationships.querysets import rights_of
from relationships.registry import registry

Text = str | Promise
MOST_TOLD = 99
"""The highest number that the navigation tells of what waits."""


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation; `key` is the letter after G that goes there.

    `new` is what the viewer may begin there, for the palette: the page for it is `new/` below the place.
    """

    label: Text
    url: str
    icon: str
    key: str = ""
    count: int | str | None = None
    count_label: Text = ""
    hot: bool = False
    current: bool = False
    tone: str = ""
    new: Text = ""


@dataclass(frozen=True)
class NavGroup:
    """Places that belong together; the first one may stand on the phone's bar, unless told otherwise."""

    label: Text
    items: list[NavItem] = field(default_factory=list)
    on_phone: bool = True


@dataclass(frozen=True)
class Shell:
    """Everything the frame shows beside the page."""

    nav: list[NavGroup]
    viewer: User
    role_label: Text
    workspace: str
    theme: str
    keys_on: bool
    home_url: str
    log_url: str
    pins: list[Pinned]

    @property
    def pinned(self) -> set[str]:
        """The addresses of what is pinned."""
        return {pin.url for pin in self.pins}

    @property
    def tabs(self) -> list[NavItem]:
        """The phone's three places beside Log and More: the first of each of the first three groups."""
        return [group.items[0] for group in self.nav if group.items and group.on_phone][:3]


def _item(path: str, label: Text, url: str, icon: str, key: str = "", tone: str = "") -> NavItem:
    current = path == url if url == "/" else path.startswith(url)
    return NavItem(label=label, url=url, icon=icon, key=key, current=current, tone=tone)


def _log_url(path: str) -> str:
    """Where logging begins: on a record it is about that relationship, without saying so again."""
    kind, relationship_id, *_rest = [*path.strip("/").split("/"), "", ""]
    if kind in kinds.registry and is_id(relationship_id):
        return f"/log/?relationship={relationship_id}"
    return "/log/"


def build_shell(path: str, user: User, now: datetime) -> Shell:
    """The frame for `user` on the page at `path`. Runs one query beside the user's own grants and teams."""
    waiting = _what_waits(user, now)
    follow_ups = waiting.due if waiting else 0
    at_risk = waiting.at_risk if waiting else 0
    day = _item(path, _("My day"), "/", "sun", "m")
    day = replace(day, count=_told(follow_ups), count_label=_("follow-ups due"))
    promises = _item(path, _("Commitments"), "/commitments/", "handshake", "p")
    promises = replace(promises, count=_told(at_risk), count_label=_("commitments at risk"), hot=at_risk > 0)
    handed = _item(path, _("Handovers"), "/handovers/", "briefcase")
    waits = waiting.handed if waiting else 0
    handed = replace(handed, count=_told(waits), count_label=_("handovers to accept"))
    team = _item(path, _("Team"), "/team/", "users-round", "t")
    groups = [
        NavGroup("", [day]),
        *_kind_groups(path, user),
        NavGroup(_("Work"), [promises, *_own_places(path, user), team, handed]),
        NavGroup(_("Insight"), _insight_items(path, user), on_phone=False),
        NavGroup(_("Workspace"), _workspace_items(path, user)),
    ]
    roles = [ROLES[grant.role].label for grant in user.current_grants()]
    return Shell(
        nav=groups,
        viewer=user,
        role_label=roles[0] if roles else _("No role yet"),
        workspace=waiting.name if waiting else "",
        theme=user.theme,
        keys_on=user.keys_on,
        home_url=settings.LOGIN_REDIRECT_URL,
        log_url=_log_url(path),
        pins=pins_in(waiting.pins) if waiting else [],
    )


def _own_places(path: str, user: User) -> list[NavItem]:
    """The pages of upper apps that the user may open."""
    found = sorted(registry.places.values(), key=lambda place: (place.position, place.url))
    return [
        _item(path, place.label, place.url, place.icon, place.key)
        for place in found
        if not place.permission or user.may(Permission(place.permission))
    ]


def _kind_groups(path: str, user: User) -> list[NavGroup]:
    """The kinds under “Relationships”, and after them those with a heading of their own."""
    by_heading: dict[str, list[NavItem]] = {}
    for kind in kinds_reached(user):
        place = _item(path, kind.label_plural, f"/{kind.slug}/", kind.icon, kind.key, kind.colour)
        if may_somewhere(user, Permission.MANAGE_RELATIONSHIPS, kind.slug):
            place = replace(place, new=kind.label)
        by_heading.setdefault(str(kind.heading), []).append(place)
    common = NavGroup(_("Relationships"), by_heading.pop("", []))
    return [common, *(NavGroup(heading, items, on_phone=False) for heading, items in by_heading.items())]


def _what_waits(user: User, now: datetime) -> Any:
    """The default business unit with `due`, the user's follow-ups, and `at_risk`, their promises; or None.

    Finds on the way in which closed kinds the user is named, which the navigation asks next.
    """
    today = today_of(user, now)
    key = ("shell", today, rights_of(user))
    statement: KeptRows[BusinessUnit] = kept(key, lambda: KeptRows(_waiting(anyone_like(user), today)))
    found: Any = statement.ask({VIEWER: user.pk})
    waiting = found[0] if found else None
    if waiting is not None:
        remember_personal_kinds(user, waiting.personal)
    return waiting


def _waiting(user: User, today: date) -> "QuerySet[BusinessUnit]":
    due = FollowUp.objects.due_by(today).filter(assignee=user).visible_to(user)
    promises = Commitment.objects.filter(ledger.at_risk(today), owner=user).visible_to(user)
    handed = HandoverPack.objects.filter(receiver=user, accepted_at=None).visible_to(user)
    return (
        BusinessUnit.objects.filter(is_default=True)
        .only("name")
        .annotate(
            due=_number_of(due),
            at_risk=_number_of(promises),
            handed=_number_of(handed),
            personal=personal_kinds_beside(user),
            pins=pins_beside(user),
        )[:1]
    )


class _Number(Subquery):
    """How many rows a queryset has."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    empty_result_set_value = 0


def _number_of(rows: "QuerySet[Any]") -> _Number:
    """The number of rows, counted no further than it is told: somebody may have thousands."""
    return _Number(rows.order_by().values("pk")[: MOST_TOLD + 1], output_field=IntegerField())


def _told(number: int) -> int | str | None:
    """The number beside a place; “99+” beyond what is told, nothing for none."""
    return f"{MOST_TOLD}+" if number > MOST_TOLD else number or None


def _insight_items(path: str, user: User) -> list[NavItem]:
    """The overviews of everything in sight; none for somebody who sees no relationships by a role."""
    if not user.may(Permission.VIEW_RELATIONSHIPS):
        return []
    return [
        _item(path, _("Dashboards"), "/dashboards/", "chart-line", "d"),
        _item(path, _("Portfolio"), "/portfolio/", "layout-grid"),
        _item(path, _("Weekly briefs"), "/briefs/", "newspaper"),
        _item(path, _("Outside issues"), "/outside-issues/", "globe"),
    ]


def _workspace_items(path: str, user: User) -> list[NavItem]:
    items = []
    if user.may(Permission.MANAGE_PEOPLE):
        items.append(_item(path, _("Administration"), "/administration/", "users"))
    if user.may(Permission.VIEW_SENT_MAIL):
        items.append(_item(path, _("Sent mail"), "/sent-mail/", "send"))
        items.append(_item(path, _("Received mail"), "/received-mail/", "inbox"))
    items.append(_item(path, _("Settings"), "/settings/", "settings"))
    return items


def nearby_days(today: date) -> list[tuple[date, Any]]:
    """The days that a next touch is usually put to, with their words: tomorrow, Friday, in a week."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    days = [
        (today + timedelta(days=1), _("Tomorrow")),
        (friday, _("Friday")),
        (today + timedelta(days=7), _("In 1 week")),
    ]
    return list({day: (day, words) for day, words in reversed(days)}.values())[::-1]
