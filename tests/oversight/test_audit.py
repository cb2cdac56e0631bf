"""The record of what was done: narrowed, opened, taken out."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.audit import record_audit
from accounts.operations.workspace import Workspace
from core.refusals import NotAllowed
from oversight.enums import Format
from oversight.operations.audit_export import export_audit
from oversight.queries import audit
from oversight.queries.audit import Question, asked_entries, asked_events, event_page, security_page
from relationships.models import Relationship
from tests.factories import NOW, make_document, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    return make_user("auditor", name="Vera Stone", time_zone="Asia/Tokyo")


@pytest.fixture
def account(workspace: Workspace) -> Relationship:
    return make_relationship(name="Brightwater Care")


def verbs(viewer: User, **asked: object) -> list[str]:
    found = asked_entries(viewer, Question(**asked)).order_by("pk")  # type: ignore[arg-type]
    return [entry.verb for entry in found if entry.verb.startswith("t_")]


def test_the_record_is_narrowed_by_who_what_about_what_and_when(auditor: User) -> None:
    midnight_in_tokyo = NOW.replace(hour=15, minute=0)
    record_audit(actor_id=1, verb="t_early", now=midnight_in_tokyo - timedelta(seconds=1))
    record_audit(actor_id=2, verb="t_late", now=midnight_in_tokyo, subject_type="team", subject_id=7)
    day = NOW.date()
    assert verbs(auditor) == ["t_early", "t_late"]
    assert verbs(auditor, actor_id=2) == verbs(auditor, verb="t_late") == ["t_late"]
    assert verbs(auditor, subject_type="team", subject_id=7) == ["t_late"]
    assert verbs(auditor, until=day) == ["t_early"]
    assert verbs(auditor, since=day + timedelta(days=1)) == ["t_late"]


def test_what_is_about_a_party_is_what_is_about_its_relationships_and_papers(
    auditor: User, account: Relationship
) -> None:
    paper, talk, other = make_document(account), make_interaction(account), make_relationship()
    about = [("relationship", account.pk), ("document", paper.pk), ("interaction", talk.pk)]
    for subject_type, pk in [*about, ("party", account.party_id), ("relationship", other.pk)]:
        record_audit(actor_id=1, verb=f"t_{subject_type}", now=NOW, subject_type=subject_type, subject_id=pk)
    of_it = asked_entries(auditor, Question(party_id=account.party_id)).filter(verb__startswith="t_")
    assert sorted(of_it.values_list("subject_type", "subject_id")) == sorted(
        [*about, ("party", account.party_id)]
    )
    told, _before = security_page(
        auditor, Question(party_id=account.party_id, verb="t_document"), before=None
    )
    assert [(each.name, each.url) for each in told] == [("Brightwater Care", f"/customers/{account.pk}/")]


def test_what_the_reader_may_not_know_of_is_not_named(account: Relationship) -> None:
    Relationship.objects.filter(pk=account.pk).update(confidentiality=3)
    for subject_type, pk in (("relationship", account.pk), ("party", account.party_id)):
        record_audit(actor_id=1, verb="t_x", now=NOW, subject_type=subject_type, subject_id=pk)
    reader = make_user("auditor")
    told, _before = security_page(reader, Question(verb="t_x"), before=None)
    assert [(each.name, each.url) for each in told] == [("", ""), ("", "")]
    assert list(asked_events(reader, Question(party_id=account.party_id))) == []
    assert list(asked_entries(reader, Question(party_id=account.party_id))) == []


def test_timelines_are_read_across_relationships_newest_first(auditor: User, account: Relationship) -> None:
    make_interaction(account)
    other = make_relationship(name="Northside Dental")
    groups = event_page(auditor, Question(book="relationships"), before=None).groups
    assert [(name, [entry.event.verb for entry in entries]) for _url, name, entries in groups[:2]] == [
        ("Northside Dental", ["relationship_opened"]),
        ("Northside Dental", ["party_created"]),
    ]
    assert groups[0][0] == f"/customers/{other.pk}/"
    narrowed = Question(verb="interaction_logged", party_id=account.party_id, actor_id=account.owner_id)
    [(url, name, [entry])] = event_page(auditor, narrowed, before=None).groups
    assert (url, name, entry.subject.body) == (
        f"/customers/{account.pk}/",
        "Brightwater Care",
        "They asked about the delivery.",
    )
    about = Question(subject_type="interaction", subject_id=entry.subject.pk)
    assert asked_events(auditor, about).get() == entry.event


def test_pages_follow_one_another(
    auditor: User, account: Relationship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LIMIT", 1)
    question = Question(book="relationships", party_id=account.party_id)
    first = event_page(auditor, question, before=None)
    second = event_page(auditor, question, before=first.before)
    assert [
        entry.event.verb for page in (first, second) for _u, _n, each in page.groups for entry in each
    ] == [
        "relationship_opened",
        "party_created",
    ]
    assert second.before is None


def test_taking_it_out_is_written_down_before_the_first_row(
    auditor: User, account: Relationship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    for number in range(3):
        record_audit(
            actor_id=account.owner_id, verb=f"t_{number}", now=NOW, data={"n": number}, ip="192.0.2.7"
        )
    question = Question(actor_id=account.owner_id)
    rows = export_audit(actor=auditor, question=question, form=Format.LINES, now=NOW)
    entry = AuditEntry.objects.get(verb="audit_exported")
    assert (entry.actor_id, entry.data) == (
        auditor.pk,
        {"book": "security", "format": "jsonl", "of": account.owner_id, "verb": ""},
    )
    assert [(row["verb"], row["data"], row["ip"]) for row in rows if row["verb"].startswith("t_")] == [
        (f"t_{number}", {"n": number}, "192.0.2.7") for number in (2, 1, 0)
    ]
    with pytest.raises(NotAllowed):
        export_audit(actor=make_user("executive"), question=question, form=Format.CSV, now=NOW)


def test_both_books_leave_as_csv_and_as_lines(auditor: User, account: Relationship, client: Client) -> None:
    client.force_login(auditor)
    asked = f"?book=relationships&verb=relationship_opened&party={account.party_id}"
    answer = client.post(f"/administration/audit/export/{asked}", {"format": "jsonl"})
    [row] = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]
    assert (row["verb"], row["subject"]) == ("relationship_opened", "Brightwater Care")
    answer = client.post("/administration/audit/export/?verb=audit_exported", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "\ufeffid,at,actor_id,actor,verb,subject_type,subject_id,subject,ip,data"
    assert len(lines) == 3  # the two exports themselves
    nothing = client.post(
        "/administration/audit/export/?since=2001-01-01&until=2001-01-01", {"format": "csv"}
    )
    assert b"".join(nothing.streaming_content) == b""  # type: ignore[attr-defined]
    assert client.post("/administration/audit/export/?verb=nonsense", {"format": "csv"}).status_code == 422
    assert client.post("/administration/audit/export/", {"format": "xml"}).status_code == 422


def test_the_pages_show_both_books_and_say_what_is_wrong(
    auditor: User, account: Relationship, client: Client
) -> None:
    record_audit(
        actor_id=auditor.pk, verb="document_read", now=NOW, subject_type="relationship", subject_id=account.pk
    )
    client.force_login(auditor)
    page = client.get("/administration/audit/?verb=document_read").content.decode()
    assert f'href="/customers/{account.pk}/">Brightwater Care</a>' in page
    page = client.get("/administration/audit/?book=relationships").content.decode()
    assert "opened the relationship" in page or "Brightwater Care" in page
    wrong = client.get("/administration/audit/?since=2026-03-02&until=2026-03-01&before=x")
    assert (wrong.status_code, "This day is before the first one." in wrong.content.decode()) == (422, True)
    empty = client.get("/administration/audit/?book=relationships&since=2001-01-01&until=2001-01-01")
    assert "Nothing that you may see answers to this." in empty.content.decode()
