"""Putting a backup back: looked through first, then the database in one transaction, then the files beside it."""

import os
import shutil
import tarfile
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from relman import heartbeats
from relman.backups.contents import DATABASE, FILES, KEY, MANIFEST, Manifest, tables_of
from relman.backups.taking import Say, postgres_program
from relman.launcher.refusals import Refusal

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
CLEAR = """
DO $$ DECLARE statement text; BEGIN
    FOR statement IN
        SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP EXECUTE statement; END LOOP;
END $$
"""
"""Everything of ours but extensions, whatever release it is of; in the transaction that puts the backup's in its
place."""


def put_back(path: Path, *, replace: bool, now: datetime, say: Say) -> Manifest:
    """Makes the workspace what it was when the backup was taken, and migrates it to this version.

    A workspace that holds anything is only replaced with `replace`; its files are moved aside, never deleted. The
    database is replaced as a whole or not at all. Raises Refusal.
    """
    if not path.is_file():
        raise Refusal(f"{path} is not a file.")
    _refuse_company()
    if not replace:
        _refuse_what_is_there()
    home = Path(settings.HOME)
    with TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        manifest = _unpack(path, Path(folder))
        say(
            f"{path.name}: whole, of {manifest.made_at}, {manifest.rows:,} rows, {len(manifest.files) - 1:,} files"
        )
        _refuse_newer(manifest)
        key = (Path(folder) / KEY).read_text()
        _refuse_other_key(key)
        _restore_database(Path(folder) / DATABASE, manifest)
        say("database: put back, every table's rows as they were")
        aside = _swap_files(Path(folder) / FILES, now)
        say("files: put back" + (f"; what was there is in {aside}" if aside else ""))
        _keep_key(key)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("erase_again", verbosity=0)  # who was erased since the backup does not come back with it
    heartbeats.forget()
    return manifest


def _refuse_company() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others: int = cursor.fetchone()[0]
    if others:
        raise Refusal(
            f"{others} other sessions use this database. Stop web, worker and beat first; nothing was changed."
        )


def _refuse_what_is_there() -> None:
    """Empty is a database without tables, or with a workspace in which there are no parties and no people."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for table, condition in (("relationships_party", "TRUE"), ("accounts_user", "NOT is_system")):
            if table in names:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE {condition})")  # noqa: S608  names of ours
                if cursor.fetchone()[0]:
                    raise Refusal(
                        "This workspace is not empty. Take a backup of it, then restore with --replace;"
                        " nothing was changed."
                    )


def _unpack(path: Path, folder: Path) -> Manifest:
    """The backup's files below `folder`, each looked at; raises Refusal for one that is not whole or not ours."""
    try:
        with tarfile.open(path) as archive:
            for entry in archive:
                _unpack_one(archive, entry, folder)
        manifest = Manifest.read((folder / MANIFEST).read_bytes())
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{path} is not a whole backup ({error}). Nothing was changed.") from error
    for name, digest in manifest.files.items():
        with (folder / name).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != digest:
                raise Refusal(f"{path}: {name} is not what was put in. Nothing was changed.")
    return manifest


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    parts = Path(entry.name).parts
    if not entry.isreg() or entry.name.startswith("/") or ".." in parts:
        raise ValueError(f"{entry.name} is no plain file")
    if entry.name not in (MANIFEST, DATABASE, KEY) and not entry.name.startswith(FILES):
        raise ValueError(f"{entry.name} does not belong there")
    target, source = folder / entry.name, archive.extractfile(entry)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(source, file)  # type: ignore[arg-type]  # a plain file has contents


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise Refusal(
            f"The backup is of a newer Relman ({manifest.version}; it knows {newer[-1]}). Restore it with that one;"
            " nothing was changed."
        )


def _refuse_other_key(key: str) -> None:
    given = os.environ.get("SECRET_KEY", "")
    if given and given != key:
        raise Refusal(
            "SECRET_KEY is not the one that the backup was made with, which seals authenticator apps and links in"
            " mails. Set it to that one (the file secret-key in the backup); nothing was changed."
        )


def _restore_database(dump: Path, manifest: Manifest) -> None:
    """In one transaction: what is there goes, what was comes, and each table is looked at again."""
    connection.close()
    script = dump.with_name("script.sql")
    postgres_program(
        "pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(dump)
    )
    postgres_program(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
        f"--command={CLEAR}", f"--file={script}",
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        there = tables_of(cursor)
    wrong = sorted(
        name for name in manifest.tables.keys() | there if manifest.tables.get(name) != there.get(name)
    )
    if wrong:
        raise Refusal(f"The database was put back, but differs from the backup in {', '.join(wrong)}.")


def _swap_files(come: Path, now: datetime) -> Path | None:
    """Puts the files in their place; where those that were there are now."""
    root, aside = Path(settings.MEDIA_ROOT), None
    if root.exists() and any(root.rglob("*")):
        aside = root.with_name(f"{root.name}-before-{now:%Y%m%dT%H%M%S}")
        root.rename(aside)
    elif root.exists():
        shutil.rmtree(root)
    come.mkdir(parents=True, exist_ok=True)
    come.chmod(0o755)
    come.rename(root)
    return aside


def _keep_key(key: str) -> None:
    """Where the environment names no key, the home keeps it."""
    if "SECRET_KEY" in os.environ:
        return
    path = Path(settings.HOME) / "secrets" / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(".secret_key")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
    draft.rename(path)
