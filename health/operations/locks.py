"""Who may score a kind at a time: one full run, or any number of runs over touched rows.

All locks are advisory and end with the transaction. A full run first takes the kind's turn, so that a second
one is refused at once, and then waits for runs over touched rows to end; these never wait for a full run.
"""

from django.db import connection
from django.utils.translation import gettext as _

from core.refusals import Conflict

TURN, ROWS, SCORECARDS = 7_305_101, 7_305_102, 7_305_103


def _ask(sql: str, *arguments: int | str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchone()[0] is not False


def lock_for_full_run(kind: str) -> None:
    """Takes the kind for a full run; raises Conflict while another one is under way."""
    if not _ask("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", TURN, kind):
        raise Conflict(_("Another full scoring of %(kind)s is under way.") % {"kind": kind})
    _ask("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", ROWS, kind)


def lock_for_touched_rows(kind: str) -> None:
    """Shares the kind with other runs over touched rows; waits for a full run to end."""
    _ask("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", ROWS, kind)


def try_lock_for_touched_rows(kind: str) -> bool:
    """The same without waiting: false while a full run is under way."""
    return _ask("SELECT pg_try_advisory_xact_lock_shared(%s, hashtext(%s))", ROWS, kind)


def lock_scorecards() -> None:
    """Lets one transaction at a time install missing scorecards."""
    _ask("SELECT pg_advisory_xact_lock(%s)", SCORECARDS)
