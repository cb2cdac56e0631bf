"""Retention: what is over goes by rule, some rows at a time, and never past a legal hold."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, NotAllowed
from oversight.models import RetentionRule
from oversight.operations import retention
from oversight.operations.erasures import hold_for_law
from oversight.operations.retention import carry_out_due, end_rule, set_rule
from oversight.queries.retention import due_rows, due_seen
from relationships.models import Document, Interaction, Party, Relationship
from tests.factories import NOW, make_document, make_interaction, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=200)


@pytest.fixture
def boss(workspace: Workspace, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = settings.HOME = tmp_path
    return make_user("administrator", name="Boss")


def closed(boss: User, kind: str = "customers", at: datetime = NOW) -> Relationship:
    """A relationship with a talk and a document, closed."""
    role = make_relationship(kind, owner=boss)
    make_interaction(role, actor=boss, body="Words", subject="About")
    make_document(role, actor=boss)
    Relationship.objects.filter(pk=role.pk).update(opened_at=min(at, NOW), closed_at=at, closed_by=boss)
    return role


def bodies() -> list[str]:
    return list(Interaction.objects.order_by("pk").values_list("body", flat=True))


def test_words_of_talk_go_when_their_time_is_over(boss: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    role, supplier = closed(boss), closed(boss, "suppliers")
    closed(boss, at=LATER - timedelta(days=20))
    make_interaction(make_relationship(owner=boss), actor=boss, body="Open")
    rule = set_rule(actor=boss, data="talk", kind="", days=90, now=NOW)
    assert carry_out_due(now=NOW) == 0  # its first time is a day away
    assert carry_out_due(now=LATER) == 2
    assert bodies() == ["", "", "Words", "Open"]
    rule.refresh_from_db()
    assert (rule.last_done, rule.due_at) == (2, LATER + timedelta(days=1))
    assert AuditEntry.objects.get(verb="retention_carried_out").data == {
        "data": "talk",
        "kind": "",
        "rows": 2,
    }
    assert carry_out_due(now=LATER + timedelta(days=1)) == 0
    assert {role.kind, supplier.kind} == {"customers", "suppliers"}


def test_a_rule_is_for_its_kind_alone(boss: User) -> None:
    closed(boss), closed(boss, "suppliers")
    set_rule(actor=boss, data="talk", kind="suppliers", days=90, now=NOW)
    assert carry_out_due(now=LATER) == 1
    assert bodies() == ["Words", ""]


def test_documents_go_with_their_content(boss: User, django_capture_on_commit_callbacks: Any) -> None:
    closed(boss)
    place = str(Document.objects.get().file)
    set_rule(actor=boss, data="documents", kind="", days=90, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert carry_out_due(now=LATER) == 1
    paper = Document.objects.get()
    assert (paper.file.name, paper.removed_at, default_storage.exists(place)) == ("", LATER, False)


def test_people_with_whom_nobody_talks_are_erased(boss: User) -> None:
    role = make_relationship(owner=boss)
    silent, heard, own = (make_person(name, works_for=role.party) for name in ("Si Lent", "He Ard", "Ow Ner"))
    make_interaction(role, actor=boss, people=[heard], happened_at=LATER - timedelta(days=9), now=LATER)
    Relationship.objects.filter(pk=role.pk).update(party=own)
    rule = set_rule(actor=boss, data="people", kind="", days=90, now=NOW)
    assert list(due_rows(rule, LATER)) == [silent]
    assert carry_out_due(now=LATER) == 1
    names = Party.objects.filter(kind="person").order_by("pk").values_list("name", flat=True)
    assert list(names) == [f"Erased person {silent.pk}", "He Ard", "Ow Ner"]
    assert list(due_rows(rule, LATER)) == []


def test_a_legal_hold_keeps_everything(boss: User) -> None:
    role = closed(boss)
    ana = make_person("Ana Ruiz", works_for=make_relationship(owner=boss).party)
    for data in ("talk", "documents", "people"):
        set_rule(actor=boss, data=data, kind="", days=90, now=NOW)
    for party in (role.party, ana):
        hold_for_law(actor=boss, party=party, reason="Claim", now=NOW)
    assert carry_out_due(now=LATER) == 0
    assert (bodies(), Party.objects.get(pk=ana.pk).name) == (["Words"], "Ana Ruiz")


def test_what_would_go_is_shown_as_far_as_one_may_know_of_it(boss: User) -> None:
    role = closed(boss)
    rule = set_rule(actor=boss, data="talk", kind="", days=90, now=NOW)
    assert due_seen(rule, boss, LATER).count() == 1
    Relationship.objects.filter(pk=role.pk).update(confidentiality=4, owner=make_user())
    assert (due_seen(rule, boss, LATER).count(), due_rows(rule, LATER).count()) == (0, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"data": "all"}, "data"),
        ({"kind": "none"}, "kind"),
        ({"days": 29}, "days"),
        ({"data": "people", "kind": "customers"}, "kind"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(boss: User, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_rule(actor=boss, now=NOW, **{"data": "talk", "kind": "", "days": 90, **given})
    assert list(refused.value.errors) == [field]


def test_there_is_one_rule_for_a_thing_until_it_is_ended(boss: User) -> None:
    rule = set_rule(actor=boss, data="talk", kind="", days=90, now=NOW)
    with pytest.raises(Conflict):
        set_rule(actor=boss, data="talk", kind="", days=99, now=NOW)
    with pytest.raises(NotAllowed):
        end_rule(actor=make_user(), rule=rule, now=NOW)
    end_rule(actor=boss, rule=rule, now=NOW)
    with pytest.raises(Conflict):
        end_rule(actor=boss, rule=rule, now=NOW)
    closed(boss)
    assert (carry_out_due(now=LATER), bodies()) == (0, ["Words"])


def test_the_command_counts_or_carries_out(boss: User, capsys: pytest.CaptureFixture[str]) -> None:
    closed(boss, at=NOW - timedelta(days=4_000))
    rule = set_rule(actor=boss, data="talk", kind="customers", days=90, now=NOW)
    call_command("retention", "--dry-run")
    assert capsys.readouterr().out == "talk customers, 90 days: 1 rows\n"
    RetentionRule.objects.filter(pk=rule.pk).update(due_at=NOW - timedelta(days=1))
    call_command("retention")
    assert (capsys.readouterr().out, bodies()) == ("1 rows taken.\n", [""])


def test_the_pages_set_show_and_end_a_rule(boss: User, client: Client) -> None:
    client.force_login(boss)
    closed(boss, at=NOW - timedelta(days=4_000))
    said = {"what": "documents", "kind": "", "days": "90"}
    assert client.post("/administration/retention/", said | {"days": "1"}).status_code == 422
    assert client.post("/administration/retention/", said).status_code == 302
    rule = RetentionRule.objects.get()
    page = client.get(f"/administration/retention/{rule.pk}/").content.decode()
    assert (f"/customers/{Document.objects.get().relationship_id}/" in page, ".pdf" in page) == (True, True)
    set_rule(actor=boss, data="people", kind="", days=90, now=NOW)
    other = RetentionRule.objects.latest("pk")
    make_person("Ana Ruiz", now=NOW - timedelta(days=4_000))
    assert "Ana Ruiz" in client.get(f"/administration/retention/{other.pk}/").content.decode()
    assert client.post(f"/administration/retention/{rule.pk}/ending/").status_code == 302
    assert client.get("/administration/retention/999999/").status_code == 404
