"""Taking a backup: one snapshot of the database, then the files that its rows name."""

import io
import os
import subprocess
import tarfile
import tomllib
from collections.abc import Callable
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction

from relman.backups.contents import DATABASE, FILES, KEY, MANIFEST, Manifest, migrations_of, tables_of
from relman.launcher import programs
from relman.launcher.folders import CHECKOUT
from relman.launcher.refusals import Refusal

Say = Callable[[str], None]
LEVEL = 4
"""Of compression: half the time of the usual 9, a tenth more room."""


def take(path: Path, *, now: datetime, say: Say) -> Manifest:
    """Writes everything to `path`, which may not exist yet and appears when it is whole; readable by its owner alone.

    Work goes on meanwhile: the database is read as of one moment, the files after it, so that every row's file is
    there. Raises Refusal.
    """
    if path.exists():
        raise Refusal(f"{path} exists. A backup overwrites nothing; name another file.")
    if not path.parent.is_dir():
        raise Refusal(f"{path.parent} is not a folder.")
    with TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        dump, draft = Path(folder) / DATABASE, Path(folder) / "draft"
        tables, migrations = _dump(dump, say)
        files = _files()
        say(f"{len(files):,} files")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=LEVEL) as archive:
                hashes = {DATABASE: _add(archive, DATABASE, dump)}
                hashes |= {FILES + name: _add(archive, FILES + name, each) for name, each in files.items()}
                _add_words(archive, KEY, settings.SECRET_KEY.encode())
                manifest = Manifest(now.isoformat(), _version(), migrations, tables, hashes)
                _add_words(
                    archive, MANIFEST, manifest.written()
                )  # the last: without it the backup is not whole
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(path)
    return manifest


def _version() -> str:
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _dump(dump: Path, say: Say) -> tuple[dict[str, tuple[int, str]], list[str]]:
    """The database as of one moment, and what its tables hold at that moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        say("database: dumping")
        postgres_program(
            "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--no-comments",
            f"--snapshot={snapshot}", f"--file={dump}",
        )  # fmt: skip
        tables = tables_of(cursor)
        say(f"database: {sum(number for number, _sum in tables.values()):,} rows in {len(tables)} tables")
        return tables, migrations_of(cursor)


def postgres_program(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on the workspace's database; raises Refusal with what it said."""
    place = connection.settings_dict
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PGHOST": place["HOST"] or "",
        "PGPORT": str(place["PORT"] or ""),
        "PGUSER": place["USER"] or "",
        "PGPASSWORD": place["PASSWORD"] or "",
        "PGDATABASE": place["NAME"],
    }
    command = [str(programs.postgres(None) / program), *arguments]
    done = subprocess.run(
        command,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise Refusal(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-2_000:]}")


def _files() -> dict[str, Path]:
    """What was uploaded, by its path below the folder of files."""
    root = Path(settings.MEDIA_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path for path in found}


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Puts a file in; its SHA-256."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        file.seek(0)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = path.stat().st_size, 0o600
        archive.addfile(entry, file)
    return digest


def _add_words(archive: tarfile.TarFile, name: str, words: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(words), 0o600
    archive.addfile(entry, io.BytesIO(words))
