"""Notes in Markdown: front matter as columns, the text as the note, and what cannot be read held with its line."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from exchange.models import HeldRow
from exchange.operations import markdown_reading
from exchange.operations.markdown_reading import read_note
from exchange.operations.source_files import SourceFile
from exchange.operations.tabular import as_table
from relationships.models import Interaction, Party
from tests.exchange.test_import_jobs import client as client  # noqa: PLC0414  the fixture
from tests.exchange.test_import_jobs import files_kept as files_kept  # noqa: PLC0414  the fixture
from tests.exchange.test_import_jobs import imported, sent, settled
from tests.exchange.test_import_jobs import manager as manager  # noqa: PLC0414  the fixture

ACME = """---
name: Acme Ltd
id: 0017
email: "hello@acme.example"
aliases: [Acme, "The Acme; Company"]
since: 2020-01-02
active: NO
of:
  place: Leeds
  empty: ~
---
# Acme

Makes anvils; pays late.
"""


def zipped(notes: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in notes.items():
            archive.writestr(name, text)
    return target.getvalue()


def rows(tmp_path: Path, name: str, content: bytes) -> list[dict[str, str]]:
    source, target = tmp_path / "sent", tmp_path / "table.csv"
    source.write_bytes(content)
    assert as_table(SourceFile(name, source), target)
    with target.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_note_is_a_row_of_its_front_matter_and_its_text_as_they_are_written(tmp_path: Path) -> None:
    assert rows(tmp_path, "Acme.md", b"\xef\xbb\xbf" + ACME.replace("\n", "\r\n").encode()) == [
        {
            "file": "Acme.md", "name": "Acme Ltd", "id": "0017", "email": "hello@acme.example",
            "aliases": "Acme; The Acme; Company", "since": "2020-01-02", "active": "NO", "of.place": "Leeds",
            "note": "# Acme\n\nMakes anvils; pays late.",
        }
    ]  # fmt: skip


def test_an_archive_of_notes_is_a_table_under_all_their_keys(tmp_path: Path) -> None:
    notes = {
        "firms/Bo.md": "---\nnote: First\nplace: York\n...\nSecond", "Cy.MARKDOWN": "Just text", "a.txt": "x",
        "__MACOSX/Bo.md": "x", ".hidden.md": "x", "empty.md": "---\n---\n",
    }  # fmt: skip
    found = rows(tmp_path, "notes.zip", zipped(notes))
    assert [list(row.values()) for row in found] == [
        ["firms/Bo.md", "Bo", "York", "First\n\nSecond"],
        ["Cy.MARKDOWN", "Cy", "", "Just text"],
        ["empty.md", "empty", "", ""],
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"---\na: 1\n", "x.md, line 1: the front matter is opened here and not closed"),
        (b"---\na: 1\nb: [1\nc: 2\n---\n", "x.md, line 4: "),
        (b"---\na: 1\nb: c: d\n---\n", "x.md, line 3: mapping values are not allowed here"),
        (b"---\na: &x [1]\nb: *x\n---\n", "x.md, line 2: anchors and aliases are not taken"),
        (b"---\na: 1\na: 2\n---\n", "x.md, line 3: a key is no text, or stands there twice"),
        (b"---\n? [a]\n: 2\n---\n", "x.md, line 2: a key is no text, or stands there twice"),
        (b"---\n- a\n---\n", "x.md, line 2: the front matter is no list of keys and values"),
        (b"---\na: " + b"[" * 9 + b"]" * 9 + b"\n---\n", "x.md, line 2: lists and objects stand too deep"),
        (b"---\na: \x07\n---\n", "x.md, line 2: unacceptable character"),
        (b"---\na: 1\n---\nb\xff", "x.md, line 4: this is not UTF-8"),
        (b"a\nb\x00", "x.md, line 2: there is a zero byte"),
        (b"x" * (256 * 1024 + 1), "x.md, line 1: it has more than 262,144 bytes"),
        (
            b"---\na: " + b"x" * 65_536 + b"\n---\n",
            "x.md, line 1: the front matter has more than 65,536 characters",
        ),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: bytes, words: str) -> None:
    note = read_note("x.md", text)
    assert note.problem.startswith(words)
    assert note.cells == {"file": "x.md", "name": "x"}


def test_too_much_and_nothing_at_all_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def refused(content: bytes) -> str:
        with pytest.raises(Invalid) as refusal:
            rows(tmp_path, "notes.zip", content)
        return refusal.value.errors["files"][0]

    two = zipped({"a.md": "---\nk: v\n---\n" + "x" * 900, "b.md": "y"})
    damaged = two.replace(b"y", b"z", 1) if b"y" in two else two
    assert "notes.zip" in refused(damaged.replace(b"PK\x03\x04", b"PK\x03\x05", 1))
    monkeypatch.setattr(markdown_reading, "MOST_NOTES", 1)
    assert "There are more than 1 notes, or more than 1,000 keys" in refused(two)
    settings.IMPORT_MAX_BYTES = 800
    assert "The notes hold too much together. Import them in parts." in refused(two)


@pytest.mark.django_db
def test_an_archive_goes_through_the_pages_and_what_cannot_be_read_is_held(client: Client) -> None:
    notes = {"Acme.md": ACME, "Bad.md": "---\na: [\n---\n", "Cy Ltd.md": "---\ntown: York\n---\n"}
    job = sent(client, zipped(notes), name="notes.zip")
    assert settled(client, job).status_code == 302
    job.refresh_from_db()
    run = imported(client, job)
    assert {party.name: party.about for party in Party.objects.filter(name__endswith=" Ltd")} == {
        "Acme Ltd": "# Acme\n\nMakes anvils; pays late.", "Cy Ltd": "",
    }  # fmt: skip
    [held] = HeldRow.objects.filter(run=run)
    assert (held.reason, held.file, held.row) == ("bad_front_matter", "notes.zip", 3)
    assert held.value.startswith("Bad.md, line 2: ")
    assert "Its front matter cannot be read." in client.get(f"/imports/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_a_folder_goes_through_the_command_and_a_repeat_changes_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    call_command("ensure_workspace")
    firms, talks = tmp_path / "firms", tmp_path / "talks"
    (firms / "deep").mkdir(parents=True)
    talks.mkdir()
    (firms / "deep" / "Acme.md").write_text(ACME)
    said = "---\nid: t1\nparty ref: 0017\nchannel: call\ndirection: in\n"
    said += "date: 2026-03-01 10:00\ntags: [price, delay]\n---\nTold us."
    (talks / "2026-03-01.md").write_text(said)
    report = tmp_path / "report.json"
    for created in (1, 0):
        given = {"mapping": "auto", "constant": ["kind=customers"], "source": "notes", "report": str(report)}
        call_command("ingest", "parties", str(firms), **given)
        assert json.loads(report.read_text())["created"]["parties"] == created
        call_command("ingest", "interactions", str(talks / "2026-03-01.md"), **given)
    talk = Interaction.objects.get()
    assert (talk.body, sorted(talk.tags), talk.relationship.party_name) == (
        "Told us.",
        ["delay", "price"],
        "Acme Ltd",
    )
