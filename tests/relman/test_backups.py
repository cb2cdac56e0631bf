"""A workspace in one file, and back: into a fresh database, in place of another, from the first release."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg2 import sql

from accounts.operations.workspace import ensure_workspace
from health.models import RelationshipScore, ScoreSnapshot
from relationships.models import Document, Interaction, Party
from relationships.operations.document_contents import place_of
from relman.backups.contents import MANIFEST, Manifest, tables_of
from tests.factories import NOW, make_document, make_interaction, make_party

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = Path(__file__).parents[1] / "data" / "releases" / "first.backup"
"""Taken of a workspace of the first release: two customers, two suppliers, talk, promises, orders, scores, papers."""


def server() -> Any:
    """A connection beside Django's."""
    place = connection.settings_dict
    other = psycopg2.connect(
        host=place["HOST"] or None, port=place["PORT"] or None, user=place["USER"], password=place["PASSWORD"],
        dbname="postgres",
    )  # fmt: skip
    other.autocommit = True
    return other


def make_database(name: str, template: str = "template1") -> None:
    with closing(server()) as other, other.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop_database(name: str) -> None:
    connection.close()
    with closing(server()) as other, other.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "home" / "files"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def database(transactional_db: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the tests' database in which rows stay, and which is ours to destroy."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    name = f"backup_{uuid4().hex[:12]}"
    whole = connection.settings_dict["NAME"]
    connection.close()
    make_database(name, template=whole)
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        drop_database(name)
        connection.settings_dict["NAME"] = whole


@pytest.fixture
def paper(database: str) -> Document:
    """The only document of a workspace with some talk in it."""
    ensure_workspace(now=NOW)
    make_interaction(body="We spoke of the next delivery.")
    return make_document(content=b"The offer of March.", name="offer.txt")


def held() -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        return tables_of(cursor)


def altered(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup in which entries were changed, or left out."""
    copy = path.with_name(f"altered-{uuid4().hex}")
    with tarfile.open(path) as source, tarfile.open(copy, "w") as target:
        for entry in source:
            words = source.extractfile(entry)
            assert words is not None
            content = change(entry.name, words.read())
            if content is not None:
                entry.size = len(content)
                target.addfile(entry, io.BytesIO(content))
    return copy


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as told:
        call_command(*arguments)
    return str(told.value)


def test_what_was_destroyed_comes_back_row_by_row_and_file_by_file(
    paper: Document, database: str, home: Path, tmp_path: Path, settings: Any
) -> None:
    (home / "secrets").mkdir()
    before, path = held(), tmp_path / "relman.backup"
    call_command("backup", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    drop_database(database)
    shutil.rmtree(home / "files")
    make_database(database)

    call_command("restore", str(path))

    assert held() == before
    assert before["relationships_interaction"][0] == 1
    with default_storage.open(place_of(paper.sha256)) as file:
        assert file.read() == b"The offer of March."
    key = home / "secrets" / "secret_key"
    assert (key.read_text(), key.stat().st_mode & 0o777) == (settings.SECRET_KEY, 0o600)


def test_a_workspace_is_replaced_only_when_told_and_its_files_are_kept(
    paper: Document, home: Path, tmp_path: Path
) -> None:
    before, path = held(), str(tmp_path / "relman.backup")
    call_command("backup", path)
    make_party(name="Came later")
    (home / "files" / "later.txt").write_text("came later")
    assert "not empty" in refused("restore", path)
    assert Party.objects.filter(name="Came later").exists()

    call_command("restore", path, "--replace")

    assert held() == before
    (aside,) = home.glob("files-before-*")
    assert (aside / "later.txt").read_text() == "came later"
    assert not (home / "files" / "later.txt").exists()


def test_the_first_release_is_restored_and_brought_to_this_one(database: str, home: Path) -> None:
    drop_database(database)
    make_database(database)
    call_command("restore", str(FIRST))
    call_command("migrate", check=True)
    with tarfile.open(FIRST) as archive:
        told = archive.extractfile(MANIFEST)
        assert told is not None
        manifest = Manifest.read(told.read())
    now = held()
    assert {name for name, (number, _) in manifest.tables.items() if now[name][0] < number} == set()
    assert Interaction.objects.count() == manifest.tables["relationships_interaction"][0] == 20
    parts = [part for score in RelationshipScore.objects.all() for part in score.parts if part["used"]]
    assert len(parts) == 22
    assert all(kept.parts[0]["key"] == "activity" for kept in ScoreSnapshot.objects.all())
    for document in Document.objects.all():
        assert default_storage.exists(place_of(document.sha256))


def test_what_is_no_whole_backup_changes_nothing(paper: Document, tmp_path: Path) -> None:
    path = tmp_path / "relman.backup"
    call_command("backup", str(path))
    assert "overwrites nothing" in refused("backup", str(path))
    before = held()
    cut = tmp_path / "cut.backup"
    cut.write_bytes(path.read_bytes()[:-2_000])
    wrong = {
        tmp_path / "none.backup": "is not a file",
        cut: "not a whole backup",
        altered(path, lambda name, content: None if name == MANIFEST else content): "not a whole backup",
        altered(path, lambda name, content: b"x" if name.startswith("files/") else content): "not what was put in",
        altered(path, newer): "of a newer Relman",
        altered(path, other_format): "its format is 99",
    }  # fmt: skip
    for name, words in wrong.items():
        assert words in refused("restore", str(name), "--replace")
    assert held() == before


def newer(name: str, content: bytes) -> bytes:
    if name != MANIFEST:
        return content
    told = json.loads(content)
    return json.dumps(told | {"migrations": [*told["migrations"], "relationships.9999_to_come"]}).encode()


def other_format(name: str, content: bytes) -> bytes:
    return json.dumps(json.loads(content) | {"format": 99}).encode() if name == MANIFEST else content


def test_a_backup_writes_nothing_outside_its_folder(database: str, tmp_path: Path) -> None:
    for name in ("../outside", "/etc/passwd", "elsewhere.txt"):
        path = tmp_path / "wrong.backup"
        with tarfile.open(path, "w") as archive:
            entry = tarfile.TarInfo(name)
            entry.size = 1
            archive.addfile(entry, io.BytesIO(b"x"))
        assert name in refused("restore", str(path), "--replace")


def test_another_key_or_company_is_refused(
    paper: Document, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "relman.backup")
    call_command("backup", path)
    monkeypatch.setitem(os.environ, "SECRET_KEY", "another")
    assert "SECRET_KEY is not the one" in refused("restore", path, "--replace")
    with psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None}):
        assert "Stop web, worker and beat" in refused("restore", path, "--replace")
