"""The embedded PostgreSQL: a private cluster of one home, reached by a unix socket and a password."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from relman.launcher import programs
from relman.launcher.folders import Home, write_private
from relman.launcher.processes import name_of
from relman.launcher.refusals import Refusal

NAME = "postgres"
TITLE = "PostgreSQL"
PORT = 5432  # names the socket; nothing listens on the network
SUPERUSER, ROLE, DATABASE = "postgres", "relman", "relman"
EXTENSIONS = ("pg_trgm", "unaccent")

END_SIGNALS = (signal.SIGINT, signal.SIGQUIT)
"""A fast shutdown; then an immediate one, which the write-ahead log recovers from."""

UNSAFE_BUT_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def data(home: Home) -> Path:
    return home.servers / "postgres"


def url(home: Home) -> str:
    password = home.secret("postgres-password", data=data(home))
    return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={quote(str(home.sockets), safe='')}&port={PORT}"


def version(home: Home) -> str:
    """Such as `18.6`."""
    printed = subprocess.run(
        [programs.postgres(home.account) / "postgres", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    return printed.stdout.split()[2]


def prepare(home: Home, *, durable: bool) -> None:
    """Make the cluster the first time, and its settings every time."""
    bin_folder = programs.postgres(home.account)
    passwords = [home.secret(f"{name}-password", data=data(home)) for name in ("superuser", "postgres")]
    if not data(home).exists():
        _make_cluster(home, bin_folder, password=passwords[0], durable=durable)
    note = data(home) / "PG_VERSION"
    if not note.exists():
        raise Refusal(f"{data(home)} exists and is no PostgreSQL data folder. Nothing was changed.")
    ours, theirs = version(home).split(".")[0], note.read_text().strip()
    if ours != theirs:
        raise Refusal(
            f"{data(home)} was made by PostgreSQL {theirs}, and this Relman brings PostgreSQL {ours}. Nothing "
            f"was changed. Dump it with the Relman that made it (docs/operating.md, Upgrade), then restore."
        )
    write_private(data(home) / "relman.conf", _settings(home, durable=durable), home.account)


def command(home: Home) -> list[str]:
    return [str(programs.postgres(home.account) / "postgres"), "-D", str(data(home))]


def environment(home: Home) -> dict[str, str]:
    """What the server needs to start over a stale lock file whose number is not free.

    PostgreSQL replaces a stale `postmaster.pid` itself, unless a process with that number is there. Where
    that process is certainly no running PostgreSQL, but another program or a dead one that nobody has
    taken notice of, it is named to the server as one to disregard; the server still checks its shared
    memory and replaces its lock file by its own hand.
    """
    pid = _recorded_pid(home)
    if pid is None or not os.path.exists(f"/proc/{pid}") or name_of(pid) == "postgres":
        return {}
    return {"PG_GRANDPARENT_PID": str(pid)}


def is_ready(home: Home, pid: int) -> bool:
    """Whether the server says in its own status file that it takes connections."""
    lines = _status(home)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def orphan(home: Home) -> int | None:
    """The number of a server of this home that outlived its keeper."""
    pid = _recorded_pid(home)
    return pid if pid is not None and name_of(pid) == "postgres" else None


def complaint(words: str) -> str:
    """The line of the log that says why the server did not start."""
    for sign in ("LOG:  invalid", "FATAL:"):
        lines = [line.split(sign.split()[0])[1].strip() for line in words.splitlines() if sign in line]
        if lines:
            return lines[-1]
    return ""


def provision(home: Home) -> None:
    """The role, the database and its extensions, each where it is missing."""
    with _superuser(home, "postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD %s").format(sql.Identifier(ROLE)),
                [home.secret("postgres-password", data=data(home))],
            )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )
    with _superuser(home, DATABASE) as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


@contextlib.contextmanager
def _superuser(home: Home, database: str) -> Iterator[Any]:
    password = home.secret("superuser-password", data=data(home))
    connection = psycopg2.connect(
        host=str(home.sockets), port=PORT, user=SUPERUSER, password=password, dbname=database
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _make_cluster(home: Home, bin_folder: Path, *, password: str, durable: bool) -> None:
    """Initialise beside the final place and rename, so that a data folder is never half made."""
    draft, words = home.servers / "postgres.draft", home.servers / "password"
    if draft.exists():  # an initialisation that was cut off: no server ever ran on it
        shutil.rmtree(draft)
    write_private(words, password, home.account)
    try:
        made = subprocess.run(
            [
                bin_folder / "initdb",
                *("--pgdata", draft, "--username", SUPERUSER, "--pwfile", words),
                *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *(() if durable else ("--no-sync",)),
            ],
            cwd=home.servers,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            **(home.account.privileges if home.account else {}),
        )
    finally:
        words.unlink()
    if made.returncode:
        reason = made.stderr.strip().splitlines()
        raise Refusal(
            f"PostgreSQL could not make its data folder: {reason[-1] if reason else 'no reason given'}"
        )
    with (draft / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'relman.conf'  # written by Relman at each start; lines below it win\n")
    draft.rename(data(home))


def clean_environment() -> dict[str, str]:
    """What a server may know of ours: nothing but where programs are, and that words are plain."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _settings(home: Home, *, durable: bool) -> str:
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(home.sockets),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "60",
        "shared_buffers": f"{min(max(megabytes // 8, 64), 512)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 128)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",  # starting workers takes longer than a page may
        "wal_level": "minimal",  # nobody follows this server: what is filled in one go needs no second copy
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "wal_compression": "off",  # half of a nightly scoring was spent on making its log smaller
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_min_duration_statement": "1s",
        "log_lock_waits": "on",
        **({} if durable else UNSAFE_BUT_QUICK),
    }
    quoted = {name: value.replace("'", "''") for name, value in settings.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in quoted.items())


def _status(home: Home) -> list[str]:
    """The lines of PostgreSQL's own status file, which is read here and never written."""
    try:
        return (data(home) / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _recorded_pid(home: Home) -> int | None:
    lines = _status(home)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None
