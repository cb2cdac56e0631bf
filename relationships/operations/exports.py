"""Taking a list out of the workspace."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from core.languages import as_filed
from core.refusals import Invalid, NotAllowed
from core.sheets import as_csv
from core.wording import figure
from core.workbooks import MOST_ROWS, as_workbook
from relationships import kinds
from relationships.permissions import may_somewhere
from relationships.queries.counts import capped_counts
from relationships.queries.list_sheet import sheet
from relationships.queries.relationship_list import ListQuery, for_viewer
from relationships.registry import registry

CSV = "csv"
FILE = "file"
"""How a call names the sort of file."""


@transaction.atomic
def export_list(*, actor: User, query: ListQuery, now: datetime, form: str = CSV) -> Iterator[bytes]:
    """The list as a file in its order, those rows alone in which the actor may export; it begins at once.

    `form` is a registered format. That a list was taken out is in the security record before the first row is.
    Raises NotAllowed where the actor may export nothing of the kind, Invalid for an unknown format and where there
    is more than such a file can hold.
    """
    known = registry.list_formats
    if form not in known:
        words = _("“%(name)s” is not known; it can be %(known)s.") % {"name": form, "known": ", ".join(known)}
        raise Invalid({FILE: words})
    if not may_somewhere(actor, Permission.EXPORT_DATA, query.kind):
        raise NotAllowed(_("Your role does not allow exporting."))
    pieces = known[form].write(actor=actor, query=for_viewer(actor, query), now=now)
    facts = {"kind": query.kind, "format": form}
    record_audit(actor_id=actor.pk, verb="list_exported", now=now, data=facts)
    return pieces


def write_csv(*, actor: User, query: ListQuery, now: datetime) -> Iterator[bytes]:
    """The list for any spreadsheet."""
    with as_filed():
        return as_csv(*sheet(viewer=actor, query=query, now=now))


def write_workbook(*, actor: User, query: ListQuery, now: datetime) -> Iterator[bytes]:
    """The list for Excel. Raises Invalid for more rows than it can open."""
    with as_filed():
        rows, columns = sheet(viewer=actor, query=query, now=now)
    if capped_counts(rows, cap=MOST_ROWS)[0] > MOST_ROWS:
        words = _(
            "Excel opens at most %(most)s rows, and the list has more: narrow it, or take it out as CSV."
        )
        raise Invalid({FILE: words % {"most": figure(MOST_ROWS + 1)}})
    return as_workbook(rows, columns, title=str(kinds.registry.get(query.kind).label_plural))
