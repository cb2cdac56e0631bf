"""How rights and reasons read."""

from django import template
from django.utils.translation import gettext as _

from accounts.enums import Reach
from accounts.models import RoleGrant
from accounts.permissions import ROLES
from accounts.templatetags.access import scope_words
from oversight import ui
from relationships.enums import Sees
from relationships.permissions import Way

register = template.Library()


@register.filter
def permission_words(permission: str) -> str:
    """What somebody with the right may do."""
    return str(ui.permission_words(permission))


@register.filter
def grant_words(grant: RoleGrant) -> str:
    """A role with where it holds and how far it reaches there."""
    role = ROLES[grant.role]
    scope = scope_words(grant) or _("everywhere")
    if role.reach is Reach.TEAM and not grant.team_id:
        scope += ", " + _("own and of their teams")
    return f"{role.label} ({scope})"


@register.filter
def way_words(way: Way) -> str:
    """A reason, with the role that it rests on."""
    words = str(Sees(way.code).label)
    return f"{words}: {grant_words(way.grant)}" if way.grant else words
