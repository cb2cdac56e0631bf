"""The overviews among the pages that list rows; see `tests/pages.py`."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from dashboards.models import OutsideIssue, Reconciliation
from dashboards.operations.briefs import decide, make_brief
from dashboards.operations.cells import keep_sums
from dashboards.operations.outside_issues import move_issue, notice_issue
from dashboards.operations.reconciliations import List, reconcile_lists
from health.operations.scorecards import install_default
from health.operations.scoring import score_history
from relationships.models import Relationship, RelationshipState
from tests.cases.pages import CASE_PAGES
from tests.factories import NOW, make_commitment, make_relationship
from tests.health.evidence import put


def _dashboard(viewer: User, rows: int) -> str:
    for _ in range(rows):
        relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=60))
        make_commitment(relationship, actor=viewer, now=NOW - timedelta(days=60))
        put(relationship, *range(3, 60, 5), sentiment=0.5)
    install_default(actor=viewer, kind="customers", now=NOW)
    score_history(kind="customers", now=NOW, weeks=2)
    keep_sums(now=NOW, weeks=2)
    RelationshipState.objects.update(health_status="at_risk", health=40)
    return "/dashboards/"


def _brief(viewer: User, rows: int) -> str:
    _dashboard(viewer, rows)
    relationship = Relationship.objects.earliest("id")
    for number in range(rows):
        _issue(viewer, number)
        make_brief(now=NOW, week=NOW.date() - timedelta(days=2 + 7 * number))
    brief = make_brief(now=NOW)
    for number in range(rows):
        decide(actor=viewer, brief=brief, what=f"Visit {number}", now=NOW, relationship_id=relationship.pk)
    return f"/briefs/{brief.pk}/"


def _briefs(viewer: User, rows: int) -> str:
    _brief(viewer, rows)
    return "/briefs/"


def _issue(viewer: User, rows: int) -> OutsideIssue:
    issue = notice_issue(
        actor=viewer, title="Strike", category="supplier", owner=viewer, since_date=NOW.date(),
        next_look_date=NOW.date(), now=NOW - timedelta(days=9), kinds=["customers"],
        parties=[make_relationship(owner=viewer).party for _ in range(rows)],
    )  # fmt: skip
    for note in ("act", "watch") * rows:
        move_issue(actor=viewer, issue=issue, transition=note, now=NOW)
    return issue


def _outside_issue(viewer: User, rows: int) -> str:
    return f"/outside-issues/{_issue(viewer, rows).pk}/"


def _outside_issues(viewer: User, rows: int) -> str:
    for _ in range(rows):
        _issue(viewer, 1)
    return "/outside-issues/"


def _portfolio(viewer: User, rows: int) -> str:
    _dashboard(viewer, rows)
    return "/portfolio/"


def _movers(viewer: User, rows: int) -> str:
    _dashboard(viewer, rows)
    return "/portfolio/movers/?weeks=4"


def _brief_rows(viewer: User, rows: int) -> str:
    return f"{_brief(viewer, rows)}rows/?kind=customers"


def _brief_row(viewer: User, rows: int) -> str:
    return f"{_brief(viewer, rows)}rows/{Relationship.objects.earliest('id').pk}/"


def _reconciled(viewer: User, rows: int) -> Reconciliation:
    issue = _issue(viewer, 1)
    ours = "\n".join(f"A{number},{number}" for number in range(rows))
    left, right = (List("o.csv", f"no,sum\n{ours}".encode()), List("t.csv", b"no,sum\nB1,1"))
    for _ in range(rows):
        made = reconcile_lists(actor=viewer, issue=issue, left=left, right=right, key="", now=NOW)
    return made


def _reconciliation(viewer: User, rows: int) -> str:
    made = _reconciled(viewer, rows)
    return f"/outside-issues/{made.issue_id}/reconciliations/{made.pk}/"


def _new_reconciliation(viewer: User, rows: int) -> str:
    return f"{_issue_with_lists(viewer, rows)}reconciliations/new/"


def _issue_with_lists(viewer: User, rows: int) -> str:
    return f"/outside-issues/{_reconciled(viewer, rows).issue_id}/"


OVERVIEWS: dict[str, Callable[[User, int], str]] = {
    **CASE_PAGES,
    "brief_detail": _brief,
    "brief_row": _brief_row,
    "brief_rows": _brief_rows,
    "outside_issue_lists": _issue_with_lists,
    "reconciliation": _reconciliation,
    "reconciliation_new": _new_reconciliation,
    "brief_list": _briefs,
    "dashboard": _dashboard,
    "movers": _movers,
    "portfolio": _portfolio,
    "outside_issue_detail": _outside_issue,
    "outside_issue_list": _outside_issues,
}
