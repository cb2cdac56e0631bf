"""Holding two lists of the same things side by side, for an outside issue about data: what does not agree is kept."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.reconciliation import Row, Sort, reconcile
from core.refusals import Invalid
from dashboards.models import OutsideIssue, Reconciliation
from dashboards.operations.outside_issues import hold_issue, tell_issue

MOST_BYTES = 5_000_000
MOST_ROWS = 50_000
KEPT = 500
"""Mismatches that are kept to be read; all are counted."""


@dataclass(frozen=True)
class List:
    """One of the two lists: what the file is called, and what is in it."""

    name: str
    content: bytes


@transaction.atomic
def reconcile_lists(
    *, actor: User, issue: OutsideIssue, left: List, right: List, key: str, now: datetime
) -> Reconciliation:
    """Compares every column that both lists have, row by row of the same `key` (the first shared one when empty).

    Raises Missing and NotAllowed as the issue's own moves do, Invalid naming the list and the line.
    """
    held = hold_issue(actor, issue)
    ours, theirs = _read("left", left), _read("right", right)
    chosen, columns = _shared(ours[0], theirs[0], key.strip())
    for field, (_names, rows) in (("left", ours), ("right", theirs)):
        _refuse_bad_keys(field, rows, chosen)
    found = reconcile(ours[1], theirs[1], key=chosen, columns=columns)
    sorts = [each.sort for each in found.mismatches]
    made = Reconciliation.objects.create(
        issue=held,
        left_name=left.name[:200],
        right_name=right.name[:200],
        key=chosen[:200],
        columns=[column[:200] for column in columns],
        left_rows=len(ours[1]),
        right_rows=len(theirs[1]),
        agreed=found.agreed,
        only_left=sorts.count(Sort.ONLY_LEFT),
        only_right=sorts.count(Sort.ONLY_RIGHT),
        different=len({each.key for each in found.mismatches if each.sort is Sort.DIFFERENT}),
        mismatches=[asdict(each) for each in found.mismatches[:KEPT]],
        made_at=now,
        made_by=actor,
    )
    note = _("%(left)s against %(right)s: %(n)d do not agree") % {
        "left": made.left_name[:150],
        "right": made.right_name[:150],
        "n": made.wrong,
    }
    tell_issue(held, "reconciled", actor, now, note)
    return made


def _shared(ours: list[str], theirs: list[str], key: str) -> tuple[str, list[str]]:
    """The key, and the other columns that both have."""
    shared = [name for name in ours if name in theirs]
    chosen = key or (shared[0] if shared else "")
    if chosen not in shared:
        words = _("Both lists need this column. They share: %(shared)s.")
        raise Invalid({"key": words % {"shared": ", ".join(shared) or _("none")}})
    return chosen, [name for name in shared if name != chosen]


def _read(field: str, given: List) -> tuple[list[str], Sequence[Row]]:
    """The names in the first line, and the rows after it as text."""
    if len(given.content) > MOST_BYTES:
        raise Invalid({field: _("The file is larger than %(n)d MB.") % {"n": MOST_BYTES // 1_000_000}})
    try:
        text = given.content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        words = _("The file is not UTF-8 at byte %(at)d.") % {"at": wrong.start}
        raise Invalid({field: words}) from wrong
    first = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark, restkey="", restval="")
    names = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = names
    if "\x00" in text or not any(names) or len(set(names)) < len(names):
        raise Invalid({field: _("The first line has to name each column, no two alike.")})
    rows = [{name: value for name, value in row.items() if name} for row in reader]
    if len(rows) > MOST_ROWS:
        words = _("The file has more than %(n)d rows.") % {"n": MOST_ROWS}
        raise Invalid({field: words})
    return names, rows


def _refuse_bad_keys(field: str, rows: Sequence[Row], key: str) -> None:
    try:
        reconcile(rows, [], key=key, columns=[])
    except ValueError as wrong:
        raise Invalid({field: str(wrong)}) from wrong
