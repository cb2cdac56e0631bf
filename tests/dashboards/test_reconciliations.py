"""Two lists held side by side for an outside issue."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Invalid, Missing, NotAllowed
from dashboards.models import OutsideIssue, Reconciliation
from dashboards.operations.reconciliations import MOST_BYTES, MOST_ROWS, List, reconcile_lists
from tests.dashboards.test_outside_issues import notice
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
OURS = "\ufeffInvoice; Amount ;Note\r\nA1;100.00;x\r\nA2;50;x\r\nA3;7;x\r\n"
THEIRS = "Invoice,Amount\nA1,100\nA2,55\nA9,1\n"


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("executive")


@pytest.fixture
def issue(boss: User) -> OutsideIssue:
    return notice(boss, category="data", kinds=["suppliers"])


def compare(actor: User, issue: OutsideIssue, left: str | bytes, right: str, key: str = "") -> Reconciliation:
    content = left.encode() if isinstance(left, str) else left
    lists: dict[str, Any] = {"left": List("ours.csv", content), "right": List("theirs.csv", right.encode())}
    return reconcile_lists(actor=actor, issue=issue, key=key, now=NOW, **lists)


def test_what_does_not_agree_is_counted_and_kept(boss: User, issue: OutsideIssue) -> None:
    made = compare(boss, issue, OURS, THEIRS)
    assert (made.key, made.columns, made.left_rows, made.right_rows) == ("Invoice", ["Amount"], 3, 3)
    assert (made.agreed, made.only_left, made.only_right, made.different, made.wrong) == (1, 1, 1, 1, 3)
    assert [(each["key"], each["sort"], each["left"], each["right"]) for each in made.mismatches] == [
        ("A2", "different", "50", "55"),
        ("A3", "only_left", "", ""),
        ("A9", "only_right", "", ""),
    ]
    told = issue.events.latest("pk")
    assert (told.verb, told.note) == ("reconciled", "ours.csv against theirs.csv: 3 do not agree")


def test_rows_are_the_same_by_the_column_that_is_named(boss: User, issue: OutsideIssue) -> None:
    lists = "Line,Invoice\n1,A1\n2,A2\n", "Line,Invoice\n2,A1\n1,A2\n"
    assert compare(boss, issue, *lists, key=" Invoice ").columns == ["Line"]
    assert compare(boss, issue, *lists).different == 2


@pytest.mark.parametrize(
    ("left", "right", "key", "wrong"),
    [
        ("A,B\n1,2\n", "C\n1\n", "", ("key", "They share: none.")),
        ("A,B\n1,2\n", "A,B\n1,2\n", "C", ("key", "They share: A, B.")),
        ("A\n1\n1\n", "A\n1\n", "", ("left", "line 3: “A” 1 is there twice")),
        ("A\n1\n", "A,B\n,2\n", "", ("right", "line 2: “A” is empty")),
        (b"A\n\xff\n", "A\n1\n", "", ("left", "not UTF-8 at byte 2")),
        ("A,A\n1,2\n", "A\n1\n", "", ("left", "no two alike")),
        ("", "A\n1\n", "", ("left", "no two alike")),
        ("A\n\x00\n", "A\n1\n", "", ("left", "no two alike")),
        (b"A\n" + b"1" * MOST_BYTES, "A\n1\n", "", ("left", "larger than 5 MB")),
        ("A\n" + "1\n" * (MOST_ROWS + 1), "A\n1\n", "", ("left", "more than 50000 rows")),
    ],
)
def test_a_bad_list_is_refused_by_list_and_line(
    boss: User, issue: OutsideIssue, left: str | bytes, right: str, key: str, wrong: tuple[str, str]
) -> None:
    field, words = wrong
    with pytest.raises(Invalid) as refused:
        compare(boss, issue, left, right, key)
    assert list(refused.value.errors) == [field]
    assert words in refused.value.errors[field][0]


def test_only_those_compare_who_see_the_issue_and_keep_the_register(boss: User, issue: OutsideIssue) -> None:
    with pytest.raises(Missing):
        compare(make_user(kind="customers"), issue, OURS, THEIRS)
    with pytest.raises(NotAllowed):
        compare(make_user("auditor"), issue, OURS, THEIRS)


def test_the_pages_take_the_lists_and_show_what_does_not_agree(
    boss: User, issue: OutsideIssue, client: Client
) -> None:
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = f"/outside-issues/{issue.pk}/"
    assert "Compare two lists" in client.get(here).content.decode()
    assert client.get(f"{here}reconciliations/new/").status_code == 200

    def files(left: str) -> dict[str, Any]:
        return {
            "left": SimpleUploadedFile("o.csv", left.encode()),
            "right": SimpleUploadedFile("t.csv", THEIRS.encode()),
        }

    assert client.post(f"{here}reconciliations/new/", {}).status_code == 422
    refused = client.post(f"{here}reconciliations/new/", files("X\n1\n"))
    assert (refused.status_code, "They share: none." in refused.content.decode()) == (422, True)
    made = client.post(f"{here}reconciliations/new/", files(OURS)).headers["Location"]
    page = client.get(made).content.decode()
    assert ("is missing" in page, "A9" in page) == (True, True)
    assert "3 do not agree" in client.get(here).content.decode()
    other = Client()
    other.force_login(
        make_user(kind="customers"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert other.get(made).status_code == 404
    auditor = Client()
    auditor.force_login(make_user("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert auditor.get(f"{here}reconciliations/new/").status_code == 403
