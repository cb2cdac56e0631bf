"""Consent from tables of contacts: with when and by what it was said, held where a row leaves that open, taken back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.operations.workspace import Workspace
from exchange.models import HeldRow, ImportJob, ImportRun
from exchange.operations.contacts import ContactReport, ingest_contacts
from exchange.operations.previews import preview
from exchange.operations.revert import revert_import
from exchange.operations.source_files import SourceFile
from relationships.models import Consent, ConsentStanding, Event, Party
from relationships.queries.consents import may_contact
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NEWS = "Consent: Newsletter,Consent date: Newsletter,Consent source: Newsletter"
CALLS = "consent: EVENTS / phone,consent date: events/phone,consent source: events / phone"
ANA = "Ana Ruiz,ana@acme.example"


@pytest.fixture
def bring(workspace: Workspace, settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path

    def carry_out(text: str, name: str = "people.csv") -> ContactReport:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return ingest_contacts(
            actor=workspace.system_actor, files=[SourceFile(path.name, path)], now=NOW, accept_equal=True
        )

    return carry_out


def told() -> list[tuple[str, str, str, str, date, str]]:
    rows = Consent.objects.select_related("party", "purpose").order_by("pk")
    return [
        (row.party.name, row.purpose.slug, row.channel, row.state, row.said_at.date(), row.evidence)
        for row in rows
    ]


def test_consent_comes_with_its_proof_once_and_goes_with_its_import(workspace: Workspace, bring: Any) -> None:
    first = f"Name,E-mail,{NEWS},{CALLS}\n{ANA},Yes,2025-01-31,Fair in Leeds,no,2025-02-01,Call\nBob Fox,b@x.example\n"
    report = bring(first).as_json()
    assert (report["created"]["consents"], report["held"], report["kept_beside"]) == (2, 0, {})
    given = ("Ana Ruiz", "newsletter", "", "given", date(2025, 1, 31), "Fair in Leeds")
    assert told() == [given, ("Ana Ruiz", "events", "phone", "refused", date(2025, 2, 1), "Call")]
    assert {row.door for row in Consent.objects.all()} == {"import"}
    ana = Party.objects.get(name="Ana Ruiz")
    news = {"person": ana, "purpose": "newsletter", "channel": "email", "at": NOW}
    assert may_contact(**news).allowed
    assert Event.objects.filter(party=ana, verb="consent_recorded").count() == 2
    again = bring(first)
    assert (again.created["consents"], again.unchanged) == (0, 2)
    later = bring(f"Name,E-mail,{NEWS}\n{ANA},withdrawn,2025-03-01,Letter\n")
    assert (later.created["parties"], later.created["consents"], later.updated) == (0, 1, 1)
    assert not may_contact(**news).allowed
    one, _two, three = ImportRun.objects.order_by("pk")
    revert_import(actor=workspace.system_actor, run=three, now=NOW)
    assert may_contact(**news).allowed
    assert len(told()) == 2
    revert_import(actor=workspace.system_actor, run=one, now=NOW)
    counts = [model._default_manager.count() for model in (Consent, ConsentStanding, Party)]
    assert counts == [0, 0, 0]


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        (NEWS, "maybe,2025-01-31,Fair", ("Consent: Newsletter", "maybe", "not_a_choice")),
        (NEWS, ",2025-01-31,Fair", ("Consent: Newsletter", "", "missing_value")),
        (NEWS, "yes,,Fair", ("Consent date: Newsletter", "", "missing_value")),
        (NEWS, "yes,2025-01-31,", ("Consent source: Newsletter", "", "missing_value")),
        (NEWS, "yes,03.04.2025,Fair", ("Consent date: Newsletter", "03.04.2025", "not_a_date")),
        (NEWS, "yes,1800-01-01,Fair", ("Consent date: Newsletter", "1800-01-01", "date_out_of_range")),
        (NEWS, "yes,2999-01-01,Fair", ("Consent date: Newsletter", "2999-01-01", "in_the_future")),
        (NEWS, f"yes,2025-01-31,{'x' * 401}", ("Consent source: Newsletter", "x" * 401, "too_long")),
        ("Consent: Cookies", "yes", ("Consent: Cookies", "cookies", "not_a_choice")),
        ("Consent: Newsletter / fax", "yes", ("Consent: Newsletter / fax", "fax", "not_a_choice")),
        ("Company,Consent: Newsletter", "Ana Ruiz,yes", ("Consent: Newsletter", "yes", "does_not_fit")),
    ],
)
def test_consent_is_never_guessed(
    heads: str, cells: str, expected: tuple[str, str, str], workspace: Workspace, bring: Any
) -> None:
    text = f"Name,E-mail,{heads}\n{ANA},{cells}\n"
    bring(text)
    held = HeldRow.objects.get()
    assert (held.row, (held.column, held.value, held.reason)) == (2, expected)
    assert not Party.objects.exists()
    given = {"dataset": "contacts", "name": "people.csv", "size": 1, "created_at": NOW}
    job = ImportJob(actor=workspace.system_actor, **given)
    job.file.save("people.upload", ContentFile(text.encode()))
    row = preview(actor=workspace.system_actor, job=job, now=NOW).rows[0]
    assert (row.number, row.column, row.wrong) == (2, expected[0], held.get_reason_display())


def test_a_card_that_tells_of_consent_in_other_words_is_held(bring: Any) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Ruiz\r\nX-RELMAN-CONSENT:Cookies;yes\r\nEND:VCARD\r\n"
    assert [line.column for line in bring(card, "ana.vcf").held] == ["Cookies"]
