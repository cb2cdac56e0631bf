"""What the pages of sign-in, settings and administration need beside the common tags."""

import json
from decimal import Decimal
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context

from accounts.enums import Permission
from accounts.models import Invitation, RoleGrant, User
from accounts.permissions import ROLES
from accounts.registry import registry

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """JSON for a data attribute; the template escapes it as any text."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def plain_number(value: Decimal) -> str:
    """All the decimals that say something, and no exponent: 0.85, 100."""
    return f"{value.normalize():f}"


@register.simple_tag(takes_context=True)
def here(context: Context, path: str, exact: bool = False) -> bool:
    """Whether the page is `path`, or below it."""
    asked = context["request"].path
    return bool(asked == path if exact else asked.startswith(path))


@register.filter
def may(user: User, permission: str) -> bool:
    """Whether the user's role has the permission, somewhere."""
    return user.may(Permission(permission))


@register.filter
def role_words(grant: RoleGrant | Invitation) -> str:
    """The role's name."""
    return str(ROLES[grant.role].label)


@register.filter
def scope_words(grant: RoleGrant | Invitation) -> str:
    """Where a role holds, narrowest first; empty when everywhere."""
    kind = dict(registry.kind_choices()).get(grant.kind, grant.kind)
    parts = [
        kind,
        grant.team.name if grant.team else "",
        grant.business_unit.name if grant.business_unit else "",
    ]
    return ", ".join(str(part) for part in parts if part)


@register.filter
def audit_words(verb: str) -> str:
    """What an entry of the security record says happened."""
    return str(registry.audit_words(verb))
