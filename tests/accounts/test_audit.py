"""The security record: added to, read, and never changed, not even by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import AuditEntry
from accounts.operations.audit import record_audit
from accounts.queries.audit import audit_page
from accounts.registry import Registry
from accounts.ui import AUDIT_WORDS
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


def test_an_entry_holds_ids_and_code_words() -> None:
    entry = record_audit(
        actor_id=7,
        verb="role_granted",
        now=NOW,
        subject_type="user",
        subject_id=9,
        data={"role": "auditor", "team": None, "units": [1, 2], "first": True},
        ip="192.0.2.7",
    )
    entry.refresh_from_db()
    assert (entry.at, entry.actor_id, entry.verb) == (NOW, 7, "role_granted")
    assert (entry.subject_type, entry.subject_id, entry.ip) == ("user", 9, "192.0.2.7")
    assert entry.data == {"role": "auditor", "team": None, "units": [1, 2], "first": True}


@pytest.mark.parametrize("value", ["Ann Lee", "ann@firm.example", ["ok", "not ok"], "x" * 65])
def test_an_entry_holds_nobodys_words(value: str | list[str]) -> None:
    with pytest.raises(ValueError, match="audit data 'who' holds text; keep ids and code words only"):
        record_audit(actor_id=1, verb="x", now=NOW, data={"who": value})
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET verb = 'nothing'",
        "UPDATE accounts_auditentry SET actor_id = NULL",
        "DELETE FROM accounts_auditentry",
    ],
)
def test_the_database_refuses_to_change_an_entry(statement: str) -> None:
    record_audit(actor_id=1, verb="signed_in", now=NOW)
    with (
        pytest.raises(IntegrityError, match="accounts_auditentry is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(AuditEntry.objects.values_list("verb", "actor_id")) == [("signed_in", 1)]


def test_an_entry_outlives_what_it_speaks_of() -> None:
    team = make_team("North")
    record_audit(actor_id=10**9, verb="team_created", now=NOW, subject_type="team", subject_id=team.pk)
    assert audit_page().lines[0].subject == "North"
    team.delete()
    [line] = audit_page().lines
    assert (line.verb, line.subject, line.actor) == ("team_created", "", "")


def test_pages_follow_one_another_newest_first() -> None:
    actor = make_user(name="Ann Lee")
    for number in range(5):
        record_audit(actor_id=actor.pk, verb=f"v{number}", now=NOW + timedelta(minutes=number))
    first = audit_page(limit=2)
    second = audit_page(limit=2, before=first.before)
    third = audit_page(limit=2, before=second.before)
    assert [[line.verb for line in page.lines] for page in (first, second, third)] == [
        ["v4", "v3"],
        ["v2", "v1"],
        ["v0"],
    ]
    assert third.before is None
    assert first.lines[0].actor == "Ann Lee"


def test_a_page_can_be_of_one_actor() -> None:
    record_audit(actor_id=1, verb="theirs", now=NOW)
    record_audit(actor_id=2, verb="others", now=NOW)
    assert [line.verb for line in audit_page(actor_id=1).lines] == ["theirs"]


def test_what_is_empty_is_not_shown() -> None:
    record_audit(actor_id=1, verb="x", now=NOW, data={"role": "hr", "team": None, "kind": "", "n": 0})
    assert audit_page().lines[0].details == "n: 0, role: hr"


def test_the_log_says_what_happened_in_words(client: Client) -> None:
    auditor = make_user("auditor", name="Vera Stone")
    record_audit(actor_id=auditor.pk, verb="role_granted", now=NOW, ip="192.0.2.7")
    record_audit(actor_id=None, verb="sign_in_failed", now=NOW)
    client.force_login(auditor)
    page = client.get("/administration/audit/").content.decode()
    assert ("Role given" in page, "Vera Stone" in page, "192.0.2.7" in page) == (True, True, True)
    assert ("Sign-in failed" in page, "nobody signed in" in page) == (True, True)


def test_an_empty_log_says_so(client: Client) -> None:
    client.force_login(make_user("auditor"))
    assert "No entry answers to this." in client.get("/administration/audit/").content.decode()


def test_the_log_goes_on_from_where_a_page_ended(client: Client) -> None:
    for number in range(51):
        record_audit(actor_id=None, verb=f"verb{number}", now=NOW)
    client.force_login(make_user("administrator"))
    first = client.get("/administration/audit/").content.decode()
    oldest = AuditEntry.objects.order_by("id")[1].pk
    assert ("verb1<" in first, "verb0<" in first, f"?before={oldest}" in first) == (True, False, True)
    assert "verb0<" in client.get(f"/administration/audit/?before={oldest}").content.decode()


def test_each_verb_has_one_wording() -> None:
    registry = Registry()
    registry.add_audit_words({"signed_in": "Signed in"})
    registry.add_audit_words({"signed_in": "Signed in"})
    with pytest.raises(ValueError, match="two wordings for the audit verb 'signed_in'"):
        registry.add_audit_words({"signed_in": "Came in"})
    assert (registry.audit_words("signed_in"), registry.audit_words("unknown")) == ("Signed in", "unknown")


def test_every_verb_that_is_written_has_words() -> None:
    import re  # noqa: PLC0415  only this test reads source
    from pathlib import Path  # noqa: PLC0415

    sources = "".join(path.read_text() for path in sorted(Path("accounts").rglob("*.py")))
    written = set(re.findall(r'verb="([a-z_]+)"|_audit\(\w+, \w+, "([a-z_]+)"', sources))
    verbs = {first or second for first, second in written}
    assert len(verbs) > 20
    assert verbs - set(AUDIT_WORDS) == set()
