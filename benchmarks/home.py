"""The benches' own home: their own servers and databases. Nobody else's are looked at."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from benchmarks.memory import pss_megabytes
from relman.launcher import parts
from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.processes import end
from relman.launcher.servers import Servers

FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "RELMAN_HOME",
    "RELMAN_ENV",
    "WEB_CONCURRENCY",
    "BASE_URL",
    "ALLOWED_HOSTS",
)
"""What the caller's environment may say of another workspace."""

EXTENSIONS = ("pg_trgm", "unaccent")
WORKERS = 2
SCORES = ("relationships_relationshipstate", "health_relationshipscore", "health_scoresnapshot")


class Ground:
    """Servers in a home of the benches' own."""

    def __init__(self, folder: Path) -> None:
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ |= {
            "RELMAN_HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "WEB_CONCURRENCY": str(WORKERS),
        }
        self.home = Home(folder)
        self.servers = Servers(self.home)
        self.address = ""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Both servers, from here to the end of the block."""
        self.servers.start()
        self.address = os.environ["DATABASE_URL"]
        try:
            yield
        finally:
            self.servers.release(wait=True)

    def make_database(self, name: str) -> bool:
        """Uses the database of that name from now on; false where it was there already."""
        made = self._create(name)
        parted = urlsplit(self.address)
        os.environ["DATABASE_URL"] = urlunsplit(parted._replace(path=f"/{name}"))
        if made:
            with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
                for extension in EXTENSIONS:
                    cursor.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
        return made

    def _create(self, name: str) -> bool:
        connection = psycopg2.connect(self.address)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone():
                    return False
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()
        return True

    def tidy_database(self) -> None:
        """What autovacuum would do within the hour: a run before wrote millions of rows and undid it.

        The tables of scores are written anew: of what was undone they had become twice as long, which the product,
        that undoes nothing, never makes them. What is due once a night is taken for done, as in a database that was
        filled just now.
        """
        with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for table in SCORES:
                    cursor.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))
                cursor.execute("VACUUM (ANALYZE)")
                cursor.execute("UPDATE django_celery_beat_periodictask SET last_run_at = now()")

    def drop_database(self, name: str) -> None:
        """Forgets a database, whoever still holds a connection to it."""
        connection = psycopg2.connect(self.address)
        connection.autocommit = True
        with connection.cursor() as cursor:
            # our own sessions: by force would also mean the server's vacuum, which only its owner may end
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user",
                [name],
            )
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.close()

    @contextmanager
    def web(self) -> Iterator[tuple[int, int]]:
        """The web application as `make run` starts it: its port, and the session of its processes."""
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(("127.0.0.1", 0))
            listening.listen(512)
            port: int = listening.getsockname()[1]
            process = parts.start_web(self.servers, [listening])
        try:
            self._await(port)
            yield port, process.pid
        finally:
            end(process, patience=10)

    def _await(self, port: int) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the web application did not start:\n{parts.last_words(self.home, parts.WEB)}")

    def worker_megabytes(self) -> float:
        """What a Celery worker on the default queue takes once it has scored what is stale."""
        process = parts.start_worker(self.servers)
        beat = parts.start_beat(self.servers)
        time.sleep(25)
        try:
            return pss_megabytes(process.pid)
        finally:
            end(beat, patience=10)
            end(process, patience=10)


def manage(*arguments: str) -> None:
    """One of the product's own commands, in the home and on the database that is in use."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=CHECKOUT, check=True)
