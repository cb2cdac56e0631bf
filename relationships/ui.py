"""The frame's contents: which places the viewer can go, and what waits there."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import BusinessUnit, User
from accounts.permissions import ROLES
from relationships import kinds

Text = str | Promise


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation; `key` is the letter after G that goes there."""

    label: Text
    url: str
    icon: str
    key: str = ""
    count: int | None = None
    count_label: Text = ""
    hot: bool = False
    current: bool = False
    tone: str = ""


@dataclass(frozen=True)
class NavGroup:
    """Places that belong together."""

    label: Text
    items: list[NavItem] = field(default_factory=list)


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

    @property
    def tabs(self) -> list[NavItem]:
        """The phone's three places beside Log and More: the first of each of the first three groups."""
        return [group.items[0] for group in self.nav if group.items][:3]


def _item(path: str, label: Text, url: str, icon: str, key: str = "", tone: str = "") -> NavItem:
    current = path == url if url == "/" else path.startswith(url)
    return NavItem(label=label, url=url, icon=icon, key=key, current=current, tone=tone)


def visible_kinds(user: User) -> list[kinds.Kind]:
    """The kinds that any of the viewer's grants reaches."""
    grants = [
        g for g in user.current_grants() if Permission.VIEW_RELATIONSHIPS in g.role_definition.permissions
    ]
    if any(not grant.kind for grant in grants):
        return list(kinds.registry)
    reached = {grant.kind for grant in grants}
    return [kind for kind in kinds.registry if kind.slug in reached]


def build_shell(path: str, user: User) -> Shell:
    """The frame for `user` on the page at `path`. Runs one query beside the user's own grants."""
    groups = [
        NavGroup("", [_item(path, _("My day"), "/", "sun", "m")]),
        NavGroup(
            _("Relationships"),
            [
                _item(path, k.label_plural, f"/{k.slug}/", k.icon, k.key, k.colour)
                for k in visible_kinds(user)
            ],
        ),
        NavGroup(_("Work"), [_item(path, _("Commitments"), "/commitments/", "handshake", "p")]),
        NavGroup(_("Workspace"), _workspace_items(path, user)),
    ]
    roles = [ROLES[grant.role].label for grant in user.current_grants()]
    unit = BusinessUnit.objects.filter(is_default=True).only("name").first()
    return Shell(
        nav=groups,
        viewer=user,
        role_label=roles[0] if roles else _("No role yet"),
        workspace=unit.name if unit else "",
        theme=user.theme,
        keys_on=user.keys_on,
        home_url=settings.LOGIN_REDIRECT_URL,
        log_url="/log/",
    )


def _workspace_items(path: str, user: User) -> list[NavItem]:
    items = []
    if user.may(Permission.MANAGE_PEOPLE):
        items.append(_item(path, _("Administration"), "/administration/", "users"))
    if user.may(Permission.VIEW_SENT_MAIL):
        items.append(_item(path, _("Sent mail"), "/sent-mail/", "send"))
    items.append(_item(path, _("Settings"), "/settings/", "settings"))
    return items
