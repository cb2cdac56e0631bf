"""The open cases that somebody still has in hand."""

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.models import User
from accounts.registry import OpenItems
from cases.models import Case
from relationships import kinds
from relationships.models import Relationship


def _words(number: int) -> str:
    return ngettext("%(n)d open case", "%(n)d open cases", number) % {"n": number}


def _count(holder: int, viewer: User | None) -> int:
    """Without those of a closed kind out of the viewer's sight; nobody in particular counts all."""
    rows = Case.objects.open().filter(owner_id=holder)
    closed = [kind.slug for kind, _sight in kinds.registry.closed]
    if viewer is not None and closed:
        seen = Relationship.objects.visible_to(viewer).filter(kind__in=closed)
        rows = rows.filter(~Q(relationship__kind__in=closed) | Q(relationship__in=seen))
    return rows.count()


OPEN_CASES = OpenItems(
    "cases", "user", _count, _words, lambda holder: f"/cases/?status=open&owner={holder}", position=25
)
